"""What a person has set right of a source: kept in the catalogue, and used when it is read again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from retrieval.catalog.vectors import CatalogueVectors
from retrieval.values.documents import Genre, Source
from retrieval.values.errors import RetrievalError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.catalog.catalog import Catalogue
    from retrieval.catalog.mapping import Row
    from retrieval.values.documents import Document

    Facts = Mapping[str, str]

_NOTE = "corrections"  # JSON: key of a source → facts by name


def corrections(catalogue: Catalogue) -> dict[str, dict[str, str]]:
    """Return what was set right, by the keys of sources."""
    told: dict[str, dict[str, str]] = json.loads(catalogue.noted(_NOTE) or "{}")
    return told


def correct(catalogue: Catalogue, key: str, facts: Facts) -> None:
    """Keep what a person says of a source; a fact without a value is no longer set."""
    told = corrections(catalogue)
    own = {name: value for name, value in {**told.get(key, {}), **facts}.items() if value}
    told = {**told, key: own} if own else {name: one for name, one in told.items() if name != key}
    catalogue.note(_NOTE, json.dumps(told, ensure_ascii=False))


def held_source(catalogue: Catalogue, document: Document) -> tuple[Source, tuple[Document, ...]]:
    """Return the source of a document as it was read, put together from what is held, and its documents.

    Raises RetrievalError where it holds several documents: what is right for one is not for the others.
    """
    ids = [one.id for one in catalogue.heads() if one.source == document.source]
    whole = [one.document for one in catalogue.wholes(ids).values()]
    if sum(one.genre is not Genre.PREFACE for one in whole) > 1:
        raise RetrievalError("这个文件里有好几篇文档，不能一起改。请在文件里写明，或拆成几个文件再读入。")
    about = next(one for one in catalogue.sources() if one.key == document.source)
    text = ["\n"] * max(one.offset + len(one.text) for one in whole)
    for one in whole:
        text[one.offset : one.offset + len(one.text)] = one.text
    source = Source(
        key=about.key,
        text="".join(text),
        digest=about.digest,
        media=about.media,
        encoding=about.encoding,
        metadata=catalogue.metadata(about.key),
    )
    return source, tuple(whole)


def carry_vectors(catalogue: Catalogue, model: str, before: Sequence[bytes], passages: Sequence[Row]) -> None:
    """Keep the vectors of passages under the keys that their texts have now; the same passages, in order."""
    keys = [bytes(one["key"]) for one in passages]
    if not model or len(keys) != len(before):
        return
    vectors = CatalogueVectors(catalogue, model)
    held = vectors.get(before)
    known = [(new, held[old]) for new, old in zip(keys, before, strict=True) if new != old and old in held]
    if known:
        vectors.keep([key for key, _ in known], np.stack([vector for _, vector in known]))
