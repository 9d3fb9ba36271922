"""Readers of Chroma beside a writer: what goes wrong in one folder, and that it can't with copies."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from crash_writer import text
from shelf import HashedWords, source

from retrieval.library import Library
from retrieval.values.documents import Filter

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
ONE_FOLDER = """
import sys
import chromadb
from chromadb.config import Settings
client = chromadb.PersistentClient(path=sys.argv[1], settings=Settings(anonymized_telemetry=False))
held = client.get_or_create_collection("passages", embedding_function=None)
rows = [[float(n % 7), float(n % 11), 1.0] for n in range(200)]
if sys.argv[2] == "write":
    held.upsert(ids=[f"b{n}" for n in range(200)], embeddings=rows, metadatas=[{"place": "b"}] * 200)
    sys.exit()
held.upsert(ids=[f"a{n}" for n in range(200)], embeddings=rows, metadatas=[{"place": "a"}] * 200)
held.query(query_embeddings=[rows[0]], n_results=3)
print("ready", flush=True)
sys.stdin.readline()
try:
    print(len(held.query(query_embeddings=[rows[0]], n_results=3, where={"place": "b"})["ids"][0]))
except Exception as error:
    print(error)
"""


def test_chroma_goes_stale_beside_a_writer(tmp_path: Path) -> None:
    """The reason for the copies: a reader that is open fails inside limits on what another process wrote.

    When this fails, Chroma may have mended it, and the copies could go.
    """
    command = [sys.executable, "-c", ONE_FOLDER, str(tmp_path)]
    with subprocess.Popen(
        [*command, "read"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        subprocess.run([*command, "write"], check=True)
        told, _ = reader.communicate("go on\n")
    assert "Error finding id" in told


@pytest.fixture
def filled(home: Path) -> Path:
    """Give a home with texts on two places."""
    with Library.open(home, embedder=HashedWords(), write=True) as library:
        library.ingest_sources(
            source(f"first-{n}", text(900 + n), title="旧", place="甲市") for n in range(4)
        )
    return home


def _writer(home: Path, first: int) -> subprocess.Popen[str]:
    path = os.pathsep.join(
        [str(HERE), str(HERE.parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    )
    return subprocess.Popen(
        [sys.executable, str(HERE / "crash_writer.py"), str(home), str(first), "10000"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )


@pytest.fixture
def writer(filled: Path) -> Iterator[subprocess.Popen[str]]:
    """Give a process that takes one text after the other into the home."""
    process = _writer(filled, 0)
    assert process.stdout is not None
    process.stdout.readline()
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.slow
def test_a_reader_beside_a_writer_never_fails(
    filled: Path, writer: subprocess.Popen[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Inside limits or not, over many switches, each answer is by meaning, and nothing is rebuilt."""
    marks = set()
    with Library.open(filled, embedder=HashedWords()) as reader:
        until = time.monotonic() + 20
        while time.monotonic() < until or len(marks) < 4:
            assert writer.poll() is None
            marks.add((filled / "chroma" / "current.json").read_text())
            for limits in (
                Filter(),
                Filter(places=("甲市",)),
                Filter(years=(2021,)),
                Filter(places=("乙市",)),
            ):
                hits = reader.find(text(901)[:8], filter=limits)
                assert all(hit.dense is not None for hit in hits)
                assert bool(hits) == (limits.places != ("乙市",) and not limits.years)
    assert not [one for one in caplog.records if "重建" in one.message or "只按词语" in one.message]


@pytest.mark.slow
def test_kills_in_the_switch_of_a_copy_lose_nothing(filled: Path) -> None:
    """Twenty writers die while a copy is made or changed: the mark names a whole folder each time."""
    chance = random.Random(1978)
    inside, first = 0, 0
    while inside < 20:
        process = _writer(filled, first)
        assert process.stdout is not None
        process.stdout.readline()
        while len([path for path in (filled / "chroma").iterdir() if path.is_dir()]) < 2:
            time.sleep(0.001)
        time.sleep(chance.uniform(0.0, 0.15))
        process.send_signal(signal.SIGKILL)
        first += len(process.stdout.read().splitlines())
        process.wait()
        process.stdout.close()
        left = [path for path in (filled / "chroma").iterdir() if path.is_dir()]
        inside += len(left) > 1
        embedder = HashedWords()
        with Library.open(filled, embedder=embedder) as library:
            assert library.find(text(901)[:8], k=1)[0].dense is not None
            assert library.standing.lag == 0
            first = max(first, sum(known.key.startswith("text-") for known in library.sources()))
