"""What can be told of a sentence as an answer to a question, as numbers of about one size."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from answering.evidence.pooled_passage import PlaceRelation
from answering.lexicon.relevance import without_frame
from answering.question.unit_classes import fits, same
from retrieval.facts.periods import times
from retrieval.quantities import Sort, agrees, figures
from retrieval.text.normalize import bigrams, fold
from retrieval.text.tense import asked as leaning
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from answering.candidates.sentence_candidates import SentenceCandidate
    from answering.evidence.context import QuestionContext
    from answering.lexicon.relevance import Terms
    from answering.question.intent import ExpectedAnswer
    from answering.values.hypothesis import QuestionKind, State
    from retrieval.quantities import Figure

NAMES = (
    "coverage", "coverage_context", "grams", "grams_context", "chars", "run", "clause", "clause_figure",
    "precision", "passage", "first", "dense", "words", "place_own", "place_inner", "place_named", "place_wider",
    "place_unplaced", "place_other",
    "year_this", "year_last", "year_off", "year_told", "year_heading", "newest", "plan_asked_head", "plan_asked_words",
    "this_words", "this_head", "last_words", "last_head", "figure_any", "figure_fits", "figure_same", "figure_none",
    "figure_claimed", "heading", "headed", "length", "short", "opening", "list_asked_enum", "rule", "quoted", "first_sentence",
    "coverage_figure", "clause_lead", "why", "in_year", "state_asked_head", "state_asked_words",
)  # fmt: skip
_THIS = re.compile("今年|本年|新的一年|this year")
_LAST = re.compile("去年|上一?年|前一年|last year")
_LIST = re.compile("哪些|哪几|什么|怎么|如何|啥|怎样|几招|几条|列|which|what|how")
_WHY = re.compile("为什么|为啥|为何|凭啥|凭什么|原因|咋解释|why")
_BECAUSE = re.compile("考虑|因为|由于|原因|为了|主要是|基于|鉴于")
_SIDE = {"planned": 1.0, "done": -1.0}
_LONG = 60.0  # characters of a sentence of usual length


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionWords:
    """What the features compare sentences with: the words, figures, places and years of a question."""

    folded: str
    content: str  # folded, without the places
    grams: dict[str, float]  # pairs of characters of the content, by rarity
    unseen: float  # share of its pairs of characters that no text of the library has
    chars: frozenset[str]
    terms: Terms
    want: ExpectedAnswer
    claimed: tuple[Figure, ...]
    state: State | None
    years: tuple[int, ...]
    newest: dict[str | None, int]
    lean: float
    quoted: tuple[str, ...]
    kind: QuestionKind
    sought: str  # what passages were searched with


def reading_of(context: QuestionContext, content: str | None = None) -> QuestionWords:
    """Return what sentences are compared with for the question of ``context``."""
    question = context.question
    content = question.content if content is None else content
    if question.language.value == "en":
        content = f"{content}|{context.lexicon.translate(content)}"
    terms = context.terms(content)
    content = _untimed(without_frame(content))
    pairs = [g for g in dict.fromkeys(bigrams(content)) if len(g) > 1]
    shares = context.library.frequency(pairs)
    grams = {g: -math.log10(max(shares.get(g, 0.0), 1e-5)) for g in pairs if shares.get(g, 0.0) > 0}
    newest: dict[str | None, int] = {}
    for document in context.library.documents():
        if document.year and document.genre is Genre.REPORT:
            newest[document.place] = max(newest.get(document.place, 0), document.year)
    return QuestionWords(
        folded=question.folded,
        content=content,
        grams=grams,
        unseen=1 - len(grams) / len(pairs) if pairs else 1.0,
        chars=frozenset(c for c in content if c.isalnum()),
        terms=terms,
        want=question.want,
        claimed=tuple(f for f in figures(question.folded) if f.sort is Sort.QUANTITY),
        state=context.hypothesis.state,
        years=context.hypothesis.years,
        newest=newest,
        lean=leaning(question.folded),
        quoted=context.quoted,
        kind=context.hypothesis.kind,
        sought=context.searched.text,
    )


def _untimed(content: str) -> str:
    """Return text with a bar in place of each time that it tells: 今年, 2023年, 近五年."""
    for start, end in reversed(times(content)):
        content = content[:start] + "|" + content[end:]
    return content


def features(reading: QuestionWords, candidates: Sequence[SentenceCandidate]) -> NDArray[np.float64]:
    """Return a row for each candidate, a column for each of ``NAMES``."""
    if not candidates:
        return np.zeros((0, len(NAMES)))
    dense = [c.found.hit.dense or 0.0 for c in candidates]
    words = [c.found.hit.words or 0.0 for c in candidates]
    top_dense, top_words = max(dense), max(words) or 1.0
    rows = []
    for candidate in candidates:
        row = {**_words(reading, candidate), **_place(candidate), **_time(reading, candidate)}
        row |= _figures(reading, candidate)
        row |= _form(reading, candidate)
        row["passage"] = min(3.0, max(-1.0, candidate.found.hit.score)) / 3
        row["first"] = 1.0 / (1 + candidate.found.rank)
        row["dense"] = (
            10 * ((candidate.found.hit.dense or top_dense - 0.05) - top_dense) if top_dense else 0.0
        )
        row["words"] = (candidate.found.hit.words or 0.0) / top_words
        rows.append([row[name] for name in NAMES])
    return np.array(rows, dtype=np.float64)


def covered(grams: dict[str, float], text: str) -> float:
    """Return the weighted share (0…1) of a question's pairs of characters that a folded text holds."""
    total = sum(grams.values())
    return sum(w for g, w in grams.items() if g in text) / total if total else 0.0


