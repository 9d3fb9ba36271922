"""The order of pooled passages: features of passage and document, and weights that are learned.

The weights are fitted by ``python -m evaluation.training.passages``: a linear score whose softmax over the
passages of a question puts the passages that answer it first.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from answering.values.hypothesis import QuestionKind
from retrieval.text.normalize import bigrams, fold
from retrieval.text.tense import told
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from answering.evidence.lines import SearchableLibrary
    from answering.evidence.pooled_passage import PooledPassage
    from answering.values.hypothesis import Hypothesis

WEIGHTS = Path(__file__).parents[1] / "data" / "passage_score.json"
RELATIONS = ("own", "inner", "named", "wider", "unplaced", "other")
NAMES = (
    "words",
    "meaning",
    "share of the best words",
    "rank",
    "covered",
    "covered by title",
    "covered by document",
    "best words of document",
    "best meaning of document",
    "passages of document",
    "year",
    "state",
    "by-law for a rule",
    "by-law for no rule",
    *RELATIONS,
)
_STATES = {"done": -1, "planned": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionGrams:
    """The pairs of characters of a question that the library holds, each with its rarity (−log10 of its share)."""

    rarity: Mapping[str, float]

    def covered(self, text: str) -> float:
        """Return the share, by rarity, of the pairs that a folded text holds: 0…1."""
        total = sum(self.rarity.values())
        return sum(weight for gram, weight in self.rarity.items() if gram in text) / total if total else 0.0


def question_grams(text: str, library: SearchableLibrary) -> QuestionGrams:
    """Return the pairs of a question's characters with their rarity in the library."""
    grams = sorted({gram for gram in bigrams(text) if len(gram) > 1})
    shares = library.frequency(grams)
    return QuestionGrams(rarity={gram: -math.log10(share) for gram, share in shares.items() if 0 < share < 1})


def passage_features(
    found: Sequence[PooledPassage], hypothesis: Hypothesis, grams: QuestionGrams
) -> NDArray[np.float64]:
    """Return a row of ``NAMES`` for each passage found for a hypothesis."""
    words = np.array([one.hit.words or 0.0 for one in found])
    floor = min((one.hit.dense for one in found if one.hit.dense is not None), default=0.0)
    near = np.array([one.hit.dense if one.hit.dense is not None else floor for one in found])
    texts = [fold("|".join((*one.hit.passage.heading, one.hit.passage.text))) for one in found]
    documents = [one.hit.document.id for one in found]
    best_words, best_near = _best(documents, words), _best(documents, near)
    whole: dict[str, str] = defaultdict(str)
    for name, text, one in zip(documents, texts, found, strict=True):
        whole[name] = f"{whole[name] or fold(one.hit.document.title)}|{text}"
    covered = {name: grams.covered(text) for name, text in whole.items()}
    columns = [
        _standard(words),
        _standard(near),
        words / max(words.max(initial=0.0), 1e-9),
        np.array([1 / (1 + one.rank) for one in found]),
        np.array([grams.covered(text) for text in texts]),
        np.array([grams.covered(fold(one.hit.document.title)) for one in found]),
        np.array([covered[name] for name in documents]),
        _standard(np.array([best_words[name] for name in documents])),
        _standard(np.array([best_near[name] for name in documents])),
        np.array([math.log1p(documents.count(name)) for name in documents]),
        np.array([float(one.in_year) for one in found]),
        np.array([_state(one, hypothesis) for one in found]),
        *_by_law(found, hypothesis),
        *(np.array([float(one.relation == name) for one in found]) for name in RELATIONS),
    ]
    return np.stack(columns, axis=1)


def passage_scores(
    found: Sequence[PooledPassage], hypothesis: Hypothesis, library: SearchableLibrary
) -> NDArray[np.float64]:
    """Return the learned score of each passage found for a hypothesis; higher is better."""
    if not found:
        return np.zeros(0)
    return passage_features(found, hypothesis, question_grams(hypothesis.text, library)) @ weights()


@cache
def weights(path: Path = WEIGHTS) -> NDArray[np.float64]:
    """Read the weights that come with the program, in the order of ``NAMES``."""
    kept = json.loads(path.read_text(encoding="utf-8"))["weights"]
    return np.array([kept[name] for name in NAMES])


def _best(names: Iterable[str], values: NDArray[np.float64]) -> dict[str, float]:
    best: dict[str, float] = {}
    for name, value in zip(names, values, strict=True):
        best[name] = max(best.get(name, -math.inf), float(value))
    return best


def _by_law(found: Sequence[PooledPassage], hypothesis: Hypothesis) -> list[NDArray[np.float64]]:
    laws = np.array([float(one.hit.document.genre is Genre.REGULATION) for one in found])
    asked = hypothesis.kind is QuestionKind.RULE or hypothesis.state == "required"
    return [laws * asked, laws * (not asked)]


def _state(one: PooledPassage, hypothesis: Hypothesis) -> float:
    """Return 1 for a passage that tells of the state asked for, −1 for one of the other, 0 where either is open."""
    asked = _STATES.get(hypothesis.state or "", 0)
    return float(asked * told(one.hit.passage, one.hit.document))


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = values.std()
    centred: NDArray[np.float64] = values - values.mean()
    return centred / spread if spread > 0 else np.zeros_like(values)
