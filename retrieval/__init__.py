"""Find passages: read texts, keep what is known of them, search them by words and by meaning.

Other packages take from here ``Library``, what it hands out, and the errors it raises. Each name is loaded
when it is first asked for, so that a program which only needs a value or an error starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.catalogue_values import Known
    from retrieval.documents import Document, Filter, Genre, Hit, Passage, Point, Section, Source
    from retrieval.embedding import Embedder, open_embedder
    from retrieval.errors import RetrievalError
    from retrieval.file_report import FileReport, Report, Status
    from retrieval.library import Library
    from retrieval.readers import read, read_bytes

_HOMES = {
    "Document": "documents",
    "Embedder": "embedding",
    "FileReport": "file_report",
    "Filter": "documents",
    "Genre": "documents",
    "Hit": "documents",
    "Known": "catalogue_values",
    "Library": "library",
    "Passage": "documents",
    "Point": "documents",
    "Report": "file_report",
    "RetrievalError": "errors",
    "Section": "documents",
    "Source": "documents",
    "Status": "file_report",
    "open_embedder": "embedding",
    "read": "readers",
    "read_bytes": "readers",
}

__all__ = [
    "Document",
    "Embedder",
    "FileReport",
    "Filter",
    "Genre",
    "Hit",
    "Known",
    "Library",
    "Passage",
    "Point",
    "Report",
    "RetrievalError",
    "Section",
    "Source",
    "Status",
    "open_embedder",
    "read",
    "read_bytes",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
