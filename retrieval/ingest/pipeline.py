"""Files into the catalogue: made ready ahead, kept one by one, indexed a few thousand passages at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.catalog.fact_writer import rows_of
from retrieval.database.outages import tries
from retrieval.index.sync.sync import silent
from retrieval.ingest.corrections import corrections
from retrieval.ingest.prepare import Prepared, Preparer, absolute, refused
from retrieval.ingest.report import FileReport, Report, Status
from retrieval.loaders.load import files, leads_out
from retrieval.runtime.prefetch import ahead
from retrieval.runtime.stage_timer import StageTimer
from retrieval.values.errors import CatalogueAway, EmbeddingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from retrieval.catalog.catalog import Catalogue
    from retrieval.catalog.fact_writer import Reader
    from retrieval.catalog.source_rows import SourceRows
    from retrieval.index.index_set import Indexes
    from retrieval.index.sync.sync import Progress
    from retrieval.places.gazetteer import Gazetteer
    from retrieval.values.documents import Source

    Workshop = Callable[[Preparer, Iterable[Path]], Iterable[Prepared]]

_AHEAD = 16  # files made ready before they are kept
_FEW, _MANY, _SHARE = 2, 5, 0.5  # files gone from a folder that make it look unmounted: all, or most of many
_SLICE = 4_000  # passages kept before they are indexed: what can't be found yet while an ingest runs


def here(preparer: Preparer, paths: Iterable[Path]) -> Iterable[Prepared]:
    """Make files ready in a thread of this process, while others embed."""
    return ahead(map(preparer.file, paths), most=_AHEAD)


class Ingest:
    """Takes sources into the catalogue and into the indexes behind it."""

    def __init__(
        self,
        catalogue: Catalogue,
        indexes: Indexes,
        *,
        gazetteer: Gazetteer,
        options: Mapping[str, str],
        progress: Progress = silent,
        reader: Reader = rows_of,
    ) -> None:
        self._catalogue = catalogue
        self._indexes = indexes
        self._progress = progress
        self._known = catalogue.states()
        self._preparer = Preparer(
            gazetteer, options, known=self._known, reader=reader, corrections=corrections(catalogue)
        )
        self._stages = StageTimer()
        self._fault: EmbeddingError | None = None

    def paths(self, paths: Iterable[Path], workshop: Workshop = here, *, prune: bool = False) -> Report:
        """Take files, and folders as they are: a text whose file is gone from its folder is forgotten.

        A bad file is reported and passed over; what was known of it stays. Raises an EmbeddingError only when
        all files are kept.
        """
        return self._all(self._paths(list(paths), workshop, prune=prune))

    def sources(self, sources: Iterable[Source]) -> Report:
        """Take sources that have been read."""
        return self._all(self._kept(self._preparer.source(source)) for source in sources)

    def ready(self, source: Source) -> Prepared:
        """Make a source ready that has been read, and keep nothing yet."""
        return self._preparer.source(source)

    def _paths(self, given: Sequence[Path], workshop: Workshop, *, prune: bool) -> Iterator[FileReport]:
        unread: list[OSError] = []
        found = list(files(given, unread.append))
        folders = [one for one in given if one.is_dir()]
        stray = {path for path in found if path not in given and leads_out(path, folders)}
        made = iter(workshop(self._preparer, [path for path in found if path not in stray]))
        for done, path in enumerate(found):
            self._progress("read", done, len(found))
            yield _stray(path) if path in stray else self._kept(next(made))
        self._progress("read", len(found), len(found))
        yield from map(_shut, unread)
        for folder in folders:
            shut = [absolute(Path(one.filename)) for one in unread]
            yield from self._gone(absolute(folder), shut, prune=prune)

    def _gone(self, folder: Path, unread: Sequence[Path], *, prune: bool) -> Iterator[FileReport]:
        """Forget the texts whose files are gone from a folder; none where it may be unmounted."""
        inside = [key for key in self._known if folder in Path(key).parents]
        seen = [key for key in inside if not any(one in Path(key).parents for one in unread)]
        gone = [key for key in seen if not Path(key).exists()]
        if not prune and _are_too_many(len(gone), len(inside)):
            yield refused(
                str(folder),
                f"“{folder}”里原来读入的 {len(inside)} 个文件有 {len(gone)} 个不见了："
                "文件夹可能没有挂载，或被移走了。"
                "库里的材料没有动；如果确实都删了，请加 --prune 再运行一次。",
            )
            return
        for key in gone:
            if self._catalogue.remove(key):
                del self._known[key]
                yield FileReport(path=key, key=key, status=Status.REMOVED)

    def _kept(self, prepared: Prepared) -> FileReport:
        self._stages.add(prepared.seconds)
        if prepared.rows is not None:
            with self._stages("catalogue"):
                self._keep(prepared.rows)
            self._known[prepared.report.key] = str(prepared.rows.source["state"])
        return prepared.report

    def _keep(self, rows: SourceRows) -> None:
        """Keep the rows of a source; done twice it comes to the same, so what broke off is done again."""
        for last in tries():
            try:
                self._catalogue.keep(rows)
            except CatalogueAway:
                if last:
                    raise
            else:
                return

    def _all(self, taken: Iterator[FileReport]) -> Report:
        reports, waiting = [], 0
        for report in taken:
            reports.append(report)
            waiting += report.passages
            if waiting >= _SLICE and self._fault is None:
                waiting = 0
                self._index_some()
        self._stages.add(self._indexes.catch_up(self._progress))
        return Report(files=tuple(reports), seconds=self._stages.seconds)

    def _index_some(self) -> None:
        """Index what is kept so far; a lack of vectors is reported when all files are kept."""
        try:
            self._stages.add(self._indexes.catch_up(self._progress, more=True))
        except EmbeddingError as error:
            self._fault = error


def _are_too_many(gone: int, held: int) -> bool:
    """Return whether so many files of a folder are gone at once that the folder itself may be."""
    return gone >= _FEW and (gone == held or (gone >= _MANY and gone > held * _SHARE))


def _shut(error: OSError) -> FileReport:
    """Return that a folder could not be looked into; what was read from it stays."""
    return refused(
        str(error.filename),
        f"文件夹“{error.filename}”打不开（{error.strerror}），里面的文件没有读，库里的也没有动。"
        "请检查它的权限后再试。",
    )


def _stray(path: Path) -> FileReport:
    return refused(
        str(path), f"“{path.name}”是一个链接，指向文件夹以外，没有读入。要读它，请直接写出它指向的文件。"
    )
