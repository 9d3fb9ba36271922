"""The other stacks do their own work with the embedder they are given, and keep it on disk."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from typing import TYPE_CHECKING

import extras
import numpy as np
import pytest

from evaluation.datasets.material import ROOT, SourceText
from evaluation.harness.peer_stacks import PeerStack, peers
from evaluation.harness.process_cost import TimedEmbedder
from retrieval.text.normalize import bigrams

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

if why := extras.missing("peers"):
    pytest.skip(why, allow_module_level=True)

TEXTS = (
    SourceText(name="roads", text="青禾市修了十二条路。" * 40 + "路灯换成了新的。"),
    SourceText(name="parks", text="白沙市建了三十座公园，老人都说好。" * 40),
)
KINDS = pytest.mark.parametrize("kind", peers(), ids=lambda kind: kind.__name__)


class Hashed:
    """An embedder that adds up one fixed vector for each character and pair."""

    name = "hashed"
    dimension = 64

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self.query(text) for text in texts])

    def query(self, text: str) -> NDArray[np.float32]:
        seeds = [int.from_bytes(sha256(word.encode()).digest()[:8]) for word in bigrams(text)]
        total = np.ones(64) + sum(np.random.default_rng(seed).standard_normal(64) for seed in seeds)
        return (total / np.linalg.norm(total)).astype(np.float32)


@KINDS
def test_a_peer_finds_chunks_under_the_names_of_their_texts(kind: type[PeerStack], tmp_path: Path) -> None:
    peer = kind.build(TEXTS, embedder=Hashed(), folder=tmp_path)
    found = peer.find("白沙市公园", k=1)
    assert [one.name for one in found] == ["parks"]
    assert found[0].text in TEXTS[1].text


@KINDS
def test_what_a_peer_built_is_found_again_after_opening_it(kind: type[PeerStack], tmp_path: Path) -> None:
    built = kind.build(TEXTS, embedder=Hashed(), folder=tmp_path).find("修路", k=2)
    assert kind.open(embedder=Hashed(), folder=tmp_path).find("修路", k=2) == built


@KINDS
def test_a_peer_asks_the_embedder_once_a_question(kind: type[PeerStack], tmp_path: Path) -> None:
    timed = TimedEmbedder(Hashed())
    peer = kind.build(TEXTS, embedder=timed, folder=tmp_path)
    peer.find("修路", k=2)
    assert timed.queries == 1
    assert timed.seconds > 0


@KINDS
def test_a_text_stays_whole_where_it_has_to(kind: type[PeerStack], tmp_path: Path) -> None:
    long = SourceText(name="long", text="清河市修通了一条路。\n\n" * 150)
    split, whole = tmp_path / "split", tmp_path / "whole"
    for folder, least in ((split, 0), (whole, len(long.text))):
        folder.mkdir()
        kind.build([long], embedder=Hashed(), folder=folder, least=least)
    assert len(kind.open(embedder=Hashed(), folder=split).find("修路", k=9)) > 1
    assert len(kind.open(embedder=Hashed(), folder=whole).find("修路", k=9)) == 1


@KINDS
def test_an_empty_question_ends_no_run(kind: type[PeerStack], tmp_path: Path) -> None:
    peer = kind.build(TEXTS, embedder=Hashed(), folder=tmp_path)
    assert len(peer.find("", k=2)) <= 2


_WATCHED = """
import sys
told = []
def hear(event, given):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        print(event, given[-1] if event == "socket.connect" else given[0], flush=True)
sys.addaudithook(hear)
from pathlib import Path
from evaluation.harness.peer_stacks import peers
from tests.evaluation.test_peers import TEXTS, Hashed
for number, kind in enumerate(peers()):
    folder = Path(sys.argv[1], str(number))
    folder.mkdir()
    kind.build(TEXTS, embedder=Hashed(), folder=folder).find("修路", k=1)
"""


def test_no_peer_speaks_to_anybody(tmp_path: Path) -> None:
    """Built, asked and ended in a process of its own; Haystack reports its use unless it is told not to."""
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, str(tmp_path)],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path / "home"),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == []
    assert not (tmp_path / "home" / ".haystack").exists()
