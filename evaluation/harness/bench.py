"""What the tables are measured with: libraries filled from the material, searchers, other stacks."""

from __future__ import annotations

from contextlib import ExitStack, nullcontext
from functools import cached_property
from typing import TYPE_CHECKING, Self

from bot.assembly.wiring import Wiring
from bot.config.settings import Settings
from evaluation.datasets.material import ROOT, SourceText
from evaluation.harness.homes import FilledHome, HomeStore, code_of, stamp_of
from evaluation.harness.peer_stacks import peers
from evaluation.harness.process_cost import TimedEmbedder
from evaluation.harness.retrievers import OwnRetriever
from evaluation.harness.trials import run
from retrieval.embeddings.embedder import open_embedder
from retrieval.loaders.load import files, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from types import TracebackType

    from evaluation.datasets.material import SharedMaterial
    from evaluation.harness.peer_stacks import PeerStack
    from evaluation.harness.retrievers import BenchRetriever
    from evaluation.harness.trials import RetrievalTrial, TrialResult
    from retrieval.embeddings.embedder import Embedder
    from retrieval.library import Library


PASSAGES = (1_000, 10_000)


class BenchWiring(Wiring):
    """The program's own wiring around an embedder that is handed in."""

    def __init__(self, home: Path, embedder: Embedder | None, *, shipped: bool = False) -> None:
        super().__init__(Settings(home=home, shipped=shipped))
        self._given = embedder

    def embedder(self) -> Embedder | None:
        """Return the embedder that was handed in."""
        return self._given


class Bench:
    """Everything is made when it is first asked for, and closed at the end."""

    def __init__(self, shared: SharedMaterial, root: Path, *, passages: tuple[int, ...] = PASSAGES) -> None:
        self.shared = shared
        self.passages = passages  # sizes of the homes that growth is measured on
        self.homes = HomeStore(root)
        self._code = stamp_of(files=code_of("retrieval"))  # as it runs here, whatever is edited meanwhile
        self._open = ExitStack()
        self._libraries: dict[str, Library] = {}
        self._peers: dict[tuple[str, str], tuple[PeerStack, FilledHome]] = {}
        self._runs: dict[tuple[str, str], TrialResult] = {}
        self.remarks: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @cached_property
    def model(self) -> Embedder | None:
        """The embedded model, or None where words alone serve."""
        return open_embedder(home=self.homes.root / "model")

    @cached_property
    def embedder(self) -> TimedEmbedder | None:
        """The model as the program uses it, timed apart from the other stacks' use of it."""
        return TimedEmbedder(self.model) if self.model else None

    # The program itself.

    def seed(self) -> FilledHome:
        """Return a home that holds the source of four speeches and nothing else."""
        return self._ingested("seed", self.shared.seed)

    def gov(self) -> FilledHome:
        """Return a home that holds every government document."""
        return self._ingested("gov", self.shared.gov)

    def learned(self) -> FilledHome:
        """Return a home that holds the government documents that are there to learn from."""
        return self._ingested("gov-train", self.shared.path("data", "gov_train"))

    def cmrc(self) -> FilledHome:
        """Return a home that holds each CMRC passage as a document."""
        texts = self.shared.cmrc_texts()
        folder = self.homes.root / "cmrc-files"
        folder.mkdir(parents=True, exist_ok=True)
        for text in texts:
            (folder / f"{text.name}.txt").write_text(text.text, encoding="utf-8")
        return self._ingested("cmrc", folder)

    def shipped(self) -> FilledHome:
        """Return a home as a user's first question makes it: with the texts that ship."""

        def build(home: Path) -> None:
            parts = BenchWiring(home, self.embedder, shipped=True)
            with parts.filled(lambda: nullcontext(_silent)) as library:
                assert library.documents(), "the shipped texts were taken in"

        return self.homes.stand("shipped", self._stamp((ROOT / "corpus").iterdir()), build)

    def library(self, stand: FilledHome) -> Library:
        """Return the library of a home, open for reading."""
        name = stand.folder.name
        if name not in self._libraries:
            opened = BenchWiring(stand.folder, self.embedder).library()
            self._libraries[name] = self._open.enter_context(opened)
        return self._libraries[name]

    def finder(self, stand: FilledHome) -> OwnRetriever:
        """Return what searches a home as ``chengwen search`` does."""
        return OwnRetriever(BenchWiring(stand.folder, self.embedder).searcher(self.library(stand)))

    def _ingested(self, name: str, material: Path) -> FilledHome:
        def build(home: Path) -> None:
            with BenchWiring(home, self.embedder).library(write=True) as library:
                library.ingest([material])

        return self.homes.stand(name, self._stamp(files([material])), build)

    def _stamp(self, material: Iterable[Path]) -> str:
        paths = [path for path in material if path.is_file()]
        return stamp_of(self.model.name if self.model else None, self._code, files=paths)

    def run(self, trial: RetrievalTrial, finder: BenchRetriever) -> TrialResult:
        """Return what a finder makes of a trial, run once however many tables ask."""
        key = trial.key, finder.name
        if key not in self._runs:
            self._runs[key] = run(trial, finder)
        return self._runs[key]

    def remark(self, lines: Iterable[str]) -> None:
        """Keep what was noticed about single questions."""
        self.remarks += (" ".join(line.split()) for line in lines)

    # Other stacks.

    def peers(self, name: str, texts: Sequence[SourceText]) -> list[tuple[BenchRetriever, FilledHome]]:
        """Return each other stack with these texts in it, and where it was built; none without the extra."""
        return [self._peer(kind, name, texts) for kind in peers()] if self.model else []

    def _peer(
        self, kind: type[PeerStack], name: str, texts: Sequence[SourceText]
    ) -> tuple[PeerStack, FilledHome]:
        assert self.model is not None
        embedder, key = self.model, (kind.__name__, name)
        if key not in self._peers:
            stamp = stamp_of(embedder.name, texts, files=code_of("evaluation/peers"))
            stand = self.homes.stand(
                f"{name}-{kind.__name__.lower()}",
                stamp,
                lambda folder: _build(kind, texts, embedder, folder / "index"),
            )
            self._peers[key] = kind.open(embedder=embedder, folder=stand.folder / "index"), stand
        return self._peers[key]


def texts_of(folder: Path) -> tuple[SourceText, ...]:
    """Return the texts of all files of a folder, as our readers read them, for stacks that have none."""
    return tuple(SourceText(name=path.stem, text=read(path).text) for path in files([folder]))


def _build(kind: type[PeerStack], texts: Sequence[SourceText], embedder: Embedder, folder: Path) -> None:
    folder.mkdir()
    kind.build(texts, embedder=embedder, folder=folder)


def _silent(_stage: str, _done: int, _total: int) -> None: ...
