"""Which document, or part of one, a question asks to be outlined or summed up, by a learned score over their headings.

The weights are fitted by ``python -m evaluation.training.parts`` on questions whose part is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from answering.evidence.passage_pools import PlaceReader, fitting_years, speaker_of
from answering.question.message_classifier import load
from answering.question.message_features import features, message
from answering.question.referred_item import ordinal_of
from answering.scoring.linear_score import LinearScore, OddsScore, read_odds, read_score
from answering.scoring.list_choice import asked_count, found_lists, structures
from answering.scoring.sentence_features import covered
from answering.values.hypothesis import QuestionKind
from retrieval.places.table import names_of
from retrieval.text.normalize import fold
from retrieval.text.tense import told
from retrieval.values.documents import Document, Genre, Passage, Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.candidates.list_structures import ListStructure
    from answering.scoring.ranking import Ranking
    from retrieval.places.table import Place

PART_FEATURES = (
    "named", "own", "unplaced", "year_this", "year_last", "year_off", "newest", "title", "path", "children", "children_all",
    "count_same", "count_other", "root", "deep", "leaf", "outline_leaf", "state_same", "state_other", "best", "inside", "ordinal",
    "ordinal_other", "rule", "rest", "quoted", "listed",
    "path_gap", "children_gap", "title_gap", "lift", "rule_root", "listed_root", "whole_root", "whole_part",
)  # fmt: skip
_DOCUMENTS = 12  # whose parts are looked at for a place asked of
_WHOLE = 3  # of them whose numbered lists are looked at
_DEPTH = 16  # sentences, the best first, whose documents are looked at as well
_ASKED_FOR = (QuestionKind.OUTLINE, QuestionKind.SUMMARY)
_SIDE = {"planned": 1.0, "done": -1.0}
_LEEWAY = 4  # characters before a marker that a heading may begin with
_ALIKE = 3  # headings from which a word that they share tells of what they are


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPart:
    """A document, or the part under one of its headings, with the headings one level below."""

    document: Document  # its head
    section: Section | None  # None for the whole document
    children: tuple[Section, ...]
    path: tuple[str, ...]  # headings down to it, the outermost first; none for the whole document
    place: int = 0  # which it is among the parts beside it, from 1
    listed: bool = False  # a numbered list of running text; its announcement is the last of ``path``

    @property
    def start(self) -> int:
        """Where its text begins, below its heading."""
        return self.section.body if self.section else 0

    @property
    def end(self) -> int | None:
        """Where its text ends; None for the end of the document."""
        return self.section.end if self.section else None


def parts_of(document: Document) -> tuple[DocumentPart, ...]:
    """Return a document, given by its head, and each part of it that has a heading with words."""
    titled = [one for one in document.sections if one.title]
    whole = DocumentPart(document=document, section=None, children=_below(None, titled), path=())
    return (whole, *_inside(whole, titled))


def _inside(part: DocumentPart, titled: Sequence[Section]) -> Iterator[DocumentPart]:
    for place, one in enumerate(part.children, 1):
        child = DocumentPart(
            document=part.document,
            section=one,
            children=_below(one, titled),
            path=(*part.path, one.title),
            place=place,
        )
        yield child
        yield from _inside(child, titled)


def _below(section: Section | None, titled: Sequence[Section]) -> tuple[Section, ...]:
    """Return the headings one level below a section, or the outermost ones."""
    inside = [s for s in titled if section is None or (section.start < s.start < section.end)]
    top = min((s.level for s in inside), default=0)
    return tuple(s for s in inside if s.level == top)


def chosen_part(ranking: Ranking, kind: QuestionKind) -> DocumentPart | None:
    """Return the part that a question asks of; None where the odds are against any.

    ``kind`` is what the question is read as: an outline or a summary. Where no other reading of it is likelier,
    the best part is taken without looking at the odds, unless a figure or an order is sought (各市排名, 几个部分).
    """
    parts = list(candidate_parts(ranking))
    if not parts:
        return None
    rows = np.array(part_rows(ranking, parts, kind))
    best = int(np.argmax(_score().of(rows)))
    if ranking.context.hypothesis.kind in _ASKED_FOR and ranking.reading.want.kind != "figure":
        return _numbered(parts[best], parts, ordinal_of(ranking.reading.folded))
    odds = _odds()
    return parts[best] if odds.bias + float(odds.score.of(rows[best : best + 1])[0]) > 0 else None


def _numbered(part: DocumentPart, parts: Sequence[DocumentPart], ordinal: int | None) -> DocumentPart:
    """Return the member of a part that a question points to by its number (第一项重点工作), or else the part."""
    if ordinal is None or part.place == ordinal or not part.children:
        return part
    below = [
        one
        for one in parts
        if one.document.id == part.document.id and one.section in part.children and not one.listed
    ]
    return next((one for one in below if one.place == (ordinal if ordinal > 0 else len(below))), part)


def candidate_parts(ranking: Ranking) -> Iterator[DocumentPart]:
    """Yield the parts of the documents that are named, that speak for a place asked of, or that rank well.

    The numbered lists near well ranked sentences are parts, too.
    """
    context = ranking.context
    places, named = context.hypothesis.places, context.hypothesis.documents
    documents = [d for d in context.library.documents() if d.genre is not Genre.PREFACE]
    own = [d for d in documents if speaker_of(d, context.library.gazetteer) in places]
    ranked = {one.candidate.line.document.id for one in ranking.best[:_DEPTH]}
    reader = PlaceReader(context.library, _named_places(ranking))
    years = fitting_years(context.hypothesis.years)
    own.sort(key=lambda d: (d.year not in years, -(d.year or 0)))
    reports = [d for d in own if d.genre is not Genre.REGULATION]
    own = reports or own  # a by-law is asked of by its name, and has chapters and articles
    kept = {d.id for d in own[:_DOCUMENTS]} | set(named)
    kept |= {d.id for d in documents if d.id in ranked and not (reports and d.genre is Genre.REGULATION)}
    found = [d for d in documents if d.id in kept and (not named or d.id in named)]
    lists = _lists(ranking, [d for d in documents if d.id in (set(named) or {o.id for o in own[:1]})])
    for part in (*(one for document in found for one in parts_of(document)), *lists):
        if _tells_of(part, reader):
            yield part


def _named_places(ranking: Ranking) -> tuple[str, ...]:
    """Return the places asked of; a province's name asks for no text of the cities that it is read as."""
    context = ranking.context
    folded = fold(context.question.text)
    found = []
    for place in context.hypothesis.places:
        known = context.library.gazetteer.resolve(place)
        around = context.library.gazetteer.resolve(known.province or "") if known is not None else None
        spread = known is not None and around is not None and around != known
        spread = spread and _is_called(around, folded) and not _is_called(known, folded)
        found.append(around.name if spread and around is not None else place)
    return tuple(dict.fromkeys(found))


