"""What tells an answer from a near miss: how the words shown, their sentence and their text hold what is asked, as numbers.

Each is a share, a count or a log-odds of about one size; ``NAMES`` gives their order.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from answering.extractive.demands import lacks_names
from answering.lexicon.relevance import TermOrigin, strength
from answering.question.unit_classes import fits, same, unit_class
from answering.scoring.abstention import answer_odds, signals
from answering.scoring.offers import OFFERS, offers_of
from answering.scoring.sentence_features import NAMES as ROW
from answering.scoring.sentence_features import covered
from answering.values.answer import StatementKind
from answering.values.hypothesis import QuestionKind
from retrieval.facts.fact_state import FactState
from retrieval.facts.figure_role import RoleKind
from retrieval.facts.models import FigureKind
from retrieval.facts.name_similarity import core, grams, likeness, opposed
from retrieval.quantities import Sort, figures
from retrieval.text.normalize import fold
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.scoring.ranker import ScoredCandidate
    from answering.scoring.ranking import Ranking
    from answering.values.answer import Answer
    from retrieval.facts.models import FigureRow

_ROW = (
    "grams", "grams_context", "chars", "run", "clause", "precision", "passage", "first", "dense", "words",
    "place_own", "place_inner", "place_named", "place_wider", "year_this", "year_last", "year_off", "year_told",
    "newest", "plan_asked_head", "this_head", "last_head", "state_asked_head", "state_asked_words", "headed", "rule",
)  # fmt: skip
_OFFERED = (
    "time", "body", "named", "reason", "charges", "defines", "doing", "figures", "members", "parts", "title", "before", "after",
    "rare_near", "dense_words", "found",
)  # fmt: skip
_WANTS = ("figure", "date", "person", "name", "place", "reason", "manner", "company", "organisation", "rank")
_CLASSES = ("money", "share", "people", "time", "area", "weight", "length")
_TEXT = (
    "cover_shown", "cover_said", "cover_around", "grams_shown", "grams_said", "grams_around", "grams_text",
    "lost_said", "lost_around", "lost_text", "lost_seen", "known_lost", "known_lost_around", "needed_lost",
    "gap_said", "gap_around", "gap_text", "gap_rarity", "tail_said", "tail_shown", "tail_around", "lead_said", "rarest_shown", "rarest_said",
    "rarest_around", "rarest_text",
)  # fmt: skip
_FIGURE = (
    "figure_shown", "figure_untold", "figure_unfit", "figure_fits", "figure_same", "class_asked", "class_shown", "class_differs", "metric", "metric_grams",
    "metric_back", "metric_like", "metric_tail", "metric_opposed", "metric_clause", "change_asked", "change_told", "level_asked_change_told",
    "change_asked_level_told", "aimed_told", "aim_asked", "year_fits", "year_apart", "scope", "part", "added", "share_told", "row_missing", "each_asked", "each_told",
)  # fmt: skip
_MEANING = ("cosine", "cosine_shown", "gap_near")
_SCORE = ("odds", "own_odds", "score", "behind", "margin", "rank", "ranked")
_KINDS = (
    QuestionKind.FACT,
    QuestionKind.LIST,
    QuestionKind.HOW,
    QuestionKind.DEFINITION,
    QuestionKind.RULE,
    QuestionKind.COUNT,
)
_FORM = (
    "names_lacking",
    "cited",
    "headings",
    "place_asked",
    "place_missing",
    "years_asked",
    "carried",
    "english",
    "place_own_told",
    "place_apart",
    "places_told",
    "document_named",
    "document_fits",
    "title_said",
    "heading_said",
    "genre_report",
    "genre_regulation",
    "genre_other",
    "listed",
    "told_length",
)
_COMPOSERS = (
    "outlined", "counted_headings", "summed_up", "counted_items", "defined", "members_defined", "several", "announced_list",
    "each_place", "figure", "fact", "agreed", "compared", "summed", "fitting_places", "telling_places", "counted_places", "yes_or_no",
)  # fmt: skip
NAMES = (
    *_TEXT, *_FIGURE, *_MEANING, *_SCORE, *_FORM, *(f"row_{name}" for name in _ROW),
    *(f"offers_{name}" for name in _OFFERED), *(f"wants_{name}" for name in _WANTS),
    *(f"kind_{kind}" for kind in _KINDS), *(f"untold_{name}" for name in _CLASSES),
    *(f"by_{name}" for name in _COMPOSERS),
)  # fmt: skip
_CHANGE = re.compile(
    "增速|增幅|涨幅|降幅|增长|上涨|下降|涨|降|减少|增加|提高|回落|多了|少了|快|慢|grow|rise|rose|fall|fell|increase|decrease"
)
_AIM = re.compile("目标|打算|准备|计划|预期|要|今年|力争|target|plan|will")
_EACH = re.compile("每|一(?:个月|年|人|户|亩|吨|斤|部|台|张|次|平)|人均|户均|per ")
_RUN = re.compile(r"[^|\s,，。?？!！、：:；;（）()“”\"《》]+")
_READ = 160  # characters of a sentence that its vector is made of
_PARTS = 6  # of what is said that a word which it lacks is held against
_FAR = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What an answer shows and rests on, folded."""

    shown: str  # the words shown
    said: str  # the sentences they are of
    around: str  # these with headings, titles and the rest of their passages
    text: str  # the whole texts
    lines: tuple[Line, ...]
    scored: ScoredCandidate | None  # the best ranked of them


