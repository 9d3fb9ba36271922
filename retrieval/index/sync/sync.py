"""Keep a derived index in step with the catalogue: replay what changed, or make it anew beside the old."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from retrieval.index.sync.generations import Mark
from retrieval.values.errors import IndexBroken

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.catalog.catalog import Catalogue
    from retrieval.values.entry import Entry

Progress = Callable[[str, int, int], None]  # stage, done, total
log = logging.getLogger(__name__)


def silent(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody of the progress."""


class Derived(Protocol):
    """An index that can be made anew from entries, and brought up to date with some of them."""

    def count(self) -> int:
        """Return how many passages it holds."""
        ...

    def apply(self, entries: Iterable[Entry], dropped: Sequence[str]) -> None:
        """Put entries in place of what was held under their ids, and drop others."""
        ...

    def check(self, some: Sequence[Entry]) -> None:
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

    def mark(self) -> Mark | None:
        """Return the mark; None where there is none that can be read."""
        ...

    def place(self, name: str) -> P_co:
        """Return where a generation stands."""
        ...

    def fresh(self) -> str:
        """Make room for a new generation, and return its name."""
        ...

    def switch(self, mark: Mark) -> None:
        """Write the mark, in one step."""
        ...

    def sweep(self) -> None:
        """Delete what does not serve."""
        ...

    @property
    def busy(self) -> bool:
        """Whether a writer has begun and not ended."""
        ...

    def enter(self) -> None:
        """Note that a writer begins."""
        ...

    def leave(self) -> None:
        """Note that a writer has ended well."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[P, D]):
    """How one kind of derived index is made and opened, and what tells its formats apart."""

    name: str  # for the log
    stamp: str
    create: Callable[[P], D]
    open: Callable[[P], D]
    whole: Callable[[P], bool]  # whether a generation looks sound from outside
    fragile: bool = False  # whether a writer that was killed may have left it so that it can't be opened
    ready: Callable[[], None] = lambda: None  # called when a new generation is complete, before it serves


class IndexSynchronizer(Generic[P, D]):
    """Opens one derived index and keeps it in step with the catalogue."""

    def __init__(self, catalogue: Catalogue, generations: GenerationStore[P], kind: Kind[P, D]) -> None:
        self.generations = generations
        self._catalogue = catalogue
        self._kind = kind
        self._open: tuple[str, D] | None = None  # generation and index
        self._opening = threading.Lock()
        self._writing = False

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
        return self._died or not self._kind.whole(self.generations.place(mark.folder))

    @property
    def _died(self) -> bool:
        return self._kind.fragile and self.generations.busy and not self._writing

    def index(self) -> D | None:
        """Return the index that serves now; None where there is none of this kind. Raises ``IndexBroken``."""
        mark = self.mark()
        if mark is None:
            return None
        with self._opening:
            if self._open is None or self._open[0] != mark.folder:
                self._open = mark.folder, self._kind.open(self.generations.place(mark.folder))
            return self._open[1]

    def catch_up(self) -> None:
        """Bring the index up to the catalogue's version. Only for who holds the writer's lock."""
        if not self.behind:
            return
        mark = self.mark()
        if mark is None or self._died:
            if self._catalogue.noted("pruned") is not None:  # there was an index once
                why = "上次写入没有正常结束" if mark else "没有可用的索引"
                log.warning("%s索引重建：%s", self._kind.name, why)
            self.rebuild()
            return
        try:
            self._replay(mark)
        except IndexBroken as error:
            log.warning("%s索引重建：%s", self._kind.name, error)
            self.rebuild()

    def rebuild(self) -> None:
        """Make the index anew beside the old one and switch to it. Only for who holds the writer's lock."""
        self._begin()
        version = self._catalogue.version
        name = self.generations.fresh()
        index = self._kind.create(self.generations.place(name))
        index.apply(self._catalogue.entries(), ())
        self._check(index, version)
        self._kind.ready()
        identity = self._identity
        self.generations.switch(
            Mark(folder=name, stamp=self._kind.stamp, catalogue=identity, version=version)
        )
        with self._opening:
            old, self._open = self._open, (name, index)
        if old is not None:
            old[1].close()
        self.generations.sweep()

    def close(self) -> None:
        """Let go of the index."""
        if self._open is not None:
            self._open[1].close()
            self._open = None
        if self._writing:
            self.generations.leave()

    def _begin(self) -> None:
        if self._kind.fragile:
            self.generations.enter()
        self._writing = True

    def mark(self) -> Mark | None:
        """Return the mark of the generation that serves, if it is one of this kind and of this catalogue."""
        mark = self.generations.mark()
        if mark is None or mark.stamp != self._kind.stamp or mark.catalogue != self._identity:
            return None
        return mark

    def _replay(self, mark: Mark) -> None:
        # First: what is brought on is noted as complete, also where it had lost what came before.
        if not self._kind.whole(self.generations.place(mark.folder)):
            raise IndexBroken("不完整，或比资料目录库记的旧。")
        self._begin()
        index = self.index()
        assert index is not None, "a mark names an index"
        pending = self._catalogue.pending(mark.version)
        if not pending.complete:
            raise IndexBroken(f"{self._kind.name}索引停在第 {mark.version} 版，更改记录已不全")
        if pending.put or pending.dropped:
            index.apply(self._catalogue.entries(pending.put), pending.dropped)
        self._check(index, pending.version)
        if pending.version != mark.version:
            self.generations.switch(replace(mark, version=pending.version))
        self.generations.sweep()  # what a writer left that died while making a generation

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
