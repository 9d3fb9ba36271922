"""The bot in front of a Telegram that checks every call: under load, killed, asked for long.

The server and the people stand with the tests, whose stage they share; a process of its own runs them there.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

from evaluation.datasets.material import ROOT, MissingMaterialError
from evaluation.reporting.saved_results import table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from evaluation.harness.bench import Bench
    from evaluation.reporting.tables import ResultTable

PRESSURE = ROOT / "tests" / "telegram" / "pressure"


def _measured(part: str, bench: Bench) -> Iterator[ResultTable]:
    spec = bench.shared.path("telegram", "bot-api-10.1.json")
    if not PRESSURE.is_dir():
        raise MissingMaterialError("tests/telegram is not in this copy of the program")
    home = bench.homes.root / f"telegram-{part}"
    shutil.rmtree(home, ignore_errors=True)
    command = [sys.executable, str(PRESSURE), part, "--home", str(home), "--spec", str(spec)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own script
    yield table_of(json.loads(done.stdout))


PARTS: Mapping[str, Callable[[Bench], Iterator[ResultTable]]] = {
    f"telegram-{part}": partial(_measured, part) for part in ("texts", "many", "kills", "memory", "follow")
}
