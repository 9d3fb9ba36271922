"""A file made ready for the catalogue: read, parsed, cut, its figures found; needs nothing but the file."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.catalog.fact_writer import rows_of
from retrieval.catalog.source_rows import SourceRows, rows_of_source
from retrieval.ingest.report import FileReport, Status
from retrieval.loaders.load import read
from retrieval.parsing.parser import parse
from retrieval.parsing.passages import cut
from retrieval.runtime.stage_timer import StageTimer
from retrieval.values.errors import EmptyFile, ReadError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrieval.catalog.fact_writer import Reader
    from retrieval.places.gazetteer import Gazetteer
    from retrieval.values.documents import Document, Passage, Source

    Contents = list[tuple[Document, tuple[Passage, ...]]]

PARSER = 6  # raised when the same bytes would be understood in another way
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What to report on a file, and the rows to keep where there is something new."""

    report: FileReport
    rows: SourceRows | None = None
    seconds: dict[str, float] = field(default_factory=dict)  # "read", "parse", "register"


class Preparer:
    """Makes files ready, anywhere.

    By key, ``known`` has the state in which a source was taken before, ``corrections`` what was set right.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        options: Mapping[str, str],
        *,
        known: Mapping[str, str] | None = None,
        reader: Reader = rows_of,
        corrections: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self._corrections = corrections or {}
        self._gazetteer = gazetteer
        self._reader = reader
        self._options = dict(options)
        self._known = {} if known is None else known

    def file(self, path: Path) -> Prepared:
        """Make a file ready; one that can't be read is refused."""
        stages = StageTimer()
        try:
            with stages("read"):
                source = read(path)
        except ReadError as error:
            return Prepared(report=refused(str(path), str(error)), seconds=stages.seconds)
        return self._source(source, str(path), stages)

    def source(self, source: Source) -> Prepared:
        """Make a source ready that has been read."""
        return self._source(source, source.key, StageTimer())

    def _source(self, source: Source, path: str, stages: StageTimer) -> Prepared:
        state = self._state(source)
        if self._known.get(source.key) == state:
            report = FileReport(path=path, key=source.key, status=Status.UNCHANGED)
            return Prepared(report=report, seconds=stages.seconds)
        try:
            with stages("parse"):
                contents = self._understood(source)
            with stages("register"):
                rows = rows_of_source(source, state, contents, reader=self._reader)
        except ReadError as error:
            return Prepared(report=refused(path, str(error)), seconds=stages.seconds)
        except Exception as error:  # one odd file must not stop the others
            log.exception("%s", path)
            told = f"“{path}”的结构没能读懂（{type(error).__name__}）。请把它另存为纯文本再试。"
            return Prepared(report=refused(path, told), seconds=stages.seconds)
        return Prepared(report=_taken(path, source.key, contents), rows=rows, seconds=stages.seconds)

    def _understood(self, source: Source) -> Contents:
        documents = parse(source, gazetteer=self._gazetteer, options=self._given(source))
        contents = [(document, cut(document)) for document in documents]
        if not any(passages for _, passages in contents):
            raise EmptyFile(f"“{Path(source.key).name}”里没有可以检索的文字。")
        return contents

    def _given(self, source: Source) -> dict[str, str]:
        """Return what a person says of a source: what was set right of it, and what is said now."""
        return {**self._corrections.get(source.key, {}), **self._options}

    def _state(self, source: Source) -> str:
        seen = (
            PARSER,
            source.digest,
            source.media,
            sorted(self._given(source).items()),
            sorted(source.metadata.items()),
        )
        return sha256(repr(seen).encode()).hexdigest()


def _taken(path: str, key: str, contents: Contents) -> FileReport:
    return FileReport(
        path=path,
        key=key,
        status=Status.INGESTED,
        documents=len(contents),
        sections=sum(s.numeral != "0" for document, _ in contents for s in document.sections),
        points=sum(len(document.points) for document, _ in contents),
        passages=sum(len(passages) for _, passages in contents),
    )


def absolute(path: Path) -> Path:
    """Return the path under which a file is known, as the readers make it: links are not followed."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() follows links


def refused(path: str, reason: str) -> FileReport:
    """Return that a file was not taken, and why."""
    return FileReport(path=path, status=Status.REFUSED, reason=reason)
