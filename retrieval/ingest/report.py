"""What became of each file that was to be taken in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """What became of a file."""

    INGESTED = "ingested"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What was understood of a file, or why it was refused; counts are of a file that was ingested."""

    path: str
    status: Status
    key: str = ""
    reason: str = ""
    documents: int = 0
    sections: int = 0
    points: int = 0
    passages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of each file, and the seconds each stage took.

    Stages are "read", "parse" and "register", which run beside the others, "catalogue", "words", "embed",
    "vectors" and "graph".
    """

    files: tuple[FileReport, ...]
    seconds: dict[str, float] = field(default_factory=dict)

    def of(self, status: Status) -> tuple[FileReport, ...]:
        """Return the files with which this happened."""
        return tuple(file for file in self.files if file.status == status)
