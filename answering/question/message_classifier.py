"""What a message asks for, in which state, of whom, and what it takes from the conversation: learned classifiers.

Each head is a multinomial logistic regression over ``message_features``. The weights are fitted by
``python -m evaluation.training.messages`` and kept with the names of the sets they were fitted on.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

WEIGHTS = Path(__file__).parents[1] / "data" / "message_classifier.npz"
_SPANS = (2, 3)  # characters of an n-gram that may speak for a class
_SPEAKS = 1.5  # weight above the mean of the other classes from which it does


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One question asked of a message: its classes and a row of weights for each feature."""

    classes: tuple[str, ...]
    weights: NDArray[np.float32]  # (features, classes)
    bias: NDArray[np.float32]  # (classes,)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageClassifier:
    """The classifiers of a message, which share their features."""

    index: dict[str, int]
    heads: dict[str, Head]

    def probabilities(self, found: Mapping[str, float], head: str) -> dict[str, float]:
        """Return the probability of each class of a head for these features; they sum to 1."""
        one = self.heads[head]
        known = [(self.index[name], value) for name, value in found.items() if name in self.index]
        rows = one.weights[[row for row, _ in known]]
        values = np.array([value for _, value in known], dtype=np.float32)
        scores = one.bias + values @ rows
        odds = np.exp(scores - scores.max())
        shares = odds / odds.sum()
        return dict(zip(one.classes, map(float, shares), strict=True))

    def without_words_for(self, folded: str, head: str, classes: Collection[str]) -> str:
        """Return a folded text with a bar for each character of an n-gram whose weights speak for one of ``classes``.

        What is left of 介绍一下报告的结构 for an outline is nothing: such words ask for it, and are of no subject.
        """
        one = self.heads[head]
        wanted = np.array([name in classes for name in one.classes])
        left = list(folded)
        for size in _SPANS:
            for start in range(len(folded) - size + 1):
                gram = folded[start : start + size]
                row = self.index.get(gram)
                if row is None or gram.isascii():  # three letters of a longer word speak for nothing
                    continue
                weights = one.weights[row]
                if weights[wanted].max() - weights[~wanted].mean() >= _SPEAKS:
                    left[start : start + size] = "|" * size
        return "".join(left)


@cache
def load(path: Path = WEIGHTS) -> MessageClassifier:
    """Read the classifiers that come with the program."""
    with np.load(path, allow_pickle=False) as kept:
        names = str(kept["features"]).split("\n")
        heads = {
            name: Head(
                classes=tuple(str(kept[f"{name}.classes"]).split("\n")),
                weights=kept[f"{name}.weights"].astype(np.float32),
                bias=kept[f"{name}.bias"].astype(np.float32),
            )
            for name in str(kept["heads"]).split("\n")
        }
    return MessageClassifier(index={name: n for n, name in enumerate(names)}, heads=heads)


def save(one: MessageClassifier, provenance: str, path: Path = WEIGHTS) -> None:
    """Write classifiers as halves, with a line on what they were fitted on."""
    arrays: dict[str, NDArray[np.generic]] = {
        "features": np.array("\n".join(one.index)),
        "heads": np.array("\n".join(one.heads)),
        "provenance": np.array(provenance),
    }
    for name, head in one.heads.items():
        arrays[f"{name}.classes"] = np.array("\n".join(head.classes))
        arrays[f"{name}.weights"] = head.weights.astype(np.float16)
        arrays[f"{name}.bias"] = head.bias
    np.savez_compressed(path, allow_pickle=False, **arrays)
