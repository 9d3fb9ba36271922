"""A model that fails, at the terminal: an answer all the same, a line on why, and nobody waits for ever."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from chat_server import (
    Reply,
    amiss,
    cuts,
    fails,
    garbles,
    hangs,
    nothing,
    page,
    raw,
    redirects,
    say,
    serving,
    stalls,
)

ROOT = Path(__file__).resolve().parent.parent.parent
ASKED = "萍乡新增了多少停车位？"
KEY = "sk-nobody-sees-it"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faults") / "home"
    ask(folder)  # takes in the texts that ship
    return folder


def ask(home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    env = {
        "PATH": os.environ["PATH"],
        "CHENGWEN_HOME": str(home),
        "EMBEDDINGS": "none",
        "CHAT_RETRIES": "1",
        "CHAT_FIRST_TIMEOUT": "1",
        "CHAT_TIMEOUT": "4",
        **more,
    }
    command = [sys.executable, "-m", "bot", "ask", ASKED]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60)


FAULTS: dict[str, Reply] = {
    "wrong key": fails(401, f"Incorrect API key provided: {KEY}"),
    "no such model": fails(404, "The model does not exist"),
    "busy": fails(429),
    "busy for long": fails(429, after=3600),
    "broken": fails(500),
    "slow first word": say("萍乡[1]。", first=30),
    "no answer at all": hangs(),
    "falls silent": stalls("萍乡"),
    "cut off": cuts("萍乡"),
    "no SSE": garbles(),
    "an error amid the stream": amiss("萍乡"),
    "empty choice": nothing(),
    "nothing said": say(""),
    "filtered": say("", finish="content_filter"),
    "too long": fails(400, "This model's maximum context length is 512 tokens"),
    "a web page": page(),
    "not even text": raw(b"\x00\xff\xfe" * 50),
    "elsewhere": redirects("http://127.0.0.1:9/v1/chat/completions"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_every_fault_ends_in_the_answer_without_a_model_and_a_line(home: Path, fault: Reply) -> None:
    began = time.monotonic()
    with serving(fault) as server:
        ended = ask(home, CHAT_MODEL="m", OPENAI_BASE_URL=server.url, OPENAI_API_KEY=KEY)
    assert time.monotonic() - began < 45
    assert ended.returncode == 0
    assert "2.8万" in ended.stdout
    assert "模型" in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr
    log = (home / "logs" / "chengwen.log").read_text(encoding="utf-8")
    assert KEY not in ended.stdout + ended.stderr + log


def test_a_model_that_is_nowhere_is_no_matter_either(home: Path) -> None:
    ended = ask(home, CHAT_MODEL="m", OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    assert ended.returncode == 0
    assert "2.8万" in ended.stdout
    assert "模型" in ended.stdout


def test_the_budget_of_a_day_ends_in_a_line(home: Path) -> None:
    with serving(say("萍乡[1]。", usage=(1_000_000, 50))) as server:
        budget = {"CHAT_MODEL": "m", "OPENAI_BASE_URL": server.url, "CHAT_DAY_TOKENS": "900000"}
        ask(home, **budget)
        before = len(server.requests)
        ended = ask(home, **budget)
    assert before
    assert len(server.requests) == before
    assert "2.8万" in ended.stdout
    assert "今天" in ended.stdout
