"""Keep a derived index in step with the catalogue: replay what changed, or make it anew beside the old."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from retrieval.index.sync.generations import GenerationMark
from retrieval.values.errors import IndexBroken

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.catalog.catalog import Catalogue
    from retrieval.catalog.models import PendingChanges
    from retrieval.values.documents import IndexEntry

Progress = Callable[[str, int, int], None]  # stage, done, total
log = logging.getLogger(__name__)


def silent(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody of the progress."""


class Derived(Protocol):
    """An index that can be made anew from entries, and brought up to date with some of them."""

    def count(self) -> int:
        """Return how many passages it holds."""
        ...

    def apply(self, entries: Iterable[IndexEntry], dropped: Sequence[str]) -> None:
        """Put entries in place of what was held under their ids, and drop others."""
        ...

    def check(self, some: Sequence[IndexEntry]) -> None:
        """Raise ``IndexBroken`` if it does not hold these entries."""
        ...

    def close(self) -> None:
        """Let go of its files."""
        ...


D = TypeVar("D", bound=Derived)
P = TypeVar("P")  # where a generation stands: a folder, or a name
P_co = TypeVar("P_co", covariant=True)


class GenerationStore(Protocol[P_co]):
    """Where the generations of one index stand, with the mark that says which one serves."""

    def mark(self) -> GenerationMark | None:
        """Return the mark; None where there is none that can be read."""
        ...

    def place(self, name: str) -> P_co:
        """Return where a generation stands."""
        ...

    def fresh(self) -> str:
        """Make room for a new generation, and return its name."""
        ...

    def switch(self, mark: GenerationMark) -> None:
        """Write the mark, in one step."""
        ...

    def sweep(self) -> None:
        """Delete what does not serve."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexKind(Generic[P, D]):
    """How one kind of derived index is made and opened, and what tells its formats apart."""

    name: str  # for the log
    stamp: str
    create: Callable[[P], D]
    open: Callable[[P], D]
    whole: Callable[[P], bool]  # whether a generation looks sound from outside
    ready: Callable[[], None] = lambda: None  # called when a new generation is complete, before it serves
    # Where readers would be disturbed by changes: how a generation is copied to be changed, and completed.
    copy: Callable[[P, P], None] | None = None
    complete: Callable[[P, D], None] | None = None


class IndexSynchronizer(Generic[P, D]):
    """Opens one derived index and keeps it in step with the catalogue."""

    def __init__(self, catalogue: Catalogue, generations: GenerationStore[P], kind: IndexKind[P, D]) -> None:
        self.generations = generations
        self._catalogue = catalogue
        self._kind = kind
        self._open: tuple[str, D] | None = None  # generation and index
        self._opening = threading.Lock()

    @property
    def _identity(self) -> str:
        """The catalogue's name, which is another when a backup was put in its place."""
        return self._catalogue.noted("identity") or ""

    @property
    def behind(self) -> bool:
        """Whether there is anything to replay or to make anew."""
        mark, version = self.mark(), self._catalogue.version
        if mark is None or mark.version != version:
            return version > 0
        return not self._kind.whole(self.generations.place(mark.folder))

    @property
    def due(self) -> int:
        """How many passages have to be put to bring it up to the catalogue's version."""
        mark = self.mark()
        pending = self._catalogue.pending(mark.version) if mark else None
        if mark is None or pending is None or not pending.complete:
            return self._catalogue.count()
        return (
            len(pending.put)
            if self._kind.whole(self.generations.place(mark.folder))
            else self._catalogue.count()
        )

    def index(self) -> D | None:
        """Return the index that serves now; None where there is none of this kind. Raises ``IndexBroken``."""
        mark = self.mark()
        if mark is None:
            return None
        with self._opening:
            if self._open is None or self._open[0] != mark.folder:
                old, self._open = self._open, None
                if old is not None:
                    old[1].close()
                self._open = mark.folder, self._kind.open(self.generations.place(mark.folder))
            return self._open[1]

    @property
    def is_open(self) -> bool:
        """Whether an index is open here."""
        return self._open is not None

    def catch_up(self) -> None:
        """Bring the index up to the catalogue's version. Only for who holds the writer's lock."""
        if not self.behind:
            return
        mark = self.mark()
        if mark is None:
            if self._catalogue.noted("pruned") is not None:  # there was an index once
                log.warning("%s索引重建：没有可用的索引", self._kind.name)
            self.rebuild()
            return
        try:
            self._replay(mark)
        except IndexBroken as error:
            log.warning("%s索引重建：%s", self._kind.name, error)
            self.rebuild()

    def rebuild(self) -> None:
        """Make the index from all entries beside the old one, and switch. Only for the holder of the lock."""
        version = self._catalogue.version
        name = self.generations.fresh()
        index = self._kind.create(self.generations.place(name))
        index.apply(self._catalogue.entries(), ())
        self._check(index, version)
        self._kind.ready()
        self._complete(name, index)
        mark = GenerationMark(folder=name, stamp=self._kind.stamp, catalogue=self._identity, version=version)
        self.generations.switch(mark)
        self._serve(name, index)
        self.generations.sweep()

    def _complete(self, name: str, index: D) -> None:
        if self._kind.complete is not None:
            self._kind.complete(self.generations.place(name), index)

    def _serve(self, name: str, index: D) -> None:
        """Take an index into use; what was completed is opened again with the next question."""
        with self._opening:
            old, self._open = self._open, None if self._kind.complete else (name, index)
        if old is not None:
            old[1].close()

    def close(self) -> None:
        """Let go of the index."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def mark(self) -> GenerationMark | None:
        """Return the mark of the generation that serves, if it is one of this kind and of this catalogue."""
        mark = self.generations.mark()
        if mark is None or mark.stamp != self._kind.stamp or mark.catalogue != self._identity:
            return None
        return mark

    def _replay(self, mark: GenerationMark) -> None:
        # First: what is brought on is noted as complete, also where it had lost what came before.
        if not self._kind.whole(self.generations.place(mark.folder)):
            raise IndexBroken("不完整，或比资料目录库记的旧。")
        pending = self._catalogue.pending(mark.version)
        if not pending.complete:
            raise IndexBroken(f"{self._kind.name}索引停在第 {mark.version} 版，更改记录已不全")
        if self._kind.copy is not None and (pending.put or pending.dropped):
            self._replay_in_copy(self._kind.copy, mark, pending)
        else:
            self._replay_in_place(mark, pending)
        self.generations.sweep()  # what a writer left that died while making a generation

    def _replay_in_place(self, mark: GenerationMark, pending: PendingChanges) -> None:
        index = self.index()
        assert index is not None, "a mark names an index"
        if pending.put or pending.dropped:
            index.apply(self._catalogue.entries(pending.put), pending.dropped)
        self._check(index, pending.version)
        if pending.version != mark.version:
            self.generations.switch(replace(mark, version=pending.version))

    def _replay_in_copy(
        self, copy: Callable[[P, P], None], mark: GenerationMark, pending: PendingChanges
    ) -> None:
        name = self.generations.fresh()
        copy(self.generations.place(mark.folder), self.generations.place(name))
        index = self._kind.open(self.generations.place(name))
        try:
            index.apply(self._catalogue.entries(pending.put), pending.dropped)
            self._check(index, pending.version)
        except BaseException:
            index.close()
            raise
        self._complete(name, index)
        self.generations.switch(replace(mark, folder=name, version=pending.version))
        self._serve(name, index)

    def _check(self, index: D, version: int) -> None:
        """Compare the index with the catalogue, if that still stands at the version it was made from.

        The writer's lock of a home keeps nobody on another machine from writing meanwhile; the next replay
        brings what they wrote, and compares.
        """
        try:
            self._compare(index)
        except IndexBroken:
            if self._catalogue.version == version:
                raise

    def _compare(self, index: D) -> None:
        held, known = index.count(), self._catalogue.count()
        if held != known:
            raise IndexBroken(f"{self._kind.name}索引有 {held} 段，资料目录库有 {known} 段。")
        index.check(list(self._catalogue.entries(self._catalogue.sample())))
