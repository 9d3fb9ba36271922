"""News of a text to 10,000 people who follow five things each; and once more with kills on the way."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from time import monotonic, time
from typing import TYPE_CHECKING

from bot.store import FollowPace, NewsState, Store
from bot.store.tables.follow_tables import FOLLOW_PACES, FOLLOWS
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound
from pressure.direct import Direct
from pressure.home import bare, load
from pressure.running import environment, processor, running, up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from stage.spec import Spec

PEOPLE, KILLS = 10_000, 50
MOST = 60  # seconds of work
BOT = 7  # whose token the server has
LATEST = 1.5  # seconds after a start that a kill comes
SEED = 20_262
PLACE = "延安市"
# A report of the place, in two years: half of the follows below are of what it tells.
REPORT = """{place}人民政府工作报告（{year}年）

　　一、过去一年工作回顾

　　全市新增停车泊位{number}个，改造老旧小区三十七个。新建口袋公园十九处，开放学校操场四十一处。

　　二、今年的工作

　　再增加停车泊位六千个，把二十二条背街小巷修好。
"""
SHARED = ((PLACE, ""), (PLACE, "停车泊位"), ("", "口袋公园"), ("", "海水淡化"))  # and one of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of the news of one text."""

    people: int
    looked: float  # seconds from the commit until all news were noted
    seconds: float  # … until the last message
    spent: float  # seconds of the bot's processor, that whole time
    kills: int
    unsure: int  # messages that a kill fell inside: nobody can know whether they arrived
    doubled: int
    lost: int
    faults: int


async def followed(
    home: Path, spec: Spec | None, *, people: int = PEOPLE, kills: int = KILLS, words_only: bool = True
) -> tuple[Told, Told]:
    """Let people follow, read a text in twice, and see who hears of it: undisturbed, then with kills."""
    await asyncio.to_thread(bare, home, ())
    _follow(home, people)
    more = {"TELEGRAM_RATE": "1000"} | ({"EMBEDDINGS": "none"} if words_only else {})
    proxy = Direct.checking(spec)
    await proxy.start()
    try:
        async with running(proxy, home, **more) as bot:
            await _until(lambda: _counted(home, "SELECT count(*) FROM followed_texts") > 0)
            _progress(f"{people} people follow {people * (len(SHARED) + 1)} things")
            spent = processor(bot)
            calm = await _told(proxy, home, people, year=2027, more=more)
            calm = replace(calm, spent=processor(bot) - spent)
        proxy.forget()
        _progress(f"told all in {calm.seconds:.1f} s; now with kills")
        struck = await _struck(proxy, home, people, kills=kills, more=more)
    finally:
        await proxy.stop()
    return calm, struck


async def _told(proxy: Direct, home: Path, people: int, *, year: int, more: dict[str, str]) -> Told:
    """Read a text in, and wait until everybody has heard."""
    began = await _ingested(proxy, home, year, more)
    await _until(lambda: _counted(home, "SELECT count(*) FROM follow_news") > 0)
    looked = monotonic() - began
    await proxy.settled(lambda: len(proxy.chats.order), people)
    last = max((one.at for one in proxy.shown), default=began)
    await asyncio.sleep(2.0)  # for what would come twice
    return _fate(proxy, home, people, looked=looked, seconds=last - began, kills=0)


async def _struck(proxy: Direct, home: Path, people: int, *, kills: int, more: dict[str, str]) -> Told:
    """Read a text in, and kill the bot again and again while it tells of it."""
    chance, noted = random.Random(SEED), _counted(home, "SELECT count(*) FROM follow_news")
    began = await _ingested(proxy, home, 2028, more)
    bot = await up(proxy, home, **more)
    await _until(lambda: _counted(home, "SELECT count(*) FROM follow_news") > noted)
    looked = monotonic() - began
    for number in range(kills):
        await asyncio.sleep(chance.uniform(0.0, LATEST))
        await asyncio.to_thread(bot.kill)
        bot = await up(proxy, home, **more)
        if number % 10 == 9:
            _progress(f"{number + 1} kills, {len(proxy.chats.order)} messages")
    left = f"SELECT count(*) FROM follow_news WHERE state IN ('{NewsState.WAITING}', '{NewsState.SENDING}')"
    await proxy.settled(lambda: -_counted(home, left), 0)
    last = max((one.at for one in proxy.shown), default=began)
    await asyncio.sleep(2.0)
    await asyncio.to_thread(bot.terminate)
    return _fate(proxy, home, people, looked=looked, seconds=last - began, kills=kills)


