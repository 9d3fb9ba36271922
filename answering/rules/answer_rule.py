"""Answer a question on by-laws, refuse it, or leave it to others."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from answering.lexicon.phrases import phrase
from answering.rules.aspects import ASPECTS
from answering.rules.held_bylaws import ByLawLibrary, held_bylaws
from answering.rules.rule_composition import named_article, say_article, say_candidate, say_counts
from answering.rules.rule_confidence import confidence_features
from answering.rules.rule_draft import Passages, RuleDraft
from answering.rules.rule_features import HeldByLaw, Scored, features
from answering.rules.rule_question import RuleQuestion, read_rule_question
from answering.rules.rule_ranking import asks_sanction, followed, lacks_amount, looked_at_again, ranked
from answering.rules.rule_verdict import (
    alike,
    asks_fine,
    excepts,
    rests_on_answer,
    same,
    telling_row,
    told,
    verdict_odds,
)
from answering.rules.rule_weights import RuleWeights, rule_weights
from answering.values.answer import Answer, Outcome, Shape
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from answering.lexicon.thesaurus import Lexicon
    from answering.rules.likeness.late_interaction import MeaningSource
    from answering.values.answer import Language, Turn
    from retrieval.embeddings.embedder import Embedder
    from retrieval.places.gazetteer import Gazetteer

_ARTICLES = re.compile("(?:多少|幾多|几|幾)(?:条|條|章)(?=[^，。]{0,4}$)")  # of the whole by-law: 一共多少条
_PERMITS = re.compile(r"能|可不?可?以|允许|准|让|行不行|行吗|合规|\b(?:can|may|allowed)\b")
_CHAPTER = re.compile("第[一二三四五六七八九十\\d]+[章节]|[几哪]一?章")
_PLACES = 4  # places that are told of one after another
_RIVALS = 5  # candidates of another place, the best first, one of which may be the same rule
_NUMERAL = 12  # characters of an article's number before its words
_ASKS = 0.5  # probability from which a question counts as one of a kind


class RuleLibrary(ByLawLibrary, Passages, Protocol):
    """What is needed of a library."""

    @property
    def gazetteer(self) -> Gazetteer:
        """The places that questions may name."""

    def places(self) -> tuple[str, ...]:
        """Return the places that documents speak for."""

    @property
    def text_embedder(self) -> Embedder | None:
        """What turns text into vectors; None where words alone serve."""

    def nearness(self, question: str, texts: Sequence[str]) -> Sequence[float] | None:
        """Return how near (cosine) each text is to a question; None where words alone must serve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherReadings:
    """What is known of a question beside its reading as one on by-laws."""

    best: Callable[[], tuple[str, int] | None] = lambda: (
        None
    )  # document and offset of the sentence ranked first
    counts: bool = False  # it asks for a number of things


def answer_rule(
    asked: str,
    history: Sequence[Turn],
    *,
    library: RuleLibrary,
    lexicon: Lexicon,
    language: Language,
    others: OtherReadings | None = None,
) -> Answer | None:
    """Return the answer of a by-law to ``asked``, or that it is silent; None for a question to other texts.

    ``others`` is what other readings of the question tell. A provision that the score of by-laws alone is not sure
    of answers a yes-or-no question where both choose it.
    """
    others = others or OtherReadings()
    weights = rule_weights()
    question = read_rule_question(
        asked,
        history,
        gazetteer=library.gazetteer,
        held=library.places(),
        lexicon=lexicon,
        model=weights.aspects,
    )
    bylaws = held_bylaws(question, library)
    if not bylaws:
        return None
    draft = RuleDraft(asked=asked, language=language, library=library)
    if asks_chapters(question):
        return None
    if _by_number(draft, question, bylaws, counts=others.counts and bool(_ARTICLES.search(question.text))):
        return draft.done()
    order, scores = rank(question, bylaws, weights, source=library)
    row = confidence_features(question, order, scores, library)
    if confidence(row, weights.refusal) < weights.refused_from:
        return None
    sure = confidence(row, weights.confidence)
    if lacks_amount(question, order[0]):
        return _silent(draft, question, order)
    if sure < weights.answered_from:
        if question.yes_no <= _ASKS or not _agrees(order[0], others.best()):
            return _silent(draft, question, order)
        sure = _ASKS
    _compose(draft, question, order, weights=weights, sure=sure)
    return draft.done()


def _verdict(question: RuleQuestion, best: Scored, weights: RuleWeights, sure: float) -> str | None:
    """Return the verdict that a provision gives on a yes-or-no question; None where it is likely to be wrong.

    A follow-up on what excepts something may be on just that, in other words. What sets no sanction tells of no fine.
    """
    if best.candidate.consequence is None and asks_fine(question.text):
        return None
    if question.yes_no <= _ASKS or (question.before and not question.placed and excepts(best)):
        return None
    if rests_on_answer(question):
        return None
    odds = verdict_odds(question, best, weights.verdict)
    right = confidence(telling_row(odds, sure), weights.telling)
    return told(odds > 0) if right >= weights.told_from else None


