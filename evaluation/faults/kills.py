"""Programs that are ended in the middle of what they do, at moments that nobody chose."""

from __future__ import annotations

import random
import shutil
import signal
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from evaluation.faults.fault_home import MissingPrerequisiteError, complete, copied, ended, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from evaluation.faults.fault_home import CommandOutput, FaultHome, FaultOutcome

    Fault = Callable[[FaultHome], Iterator[FaultOutcome]]

_CHANCE = random.Random(19490101)  # noqa: S311 - no secret
KILLS = 3  # of each kind, at other moments
TRIES, SOONER = 4 * KILLS, 0.7  # for a command that took longer when it was timed
_HOW = {signal.SIGKILL: "kill -9", signal.SIGTERM: "SIGTERM"}


def broken_off(
    stand: FaultHome, how: signal.Signals, command: tuple[str, ...], *, lasts: float
) -> CommandOutput:
    """Start a command that takes so many seconds, and end it within them."""
    process = stand.begin(*command)
    time.sleep(_CHANCE.uniform(0.1, 0.95) * lasts)
    process.send_signal(how)
    return ended(process)


def blows(
    stand: FaultHome, how: signal.Signals, command: tuple[str, ...], *, lasts: float
) -> Iterator[CommandOutput]:
    """Break a command off again and again, earlier where a blow fell after its end."""
    fell = 0
    for _ in range(TRIES):
        said = broken_off(stand, how, command, lasts=lasts)
        yield said
        fell += said.code != 0
        lasts *= 1.0 if said.code else SOONER
        if fell == KILLS:
            return
    if not fell:
        raise MissingPrerequisiteError("every blow fell after the end")


def lasting(stand: FaultHome, *command: str) -> float:
    """Return how many seconds a command takes, done in a copy of its own."""
    aside = copied(stand, stand.home.parent / "trial")
    began = time.monotonic()
    aside.say(*command)
    took = time.monotonic() - began
    shutil.rmtree(aside.home.parent)
    return took


def _ended(name: str, how: signal.Signals, broken: list[CommandOutput]) -> str:
    """Return the fault as the table tells it, with how many of its blows fell before the end."""
    return f"{_HOW[how]} during {name}, {sum(one.code != 0 for one in broken)} times"


def _ingest(how: signal.Signals) -> Fault:
    def run(stand: FaultHome) -> Iterator[FaultOutcome]:
        folder, known = texts(stand.home.parent), stand.sources()
        command = ("ingest", str(folder))
        lasts = lasting(stand, *command)
        broken = list(blows(stand, how, command, lasts=lasts / 2))
        row = stand.row(_ended("an ingest", how, broken), known, seen=broken[-1])
        after = stand.say(*command)
        yield replace(row, mended=row.mended and after.code == 0 and complete(stand, folder))

    return run


def _rebuild(how: signal.Signals) -> Fault:
    def run(stand: FaultHome) -> Iterator[FaultOutcome]:
        known, command = stand.sources(), ("ingest", "--rebuild")
        lasts = lasting(stand, *command)
        broken = list(blows(stand, how, command, lasts=lasts))
        row = stand.row(_ended("a rebuild", how, broken), known, seen=broken[-1])
        yield replace(row, mended=row.mended and stand.say(*command).code == 0)

    return run


def _removal(how: signal.Signals) -> Fault:
    """Break off deletions: each is done or not done, in catalogue and indexes alike."""

    def run(stand: FaultHome) -> Iterator[FaultOutcome]:
        folder, known = texts(stand.home.parent, KILLS), stand.sources()
        stand.say("ingest", str(folder))
        paths = sorted(folder.iterdir())
        lasts = lasting(stand, "corpus", "remove", "--yes", str(paths[0]))
        broken = [
            broken_off(stand, how, ("corpus", "remove", "--yes", str(path)), lasts=lasts) for path in paths
        ]
        left = [path for path in paths if str(path) in stand.sources()]
        gone = [stand.say("corpus", "remove", "--yes", str(path)).code for path in left]
        row = stand.row(_ended("a removal", how, broken), known, seen=broken[-1])
        yield replace(row, mended=row.mended and not any(gone) and stand.sources() == known)

    return run


def _backup(how: signal.Signals) -> Fault:
    """Break off backups over one that is whole: that one can be restored at any moment."""

    def run(stand: FaultHome) -> Iterator[FaultOutcome]:
        known, kept = stand.sources(), stand.home.parent / "kept.zip"
        command = ("backup", str(kept))
        first = stand.say(*command)
        lasts = lasting(stand, *command)
        broken = list(blows(stand, how, command, lasts=lasts))
        back = stand.say("restore", str(kept))
        row = stand.row(_ended("a backup over an older one", how, broken), known, seen=broken[-1])
        whole = first.code == back.code == stand.say(*command).code == 0
        yield replace(row, mended=row.mended and whole and not _left(stand))

    return run


def _restore(how: signal.Signals) -> Fault:
    """Break off restores: what is there is what was before or what the backup holds, nothing between."""

    def run(stand: FaultHome) -> Iterator[FaultOutcome]:
        known, kept = stand.sources(), stand.home.parent / "kept.zip"
        stand.say("backup", str(kept))
        stand.say("ingest", str(texts(stand.home.parent, 5)))
        before, command = stand.sources(), ("restore", str(kept))
        lasts, broken, between = lasting(stand, *command), [], False
        for said in blows(stand, how, command, lasts=lasts):
            broken.append(said)
            between |= stand.sources() not in (before, known)
        row = stand.row(_ended("a restore", how, broken), known, seen=broken[-1])
        done = stand.say(*command).code == 0 and stand.sources() == known
        yield replace(row, mended=row.mended and done and not between and not _left(stand))

    return run


def _left(stand: FaultHome) -> list[Path]:
    """Return what was to be there for a while only."""
    return list(stand.home.glob("passing-*"))


FAULTS: dict[str, Fault] = {
    f"{word} {name}": make(how)
    for word, how in (("kill", signal.SIGKILL), ("end", signal.SIGTERM))
    for name, make in (
        ("ingest", _ingest),
        ("rebuild", _rebuild),
        ("removal", _removal),
        ("backup", _backup),
        ("restore", _restore),
    )
}
