"""The table of faults, printed and kept in docs/reliability.md."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.faults import damage, kills, upgrades, writers
from evaluation.faults import disks_and_clocks as rooms
from evaluation.faults import external_services as beside
from evaluation.faults.fault_home import ROOT, FaultOutcome, MissingPrerequisiteError, copied, filled
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from evaluation.faults.fault_home import FaultHome
    from evaluation.harness.bench import Bench


class SavedRows:
    """The rows of one run in a file, a line for each fault; without a file, none are kept."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._writing = threading.Lock()
        self._rows = dict(_read(path)) if path and path.is_file() else {}

    def get(self, name: str) -> list[FaultOutcome] | None:
        """Return the rows of a fault, None if it has still to be made."""
        return self._rows.get(name)

    def put(self, name: str, rows: list[FaultOutcome]) -> None:
        """Keep the rows of a fault that was made."""
        if self._path is not None:
            line = json.dumps([name, [asdict(row) for row in rows]], ensure_ascii=False)
            with self._writing, self._path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")


def _read(path: Path) -> Iterable[tuple[str, list[FaultOutcome]]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        name, rows = json.loads(line)
        yield name, [FaultOutcome(**row) for row in rows]


PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- faults: written by python -m evaluation faults -->", "<!-- /faults -->"
LONGEST = 110  # characters of what was said
KEPT = "CHENGWEN_FAULTS_KEPT"  # a file; a run that is broken off goes on with it
ASIDE = 4  # faults made at a time: most of them wait for something
_PREFIX = "chengwen-faults-"
_PLACE = re.compile(rf"…/{_PREFIX}\w+/[\w-]+")  # where a fault was made
_NO_NAME = re.compile(r"[^\w-]+")  # of a folder


def every() -> dict[str, Callable[[FaultHome], Iterator[FaultOutcome]]]:
    """Return every fault by name."""
    inside = damage.faults() | kills.FAULTS | upgrades.FAULTS | writers.FAULTS | rooms.FAULTS
    return inside | beside.FAULTS


def rows(names: Iterable[str], *, aside: int = 1, kept: SavedRows | None = None) -> Iterator[FaultOutcome]:
    """Make these faults, ``aside`` at a time, each in a home of its own, and keep what came of each.

    What can't be made here is said and passed over; what is kept already is not made again.
    """
    kept = kept or SavedRows(None)
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder:
        whole = filled(Path(folder))
        with ThreadPoolExecutor(aside) as pool:
            for found in pool.map(lambda name: _made(name, whole, Path(folder), kept), names):
                yield from found


def _made(name: str, whole: FaultHome, folder: Path, kept: SavedRows) -> list[FaultOutcome]:
    if (before := kept.get(name)) is not None:
        return before
    place = folder / _NO_NAME.sub("-", name)
    try:
        found = list(every()[name](copied(whole, place)))
    except MissingPrerequisiteError as why:
        print(f"{name}: not made here: {why}", file=sys.stderr, flush=True)
        return []
    except (OSError, subprocess.SubprocessError) as why:
        found = [_unmade(name, why)]
    finally:
        shutil.rmtree(place, ignore_errors=True)
    for row in found:
        print(f"{name}: {row}", file=sys.stderr, flush=True)
    kept.put(name, found)
    return found


def _unmade(name: str, why: Exception) -> FaultOutcome:
    """Return what stands for a fault whose making broke off: it may hide a program that never ended."""
    return FaultOutcome(fault=name, seen=f"not made to the end: {why}", logged="", lost=0, mended=False)


def tables(_bench: Bench) -> Iterator[ResultTable]:
    """Make every fault, and write the table of what came of it."""
    path = os.environ.get(KEPT)
    done = list(rows(every(), aside=ASIDE, kept=SavedRows(Path(path) if path else None)))
    _write(done)
    yield ResultTable(
        key="faults",
        title="Faults",
        figures=(
            Measurement(name="faults made", value=len(done), unit=MeasureUnit.COUNT),
            _nought("acknowledged sources lost", sum(row.lost for row in done)),
            _nought("faults after which a hand was needed", sum(not row.mended for row in done)),
        ),
        notes=tuple(markdown([row]).splitlines()[2] for row in done),
    )


def markdown(found: Iterable[FaultOutcome]) -> str:
    """Return rows as a Markdown table."""
    head = ("fault", "the person saw", "the log says", "acknowledged, lost", "mended by itself")
    cells = [(row.fault, _short(row.seen), _short(row.logged), str(row.lost), _yes(row)) for row in found]
    return "\n".join(f"| {' | '.join(one)} |" for one in (head, ("---",) * len(head), *cells))


def _yes(row: FaultOutcome) -> str:
    return "yes" if row.mended else "no"


def _short(told: str) -> str:
    """Return the beginning of what was said, without this machine's folders."""
    words = " ".join(told.replace("|", "/").split())
    for folder in (str(ROOT), tempfile.gettempdir()):
        words = words.replace(folder, "…")
    words = _PLACE.sub("…", words)
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def _write(done: Iterable[FaultOutcome]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{markdown(done)}\n\n{END}{after}", encoding="utf-8")


def _nought(name: str, value: int) -> Measurement:
    return Measurement(name=name, value=value, unit=MeasureUnit.COUNT, target=0, bound=TargetBound.EXACT)
