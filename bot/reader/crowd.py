"""A search costs the processor: few run at a time, so that a crowd of readers can't take it from the bot."""

from __future__ import annotations

from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class TooManySearchesError(Exception):
    """Too many search at once."""


class SearchLimiter:
    """Lets ``most`` in at a time; whoever waits longer than ``patience`` seconds gets a CrowdedError."""

    def __init__(self, most: int = 2, patience: float = 3.0) -> None:
        self._free = BoundedSemaphore(most)
        self._patience = patience

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and give it back at the end."""
        if not self._free.acquire(timeout=self._patience):
            raise TooManySearchesError
        try:
            yield
        finally:
            self._free.release()
