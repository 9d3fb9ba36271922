"""The words of a search in what it found, and the people who search at a time."""

from __future__ import annotations

import re
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from retrieval.text.normalize import bigrams, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    Marked = tuple[tuple[str, bool], ...]

_LEAST = 2  # characters of a word that is worth a mark


def marked(text: str, words: str) -> Marked:
    """Part a text into runs, each with whether the search has its words; together they are the text."""
    grams = sorted({one for one in bigrams(words) if len(one) >= _LEAST}, key=len, reverse=True)
    if not grams:
        return ((text, False),)
    pattern = re.compile("|".join(re.escape(fold(one)) for one in grams))
    return tuple(_runs(text, _spans(fold(text), pattern)))


def _spans(folded: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return where the words stand, those that touch or overlap as one."""
    spans: list[tuple[int, int]] = []
    at = 0
    while found := pattern.search(folded, at):
        start, end = found.span()
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        at = start + 1
    return spans


def _runs(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    at = 0
    for start, end in spans:
        if start > at:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False


class TooManySearchesError(Exception):
    """Too many search at once."""


class SearchLimiter:
    """Lets ``most`` in at a time; anyone who waits longer than ``patience`` seconds fails.

    It gets a TooManySearchesError.
    """

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
