"""A home with a few texts, and the reader over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from reader_stand import CORPUS, HOSTILE, Stand, long_text

from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def shelved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the shipped texts, a hostile one and a long one."""
    home, texts = tmp_path_factory.mktemp("shelved"), tmp_path_factory.mktemp("texts")
    (texts / "hostile.md").write_text(HOSTILE, encoding="utf-8")
    (texts / "long.md").write_text(long_text(), encoding="utf-8")
    with Library.open(home, embedder=None, write=True) as library:
        library.ingest([*sorted(CORPUS.glob("[a-z]*.md")), texts])
    return home


@pytest.fixture
def stand(shelved: Path) -> Iterator[Stand]:
    with Library.open(shelved, embedder=None) as library:
        yield Stand(library)
