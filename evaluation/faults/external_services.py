"""Faults of what stands beside the program, made with the servers of the tests in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from evaluation.faults.fault_home import ROOT, FaultOutcome, MissingPrerequisiteError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evaluation.faults.fault_home import FaultHome

PROGRAM = ROOT / "tests" / "faults"
NAMES = (
    "kill store upgrade",
    "end store upgrade",
    "model hangs",
    "model stalls",
    "model trickles",
    "model closes",
    "model 500",
    "model page",
    "model nameless",
    "telegram 502",
    "telegram 429",
    "telegram resets",
    "telegram hangs",
    "telegram silent",
    "telegram away",
    "dns gone",
    "full disk bot",
    "read-only bot",
    "postgresql restarts ingest",
    "postgresql killed ingest",
    "postgresql hangs ingest",
    "postgresql restarts bot",
    "postgresql killed bot",
    "postgresql hangs bot",
    "chroma killed ingest",
    "chroma emptied ingest",
    "chroma hangs ingest",
    "chroma killed bot",
    "chroma emptied bot",
    "chroma hangs bot",
)


def _made(name: str) -> Callable[[FaultHome], Iterator[FaultOutcome]]:
    def run(stand: FaultHome) -> Iterator[FaultOutcome]:
        if not PROGRAM.is_dir():
            raise MissingPrerequisiteError("tests/faults is not in this copy of the program")
        command = [sys.executable, str(PROGRAM), name, "--home", str(stand.home)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)  # noqa: S603 - our own
        told = json.loads(done.stdout.splitlines()[-1])
        if "missing" in told:
            raise MissingPrerequisiteError(told["missing"])
        yield FaultOutcome(**told["row"])

    return run


FAULTS = {name: _made(name) for name in NAMES}
