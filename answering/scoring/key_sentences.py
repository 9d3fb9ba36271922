"""The sentences that stand for a stretch of text: central to it, near to what is asked, and not the same twice."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from answering.question.scope import told_by
from answering.scoring.sentence_features import covered
from retrieval.text.normalize import bigrams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.lines import Line

_SHORT = 8  # characters: less is no sentence that stands for others
_ASKED = 2.0  # what all words asked for count against one that is all of the centre
_OPENS = 0.15  # what the first sentence of a paragraph counts more
_TWICE = 0.6  # share of a sentence's pairs of characters from which it says what another said


def key_sentences(lines: Sequence[Line], grams: dict[str, float], *, most: int, room: int) -> list[Line]:
    """Return at most ``most`` of the sentences, of about ``room`` characters together, in their order.

    Centrality is the cosine of a sentence's pairs of characters with those of all sentences, each pair by the
    number of sentences that hold it; ``grams`` are the pairs asked for with their weights. A sentence that gives
    orders to the one who answers says nothing.
    """
    told = [
        one for one in lines if not one.is_heading and len(one.text) >= _SHORT and not told_by(one.folded)[1]
    ]
    sets = [set(bigrams(one.folded)) for one in told]
    counts = Counter(gram for one in sets for gram in one)
    norm = math.sqrt(sum(n * n for n in counts.values())) or 1.0

    def worth(at: int) -> float:
        central = sum(counts[g] for g in sets[at]) / (norm * math.sqrt(len(sets[at]) or 1))
        opens = told[at].start == told[at].passage.start
        return central + _ASKED * covered(grams, told[at].folded) + _OPENS * opens

    kept: list[int] = []
    for at in sorted(range(len(told)), key=lambda n: (-worth(n), n)):
        same = any(len(sets[at] & sets[n]) >= _TWICE * len(sets[at]) for n in kept)
        if len(kept) == most or (kept and len(told[at].text) > room):
            break
        if not same:
            kept.append(at)
            room -= len(told[at].text)
    return [told[at] for at in sorted(kept)]
