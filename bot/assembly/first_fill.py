"""A library that never held a text gets those that ship; of several processes that start at once, by one."""

from __future__ import annotations

import time
from importlib import resources
from typing import TYPE_CHECKING, Protocol

from retrieval.loaders.load import files, read
from retrieval.values.errors import IndexLocked

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from retrieval.library import Library

    Progress = Callable[[str, int, int], None]

PATIENCE = 300  # times that a library which another process fills is looked at again
PAUSE = 1.0  # seconds in between


class LibraryOpener(Protocol):
    """Opens the library that is to be filled."""

    def __call__(self, *, write: bool = False) -> AbstractContextManager[Library]:
        """Return it for reading, or to write as its one writer."""
        ...


class FirstFill:
    """Fills one library from the home at ``home``."""

    def __init__(self, home: Path, library: LibraryOpener) -> None:
        # A mark that stands while texts are put in, so that a broken-off start is finished later.
        self._begun = home / "shipping"
        self._library = library

    @property
    def is_due(self) -> bool:
        """Whether no text was ever put in, or putting them in was broken off."""
        if self._begun.exists():
            return True
        with self._library() as library:
            return library.version == 0

    def fill(self, progress: Progress) -> None:
        """Put the texts in; where another process is at it, wait until there is something to answer from.

        ``progress`` hears "shipped", files done, files in all. Raises IndexLocked where that takes too long.
        """
        for _ in range(PATIENCE):
            try:
                return self._put(progress)
            except IndexLocked:
                if not self.is_due:
                    return None
                time.sleep(PAUSE)
        return self._put(progress)

    def _put(self, progress: Progress) -> None:
        with resources.as_file(resources.files("corpus")) as folder, self._library(write=True) as library:
            self._begun.touch()
            found = list(files([folder]))
            for done, path in enumerate(found):
                progress("shipped", done, len(found))
                library.ingest_source(read(path, key=f"corpus/{path.name}"))
            self._begun.unlink()