def _is_called(place: Place | None, folded: str) -> bool:
    return place is not None and any(name.words in folded for name in names_of(place))


def _tells_of(part: DocumentPart, reader: PlaceReader) -> bool:
    """Tell whether a part may be asked of: one of another place's text has to name the place asked of in a heading."""
    return not reader.is_of_another(part.document, (*part.path, *(one.title for one in part.children)))


def _lists(ranking: Ranking, documents: Sequence[Document]) -> Iterator[DocumentPart]:
    """Yield the numbered lists of running text near well ranked sentences, and those of ``documents``, each once."""
    library, named = ranking.context.library, ranking.context.hypothesis.documents
    found = {(d.id, one.start): (one, d) for one, d, _ in found_lists(ranking) if not named or d.id in named}
    wholes = (library.document(one.id) for one in documents[:_WHOLE])
    found |= {(d.id, one.start): (one, d) for d in wholes if d is not None for one in structures(d)}
    for structure, document in found.values():
        headed = any(abs(s.start - structure.start) < _LEEWAY for s in document.sections if s.title)
        if structure.style != "paragraph" and not headed:
            yield _of_list(structure, document)


def _of_list(structure: ListStructure, document: Document) -> DocumentPart:
    """Return a numbered list of running text as a part whose headings are the heads of its members."""
    text = document.text
    around = [s for s in document.sections if s.title and s.start < structure.start < s.end]
    announced = text[structure.intro : structure.start].strip()
    level = max((s.level for s in around), default=0) + 1
    whole = Section(
        numeral="",
        title=announced,
        level=level,
        start=structure.intro,
        body=structure.start,
        end=structure.end,
    )
    items = tuple(
        Section(
            numeral="", title=text[i.start : i.head], level=level + 1, start=i.start, body=i.head, end=i.end
        )
        for i in structure.items
    )
    path = (*(s.title for s in sorted(around, key=lambda s: s.level)), announced)
    return DocumentPart(document=document, section=whole, children=items, path=path, listed=True)


def part_rows(ranking: Ranking, parts: Sequence[DocumentPart], kind: QuestionKind) -> list[list[float]]:
    """Return the features of parts, by ``PART_FEATURES``; ``kind`` is what the question is read as."""
    whole = whole_asked(ranking)
    rows = [
        [*_row(ranking, one, kind), whole * (one.section is None), whole * (one.section is not None)]
        for one in parts
    ]
    names = dict(zip(PART_FEATURES, range(len(PART_FEATURES)), strict=True))
    for name in ("path", "children", "title"):
        most = max(row[names[name]] for row in rows)
        for row in rows:
            row[names[f"{name}_gap"]] = most - row[names[name]]
    return rows


