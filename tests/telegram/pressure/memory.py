"""How much memory the bot holds after many questions against after few."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from psutil import Process

from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound
from pressure.crowd import Crowd
from pressure.direct import Direct
from pressure.home import load, usable
from pressure.running import running

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from stage.spec import Spec

MARKS = (100, *range(1000, 10_001, 1000))
FEW, CHATS = 1000, 200
AHEAD = 100  # questions that are kept waiting for an answer
MOST = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Bytes that the process held after so many questions."""

    bytes: Mapping[int, int]
    seconds: float


async def grown(home: Path, spec: Spec | None, *, marks: Sequence[int] = MARKS, **more: str) -> Held:
    """Ask up to each mark, wait until all is answered, and look."""
    pool = await asyncio.to_thread(usable, home)
    proxy = Direct.checking(spec)
    await proxy.start()
    held, done, began = {}, 0, monotonic()
    try:
        async with running(proxy, home, TELEGRAM_RATE="1000", **more) as bot:
            for mark in marks:
                crowd = Crowd(proxy, CHATS)
                await _asked(crowd, pool, mark - done)
                done = mark
                await asyncio.sleep(1.0)
                held[mark] = int(Process(bot.pid).memory_info().rss)
                proxy.forget()
    finally:
        await proxy.stop()
    return Held(bytes=held, seconds=monotonic() - began)


async def _asked(crowd: Crowd, pool: Sequence[str], count: int) -> None:
    for number in range(count):
        await crowd.proxy.settled(lambda: crowd.answered, number - AHEAD)
        await crowd.ask(number, pool[number % len(pool)])
    if not await crowd.proxy.settled(lambda: crowd.answered, count):
        raise RuntimeError(f"{count - crowd.answered} questions were not answered")


def table(held: Held) -> ResultTable:
    """Return the figures beside their targets."""
    return ResultTable(
        key="telegram-memory",
        title="Memory of the running bot",
        figures=tuple(_figures(held)),
        notes=(
            f"{max(held.bytes):,} questions in {held.seconds:.0f} s from {CHATS} chats after each mark anew",
            "MiB after questions: "
            + ", ".join(f"{mark:,}: {size / 2**20:.0f}" for mark, size in held.bytes.items()),
            load(),
        ),
    )


def _figures(held: Held) -> Iterator[Measurement]:
    few, many = min(FEW, max(held.bytes)), max(held.bytes)
    yield Measurement(
        name=f"after {many:,} questions against after {few:,}",
        value=held.bytes[many] / held.bytes[few],
        unit=MeasureUnit.TIMES,
        target=MOST,
        bound=TargetBound.MOST,
    )
