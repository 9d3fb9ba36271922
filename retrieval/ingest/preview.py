"""What would be read of a file, before anything is kept of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.catalog.fact_writer import rows_of
from retrieval.ingest.statistics import Understood, understood
from retrieval.loaders.load import read
from retrieval.parsing.parser import parse
from retrieval.parsing.passages import cut
from retrieval.places.gazetteer import Gazetteer
from retrieval.values.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file holds, or why it would be refused; ``figures`` are those of the register."""

    path: str
    reason: str = ""  # a sentence; empty where the file can be read
    media: str = ""  # what kind of file it is by its content
    documents: tuple[Understood, ...] = ()
    figures: int = 0


def preview(path: Path, *, options: Mapping[str, str]) -> Preview:
    """Read a file as an ingest would, and keep nothing; ``options`` are those of ``Library.ingest``."""
    try:
        return _read(path, options)
    except ReadError as error:
        return Preview(path=str(path), reason=str(error))
    except Exception as error:  # one odd file must not stop the others
        log.exception("%s", path)
        reason = f"“{path.name}”的结构没能读懂（{type(error).__name__}）。请把它另存为纯文本再试。"
        return Preview(path=str(path), reason=reason)


def _read(path: Path, options: Mapping[str, str]) -> Preview:
    source = read(path)
    documents = parse(source, gazetteer=Gazetteer(), options=options)
    contents = [(document, cut(document)) for document in documents]
    if not any(passages for _, passages in contents):
        return Preview(path=str(path), reason=f"“{path.name}”里没有可以检索的文字。")
    return Preview(
        path=str(path),
        media=source.media,
        documents=understood(documents, (one for _, passages in contents for one in passages)).parts,
        figures=len(rows_of(contents).figures),
    )
