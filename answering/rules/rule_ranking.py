"""The order of a by-law's candidates: by the learned score, and along the graph from an act to its sanction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from answering.rules.aspects import ASPECTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from answering.rules.rule_features import Scored
    from answering.rules.rule_question import RuleQuestion

_PENALTY = ASPECTS.index("penalty")


def ranked(
    question: RuleQuestion, found: Sequence[Scored], weights: NDArray[np.float32]
) -> tuple[list[Scored], list[float]]:
    """Return the candidates, best first, and their scores.

    Where a sanction is asked for and the best candidate is a norm, what punishes its breach takes its place.
    """
    scores = np.stack([one.features for one in found]) @ weights
    order = [int(n) for n in np.argsort(-scores, kind="stable")]
    best = found[order[0]]
    if asks_sanction(question) and best.candidate.consequence is None:
        at = next((n for n in order[1:] if _punishes(found[n], best)), None)
        if at is not None:
            order.remove(at)
            order.insert(0, at)
            scores[at] = scores[order[1]]
    return [found[n] for n in order], [float(scores[n]) for n in order]


def asks_sanction(question: RuleQuestion) -> bool:
    """Tell whether a question asks for what follows an act, more than for anything else but yes or no."""
    if _mostly_sanction(question.aspects):
        return True
    before = question.aspects_before
    return before is not None and not question.placed and _mostly_sanction(question.aspects + before)


def _mostly_sanction(aspects: NDArray[np.float32]) -> bool:
    others = [p for n, p in enumerate(aspects) if n not in (_PENALTY, ASPECTS.index("verdict"))]
    return bool(aspects[_PENALTY] > max(others) and aspects[_PENALTY] > _SOME)


_SOME = 0.25  # probability


def _punishes(one: Scored, norm: Scored) -> bool:
    """Tell whether a candidate is the consequence of a norm's breach, or of the act that it states."""
    consequence = one.candidate.consequence
    if consequence is None or one.held is not norm.held:
        return False
    unit = norm.candidate.provision
    starts = {one.candidate.provision.start, consequence.source.start, consequence.act.start}
    if consequence.head is not None:
        starts.add(consequence.head.start)
    return unit.start in starts or any(item.start in starts for item in norm.candidate.listed)
