"""Scenes with the bot as a process of its own: what it tells its operator of the questions it answers."""

from __future__ import annotations

import asyncio
import json
from urllib.request import urlopen

from stage.emulator import free_port
from stage.process import BotProcess
from test_scene_process import COMMAND, environment


async def test_a_question_leaves_a_line_in_the_log_and_a_count(stage):
    port, room = free_port(), stage.room()
    bot = BotProcess(stage.home, environment(stage, CHENGWEN_METRICS_PORT=str(port)), COMMAND)
    try:
        await stage.proxy.until(lambda: stage.proxy.made("deleteWebhook"), patience=60.0)
        await room.says("吉林市新增了多少停车位？")
        await room.hears()
        read = await asyncio.to_thread(scraped, port)
        assert await asyncio.to_thread(bot.terminate) == 0
    finally:
        bot.kill()
    assert 'chengwen_questions_total{outcome="answered",way="code"} 1.0' in read
    log = (stage.home / "logs" / "chengwen.log").read_text("utf-8")
    (line,) = (
        json.loads(one.split("bot.questions: ")[1]) for one in log.splitlines() if "bot.questions" in one
    )
    assert line["outcome"] == "answered"
    assert line["frames"][0]["places"] == ["吉林市"]
    assert "停车位" not in log
    assert stage.proxy.token not in log


def scraped(port: int) -> str:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as reply:
        return reply.read().decode()