def _fate(proxy: Direct, home: Path, people: int, **timed: Any) -> Told:
    heard = Counter(one["chat"]["id"] for one in proxy.chats.sent())
    query = "SELECT DISTINCT chat FROM follow_news WHERE state = ?"
    with closing(sqlite3.connect(home / "store.db")) as store:
        unsure = {row[0] for row in store.execute(query, (NewsState.UNSURE.value,))}
    wanted = set(range(1, people + 1))
    return Told(
        people=people,
        unsure=len(unsure),
        doubled=sum(count > 1 for count in heard.values()),
        lost=len(wanted - set(heard) - unsure),
        faults=len(proxy.violations) + len(proxy.refused),
        spent=0.0,
        **timed,
    )


async def _ingested(proxy: Direct, home: Path, year: int, more: dict[str, str]) -> float:
    """Read a report in by the command for it; return the moment from which the catalogue held it."""
    path = home / f"report-{year}.txt"
    path.write_text(REPORT.format(place=PLACE, year=year, number=year * 5), "utf-8")
    held = _counted(home, "SELECT count(*) FROM documents", "catalogue.db")
    command = (sys.executable, "-P", "-m", "bot", "ingest", "--place", PLACE, "--date", f"{year}-01-20", "--")
    env = {**os.environ, **environment(proxy, home, **more), "CHENGWEN_HOME": str(home)}
    process = await asyncio.create_subprocess_exec(
        *command, str(path), env=env, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    await _until(lambda: _counted(home, "SELECT count(*) FROM documents", "catalogue.db") > held)
    began = monotonic()
    await process.wait()
    return began


def _follow(home: Path, people: int) -> None:
    """Let everybody follow what is shared and one thing of their own, news at once, also at night."""
    things = [
        {"chat": chat, "person": chat, "place": place, "words": words}
        for chat in range(1, people + 1)
        for place, words in (*SHARED, (PLACE, f"第{chat}号小区"))
    ]
    rows = [{**one, "id": f"f{at}", "bot": BOT, "made": time()} for at, one in enumerate(things)]
    pace = {"bot": BOT, "pace": FollowPace.NOW.value, "quiet": False}
    paces = [{**pace, "chat": chat, "person": chat} for chat in range(1, people + 1)]
    with closing(Store.open(home / "store.db")) as store, store._database._engine.begin() as connection:
        connection.execute(FOLLOWS.insert(), rows)
        connection.execute(FOLLOW_PACES.insert(), paces)


def _counted(home: Path, query: str, name: str = "store.db") -> int:
    with closing(sqlite3.connect(home / name, timeout=60)) as store:
        return int(store.execute(query).fetchone()[0])


async def _until(done: Any, *, patience: float = 180.0) -> None:
    async with asyncio.timeout(patience):
        while not await asyncio.to_thread(done):  # noqa: ASYNC110 - in a database of another process
            await asyncio.sleep(0.02)


def _progress(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def table(told: Sequence[Told]) -> ResultTable:
    """Return the figures beside their targets."""
    calm, struck = told
    return ResultTable(
        key="telegram-follow",
        title=f"News of a text to {calm.people:,} people who follow {len(SHARED) + 1} things each",
        figures=tuple(_figures(calm, struck)),
        notes=(
            "from the commit of an ingest; the bot looks for new texts every 15 s, which is counted in",
            f"TELEGRAM_RATE is 1000 here; at the 30 that Telegram allows it takes {calm.people / 30:.0f} s",
            "inside a send: Telegram was being told, and nobody can know whether it had heard",
            load(),
        ),
    )


def _figures(calm: Told, struck: Told) -> Iterator[Measurement]:
    def none(name: str, count: int) -> Measurement:
        return Measurement(name=name, value=count, unit=MeasureUnit.COUNT, target=0, bound=TargetBound.EXACT)

    yield Measurement(name="until all news are noted", value=calm.looked, unit=MeasureUnit.SECONDS)
    yield Measurement(name="until the last message", value=calm.seconds, unit=MeasureUnit.SECONDS)
    yield Measurement(
        name="  of these work: the bot's processor",
        value=calm.spent,
        unit=MeasureUnit.SECONDS,
        target=MOST,
        bound=TargetBound.MOST,
    )
    yield none("doubled", calm.doubled)
    yield none("lost", calm.lost + calm.unsure)
    yield Measurement(name="kill -9 while the next text is told", value=struck.kills, unit=MeasureUnit.COUNT)
    yield none("doubled, with kills", struck.doubled)
    yield none("lost, with kills, outside a send", struck.lost)
    yield Measurement(name="sends that a kill fell inside", value=struck.unsure, unit=MeasureUnit.COUNT)
    yield none("calls that break the Bot API or were refused", struck.faults)
