"""The audit: what the program is made of, what it may open, and that it keeps to itself (``make audit``)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.audit import network_modules as doors
from evaluation.audit import offline, supply
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evaluation.harness.bench import Bench


def tables(_bench: Bench) -> Iterator[ResultTable]:
    """Yield the tables of the audit; none of its figures may be other than nought."""
    yield _supply()
    yield _code()
    with tempfile.TemporaryDirectory(prefix="chengwen-offline-") as folder:
        yield _offline(offline.listen(Path(folder)))


def _supply() -> ResultTable:
    lock = supply.ROOT / supply.LOCK
    names = supply.pinned(lock)
    held = [package for name, package in supply.installed().items() if name in names]
    bound = [f"{one.name} {one.version}: {one.licence}" for one in held if not one.free]
    astray, wrong = supply.astray(lock), supply.hashes(lock)
    listed = supply.bill(lock, supply.ROOT / supply.BILL)
    return ResultTable(
        key="audit-supply",
        title="What it is made of",
        figures=(
            Measurement(name="packages in the lock", value=len(names), unit=MeasureUnit.COUNT),
            Measurement(name="packages in the bill of materials", value=listed, unit=MeasureUnit.COUNT),
            _nought("packages that are not what the lock names", astray),
            _nought("hashes that are wrong, or could not be compared", [wrong] if wrong else []),
            _nought("licences that are not on the list", bound),
        ),
        notes=(f"the bill of materials: {supply.BILL}", *astray, *([wrong] if wrong else []), *bound),
    )


def _code() -> ResultTable:
    weak, strange = supply.weak_code(), doors.strangers()
    return ResultTable(
        key="audit-code",
        title="What its code may do",
        figures=(
            Measurement(
                name="modules that may open a socket or start a process",
                value=len(doors.ALLOWED),
                unit=MeasureUnit.COUNT,
            ),
            _nought("doors that are not on the list", strange),
            _nought("known-bad patterns (bandit, medium and above)", weak),
        ),
        notes=(*strange, *weak),
    )


def _offline(heard: offline.NetworkRecord) -> ResultTable:
    spoken = heard.beside_loopback
    asked = (
        "Python and the system (strace)" if heard.system is not None else "Python alone: there is no strace"
    )
    return ResultTable(
        key="audit-offline",
        title="A run with nothing set up: ingest, ask, chat, search, figures, doctor",
        figures=(
            _nought("addresses spoken to beside loopback", spoken),
            _nought("commands that ended badly", heard.failed),
        ),
        notes=(f"listened to: {asked}", *spoken, *heard.failed),
    )


def _nought(name: str, found: Sequence[str]) -> Measurement:
    return Measurement(name=name, value=len(found), unit=MeasureUnit.COUNT, target=0, bound=TargetBound.EXACT)