def whole_asked(ranking: Ranking) -> float:
    """Return the probability that a whole document is asked of and no part of one."""
    context = ranking.context
    asked = message(context.question.asked, context.library.gazetteer, prefer=context.library.places())
    return load().probabilities(features(asked), "extent")["whole"]


def _row(ranking: Ranking, part: DocumentPart, kind: QuestionKind) -> list[float]:
    reading, hypothesis = ranking.reading, ranking.context.hypothesis
    document, leaf = part.document, not part.children
    speaker = speaker_of(document, ranking.context.library.gazetteer)
    heads = [fold(one.title) for one in part.children]
    title = fold(part.path[-1]) if part.path else ""
    path = fold("|".join(part.path))
    everything = f"{fold(document.title)}|{path}|{'|'.join(heads)}"
    ranked = enumerate(ranking.best[:_DEPTH] if part.section else ())  # a whole document holds all of its own
    within = [n for n, one in ranked if _holds(part, one.candidate.line)]
    count, ordinal = asked_count(reading.folded), ordinal_of(reading.folded)
    side = reading.lean or _SIDE.get(reading.state or "", 0.0)
    years, year = set(hypothesis.years), document.year or 0
    newest = reading.newest.get(document.place, year)
    return [
        float(document.id in hypothesis.documents),
        float(speaker in hypothesis.places),
        float(not hypothesis.places and speaker is not None),
        float(year in years),
        float(year - 1 in years and document.genre is Genre.REPORT),
        float(bool(years) and not years & {year, year - 1}),
        float(not years and year == newest),
        covered(reading.grams, title),
        covered(reading.grams, path),
        covered(reading.grams, "|".join(heads)),
        _alike(reading.grams, heads),
        float(count == len(heads)),
        float(count is not None and count != len(heads)),
        float(part.section is None),
        float(len(part.path) > 1),
        float(leaf),
        float(leaf and kind is QuestionKind.OUTLINE),
        float(side * _tense(part) > 0),
        float(side * _tense(part) < 0),
        1.0 / (1 + within[0]) if within else 0.0,
        len(within) / _DEPTH,
        float(ordinal is not None and is_at(part, ordinal)),
        float(ordinal is not None and not is_at(part, ordinal)),
        float(document.genre is Genre.REGULATION),
        1.0 - covered(reading.grams, everything),
        float(bool(reading.quoted) and all(any(q in head for head in heads) for q in reading.quoted)),
        float(part.listed),
        0.0,  # the gaps are told when all parts are
        0.0,
        0.0,
        len(within) / _DEPTH - _share(part) if within else 0.0,
        float(document.genre is Genre.REGULATION and part.section is None),
        float(part.listed and len(part.path) < _ALIKE),
    ]


def _share(part: DocumentPart) -> float:
    """Return the share of its document's text that a part takes."""
    last = max((s.end for s in part.document.sections), default=0)
    return (part.section.end - part.section.start) / max(1, last) if part.section else 1.0


def is_at(part: DocumentPart, ordinal: int) -> bool:
    """Tell whether a part is at a place counted from 1, or from −1 backwards, among the parts of a document."""
    if part.section is None or part.listed or len(part.path) > 1:
        return False
    return part.place == ordinal or (ordinal < 0 and not _follows(part))


def _follows(part: DocumentPart) -> bool:
    """Tell whether another outermost part of its document follows a part."""
    assert part.section is not None
    return any(s.start >= part.section.end for s in part.document.sections if s.title and s.numeral != "附")


def _alike(grams: dict[str, float], heads: Sequence[str]) -> float:
    """Return the largest share of headings that one pair of characters of the question is in."""
    if len(heads) < _ALIKE:
        return 0.0
    return max((sum(gram in head for head in heads) / len(heads) for gram in grams), default=0.0)


def _tense(part: DocumentPart) -> int:
    head = Passage(
        id="", document=part.document.id, ordinal=0, start=0, end=0, text="", heading=tuple(part.path)
    )
    return int(told(head, part.document))


def _holds(part: DocumentPart, line: object) -> bool:
    document, start = line.document, line.start  # type: ignore[attr-defined]
    if document.id != part.document.id:
        return False
    return part.section is None or part.section.start <= start < part.section.end


@cache
def _score() -> LinearScore:
    return read_score("part_weights.json", PART_FEATURES)


@cache
def _odds() -> OddsScore:
    return read_odds("part_weights.json", PART_FEATURES, "odds")
