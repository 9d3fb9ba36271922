"""What a question asks of a by-law (a fine, a body, a time limit …), told by a learned model of its wording.

The model is a linear one over short runs of characters, with places and digits masked, so that it can't
learn a city or a figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

ASPECTS = (
    "penalty",
    "verdict",
    "deadline",
    "responsible",
    "figure",
    "procedure",
    "list",
    "exception",
    "definition",
    "in_force",
    "article",
    "article_number",
    "article_count",
)
_LONGEST_RUN = 3
_PLACE, _DIGIT, _EDGE = "□", "0", "^"


def masked(text: str, surfaces: Sequence[str]) -> str:
    """Return a question folded, with the place names ``surfaces`` and all digits masked."""
    words = fold(text)
    for surface in sorted(surfaces, key=len, reverse=True):
        words = words.replace(fold(surface), _PLACE)
    return "".join(_DIGIT if c.isdigit() else c for c in words if not c.isspace())


def runs(words: str) -> Iterator[str]:
    """Yield the runs of one to three characters, the edges of the text marked."""
    edged = f"{_EDGE}{words.strip('?？。.!！')}{_EDGE}"
    for size in range(1, _LONGEST_RUN + 1):
        for at in range(len(edged) - size + 1):
            yield edged[at : at + size]


class AspectModel:
    """A linear model from the runs of a question to the weight of each aspect, and of a yes-or-no question."""

    def __init__(
        self, vocabulary: Mapping[str, int], weights: NDArray[np.float32], common: Mapping[str, float]
    ) -> None:
        """``weights`` has a row for each run, and a last one for the bias.

        Its last two columns tell whether a yes or no is wanted, and whether it is a question to a by-law.
        ``common`` tells how much (0…1) the runs that are asked of several by-laws say about the matter.
        """
        self._common = common
        self._vocabulary = vocabulary
        self._weights = weights

    def aspects(self, words: str) -> NDArray[np.float32]:
        """Return the probabilities of ``ASPECTS``, from a masked question."""
        scores = self._scores(words)[: len(ASPECTS)]
        grown = np.exp(scores - scores.max())
        return np.asarray(grown / grown.sum(), np.float32)

    def content(self, grams: Iterable[str]) -> dict[str, float]:
        """Return how much (0…1) each run of a question says about the matter it is on.

        Figures and English words are left out: a by-law says them in its own way.
        """
        told = {gram: self._common.get(gram, 1.0) for gram in grams if not gram.isascii()}
        return {gram: weight for gram, weight in told.items() if weight > 0.0}

    def yes_no(self, words: str) -> float:
        """Return the probability that a masked question wants a yes or a no."""
        return float(1.0 / (1.0 + np.exp(-self._scores(words)[len(ASPECTS)])))

    def to_bylaw(self, words: str) -> float:
        """Return the probability that a masked question is one to a by-law, by its wording alone."""
        return float(1.0 / (1.0 + np.exp(-self._scores(words)[len(ASPECTS) + 1])))

    def _scores(self, words: str) -> NDArray[np.float32]:
        rows = sorted({self._vocabulary[r] for r in runs(words) if r in self._vocabulary})
        scale = 1.0 / np.sqrt(max(len(rows), 1))
        total = self._weights[rows].sum(axis=0) * scale + self._weights[-1]
        return np.asarray(total, np.float32)
