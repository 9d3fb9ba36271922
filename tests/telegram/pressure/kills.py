"""The bot killed at random moments while people ask, and started again each time."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound
from pressure.crowd import Crowd, outcomes
from pressure.direct import Direct
from pressure.home import load, usable
from pressure.running import up

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stage.spec import Spec

    from pressure.crowd import Outcomes

KILLS, CHATS = 50, 40
AHEAD = 60  # questions that are kept waiting for an answer
LATEST = 3.0  # seconds after a start that a kill comes
SHOWN = 5  # of messages that answer no question
SEED = 20_261
UNCHANGED = "message is not modified"


@dataclass(kw_only=True)
class Killing:
    """What was seen of one bot after the other."""

    home: Path
    crowd: Crowd
    pool: tuple[str, ...]
    kills: int = 0
    inside: set[int] = field(default_factory=set)  # updates whose message was on its way when a kill came
    pending: list[int] = field(default_factory=list)  # how many questions waited at each kill

    async def life(self, seconds: float, **more: str) -> None:
        """Start the bot, kill it after ``seconds``, and look what it was at."""
        await self.ask()
        bot = await up(self.crowd.proxy, self.home, **more)
        until = monotonic() + seconds
        while monotonic() < until:
            await self.ask()
            await asyncio.sleep(0.02)
        await asyncio.to_thread(bot.kill)
        self.kills += 1
        self.inside |= _sending(self.home)
        self.pending.append(self.waiting)

    @property
    def waiting(self) -> int:
        """How many questions are not answered."""
        return len(self.crowd.asked) - self.crowd.answered

    async def ask(self) -> None:
        """Ask until enough questions wait."""
        for _ in range(AHEAD - self.waiting):
            number = len(self.crowd.asked)
            await self.crowd.ask(number, self.pool[number % len(self.pool)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of all that was asked."""

    killing: Killing
    found: Outcomes


async def killed(home: Path, spec: Spec | None, *, kills: int = KILLS, words_only: bool = True) -> Fate:
    """Kill the bot ``kills`` times, then let one live until everything is answered."""
    pool, chance = await asyncio.to_thread(usable, home), random.Random(SEED)
    more = {"TELEGRAM_RATE": "1000"} | ({"EMBEDDINGS": "none"} if words_only else {})
    proxy = Direct.checking(spec)
    await proxy.start()
    try:
        killing = Killing(home=home, crowd=Crowd(proxy, CHATS), pool=pool)
        for _ in range(kills):
            await killing.life(chance.uniform(0.0, LATEST), **more)
        bot = await up(proxy, home, **more)
        await proxy.settled(lambda: -_left(home), 0)
        await asyncio.sleep(2.0)  # for what would come twice
        await asyncio.to_thread(bot.terminate)
    finally:
        await proxy.stop()
    return Fate(killing=killing, found=outcomes(killing.crowd, home))


def _left(home: Path) -> int:
    """Return how many updates are kept and not finished."""
    with closing(sqlite3.connect(home / "store.db")) as store:
        return int(store.execute("SELECT count(*) FROM inbox WHERE finished IS NULL").fetchone()[0])


def _sending(home: Path) -> set[int]:
    """Return the updates whose message was being sent when the bot ended, as its store has it."""
    with closing(sqlite3.connect(home / "store.db")) as store:
        rows = store.execute(
            "SELECT update_id FROM parts WHERE part >= 0 AND state IN ('sending', 'opening')"
        )
        return {row[0] for row in rows}


def table(fate: Fate) -> ResultTable:
    """Return the figures beside their targets."""
    killing = fate.killing
    return ResultTable(
        key="telegram-kills",
        title=f"kill -9 at {killing.kills} random moments under load, started again each time",
        figures=tuple(_figures(fate)),
        notes=tuple(_notes(fate)),
    )


def _notes(fate: Fate) -> Iterator[str]:
    least, most = min(fate.killing.pending), max(fate.killing.pending)
    yield f"each kill came 0 to {LATEST:.0f} s after the bot took updates; {least} to {most} questions waited"
    yield "inside a send: Telegram was being told, and nobody can know whether it had heard"
    for one in fate.found.doubled:
        where = "inside" if one in fate.killing.inside else "NOT inside"
        yield f"update {one} was answered twice; a kill fell {where} its send"
    for words in fate.found.strange[:SHOWN]:
        yield f"answers no question: {words[:80]}"
    yield load()


def _figures(fate: Fate) -> Iterator[Measurement]:
    killing, found = fate.killing, fate.found
    elsewhere = set(found.doubled) - killing.inside

    def none(name: str, count: int) -> Measurement:
        return Measurement(name=name, value=count, unit=MeasureUnit.COUNT, target=0, bound=TargetBound.EXACT)

    yield Measurement(name="questions", value=len(killing.crowd.asked), unit=MeasureUnit.COUNT)
    yield none("lost", len(found.lost))
    yield none("answered twice, no kill inside the send", len(elsewhere))
    yield Measurement(name="sends that a kill fell inside", value=len(killing.inside), unit=MeasureUnit.COUNT)
    yield Measurement(
        name="  of these answered twice", value=len(found.doubled) - len(elsewhere), unit=MeasureUnit.COUNT
    )
    yield none("apologies, offers and whatever else answers no question", len(found.strange))
    yield none("chats whose answers are out of order", len(found.disordered))
    yield none("calls that break the Bot API", len(killing.crowd.proxy.violations))
    refused = [one for one in killing.crowd.proxy.refused if UNCHANGED not in one]
    yield none("calls refused, but for edits made once more", len(refused))
