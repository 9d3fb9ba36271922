"""The documents that a question names: by words of their titles, by place and year before what they are called.

A title ends in what the text is called (…政府工作报告, …管理条例). A question that says this word asks of those texts
whose place and year it does not contradict and whose other title words it shares best.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from answering.question.asked_period import years_asked
from retrieval.text.normalize import fold
from retrieval.text.sentences import HAN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.question.parser import Known, TitledDocument
    from retrieval.places.gazetteer import Gazetteer

_NOT_HAN = re.compile(f"[^{HAN}]+")
_BEFORE = 24  # characters before the word for a text, of its clause, in which its year is looked for
_CLAUSE = re.compile("[,，。;；?？!！]")
_MANY = 8  # documents; a word that fits more of them names none
_NEAR = 0.8  # share of the best title's words from which another one is named as well
_LEAST = 0.25  # share of a title's own words that names it where no place and no year do
_COMMON = 2.0  # weight of a title's characters up to which they tell it from no other
_ENGLISH = {"report": "报告", "regulation": "条例", "by-law": "条例", "speech": "讲话"}


def named_documents(folded: str, places: Sequence[str], known: Known) -> tuple[str, ...]:
    """Return the ids of the documents that a folded question names; none where it names none, or many.

    ``places`` are those that it asks of, the country as "中国".
    """
    found: dict[str, float] = {}
    for called, group in _by_kind(known.documents).items():
        at = _called_at(folded, called)
        if at is None:
            continue
        before = _CLAUSE.split(folded[max(0, at - _BEFORE) : at])[-1]
        years = years_asked(before, newest=_newest(places, known))
        fitting = [one for one in group if _fits(one, places, years)]
        placed = bool(places or years)
        shares = _shares(folded, fitting, known.gazetteer)
        found |= {name: share for name, share in shares.items() if placed or _LEAST <= share < 1}
    best = max(found.values(), default=0.0)
    named = tuple(name for name, share in found.items() if share >= _NEAR * best)
    return named if len(named) <= _MANY else ()


def _called_at(folded: str, called: str) -> int | None:
    """Return where a question says what texts are called; None where it does not."""
    words = (called, *(word for word, meant in _ENGLISH.items() if meant == called))
    return next((at for at in map(folded.find, words) if at >= 0), None)


def _by_kind(documents: Sequence[TitledDocument]) -> dict[str, list[TitledDocument]]:
    """Return the documents by the last two characters of their titles: 报告, 条例."""
    kinds: dict[str, list[TitledDocument]] = defaultdict(list)
    for document in documents:
        if called := _called(document.title):
            kinds[called].append(document)
    return kinds


@lru_cache(maxsize=8192)
def _called(title: str) -> str:
    chars = _NOT_HAN.sub("", fold(title))
    return chars[-2:] if len(chars) > 2 else ""


def _newest(places: Sequence[str], known: Known) -> int | None:
    return next((known.newest[p] for p in (*places, "") if p in known.newest), None)


def _fits(document: TitledDocument, places: Sequence[str], years: Sequence[int]) -> bool:
    """Tell whether a document is of the places and the years that stand before its name, where any do."""
    return (not years or document.year in years) and (not places or document.place in places)


def _shares(folded: str, documents: Sequence[TitledDocument], gazetteer: Gazetteer) -> dict[str, float]:
    """Return the share of each title's own characters that a question has, each by its rarity among the titles.

    A title without any of its own, as that of one report among reports, has share 1: place and year name it.
    """
    own = {one.id: _own(one.title, gazetteer) for one in documents}
    counts = Counter(char for chars in own.values() for char in chars)
    found: dict[str, float] = {}
    for name, chars in own.items():
        weights = {char: math.log((1 + len(own)) / counts[char]) for char in chars}
        whole = sum(weights.values())
        said = sum(weight for char, weight in weights.items() if char in folded)
        found[name] = said / whole if whole > _COMMON else 1.0
    return found


@lru_cache(maxsize=8192)
def _own(title: str, gazetteer: Gazetteer) -> frozenset[str]:
    """Return the characters of a title without its place and without what the text is called."""
    folded = fold(title)
    for mention in reversed(gazetteer.find(folded)):
        folded = folded[: mention.start] + folded[mention.end :]
    return frozenset(_NOT_HAN.sub("", folded)[:-2])
