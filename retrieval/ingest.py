"""Files into the catalogue, one at a time: read, parsed, cut and kept in one transaction each."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.errors import EmptyFile, ReadError
from retrieval.passages import cut
from retrieval.readers import files, leads_out, read
from retrieval.structure import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from retrieval.catalogue import Catalogue
    from retrieval.documents import Document, Passage, Source
    from retrieval.places import Gazetteer
    from retrieval.replay import Progress

    Contents = list[tuple[Document, tuple[Passage, ...]]]

PARSER = 3  # raised when the same bytes would be understood in another way
log = logging.getLogger(__name__)


class Status(StrEnum):
    """What became of a file."""

    INGESTED = "ingested"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What was understood of a file, or why it was refused; counts are of a file that was ingested."""

    path: str
    status: Status
    key: str = ""
    reason: str = ""
    documents: int = 0
    sections: int = 0
    points: int = 0
    passages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of each file, and the seconds each stage took: "read", "words", "vectors"."""

    files: tuple[FileReport, ...]
    seconds: dict[str, float] = field(default_factory=dict)

    def of(self, status: Status) -> tuple[FileReport, ...]:
        """Return the files with which this happened."""
        return tuple(file for file in self.files if file.status == status)


class Ingest:
    """Takes sources into the catalogue; the indexes follow from there."""

    def __init__(self, catalogue: Catalogue, gazetteer: Gazetteer, options: Mapping[str, str]) -> None:
        self._catalogue = catalogue
        self._gazetteer = gazetteer
        self._options = dict(options)

    def paths(self, paths: Iterable[Path], progress: Progress) -> Iterator[FileReport]:
        """Take files, and folders as they stand: a text whose file is gone from its folder is forgotten.

        A bad file is reported and passed over; what was known of it stays.
        """
        given = list(paths)
        found = list(files(given))
        folders = [one for one in given if one.is_dir()]
        for done, path in enumerate(found):
            progress("read", done, len(found))
            stray = path not in given and leads_out(path, folders)
            yield _stray(path) if stray else self._file(path)
        progress("read", len(found), len(found))
        yield from self._gone([_absolute(folder) for folder in given if folder.is_dir()])

    def sources(self, sources: Iterable[Source]) -> Iterator[FileReport]:
        """Take sources that have been read."""
        for source in sources:
            yield self._source(source, source.key)

    def _gone(self, folders: Sequence[Path]) -> Iterator[FileReport]:
        for key in [known.key for known in self._catalogue.sources()]:
            inside = any(folder in Path(key).parents for folder in folders)
            if inside and not Path(key).exists() and self._catalogue.remove(key):
                yield FileReport(path=key, key=key, status=Status.REMOVED)

    def _file(self, path: Path) -> FileReport:
        try:
            return self._source(read(path), str(path))
        except ReadError as error:
            return _refused(str(path), str(error))

    def _source(self, source: Source, path: str) -> FileReport:
        state = self._state(source)
        if self._catalogue.state(source.key) == state:
            return FileReport(path=path, key=source.key, status=Status.UNCHANGED)
        try:
            contents = self._understood(source)
        except ReadError as error:
            return _refused(path, str(error))
        except Exception as error:  # one odd file must not stop the others
            log.exception("%s", path)
            return _refused(
                path, f"“{path}”的结构没能读懂（{type(error).__name__}）。请把它另存为纯文本再试。"
            )
        self._catalogue.put(source, state, contents)
        return _ingested(path, source.key, contents)

    def _understood(self, source: Source) -> Contents:
        documents = parse(source, gazetteer=self._gazetteer, options=self._options)
        contents = [(document, cut(document)) for document in documents]
        if not any(passages for _, passages in contents):
            raise EmptyFile(f"“{Path(source.key).name}”里没有可以检索的文字。")
        return contents

    def _state(self, source: Source) -> str:
        seen = (
            PARSER,
            source.digest,
            source.media,
            sorted(self._options.items()),
            sorted(source.metadata.items()),
        )
        return sha256(repr(seen).encode()).hexdigest()


def _ingested(path: str, key: str, contents: Contents) -> FileReport:
    return FileReport(
        path=path,
        key=key,
        status=Status.INGESTED,
        documents=len(contents),
        sections=sum(s.numeral != "0" for document, _ in contents for s in document.sections),
        points=sum(len(document.points) for document, _ in contents),
        passages=sum(len(passages) for _, passages in contents),
    )


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - as the readers do: resolve() follows links


def _stray(path: Path) -> FileReport:
    return _refused(
        str(path), f"“{path.name}”是一个链接，指向文件夹以外，没有读入。要读它，请直接写出它指向的文件。"
    )


def _refused(path: str, reason: str) -> FileReport:
    return FileReport(path=path, status=Status.REFUSED, reason=reason)