def answer_signals(
    desk: QuestionContext, ranking: Ranking, answer: Answer, composer: str = ""
) -> list[float]:
    """Return what tells an answer from a near miss, by ``NAMES``; ``composer`` names the function that made it."""
    told = _told(desk, ranking, answer)
    found = {
        **_words(ranking, told),
        **_figures(desk, ranking, told),
        **_meaning(desk, ranking, told),
        **_scores(desk, ranking, told),
        **_form(desk, told, answer),
        **_texts(desk, ranking, answer),
        f"by_{composer}": 1.0,
    }
    return [found.get(name, 0.0) for name in NAMES]


def _told(desk: QuestionContext, ranking: Ranking, answer: Answer) -> _Told:
    held = (desk.seen.get((one.document, one.start)) for one in answer.citations)
    lines = tuple(line for line in held if line is not None)
    quoted = [one.text for one in answer.statements if one.manner is not StatementKind.FRAME]
    keys = {line.key for line in lines}
    said = "|".join(dict.fromkeys(fold(one.quote) for one in answer.citations))
    around = "|".join((said, *(f"{line.context}|{fold(line.document.title)}" for line in lines)))
    return _Told(
        shown=fold("|".join(quoted)),
        said=said,
        around=around,
        text="|".join(_whole(desk, name) for name in dict.fromkeys(one.document for one in answer.citations)),
        lines=lines,
        scored=next((one for one in ranking.best if one.candidate.line.key in keys), None),
    )


def _whole(desk: QuestionContext, name: str) -> str:
    document = desk.library.document(name)
    return _folded(document.text) if document is not None else ""


@lru_cache(maxsize=64)
def _folded(text: str) -> str:
    return fold(text)


def _words(ranking: Ranking, told: _Told) -> dict[str, float]:
    """Return how the words of a question are held, and what of them is not."""
    reading = ranking.reading
    pairs, terms = reading.grams, reading.terms
    rare = sorted(pairs, key=lambda gram: (-pairs[gram], gram))[:4]
    found: dict[str, float] = {
        "cover_shown": terms.coverage(told.shown, told.said),
        "cover_said": terms.coverage(told.said, told.said),
        "cover_around": terms.coverage(told.said, told.said, told.around),
    }
    total = terms.total or 1.0
    texts = {"shown": told.shown, "said": told.said, "around": told.around, "text": told.text}
    for name, text in texts.items():
        found[f"grams_{name}"] = covered(pairs, text)
        found[f"rarest_{name}"] = sum(gram in text for gram in rare) / max(1, len(rare))
        lost = [term for term in terms.all if strength(term, text) < 0.4]
        found[f"lost_{name}"] = max((term.weight for term in lost), default=0.0) / total
        if name == "text":
            found["lost_seen"] = sum(term.weight for term in lost if term.seen) / total
        known = [term for term in lost if term.kind is not TermOrigin.GRAM]
        if name in ("said", "around"):
            suffix = "" if name == "said" else "_around"
            found[f"known_lost{suffix}"] = max((term.weight for term in known), default=0.0)
        if name == "around":
            found["needed_lost"] = sum(term.weight for term in lost if term.needed)
        gap, rarity = _gap(reading.content, pairs, text)
        found[f"gap_{name}"] = gap
        if name == "said":
            found["gap_rarity"] = rarity
    words = _RUN.findall(reading.content)
    tail, lead = (words[-1][-4:], words[0][:4]) if words else ("", "")
    for name in ("said", "shown", "around"):
        found[f"tail_{name}"] = _chars(tail, texts[name])
    found["lead_said"] = _chars(lead, told.said)
    return found


def _chars(word: str, text: str) -> float:
    """Return the share of the neighbouring pairs of a word that a text holds; of one character whether it does."""
    pairs = [word[n : n + 2] for n in range(len(word) - 1)] or [word]
    return sum(pair in text for pair in pairs) / len(pairs) if word else 1.0


