"""The rows of the register as records: with their words, where they stand, and a link to their source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from retrieval.values.documents import original_of
from retrieval.values.printed_layout import layout_of

if TYPE_CHECKING:
    from decimal import Decimal

    from answering.values.answer import Answer, Citation
    from answering.values.chart import Mark
    from retrieval.catalog.fact_query import FoundFigure
    from retrieval.facts.models import MeasureRow
    from retrieval.library import Library
    from retrieval.values.documents import Document

    Record = dict[str, Any]

_FRAGMENT = 60  # characters that a link points at


@dataclass(frozen=True)
class DocumentReader:
    """The documents of a library, each read when a row of it is first shown."""

    library: Library

    @cached_property
    def _held(self) -> dict[str, Document]:
        return {}

    def of(self, name: str) -> Document:
        """Return a document whose rows are in the register."""
        if name not in self._held:
            found = self.library.document(name)
            assert found is not None, "a row stands and falls with its document"
            self._held[name] = found
        return self._held[name]

    def recognised(self, name: str, offset: int) -> bool:
        """Tell whether the words at an offset of a document were recognised from a scan."""
        return layout_of(self.of(name)).is_recognised(offset)


def figure_record(found: FoundFigure, document: Document) -> Record:
    """Return a figure as it is recorded: ``text`` is its clause, ``span`` the figure as printed."""
    row = found.row
    return {
        "place": row.place,
        "metric": row.metric,
        "value": number(row.value),
        "high": None if row.high is None else number(row.high),
        "unit": row.unit,
        "unit_class": row.measure,
        "bound": row.bound.value,
        "kind": row.kind.value,
        "role": row.role.value,
        "direction": row.direction.value,
        "start_value": None if row.start_value is None else number(row.start_value),
        "stock": row.stock,
        "part": row.part,
        "scope": row.scope,
        "rank": row.rank,
        "state": row.state.value,
        "period": row.period,
        "year": row.year,
        "field": row.field,
        "text": document.text[row.clause[0] : row.clause[1]],
        "span": document.text[row.start : row.end],
        "document": row.document,
        "title": document.title,
        "date": document.date,
        "source": document.source,
        "passage": row.passage,
        "start": row.start,
        "end": row.end,
        **_printed(document, row.start),
    }


def measure_record(row: MeasureRow, document: Document) -> Record:
    """Return a measure as it is recorded: ``text`` is its clause, word for word."""
    passage = next((one for one in document.sections if one.start <= row.start < one.end), None)
    return {
        "place": row.place,
        "field": row.field,
        "action": row.action,
        "object": row.object,
        "kind": row.kind.value,
        "period": row.period,
        "year": row.year,
        "figures": list(row.figures),
        "text": document.text[row.start : row.end],
        "section": f"{passage.numeral} {passage.title}".strip() if passage else "",
        "document": row.document,
        "title": document.title,
        "date": document.date,
        "source": document.source,
        "passage": row.passage,
        "start": row.start,
        "end": row.end,
        **_printed(document, row.start),
    }


def _printed(document: Document, offset: int) -> Record:
    """Return the printed page of a place in a text, and whether its words were recognised from a scan."""
    layout = layout_of(document)
    return {"page": layout.page_of(offset), "recognised": layout.is_recognised(offset)}


def comparison_record(thing: str, answer: Answer) -> Record:
    """Return what a comparison came to: its rows with what proves them, and what was left out and why."""
    chart = answer.chart
    cited = {one.number: one for one in answer.citations}
    return {
        "thing": thing,
        "unit": chart.unit if chart else None,
        "aimed": chart.aimed if chart else None,
        "rows": [_drawn_record(mark, cited.get(mark.number)) for mark in (chart.marks if chart else ())],
        "left_out": list(chart.notes) if chart else [],
        "computed": [{"op": one.op, "value": one.value, "of": list(one.of)} for one in answer.computed],
        "text": [f"{s.lead} {s.text}".strip() for s in answer.statements],
        "abstained": not answer.outcome.is_answer,
    }


def _drawn_record(mark: Mark, proof: Citation | None) -> Record:
    told = {
        name: getattr(mark, name) for name in ("name", "value", "high", "text", "bound", "year", "period")
    }
    if proof is None:
        return told
    names = ("document", "passage", "start", "end", "quote", "title", "page", "recognised")
    return told | {name: getattr(proof, name) for name in names}


def beside(document: Document, sentence: tuple[int, int], words: str) -> Record:
    """Return what a sheet holds beside a record: the sentence it was read from, and a link to the words."""
    whole = " ".join(document.text[sentence[0] : sentence[1]].split())
    return {"sentence": whole, "link": link(document, words)}


def link(document: Document, words: str) -> str | None:
    """Return the address of the file a document was read from, at these words where a browser finds them."""
    path = original_of(document.source)
    if path is None:
        return None
    return f"{path.as_uri()}#:~:text={quote(' '.join(words.split())[:_FRAGMENT], safe='')}"


def number(value: Decimal) -> int | float:
    """Return a value as JSON writes it best."""
    return int(value) if value == value.to_integral_value() else float(value)
