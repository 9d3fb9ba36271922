"""A folder looked at again and again: which files are new, changed or gone since the last look.

By the files' times and sizes, not by the system's notices: these don't come from network shares, where a
newsroom's folder usually is. A file counts as changed when two looks in a row find it alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrieval.loaders.load import files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    Stamp = tuple[int, int]  # time of the last change in nanoseconds, bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderChanges:
    """Files that are new or have changed and are written to no more; ``gone`` tells whether any went away."""

    changed: tuple[Path, ...] = ()
    gone: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.changed) or self.gone


@dataclass
class FolderWatch:
    """The state of some folders as they were taken in last."""

    folders: Sequence[Path]
    taken: dict[Path, Stamp] = field(default_factory=dict)
    seen: dict[Path, Stamp] = field(default_factory=dict)  # at the last look

    def look(self) -> FolderChanges:
        """Return what changed since what was reported before."""
        now = self._now()
        changed = tuple(
            path
            for path, stamp in now.items()
            if self.taken.get(path) != stamp and self.seen.get(path) == stamp
        )
        gone = bool(self.taken.keys() - now.keys())
        self.taken = {path: stamp for path, stamp in self.taken.items() if path in now}
        self.taken.update((path, now[path]) for path in changed)
        self.seen = now
        return FolderChanges(changed=changed, gone=gone)

    def settle(self) -> None:
        """Take the folders as they are for taken in."""
        self.taken = self.seen = self._now()

    def _now(self) -> dict[Path, Stamp]:
        found = {}
        for path in files(self.folders, lambda _: None):
            try:
                about = path.stat()
            except OSError:
                continue  # it went away meanwhile
            found[path] = (about.st_mtime_ns, about.st_size)
        return found
