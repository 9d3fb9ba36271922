"""Which block of text a question on a topic asks of, by a learned score over its head, its words and its time.

The weights are fitted by ``python -m evaluation.training.blocks`` on questions whose block is known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from answering.candidates.annotation import planned_odds
from answering.candidates.text_blocks import TextBlock, text_blocks
from answering.evidence.passage_pools import fitting_years, speaker_of
from answering.evidence.report_parts import parts_of
from answering.scoring.linear_score import LinearScore, OddsScore, read_odds, read_score
from answering.scoring.sentence_features import covered
from retrieval.text.normalize import fold
from retrieval.text.tense import told
from retrieval.values.documents import Document, Genre, Passage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from answering.scoring.ranking import Ranking

FIRST_FEATURES = (
    "head", "body", "title", "head_gap", "body_gap", "lost", "length", "section", "paragraph", "best", "inside",
    "holds_first", "dense", "heading_same", "heading_other", "words_side", "time_same", "time_other", "planned_unasked", "years_same",
    "years_other", "year_this", "year_last", "year_off", "newest", "own", "named", "unseen", "rarest_lost", "rarest_headed",
)  # fmt: skip
BLOCK_FEATURES = (*FIRST_FEATURES, "head_near", "body_near", "head_near_gap", "body_near_gap")
_DOCUMENTS = 4  # of a place asked of whose blocks are looked at, those of fitting years first
_DEPTH = 24  # sentences, the best first, whose documents are looked at as well
LOOKED_AT = 6  # blocks, the best first, whose meaning is compared
_READ = 160  # characters of a head or a body that its vector is made of
_SIDE = {"planned": 1.0, "done": -1.0}
_SPANS = ("五年", "十四五", "十三五", "十二五", "多年", "近年", "年来")
_FAR = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredBlock:
    """A block that could answer, with its document (whole), its features and the log-odds that it does."""

    block: TextBlock
    document: Document
    row: NDArray[np.float64]
    odds: float


def chosen_block(ranking: Ranking) -> ScoredBlock | None:
    """Return the likeliest block; None where there is none, and without vectors, by which the weights go."""
    found = candidate_blocks(ranking)
    rows = near_rows(ranking, found) if found else None
    if rows is None:
        return None
    best = int(np.argmax(_score().of(rows)))
    odds = _odds()
    block, document, _ = found[best]
    told_odds = float(odds.of(rows[best : best + 1])[0])
    return ScoredBlock(block=block, document=document, row=rows[best], odds=told_odds)


def candidate_blocks(ranking: Ranking) -> list[tuple[TextBlock, Document, list[float]]]:
    """Return the blocks whose meaning is compared with the question, by the score of their words and time."""
    found = all_blocks(ranking)
    if not found:
        return []
    scores = _first().of(np.array([row for _, _, row in found]))
    return [found[at] for at in np.argsort(-scores, kind="stable")[:LOOKED_AT]]


def all_blocks(ranking: Ranking) -> list[tuple[TextBlock, Document, list[float]]]:
    """Return the blocks of the documents that could answer, with their features by ``FIRST_FEATURES``."""
    found = [(block, whole) for whole in _documents(ranking) for block in text_blocks(whole)]
    rows = [first_row(ranking, block, whole) for block, whole in found]
    at = {name: n for n, name in enumerate(FIRST_FEATURES)}
    for name in ("head", "body"):
        most = max((row[at[name]] for row in rows), default=0.0)
        for row in rows:
            row[at[f"{name}_gap"]] = most - row[at[name]]
    return [(block, whole, row) for (block, whole), row in zip(found, rows, strict=True)]


def _documents(ranking: Ranking) -> Iterator[Document]:
    """Yield, whole, the texts that speak for a place asked of or rank well; by-laws have a way of their own."""
    context = ranking.context
    places, named = context.hypothesis.places, context.hypothesis.documents
    held = [d for d in context.library.documents() if d.genre not in (Genre.PREFACE, Genre.REGULATION)]
    years = fitting_years(context.hypothesis.years)
    own = [d for d in held if speaker_of(d, context.library.gazetteer) in places]
    own.sort(key=lambda d: (d.year not in years, -(d.year or 0)))
    kept = dict.fromkeys(d.id for d in own[:_DOCUMENTS])
    if not own:
        kept |= dict.fromkeys(x.candidate.line.document.id for x in ranking.best[:_DEPTH])
    if named:
        kept = dict.fromkeys(named)
    known = {d.id for d in held}
    for identity in kept:
        whole = context.library.document(identity) if identity in known else None
        if whole is not None:
            yield whole


def first_row(ranking: Ranking, block: TextBlock, document: Document) -> list[float]:
    """Return the features of a block that need no vectors, by ``FIRST_FEATURES``."""
    reading, hypothesis = ranking.reading, ranking.context.hypothesis
    text = fold(document.text[block.start : block.end])
    head, body = text[: block.head - block.start], text[block.head - block.start :]
    title = fold(block.section.title) if block.section is not None else ""
    top = ranking.best[0].score if ranking.best else 0.0
    within = [
        x
        for x in ranking.best[:_DEPTH]
        if x.candidate.line.document.id == document.id and block.start <= x.candidate.line.start < block.end
    ]
    side, time = reading.lean or _SIDE.get(reading.state or "", 0.0), _time(ranking, document)
    tense, words = _tense(block, document), math.tanh(planned_odds(text[:_READ], document.year) / 2)
    asks_span = any(word in reading.folded for word in _SPANS)
    spans = parts_of(document).over_years(block.start, None, "") if document.genre is Genre.REPORT else False
    years, year = set(hypothesis.years), document.year or 0
    speaker = speaker_of(document, ranking.context.library.gazetteer)
    return [
        covered(reading.grams, head),
        covered(reading.grams, body),
        covered(reading.grams, title),
        0.0,  # the gaps are told when all blocks are
        0.0,
        1.0 - covered(reading.grams, f"{title}|{text}"),
        math.log(max(1, block.end - block.start)) / 7,
        float(block.level == 0),
        float(block.level == 1),
        max(-_FAR, max((x.score for x in within), default=top - _FAR) - top),
        len(within) / _DEPTH,
        float(bool(within) and within[0] is ranking.best[0]),
        len(within) / max(1, text.count("。")),
        float(side * tense > 0),
        float(side * tense < 0),
        side * words,
        float(time * tense > 0),
        float(time * tense < 0),
        float(side == 0.0) * words,
        float(asks_span and spans),
        float(asks_span != spans),
        float(year in years),
        float(year - 1 in years and document.genre is Genre.REPORT),
        float(bool(years) and not years & {year, year - 1}),
        float(not years and year == reading.newest.get(document.place, year)),
        float(speaker in hypothesis.places),
        float(document.id in hypothesis.documents),
        reading.unseen,
        _rarest_lost(reading.grams, f"{title}|{text}"),
        1.0 - _rarest_lost(reading.grams, f"{title}|{head}"),
    ]


def near_rows(
    ranking: Ranking, found: Sequence[tuple[TextBlock, Document, list[float]]]
) -> NDArray[np.float64] | None:
    """Return the features of blocks by ``BLOCK_FEATURES``: those without vectors, and how near heads and bodies are.

    Shape (blocks, features). None without vectors.
    """
    heads = [whole.text[block.start : block.head][:_READ] for block, whole, _ in found]
    bodies = [
        whole.text[block.head : block.end].strip()[:_READ] or head
        for (block, whole, _), head in zip(found, heads, strict=True)
    ]
    near = ranking.context.library.nearness(ranking.reading.sought, [*heads, *bodies])
    if near is None:
        return None
    scaled = 10 * (np.array(near).reshape(2, len(found)) - 0.8)
    gaps = scaled.max(axis=1, keepdims=True) - scaled
    return np.hstack([np.array([row for _, _, row in found]), scaled.T, gaps.T])


def _rarest_lost(grams: dict[str, float], text: str) -> float:
    """Return the share of the rarest pair of characters asked for that the rarest one missing in a text has; 0 where none is."""
    most = max(grams.values(), default=0.0)
    return (
        max((weight for gram, weight in grams.items() if gram not in text), default=0.0) / most
        if most
        else 1.0
    )


def _time(ranking: Ranking, document: Document) -> float:
    """Return whether the years asked of are those that a report plans (1) or looks back on (−1); 0 where neither."""
    years = ranking.context.hypothesis.years
    if not years or document.genre is not Genre.REPORT or document.year is None:
        return 0.0
    return -1.0 if max(years) < document.year else 1.0


def _tense(block: TextBlock, document: Document) -> int:
    path = tuple(one.title for one in document.sections if one.title and one.start <= block.start < one.end)
    head = Passage(
        id="", document=document.id, ordinal=0, start=block.start, end=block.end, text="", heading=path
    )
    return int(told(head, document))


@cache
def _first() -> LinearScore:
    return read_score("block_weights.json", FIRST_FEATURES, "first")


@cache
def _score() -> LinearScore:
    return read_score("block_weights.json", BLOCK_FEATURES)


@cache
def _odds() -> OddsScore:
    return read_odds("block_weights.json", BLOCK_FEATURES, "odds")