def _words(reading: QuestionWords, candidate: SentenceCandidate) -> dict[str, float]:
    line = candidate.line
    text, around = line.folded, line.context
    clauses = [text[s.start : s.end] for s in line.clauses] or [text]
    shares = [covered(reading.grams, c) for c in clauses]
    pairs = [a + b for a, b in pairwise(text)]
    hits = sum(p in reading.grams for p in pairs)
    run = _longest_run(reading.content, text)
    return {
        "coverage": reading.terms.coverage(text, text),
        "coverage_context": reading.terms.coverage(text, text, around),
        "grams": covered(reading.grams, text),
        "grams_context": covered(reading.grams, text + "|" + around),
        "chars": len(reading.chars & set(text)) / max(1, len(reading.chars)),
        "run": min(run, 8) / 8,
        "clause": max(shares),
        "clause_lead": shares[0],
        "precision": min(1.0, 4 * hits / max(12, len(pairs))),
        "quoted": float(bool(reading.quoted) and all(q in text or q in around for q in reading.quoted)),
    }


def _longest_run(question: str, text: str) -> int:
    """Return the length of the longest stretch of the question that the text holds."""
    best = 0
    for start in range(len(question)):
        while question[start : start + best + 1] in text and start + best < len(question):
            if "|" in question[start : start + best + 1]:
                break
            best += 1
    return best


def _place(candidate: SentenceCandidate) -> dict[str, float]:
    relation = candidate.found.relation
    return {
        "place_own": float(relation is PlaceRelation.OWN),
        "place_inner": float(relation is PlaceRelation.INNER),
        "place_named": float(relation is PlaceRelation.NAMED),
        "place_wider": float(relation is PlaceRelation.WIDER),
        "place_unplaced": float(relation is PlaceRelation.UNPLACED),
        "place_other": float(relation is PlaceRelation.OTHER),
        "in_year": float(candidate.found.in_year),
    }


def _time(reading: QuestionWords, candidate: SentenceCandidate) -> dict[str, float]:
    note, document = candidate.annotation, candidate.line.document
    newest = reading.newest.get(document.place, document.year or 0)
    this, last = bool(_THIS.search(reading.folded)), bool(_LAST.search(reading.folded))
    words = max(-1.0, min(1.0, note.planned / 4))
    head = float(note.heading)
    years = set(reading.years)
    if this:
        years.add(newest)
    if last:
        years.add(newest - 1)
    apart = {(y - (document.year or y)) for y in years}
    is_this, is_last = 0 in apart and document.genre is Genre.REPORT, -1 in apart
    told = {str(y) for y in reading.years}
    return {
        "year_this": float(is_this),
        "year_last": float(is_last),
        "year_off": float(bool(years) and not (0 in apart or -1 in apart) and document.year is not None),
        "year_told": float(any(y in candidate.line.folded for y in told)),
        "year_heading": float(any(y in "".join(candidate.line.passage.heading) for y in told)),
        "newest": float(not years and document.year == newest),
        "plan_asked_head": reading.lean * head,
        "plan_asked_words": reading.lean * words,
        "this_words": words * (this or (is_this and not last)),
        "this_head": head * (this or (is_this and not last)),
        "last_words": words * (last or (is_last and not is_this)),
        "state_asked_head": _SIDE.get(reading.state or "", 0.0) * head,
        "state_asked_words": _SIDE.get(reading.state or "", 0.0) * words,
        "last_head": head * (last or (is_last and not is_this)),
    }


def _figures(reading: QuestionWords, candidate: SentenceCandidate) -> dict[str, float]:
    line, want = candidate.line, reading.want
    asked = want.kind == "figure"
    there = [f for f in line.figures if f.sort is not Sort.DATE]
    fitting = [f for f in there if fits(f, want)] if asked else []
    exact = [f for f in fitting if same(f, want)] if asked else []
    near = max((_near(reading, line, f) for f in fitting), default=0.0)
    return {
        "figure_any": float(asked and bool(there)),
        "figure_fits": float(bool(fitting)),
        "figure_same": float(bool(exact)),
        "figure_none": float(not asked and bool(there)),
        "figure_claimed": float(any(agrees(f, g) for f in there for g in reading.claimed)),
        "clause_figure": near,
        "coverage_figure": near * float(bool(exact)),
    }


def _near(reading: QuestionWords, line: object, figure: Figure) -> float:
    """Return how much of the question the clause of a figure holds, with the clause before it."""
    spans = line.clauses  # type: ignore[attr-defined]
    at = next((n for n, s in enumerate(spans) if s.start <= figure.start < s.end), 0)
    text = line.folded  # type: ignore[attr-defined]
    own = text[spans[at].start : spans[at].end]
    before = text[spans[at - 1].start : spans[at - 1].end] if at else ""
    return max(covered(reading.grams, own), 0.9 * covered(reading.grams, before + "|" + own))


def _form(reading: QuestionWords, candidate: SentenceCandidate) -> dict[str, float]:
    line = candidate.line
    heads = fold("|".join(line.passage.heading))
    enumerates = line.text.count("、") + 2 * line.text.count("；")
    return {
        "heading": float(line.is_heading),
        "headed": covered(reading.grams, heads),
        "length": min(2.0, len(line.text) / _LONG),
        "short": float(len(line.text) < 10),
        "opening": float(line.passage.section == "0"),
        "list_asked_enum": min(1.0, enumerates / 8) * bool(_LIST.search(reading.folded)),
        "rule": float(line.document.genre is Genre.REGULATION),
        "first_sentence": float(line.start == line.passage.start),
        "why": float(bool(_WHY.search(reading.folded)) and bool(_BECAUSE.search(line.folded))),
    }
