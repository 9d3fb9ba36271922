"""1,000 questions from 200 chats at once, against the same questions straight through the pipeline."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from evaluation.reporting.metrics import percentile
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound
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


def table(run: Run, *, questions: int = QUESTIONS, chats: int = CHATS) -> ResultTable:
    """Return the figures of a run beside their targets."""
    return ResultTable(
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


def _figures(run: Run, questions: int) -> Iterator[Measurement]:
    for name, count in (
        ("questions lost", len(run.found.lost)),
        ("answered twice", len(run.found.doubled)),
        ("messages that answer no question", len(run.found.strange)),
        ("chats whose answers are out of order", len(run.found.disordered)),
        ("calls that break the Bot API", len(run.proxy.violations)),
        ("calls refused", len(run.proxy.refused)),
    ):
        yield Measurement(name=name, value=count, unit=MeasureUnit.COUNT, target=0, bound=TargetBound.EXACT)
    checked = run.proxy.count if run.proxy.spec else 0
    yield Measurement(name="calls checked", value=checked, unit=MeasureUnit.COUNT)
    sign = percentile(run.signs, 0.95)
    yield Measurement(name="first sign, p50", value=percentile(run.signs, 0.5), unit=MeasureUnit.SECONDS)
    yield Measurement(
        name="first sign, p95", value=sign, unit=MeasureUnit.SECONDS, target=SIGN, bound=TargetBound.MOST
    )
    yield Measurement(name="first sign, slowest", value=max(run.signs), unit=MeasureUnit.SECONDS)
    yield Measurement(name="all answered", value=run.seconds, unit=MeasureUnit.SECONDS)
    yield Measurement(name="the pipeline alone", value=run.alone.seconds, unit=MeasureUnit.SECONDS)
    yield Measurement(name="questions a second", value=questions / run.seconds, unit=MeasureUnit.COUNT)
    yield Measurement(
        name="the pipeline alone, questions a second",
        value=questions / run.alone.seconds,
        unit=MeasureUnit.COUNT,
    )
    yield Measurement(
        name="time against the pipeline alone", value=run.seconds / run.alone.seconds, unit=MeasureUnit.TIMES
    )
    yield Measurement(name="processor, a question", value=1000 * run.spent / questions, unit=MeasureUnit.MS)
    ours, emulator = run.paces
    yield Measurement(name="messages a second this server takes", value=ours, unit=MeasureUnit.COUNT)
    yield Measurement(
        name="messages a second the emulator takes with its proxy", value=emulator, unit=MeasureUnit.COUNT
    )
    alone = 1000 * run.alone.spent / questions
    yield Measurement(name="processor, a question, the pipeline alone", value=alone, unit=MeasureUnit.MS)
