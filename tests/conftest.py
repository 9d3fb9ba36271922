"""What many tests need: the shared material, a home of their own, the embedded model made once."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


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
