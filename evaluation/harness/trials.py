"""Retrieval trials: questions with what counts as found, put to any finder."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

from evaluation.datasets.material import squeezed
from evaluation.reporting.metrics import first_rank
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from evaluation.datasets.material import LookupQuestion, ReportQuestion
    from evaluation.harness.retrievers import BenchRetriever, RetrievedPassage
    from evaluation.reporting.shared_scorer import Scorer

    Rank = Callable[[Sequence[RetrievedPassage]], int | None]

DEPTH = 5  # hits that are asked for
BUDGET = 800  # characters: about what five of our passages hold; longer chunks are cut there to compare
NATION = "全国"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialQuery:
    """A question, and what tells at which rank its answer was found."""

    id: str
    question: str
    rank: Rank


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalTrial:
    """Questions on one set of texts."""

    key: str
    queries: tuple[TrialQuery, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    """What a finder made of a trial, question by question."""

    ranks: tuple[int | None, ...]
    in_budget: tuple[bool, ...]  # found within the first BUDGET characters
    chars: tuple[int, ...]  # of all hits together
    seconds: tuple[float, ...]


def run(trial: RetrievalTrial, finder: BenchRetriever) -> TrialResult:
    """Put every question of a trial to a finder."""
    ranks, in_budget, chars, seconds = [], [], [], []
    for query in trial.queries:
        began = perf_counter()
        found = finder.find(query.question, k=DEPTH)
        seconds.append(perf_counter() - began)
        ranks.append(query.rank(found))
        in_budget.append(query.rank(cut(found, BUDGET)) is not None)
        chars.append(sum(len(one.text) for one in found))
    return TrialResult(
        ranks=tuple(ranks), in_budget=tuple(in_budget), chars=tuple(chars), seconds=tuple(seconds)
    )


def cut(found: Iterable[RetrievedPassage], budget: int) -> list[RetrievedPassage]:
    """Return the hits as far as their first ``budget`` characters reach."""
    kept = []
    for one in found:
        if budget <= 0:
            break
        kept.append(replace(one, text=one.text[:budget]))
        budget -= len(one.text)
    return kept


def cmrc(lookups: Sequence[LookupQuestion]) -> RetrievalTrial:
    """Return the trial in which a hit's document decides."""

    def query(lookup: LookupQuestion) -> TrialQuery:
        return TrialQuery(
            id=lookup.id,
            question=lookup.question,
            rank=lambda found: first_rank(one.name in lookup.right for one in found),
        )

    return RetrievalTrial(key="cmrc", queries=tuple(map(query, lookups)))


def gov(facts: Sequence[ReportQuestion], *, strict: bool = False) -> RetrievalTrial:
    """Return the trial in which a passage of the right report must hold the answer, or the very evidence."""

    def query(fact: ReportQuestion) -> TrialQuery:
        words = (fact.evidence,) if strict else fact.answers
        return TrialQuery(
            id=fact.id,
            question=fact.question,
            rank=lambda found: first_rank(
                right_report(one, fact) and holds(one.text, words) for one in found
            ),
        )

    return RetrievalTrial(
        key="gov-strict" if strict else "gov", queries=tuple(query(f) for f in facts if f.answerable)
    )


def right_report(found: RetrievedPassage, fact: ReportQuestion) -> bool:
    """Tell whether a hit is of the report that a question is about: by place and year, else by title."""
    if found.year == fact.year and (found.place or NATION) == fact.place:
        return True
    return squeezed(fact.title) in squeezed(found.title or found.name)


def holds(text: str, words: Iterable[str]) -> bool:
    """Tell whether a text holds any of these words, white space aside; 5% does not stand in 5.5%."""
    flat = squeezed(fold(text))
    return any(re.search(r"(?<![\d.])" + re.escape(squeezed(fold(word))), flat) for word in words)


def seed(questions: Sequence[dict[str, Any]], scorer: Scorer) -> RetrievalTrial:
    """Return the trial in which the hits together must name every fact; follow-ups are left out."""
    asked = [one for one in questions if one["answerable"] and one["facts"] and not one.get("history")]

    def query(one: dict[str, Any]) -> TrialQuery:
        tests = [scorer.naming(forms) for forms in one["facts"]]
        return TrialQuery(id=one["id"], question=one["question"], rank=lambda found: _enough(found, tests))

    return RetrievalTrial(key="seed", queries=tuple(map(query, asked)))


def _enough(found: Sequence[RetrievedPassage], tests: Sequence[Callable[[str], bool]]) -> int | None:
    texts = ["\n".join(one.text for one in found[:k]) for k in range(1, len(found) + 1)]
    return first_rank(all(test(text) for test in tests) for text in texts)
