"""1,000 questions from 200 chats at once, against the same questions straight through the pipeline."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from evaluation.reporting.metrics import percentile
from evaluation.reporting.tables import Bound, Figure, Table, Unit
from pressure.crowd import Crowd, outcomes, signs
from pressure.direct import Direct
from pressure.home import bare, load, usable
from pressure.running import processor, running
from pressure.servers import paces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from stage.spec import Spec

    from pressure.crowd import Outcomes
    from pressure.home import Bare

QUESTIONS, CHATS = 1000, 200
SIGN = 1.0  # seconds until something is seen, for 95 of 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a crowd saw."""

    seconds: float
    found: Outcomes
    signs: Sequence[float]
    firsts: Sequence[float]
    proxy: Direct
    spent: float  # seconds of the processor
    alone: Bare
    paces: tuple[float, float]  # messages a second that this server takes, and the emulator with its proxy


async def crowded(home: Path, spec: Spec | None, *, questions: int = QUESTIONS, chats: int = CHATS) -> Run:
    """Ask all at once, and wait until all is answered."""
    pool = await asyncio.to_thread(usable, home)
    wanted = [pool[number % len(pool)] for number in range(questions)]
    alone = await asyncio.to_thread(bare, home, wanted)
    proxy = Direct.checking(spec)
    await proxy.start()
    try:
        async with running(proxy, home, TELEGRAM_RATE="1000") as bot:
            spent = processor(bot)
            crowd = Crowd(proxy, chats)
            began = monotonic()
            for number, question in enumerate(wanted):
                await crowd.ask(number, question)
            await proxy.settled(lambda: crowd.answered, questions)
            seconds, spent = monotonic() - began, processor(bot) - spent
    finally:
        await proxy.stop()
    waited = signs(crowd)
    return Run(
        seconds=seconds,
        found=outcomes(crowd, home),
        signs=waited,
        firsts=waited[:chats],
        proxy=proxy,
        spent=spent,
        alone=alone,
        paces=await paces(spec),
    )


def table(run: Run, *, questions: int = QUESTIONS, chats: int = CHATS) -> Table:
    """Return the figures of a run beside their targets."""
    return Table(
        key="telegram-many",
        title=f"{questions:,} questions from {chats} chats at once, the bot as its users run it, no model",
        figures=tuple(_figures(run, questions)),
        notes=tuple(_notes(questions)),
    )


def _notes(questions: int) -> Iterator[str]:
    least = questions / 30
    yield "first sign: from a question's arrival to the next thing seen in its chat, if only “typing”"
    yield f"TELEGRAM_RATE is 1000 here; at the 30 that Telegram allows it takes {least:.0f} s at least"
    yield f"{load()}; the server that checks the calls ran beside the bot"


def _figures(run: Run, questions: int) -> Iterator[Figure]:
    for name, count in (
        ("questions lost", len(run.found.lost)),
        ("answered twice", len(run.found.doubled)),
        ("messages that answer no question", len(run.found.strange)),
        ("chats whose answers are out of order", len(run.found.disordered)),
        ("calls that break the Bot API", len(run.proxy.violations)),
        ("calls refused", len(run.proxy.refused)),
    ):
        yield Figure(name=name, value=count, unit=Unit.COUNT, target=0, bound=Bound.EXACT)
    checked = run.proxy.count if run.proxy.spec else 0
    yield Figure(name="calls checked", value=checked, unit=Unit.COUNT)
    sign = percentile(run.signs, 0.95)
    yield Figure(name="first sign, p50", value=percentile(run.signs, 0.5), unit=Unit.SECONDS)
    yield Figure(name="first sign, p95", value=sign, unit=Unit.SECONDS, target=SIGN, bound=Bound.MOST)
    yield Figure(name="first sign, slowest", value=max(run.signs), unit=Unit.SECONDS)
    yield Figure(name="all answered", value=run.seconds, unit=Unit.SECONDS)
    yield Figure(name="the pipeline alone", value=run.alone.seconds, unit=Unit.SECONDS)
    yield Figure(name="questions a second", value=questions / run.seconds, unit=Unit.COUNT)
    yield Figure(
        name="the pipeline alone, questions a second", value=questions / run.alone.seconds, unit=Unit.COUNT
    )
    yield Figure(
        name="time against the pipeline alone", value=run.seconds / run.alone.seconds, unit=Unit.TIMES
    )
    yield Figure(name="processor, a question", value=1000 * run.spent / questions, unit=Unit.MS)
    ours, emulator = run.paces
    yield Figure(name="messages a second this server takes", value=ours, unit=Unit.COUNT)
    yield Figure(name="messages a second the emulator takes with its proxy", value=emulator, unit=Unit.COUNT)
    alone = 1000 * run.alone.spent / questions
    yield Figure(name="processor, a question, the pipeline alone", value=alone, unit=Unit.MS)
