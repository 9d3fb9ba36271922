"""Rows kept as they are made, so that a run which is broken off goes on with those that lack."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING

from evaluation.faults.stand import FaultOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


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
