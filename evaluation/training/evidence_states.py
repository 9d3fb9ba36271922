"""Whether the sentence that answers a training question tells of what is done or planned, by its document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.datasets.material import squeezed
from retrieval.text.tense import Tense, told

if TYPE_CHECKING:
    from retrieval import Library
    from retrieval.values.documents import Document, Passage

_STATES = {Tense.DONE: "done", Tense.PLANNED: "planned"}


class EvidenceStates:
    """Looks quotations up in a library that holds the training documents."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._documents = {document.source.rpartition("/")[2]: document for document in library.documents()}
        self._texts: dict[str, list[tuple[str, Passage]]] = {}

    def of(self, file: str, quote: str) -> str:
        """Return "done" or "planned" for a quotation of a file, "" where its passage does not tell."""
        document = self._documents.get(file)
        if document is None:
            return ""
        sought = squeezed(quote)
        found = next((p for text, p in self._passages(document) if sought in text), None)
        return _STATES.get(told(found, document), "") if found is not None else ""

    def _passages(self, document: Document) -> list[tuple[str, Passage]]:
        if document.id not in self._texts:
            held = self._library.passages(document.id)
            self._texts[document.id] = [(squeezed(passage.text), passage) for passage in held]
        return self._texts[document.id]
