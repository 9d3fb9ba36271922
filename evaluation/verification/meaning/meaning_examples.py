"""More forms of true clauses, by meaning: another word of like use, a foreign tail, figures exchanged.

Kinds: "noun" (a word of the text exchanged for one that is met in like places but means another thing),
"tail" (a clause of another text put beside it), "exchanged" (two figures of the claim change places),
"rival" (its figure is another one of the evidence), and, a true one, "+alias" (a word of the same meaning).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from answering.lexicon import thesaurus
from evaluation.verification.fact_mutations import ClaimPair
from retrieval.embeddings.e5.tokenizer import Vocabulary
from retrieval.embeddings.e5.weights import Weights, find_weights
from retrieval.quantities import Sort, figures, unit_class
from retrieval.text.normalize import clauses

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from random import Random

    from answering.judge import ClaimEvidence
    from retrieval.quantities import Figure

_WORD = re.compile("[一-龥]{2,4}")
_MET = 3  # times that a word is met in the evidence, to be exchanged
_LOW, _HIGH = 0.13, 0.33  # cosines of words that are used alike and mean different things
_TAIL = (4, 16)  # characters of a tail
_EXCHANGED = 2  # words of a clause that are exchanged, each in a claim of its own


class MeaningForms:
    """Makes forms of true clauses, with words and tails of the texts they are from."""

    def __init__(self, found: Sequence[ClaimPair], chance: Random) -> None:
        self._chance = chance
        weights = Weights(find_weights())
        self._vocabulary = Vocabulary(weights.pieces)
        evidence = {item.quote: item for pair in found for item in pair.evidence}
        counts = Counter(number for quote in evidence for number in self._vocabulary.ids(quote, most=400))
        numbers = [
            n for n, met in counts.items() if met >= _MET and _WORD.fullmatch(self._vocabulary.piece(n))
        ]
        self._words = [self._vocabulary.piece(n) for n in numbers]
        self._place = {word: at for at, word in enumerate(self._words)}
        vectors = weights.words(np.array(numbers)).astype(np.float32)
        vectors -= vectors.mean(axis=0)
        self._vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        self._tails = [tail for item in evidence.values() for tail in _tails(item)]

    def of(self, pair: ClaimPair) -> Iterator[ClaimPair]:
        """Give the forms of a true clause."""
        told = " ".join(f"{item.quote} {item.heading}" for item in pair.evidence)
        forms = (*self._nouns(pair.claim, told), *self._aliases(pair.claim), *self._figures(pair.claim, told))
        for kind, claim in (*forms, *self._with_tail(pair.claim, told)):
            if claim != pair.claim:
                yield ClaimPair(kind=kind, claim=claim, evidence=pair.evidence)

    def _nouns(self, claim: str, told: str) -> Iterator[tuple[str, str]]:
        words = [self._vocabulary.piece(n) for n in self._vocabulary.ids(claim, most=300)]
        words = [word for word in words if word in self._place and word in told]
        self._chance.shuffle(words)
        for word in words[:_EXCHANGED]:
            alike = self._vectors @ self._vectors[self._place[word]]
            same = {*thesaurus.load().expand(word), *_aliases().get(word, ())}
            near = [self._words[at] for at in np.flatnonzero((alike > _LOW) & (alike < _HIGH))]
            if others := [one for one in near if one not in told and one not in same]:
                yield "noun", claim.replace(word, self._chance.choice(others), 1)

    def _aliases(self, claim: str) -> Iterator[tuple[str, str]]:
        if known := [word for word in _aliases() if word in claim]:
            word = self._chance.choice(known)
            yield "+alias", claim.replace(word, self._chance.choice(_aliases()[word]), 1)

    def _with_tail(self, claim: str, told: str) -> Iterator[tuple[str, str]]:
        if (tail := self._chance.choice(self._tails)) not in told:
            yield "tail", self._chance.choice((f"{claim}，{tail}", f"{tail}，{claim}"))

    def _figures(self, claim: str, told: str) -> Iterator[tuple[str, str]]:
        mine = [one for one in figures(claim) if one.sort is Sort.QUANTITY]
        for one in mine:
            if later := [x for x in mine if x.start > one.end and _comparable(one, x)]:
                other = self._chance.choice(later)
                between = claim[one.end : other.start]
                yield "exchanged", f"{claim[: one.start]}{other.text}{between}{one.text}{claim[other.end :]}"
                break
        if len(mine) == 1:
            rivals = [x for x in figures(told) if _comparable(mine[0], x) and x.text not in claim]
            if rivals:
                rival = self._chance.choice(rivals).text
                yield "rival", f"{claim[: mine[0].start]}{rival}{claim[mine[0].end :]}"


def _comparable(one: Figure, other: Figure) -> bool:
    same = other.sort is Sort.QUANTITY and unit_class(one.unit) == unit_class(other.unit)
    return same and one.text != other.text


def _tails(item: ClaimEvidence) -> Iterator[str]:
    for span in clauses(item.quote):
        tail = item.quote[span.start : span.end].strip("，。；、 ")
        if _TAIL[0] <= len(tail) <= _TAIL[1] and not re.search(r"\d", tail):
            yield tail


@cache
def _aliases() -> Mapping[str, Sequence[str]]:
    """Return the words that the thesaurus and the paraphrases know, each with those of the same meaning."""
    groups = [group.chinese for group in thesaurus.load().groups if not group.general]
    groups += thesaurus.rows(thesaurus.DATA / "paraphrase.tsv")
    found: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        words = {word for word in group if len(word) > 1}
        for word in words:
            found[word] |= words - {word}
    return {word: sorted(others) for word, others in found.items() if others}
