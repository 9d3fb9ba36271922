"""Vectors that were made before, handed to every stack alike, so that embedding is not measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evaluation.datasets.kept_vectors import KeptVectors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from retrieval.embeddings.embedder import Embedder

_PASSAGES, _QUESTIONS = "passages.db", "questions.npz"
_AT_ONCE = 512  # texts between two notes


class GivenVectors:
    """An embedder without a model: it knows some questions, and no passage."""

    def __init__(self, name: str, questions: dict[str, NDArray[np.float32]]) -> None:
        self.name = name
        self.dimension = len(next(iter(questions.values())))
        self._questions = questions

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Raise KeyError: passages come from the file, which lacks these."""
        raise KeyError(texts[0])

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question that was made before; raises KeyError for another."""
        return self._questions[text]


def give(embedder: Embedder, folder: Path, *, texts: Sequence[str], questions: Sequence[str]) -> None:
    """Keep the vectors of texts and questions in ``folder``; those that are there are not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    keeping = KeptVectors(embedder, folder / _PASSAGES)
    for start in range(0, len(texts), _AT_ONCE):
        keeping.passages(texts[start : start + _AT_ONCE])
    made = np.stack([embedder.query(text) for text in questions])
    np.savez(folder / _QUESTIONS, name=embedder.name, texts=np.array(questions), vectors=made)


def given(folder: Path) -> KeptVectors:
    """Return an embedder that gives what is kept there, and nothing else."""
    with np.load(folder / _QUESTIONS) as kept:
        questions = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))
        return KeptVectors(GivenVectors(str(kept["name"]), questions), folder / _PASSAGES)
