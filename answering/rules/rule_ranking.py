"""The order of a by-law's candidates: by the learned score, and along the graph from an act to its sanction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from answering.question.unit_classes import fits, unit_class
from answering.rules.aspects import ASPECTS
from answering.rules.conditions import meets
from answering.rules.likeness.rule_second_look import reordered, second_rows
from answering.rules.rule_candidates import TRAITS
from retrieval.quantities import figures
from retrieval.text.normalize import bigrams, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from answering.rules.likeness.late_interaction import MeaningSource
    from answering.rules.rule_features import Scored
    from answering.rules.rule_question import RuleQuestion

_PENALTY = ASPECTS.index("penalty")
_OFFICIAL = TRAITS.index("official")


def ranked(found: Sequence[Scored], weights: NDArray[np.float32]) -> tuple[list[Scored], list[float]]:
    """Return the candidates, best first, and their scores."""
    scores = np.stack([one.features for one in found]) @ weights
    order = [int(n) for n in np.argsort(-scores, kind="stable")]
    return [found[n] for n in order], [float(scores[n]) for n in order]


def looked_at_again(
    question: RuleQuestion,
    order: Sequence[Scored],
    scores: Sequence[float],
    *,
    source: MeaningSource,
    second: NDArray[np.float32],
) -> tuple[list[Scored], list[float]]:
    """Return the candidates by a second look at the first of them, as ``ranked`` returns them."""
    rows = second_rows(question, order, scores, source)
    return (list(order), list(scores)) if rows is None else reordered(order, scores, rows @ second)


def followed(
    question: RuleQuestion, order: Sequence[Scored], scores: Sequence[float]
) -> tuple[list[Scored], list[float]]:
    """Return the candidates with the sanction of the best first, where it is a norm and a sanction is asked for.

    Where a figure is asked of a list of ranges, it is the item whose range holds the figure of the question.
    """
    best = order[0]
    at = None
    if asks_sanction(question) and best.candidate.consequence is not None:
        at = _main_case(question, order, scores)
    elif asks_sanction(question):
        at = next((n for n, one in enumerate(order) if _punishes(one, best, question)), None)
    elif question.want.kind == "figure" and best.candidate.listed:
        at = _counted(question, order)
    if at is None:
        return list(order), list(scores)
    rest = [n for n in range(len(order)) if n != at]
    return [order[at], *(order[n] for n in rest)], [scores[0], *(scores[n] for n in rest)]


def _main_case(question: RuleQuestion, order: Sequence[Scored], scores: Sequence[float]) -> int | None:
    """Return the place of the case that an article punishes first, where a later one of it ranks hardly higher.

    An article tells its main case before those that differ from it (初始登记, then 延续登记 or 变更登记): where the
    question shares no more with the later act than with the first, the main case is meant.
    """
    best = order[0]
    text, own = best.held.candidates.bylaw.text, best.candidate.consequence
    assert own is not None
    for n, (one, score) in enumerate(zip(order, scores, strict=True)):
        other = one.candidate.consequence
        if score < scores[0] - _HARDLY:
            return None
        if other is None or one.held is not best.held or other.source.article is not own.source.article:
            continue
        alike = _shared(question.grams, other.act.of(text)) >= _shared(question.grams, own.act.of(text))
        if other.source.paragraph.start < own.source.paragraph.start and alike:
            return n
    return None


def _counted(question: RuleQuestion, order: Sequence[Scored]) -> int | None:
    """Return the place of the one item, of the list that comes first, whose range holds the question's figure."""
    best = order[0]
    text = best.held.candidates.bylaw.text
    met = [item for item in best.candidate.listed if meets(question.words, fold(item.of(text))) > 0]
    if len(met) != 1:
        return None
    return next(
        (
            n
            for n, one in enumerate(order)
            if one.held is best.held
            and one.candidate.consequence is None
            and one.candidate.provision.start == met[0].start
        ),
        None,
    )


def asks_sanction(question: RuleQuestion) -> bool:
    """Tell whether a question asks for what follows an act, more than for anything else but yes or no."""
    if _mostly_sanction(question.aspects):
        return True
    before = question.aspects_before
    return before is not None and not question.placed and _mostly_sanction(question.aspects + before)


def lacks_amount(question: RuleQuestion, best: Scored) -> bool:
    """Tell whether an amount is asked for and the best candidate sets none.

    Of what follows an act it is a fine, or a figure in the unit asked for; a consequence without a fine is an answer, too,
    but not what officials face for neglect. Of anything else it is one of money, which no other figure can answer.
    """
    if question.want.kind != "figure":
        return False
    text_of = best.held.candidates.text_of(best.candidate)
    consequence = best.candidate.consequence
    if asks_sanction(question) and consequence is None:
        amounts = text_of.figures
        return not any(figure.unit.endswith(_MONEY) or fits(figure, question.want) for figure in amounts)
    if consequence is not None and not text_of.traits[_OFFICIAL]:
        return False
    if not question.want.units or unit_class(question.want.units[0]) != "money":
        return False
    text = best.held.candidates.bylaw.text
    said = fold("。".join(clause.of(text) for clause in best.candidate.clauses))
    return not any(figure.unit.endswith(_MONEY) for figure in figures(said))


def _mostly_sanction(aspects: NDArray[np.float32]) -> bool:
    others = [p for n, p in enumerate(aspects) if n not in (_PENALTY, ASPECTS.index("verdict"))]
    return bool(aspects[_PENALTY] > max(others) and aspects[_PENALTY] > _SOME)


_SOME = 0.25  # probability
_HARDLY = 0.5  # log-odds by which a case may rank higher and still be passed over for the main one
_MONEY = ("元", "倍", "%")


def _punishes(one: Scored, norm: Scored, question: RuleQuestion) -> bool:
    """Tell whether a candidate is the consequence of a norm's breach, or of the act that it states.

    Of a list it is the item that shares most with the question.
    """
    consequence = one.candidate.consequence
    if consequence is None or one.held is not norm.held:
        return False
    text = norm.held.candidates.bylaw.text
    unit = norm.candidate.provision
    if norm.candidate.listed:
        unit = max(norm.candidate.listed, key=lambda item: _shared(question.grams, item.of(text)))
    starts = {one.candidate.provision.start, consequence.source.start, consequence.act.start}
    if consequence.head is not None:
        starts.add(consequence.head.start)
    return unit.start in starts


def _shared(grams: frozenset[str], words: str) -> int:
    return sum(len(gram) for gram in grams & frozenset(bigrams(fold(words))))