def _agrees(best: Scored, where: tuple[str, int] | None) -> bool:
    """Tell whether another score chooses the same provision, in a by-law that is held whole."""
    if where is None or not best.held.candidates.bylaw.complete:
        return False
    document, at = where
    provision = best.candidate.provision
    return best.held.document.id == document and provision.start - _NUMERAL <= at < provision.end


def asks_chapters(question: RuleQuestion) -> bool:
    """Tell whether a question is on a by-law's chapters, which its outline answers."""
    counts = question.aspects[ASPECTS.index("article_count")] > _ASKS
    return not counts and _CHAPTER.search(question.text) is not None


def rank(
    question: RuleQuestion, bylaws: Sequence[HeldByLaw], weights: RuleWeights, *, source: MeaningSource
) -> tuple[list[Scored], list[float]]:
    """Return the candidates of the by-laws, best first, and their scores."""
    order, scores = ranked(features(question, bylaws), weights.ranking)
    return followed(question, *looked_at_again(question, order, scores, source=source, second=weights.second))


def confidence(row: NDArray[np.float32], weights: NDArray[np.float32]) -> float:
    """Return the probability that a logistic model gives to a row of features; its bias comes last."""
    return float(1.0 / (1.0 + np.exp(-(row @ weights[:-1] + weights[-1]))))


def _by_number(
    draft: RuleDraft, question: RuleQuestion, bylaws: Sequence[HeldByLaw], *, counts: bool
) -> bool:
    """Answer what asks for an article by its number, or for how many there are."""
    held = max(bylaws, key=lambda b: len(b.title & question.grams) / max(len(b.title), 1))
    asked = dict(zip(ASPECTS, question.aspects, strict=True))
    if counts or asked["article_count"] > _ASKS:
        say_counts(draft, held)
        return True
    article = named_article(question.text, held.candidates.bylaw)
    if article is not None and "《" not in question.text.split("第", 1)[0][-1:]:
        say_article(draft, held, article)
        return True
    return False


def _compose(
    draft: RuleDraft, question: RuleQuestion, order: Sequence[Scored], *, weights: RuleWeights, sure: float
) -> None:
    """Say what answers: of several places the best of each that has a by-law on it.

    A verdict is told where the provisions are sure enough to tell a yes from a no, and agree.
    """
    best = _of_places(question, order)
    for one in best:
        say_candidate(draft, one.held, one.candidate)
    compared = len(best) > 1 and bool(question.places) and question.yes_no > _ASKS
    if compared:
        draft.verdict = same(best)
    else:
        judged = {_verdict(question, one, weights, sure) for one in best}
        draft.verdict = judged.pop() if len(judged) == 1 else None
    if draft.verdict is not None:
        words = phrase(_words(question, draft.verdict, several=compared), draft.language)
        draft.open_with(words, several=compared)


def _words(question: RuleQuestion, told: str, *, several: bool) -> str:
    """Return the key of the words that say a verdict: that a thing is allowed, that two rules agree, or yes and no."""
    if several:
        return "alike" if told == "true" else "unlike"
    allowed = _PERMITS.search(fold(question.text)) is not None
    return {"true": "may" if allowed else "yes", "false": "may_not" if allowed else "no"}[told]


def _of_places(question: RuleQuestion, order: Sequence[Scored]) -> list[Scored]:
    """Return the best candidate, and of each other place that is asked of the rule on the same act.

    Where no place is named, all places count whose by-law has the same matter in its title.
    """
    first = order[0]
    if question.places and not question.placed:
        return [first]
    asked = question.places or tuple(
        dict.fromkeys(
            place
            for s in order
            if s.held.title == first.held.title and (place := s.held.document.place) is not None
        )
    )
    found = [first]
    for place in asked[:_PLACES]:
        if place == first.held.document.place:
            continue
        titled = [s for s in order if s.held.document.place == place and s.held.title & first.held.title]
        found += sorted(titled[:_RIVALS], key=lambda s: -alike(s, first))[:1]
    return found


def _silent(draft: RuleDraft, question: RuleQuestion, order: Sequence[Scored]) -> Answer:
    """Return that the by-law does not tell, with the nearest provision, whole and cited."""
    best = order[0]
    bylaw = best.held.candidates.bylaw
    near = best.candidate.provision
    number = draft.cite(best.held.document, near, bylaw.text)
    draft.say(near.of(bylaw.text), number, lead=near.label)
    unpunished = asks_sanction(question) and best.candidate.consequence is None
    reason = "bylaw_unpunished" if unpunished else "bylaw_silent"
    return replace(
        draft.done(),
        outcome=Outcome.NOT_IN_CORPUS,
        reason=reason if bylaw.complete else "bylaw_cut_off",
        details={"title": best.held.document.title},
        places=question.places,
        shape=Shape.PROSE,
    )