def _gap(content: str, pairs: dict[str, float], text: str) -> tuple[float, float]:
    """Return the longest stretch of a question of which a text holds no pair, in fours, and its rarest pair."""
    best, rarity, _ = _lost_stretch(content, pairs, text)
    return min(2.0, best / 4), rarity / 5


def _lost_stretch(content: str, pairs: dict[str, float], text: str) -> tuple[int, float, str]:
    """Return the length of the longest stretch of a question of which a text holds no pair, its rarest pair, and it."""
    best, rarity, lost = 0, 0.0, ""
    for word in _RUN.findall(content):
        held = [False] * len(word)
        for n in range(len(word) - 1):
            if word[n : n + 2] in text:
                held[n] = held[n + 1] = True
        start = 0
        for n, one in enumerate([*held, True]):
            if one:
                if n - start > best:
                    best, lost = n - start, word[start:n]
                    inside = [pairs.get(word[k : k + 2], 0.0) for k in range(start, n - 1)]
                    rarity = max(inside, default=0.0)
                start = n + 1
    return best, rarity, lost


def _figures(desk: QuestionContext, ranking: Ranking, told: _Told) -> dict[str, float]:
    """Return how the figure shown agrees with the one asked for."""
    reading = ranking.reading
    want, folded = reading.want, reading.folded
    asked = want.kind == "figure"
    there = [one for one in figures(told.shown) if one.sort is not Sort.DATE]
    fitting = [one for one in there if fits(one, want)] if asked else []
    classes = {unit_class(unit) for unit in want.units}
    shown = {unit_class(one.unit) for one in there}
    change = bool(_CHANGE.search(folded))
    found = {
        "figure_shown": float(bool(there)),
        "figure_untold": float(asked and not there),
        "figure_unfit": float(asked and not fitting),
        "figure_fits": float(bool(fitting)),
        "figure_same": float(any(same(one, want) for one in fitting)),
        "class_asked": float(bool(classes)),
        "class_differs": float(bool(classes) and not classes & shown),
        "class_shown": float(bool(classes & shown)),
        "change_asked": float(change),
        "aim_asked": float(bool(_AIM.search(folded))),
        "each_asked": float(bool(_EACH.search(folded))),
        "each_told": float(bool(_EACH.search(folded)) and bool(_EACH.search(told.shown))),
    }
    found |= {f"untold_{name}": float(name in classes and name not in shown) for name in _CLASSES}
    rows = _rows(desk, told, want_figure=asked)
    found["row_missing"] = float(asked and bool(there) and not rows)
    if not rows:
        return found
    content = reading.content.replace("|", "")
    row = max(rows, key=lambda one: (likeness(content, fold(one.metric)), -one.start))
    metric = fold(row.metric)
    thing = core(metric)
    back = [
        gram in content or any(gram in form for term in reading.terms.all for form in term.forms)
        for gram in grams(thing)
    ]
    tells_change = row.role is RoleKind.CHANGE or row.kind is FigureKind.COMPARISON
    years = reading.years
    found |= {
        "metric": reading.terms.coverage(metric),
        "metric_grams": covered(reading.grams, metric),
        "metric_back": sum(back) / max(1, len(back)),
        "metric_like": likeness(content, metric),
        "metric_tail": _chars(thing[-2:], content),
        "metric_opposed": float(opposed(content, metric)),
        "metric_clause": covered(reading.grams, _clause(told, row)),
        "change_told": float(tells_change),
        "level_asked_change_told": float(asked and not change and tells_change),
        "change_asked_level_told": float(asked and change and not tells_change),
        "aimed_told": float(row.state is FactState.PLANNED),
        "year_fits": float(bool(years) and row.year in years),
        "year_apart": float(bool(years) and row.year is not None and row.year not in years),
        "scope": float(bool(row.scope)),
        "part": float(row.part),
        "added": float(row.role is RoleKind.ADDED),
        "share_told": float(row.role is RoleKind.SHARE),
    }
    return found


def _rows(desk: QuestionContext, told: _Told, *, want_figure: bool) -> list[FigureRow]:
    """Return the rows of the register for the figures shown."""
    if not want_figure:
        return []
    found = []
    for line in told.lines:
        for one in line.figures:
            if one.sort is Sort.DATE or fold(line.text[one.start : one.end]) not in told.shown:
                continue
            row = desk.library.register.figure_at(line.document.id, line.start + one.start)
            if row is not None:
                found.append(row)
    return found


def _clause(told: _Told, row: FigureRow) -> str:
    line = next(
        one for one in told.lines if one.document.id == row.document and one.start <= row.start < one.end
    )
    return line.folded[max(0, row.clause[0] - line.start) : row.clause[1] - line.start]


