"""Other stacks are measured on the same strings and vectors, by turns, and a run that broke off goes on."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import extras
import numpy as np
import pytest

from evaluation.datasets.given_vectors import give, given
from evaluation.datasets.material import ROOT
from evaluation.datasets.slices import kept, read_slice, sliced
from evaluation.harness.retrievers import RetrievedPassage
from evaluation.performance.engine import IngestRound, IngestTime, turns
from evaluation.performance.side_stack import recall
from retrieval.embeddings.embedder import words_alone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray


class _Angles:
    """A text of n characters is a vector at n degrees."""

    name, dimension = "angles", 2

    def __init__(self) -> None:
        self.made = 0

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.made += len(texts)
        return np.stack([self.query(text) for text in texts])

    def query(self, text: str) -> NDArray[np.float32]:
        turned = np.radians(len(text))
        return np.array([np.cos(turned), np.sin(turned)], np.float32)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Give five texts of three passages each, or so."""
    made = []
    for number in range(5):
        path = tmp_path / f"{number}.txt"
        lines = [f"第{number}号工程的第{line}段，{'稳步推进，' * 20}已经建成。" for line in range(4)]
        path.write_text("\n\n".join([f"第{number}号工程纪要", *lines]), encoding="utf-8")
        made.append(path)
    return made


def test_slices_have_whole_files_with_the_strings_we_index(files: list[Path]) -> None:
    """Each file once, in order, as many as it takes; no slice is empty."""
    parts = list(sliced(files, passages=10_000, at_once=1))
    assert [name for one in parts for name in one.files] == [str(path) for path in files]
    assert all("段" in text for one in parts for text in one.passages)
    whole = list(sliced(files, passages=1, at_once=1_000))
    assert [one.files for one in whole] == [(str(files[0]),)]
    assert parts[0].passages == whole[0].passages


def test_slices_are_written_once(files: list[Path], tmp_path: Path) -> None:
    paths = kept(sliced(files, passages=10_000, at_once=1), tmp_path / "slices")
    assert kept(iter(()), tmp_path / "slices") == paths
    assert [read_slice(path) for path in paths] == list(sliced(files, passages=10_000, at_once=1))


def test_given_vectors_are_those_that_were_made_and_no_others(tmp_path: Path) -> None:
    """Nothing is embedded behind a stack's back: a text that was not expected is an error."""
    made = _Angles()
    give(made, tmp_path, texts=["一", "一二"], questions=["几", "几何"])
    give(made, tmp_path, texts=["一二", "一"], questions=["几", "几何"])
    assert made.made == 2
    stack = given(tmp_path)
    assert np.allclose(stack.passages(["一二"]), made.passages(["二一"]), atol=1e-3)
    assert np.allclose(stack.query("几何"), made.query("几何"))
    with pytest.raises(KeyError):
        stack.passages(["不在"])
    with pytest.raises(KeyError):
        stack.query("不在")


class _Peer:
    name = "other"

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def find(self, question: str, *, k: int) -> list[RetrievedPassage]:
        return [RetrievedPassage(name="", text=text) for text in self._texts[:k]]


def test_recall_is_the_share_of_hits_that_reach_the_tenth_best(tmp_path: Path) -> None:
    """Equal scores are equally good, white space makes no difference, a strange text counts for nothing."""
    texts = ["字" * number for number in range(1, 41)]
    give(_Angles(), tmp_path, texts=texts, questions=["字"])
    stack = given(tmp_path)

    def reached(found: Sequence[str]) -> float:
        return recall(_Peer(found), texts, stack, ["字"])  # type: ignore[arg-type]

    assert reached(texts[:10]) == 1.0
    assert reached([f" {text}\n" for text in texts[:10]]) == 1.0
    assert reached(texts[5:15]) == 0.5
    assert reached(["别的"] * 10) == 0.0


@pytest.mark.slow
@pytest.mark.skipif(extras.missing("peers") is not None, reason=str(extras.missing("peers")))
@pytest.mark.skipif(words_alone("embedded") is not None, reason="there is no embedded model here")
def test_both_sides_take_every_slice_and_a_broken_run_goes_on(files: list[Path], tmp_path: Path) -> None:
    """Both count the same passages; what was noted is not done again, and what was begun is."""
    slices = kept(sliced(files[:2], passages=10_000, at_once=1), tmp_path / "slices")
    done = turns(tmp_path, slices, threads=1)
    assert [one.ours.passages for one in done] == [len(read_slice(path).passages) for path in slices]
    assert [one.ours.passages for one in done] == [one.theirs.passages for one in done]
    note = tmp_path / "turns.jsonl"
    first, _ = note.read_text(encoding="utf-8").splitlines()
    note.write_text(first + "\n", encoding="utf-8")
    again = turns(tmp_path, slices, threads=1)
    assert again[0] == done[0]
    assert again[1].ours.passages == done[1].ours.passages


def test_times_compare_passages_and_not_slices() -> None:
    """A side that made more chunks of a slice is told by what each took."""
    quick = IngestTime(passages=10, seconds=1.0, work=1.0, memory=1.0)
    slow = IngestTime(passages=20, seconds=8.0, work=8.0, memory=1.0)
    assert IngestRound(ours=quick, theirs=slow).times == pytest.approx(4.0)


def test_memory_is_that_of_the_process_alone() -> None:
    """A child of a large process starts small: what its parent held before it is not counted."""
    held = np.ones(60_000_000)
    told = subprocess.run(
        [sys.executable, "-c", "from evaluation.harness.process_cost import most_held; print(most_held())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert 1 < float(told.stdout) < held.nbytes / 1e6
