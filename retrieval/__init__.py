"""Find passages: read texts, keep what is known of them, search them by words and by meaning.

Other packages take from here ``Library``, what it hands out, and the errors it raises. Each name is loaded
when it is first asked for, so that a program which only needs a value or an error starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.catalog.models import IngestedSource
    from retrieval.embeddings.embedder import Embedder, open_embedder
    from retrieval.ingest.report import FileReport, Report, Status
    from retrieval.library import Library
    from retrieval.loaders.load import read, read_bytes
    from retrieval.values.documents import Document, Filter, Genre, Hit, Passage, Point, Section, Source
    from retrieval.values.errors import RetrievalError

_HOMES = {
    "Document": "values.documents",
    "Embedder": "embeddings.embedder",
    "FileReport": "ingest.report",
    "Filter": "values.documents",
    "Genre": "values.documents",
    "Hit": "values.documents",
    "IngestedSource": "catalog.models",
    "Library": "library",
    "Passage": "values.documents",
    "Point": "values.documents",
    "Report": "ingest.report",
    "RetrievalError": "values.errors",
    "Section": "values.documents",
    "Source": "values.documents",
    "Status": "ingest.report",
    "open_embedder": "embeddings.embedder",
    "read": "loaders.load",
    "read_bytes": "loaders.load",
}

__all__ = [
    "Document",
    "Embedder",
    "FileReport",
    "Filter",
    "Genre",
    "Hit",
    "IngestedSource",
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