def _meaning(desk: QuestionContext, ranking: Ranking, told: _Told) -> dict[str, float]:
    """Return how near the question is to the first sentence and to the words shown, by their vectors."""
    own = [line.text[:_READ] for line in told.lines[:1]]
    shown = [told.shown[:_READ]] if told.shown else []
    near = desk.library.nearness(ranking.reading.sought, [*own, *shown]) if own else None
    if near is None:
        return {}
    _, _, lost = _lost_stretch(ranking.reading.content, ranking.reading.grams, told.said)
    parts = [part for part in _RUN.findall(told.said) if len(part) > 1][:_PARTS]
    beside = desk.library.nearness(lost, parts) if len(lost) > 1 and parts else None
    return {
        "cosine": 10 * (near[0] - 0.8),
        "cosine_shown": 10 * (near[-1] - 0.8) if shown else 0.0,
        "gap_near": 10 * (max(beside) - 0.8) if beside else 1.0,
    }


def _scores(desk: QuestionContext, ranking: Ranking, told: _Told) -> dict[str, float]:
    """Return what the ranking of sentences makes of the best of those cited."""
    found = {"odds": max(-_FAR, ranking.odds)}
    one = told.scored
    if one is None:
        return found
    best: Sequence[ScoredCandidate] = ranking.best
    others = [x for x in best if x is not one]
    rivals = [x.score for x in others if x.candidate.line.passage.id != one.candidate.line.passage.id]
    row = dict(zip(ROW, one.row.tolist(), strict=True))
    offered = dict(zip(OFFERS, offers_of(ranking.reading, one.candidate, desk.library), strict=True))
    at = next(n for n, x in enumerate(best) if x is one)
    own = answer_odds(signals(ranking.reading, [one, *others], desk.library))
    return {
        **found,
        "own_odds": max(-_FAR, own),
        "score": one.score,
        "behind": best[0].score - one.score,
        "margin": one.score - max(rivals, default=one.score - 3.0),
        "rank": min(12, at) / 12,
        "ranked": 1.0,
        **{f"row_{name}": row[name] for name in _ROW},
        **{f"offers_{name}": offered[name] for name in _OFFERED},
    }


def _form(desk: QuestionContext, told: _Told, answer: Answer) -> dict[str, float]:
    want, hypothesis = desk.question.want, desk.hypothesis
    gazetteer = desk.library.gazetteer
    named = [_called(gazetteer.resolve(place), place) for place in hypothesis.places]
    spoken = {one.place for one in answer.citations}
    missing = [
        names
        for place, names in zip(hypothesis.places, named, strict=True)
        if place not in spoken and not any(name in told.around for name in names)
    ]
    return {
        "names_lacking": float(lacks_names(told.said, desk)),
        **{f"kind_{kind}": float(hypothesis.kind is kind) for kind in _KINDS},
        "cited": min(8, len(answer.citations)) / 8,
        "headings": float(any(one.manner is StatementKind.HEADING for one in answer.statements)),
        "place_asked": float(bool(hypothesis.places)),
        "place_missing": float(bool(missing)),
        "years_asked": float(bool(hypothesis.years)),
        "carried": float(hypothesis.carried),
        "english": float(desk.question.language.value == "en"),
        **{f"wants_{name}": float(want.kind == name) for name in _WANTS},
    }


def _texts(desk: QuestionContext, ranking: Ranking, answer: Answer) -> dict[str, float]:
    """Return how the documents and headings that an answer is from fit the question."""
    asked, named = set(desk.hypothesis.places), set(desk.hypothesis.documents)
    cited = answer.citations
    told = {one.place for one in cited}
    heads = [document for one in cited if (document := desk.library.document(one.document)) is not None]
    genres = Counter(document.genre for document in heads)
    total = len(heads) or 1
    grams = ranking.reading.grams
    return {
        "place_own_told": sum(one.place in asked for one in cited) / (len(cited) or 1),
        "place_apart": float(bool(asked) and not asked & told),
        "places_told": min(4, len(told)) / 4,
        "document_named": float(bool(named)),
        "document_fits": float(bool(named) and any(one.document in named for one in cited)),
        "title_said": covered(grams, fold("|".join({one.title for one in cited}))),
        "heading_said": covered(grams, fold("|".join({name for one in cited for name in one.heading}))),
        "genre_report": genres[Genre.REPORT] / total,
        "genre_regulation": genres[Genre.REGULATION] / total,
        "genre_other": genres[Genre.OTHER] / total,
        "listed": sum(one.level == 1 for one in answer.statements) / (len(answer.statements) or 1),
        "told_length": min(600, len(answer.text)) / 600,
    }


def _called(place: object, name: str) -> tuple[str, ...]:
    aliases = getattr(place, "aliases", ())
    return (fold(name), *(fold(alias) for alias in aliases))
