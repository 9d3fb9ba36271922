"""A home with the shipped texts, and the interface over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from api_counter import CORPUS, Counter

from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("filled")
    with Library.open(home, embedder=None, write=True) as library:
        library.ingest(sorted(CORPUS.glob("[a-z]*.md")))
    return home


@pytest.fixture
def counter(filled: Path) -> Iterator[Counter]:
    with Library.open(filled, embedder=None) as library:
        yield Counter(library)
