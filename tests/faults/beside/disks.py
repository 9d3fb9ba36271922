"""The disk under a running bot: full for a while, or not to be written on."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from beside.people import scene, through, told
from evaluation.faults.disks_and_clocks import mounted, small_disk, used
from evaluation.faults.fault_home import FaultHome

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from beside.people import Scene
    from evaluation.faults.fault_home import FaultOutcome

FULL = 12.0  # seconds that a disk is full
ROOM = 40_000_000  # bytes of a disk beside what a home takes
PIECE = 1 << 12


@contextmanager
def _on_disk(stand: FaultHome) -> Iterator[FaultHome]:
    """The same home on a disk of its own inside."""
    folder = stand.home.parent / "disk"
    with small_disk(folder, used(stand.home) + ROOM):
        small = FaultHome(folder / "home")
        shutil.copytree(stand.home, small.home)
        yield small


@asynccontextmanager
async def _filled_up(made: Scene) -> AsyncIterator[None]:
    filler = made.stand.home.parent / "filler"
    await asyncio.to_thread(_fill, filler)
    try:
        yield
        await asyncio.sleep(FULL)
    finally:
        filler.unlink()


def _fill(filler: Path) -> None:
    with filler.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"0" * PIECE)


async def _full(stand: FaultHome) -> FaultOutcome:
    with _on_disk(stand) as small:
        return await through(
            small, f"the disk under a bot's store and log is full for {FULL:.0f} s", _filled_up
        )


async def _read_only(stand: FaultHome) -> FaultOutcome:
    """A bot on a disk that may only be read says so and ends; later it starts as ever."""
    with _on_disk(stand) as small:
        async with scene(small) as made:
            known, disk = small.sources(), str(small.home.parent)
            mounted("remount,ro", disk)
            refused = await asyncio.to_thread(made.stand.say, "bot")
            mounted("remount,rw", disk)
            await made.up()
            await made.ask()
            row = await told(
                made,
                "a bot starts on a disk that may only be read, later not",
                known,
                good=await made.heard(),
            )
        sentence = refused.plain and refused.code == 1 and "。" in refused.last
        return replace(row, seen=refused.last, mended=row.mended and sentence)


if TYPE_CHECKING:
    from pathlib import Path

DISKS = {"full disk bot": _full, "read-only bot": _read_only}
