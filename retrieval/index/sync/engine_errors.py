"""What the engines of the indexes raise, as our own errors; one table for both."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from retrieval.values.errors import CatalogueBroken, IndexBroken, RetrievalError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_ROOM = ("No space left", "disk is full", "File too large", "os error 28", "os error 27")
_LONGEST = 200  # characters of a foreign message that a person is shown


@contextmanager
def guarded(what: str) -> Iterator[None]:
    """Turn what an engine raises, panics too, into ``IndexBroken``; want of room is ``CatalogueBroken``."""
    try:
        yield
    except RetrievalError:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise  # a panic inside a Rust engine is no Exception, nor is what ends the program
        told = " ".join(str(error).split())[:_LONGEST]
        if any(words in told for words in _NO_ROOM):
            raise CatalogueBroken(
                f"磁盘已满，{what}未能写完（{told}）。请腾出空间后重试，已入库的文本没有受损。"
            ) from error
        raise IndexBroken(f"{what}已损坏或读不了（{told}）。它会由资料目录库自动重建。") from error
