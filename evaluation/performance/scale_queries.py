"""How long a search takes in a large home, stage by stage, and what its vectors miss."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from functools import partial
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

from evaluation.reporting.metrics import percentile
from retrieval.catalog.catalog import Catalogue
from retrieval.catalog.vectors import CatalogueVectors
from retrieval.index.chroma.embedded import EmbeddedVectors
from retrieval.index.index_set import Indexes
from retrieval.library import Library
from retrieval.ranking.hybrid import POOL, Candidates, Query, fuse
from retrieval.values.documents import Filter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from evaluation.datasets.kept_vectors import KeptVectors
    from evaluation.performance.scale_home import FillCost
    from retrieval.ranking.hybrid import Retrievers, VectorRetriever

_WARMING = 10
_RECALLED = 10
_SAME = 1e-6  # between cosines of one text that stands twice
STAGES = ("vectors", "words", "fusion", "texts", "search", "waiting")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryLatencies:
    """The milliseconds of each question, by stage.

    "search" is the whole of it, in processor time as the others, and "waiting" the same by the clock.
    """

    all: dict[str, tuple[float, ...]]

    def at(self, stage: str, part: float) -> float:
        """Return a percentile of a stage."""
        return percentile(self.all[stage], part)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleMeasurement:
    """What was measured of one home."""

    filled: FillCost
    free: QueryLatencies  # without limits
    inside: QueryLatencies  # inside one place
    answerable: float  # recall for questions on reports that the home holds
    others: float  # recall for questions on other texts
    cold: float  # seconds of chengwen ask
    busy: tuple[float, float]  # p95 while another process embeds, against at rest just before


def places_of(home: Path) -> list[str]:
    """Return the places of a home, those with most documents first."""
    with Library.open(home, embedder=None) as library:
        places = [document.place for document in library.documents() if document.place]
    return sorted(set(places), key=lambda place: (-places.count(place), place))


def waits(
    home: Path, embedder: KeptVectors, questions: Sequence[str], places: Sequence[str] = ()
) -> QueryLatencies:
    """Ask each question once, the n-th inside the n-th of the places in turn where there are any."""
    limits = [
        Filter(places=(places[n % len(places)],)) if places else Filter() for n in range(len(questions))
    ]
    embedder.expect(questions)
    asked = list(zip(questions, limits, strict=True))
    whole = _searches(home, embedder, asked)
    with closing(Catalogue.open(home / "catalogue.db")) as catalogue:
        indexes = Indexes(catalogue, home, embedder)
        legs = indexes.legs()
        staged = [_staged(legs, catalogue, indexes.query(text), limit) for text, limit in asked]
        indexes.close()
    by_stage = {stage: tuple(one[stage] for one in staged) for stage in staged[0]}
    return QueryLatencies(all=by_stage | whole)


def _searches(
    home: Path, embedder: KeptVectors, asked: Sequence[tuple[str, Filter]]
) -> dict[str, tuple[float, ...]]:
    spent, waited = [], []
    with Library.open(home, embedder=embedder) as library:
        warming = asked[-_WARMING:]
        for text, limits in [*warming, *asked]:
            began = perf_counter()
            spent.append(clocked(partial(library.find, text, filter=limits)))
            waited.append(1000 * (perf_counter() - began))
    return {"search": tuple(spent[len(warming) :]), "waiting": tuple(waited[len(warming) :])}


def _staged(legs: Retrievers, catalogue: Catalogue, query: Query, limits: Filter) -> dict[str, float]:
    assert legs.words is not None
    assert legs.nearest is not None
    assert query.vector is not None
    words, nearest, vector = legs.words, legs.nearest, query.vector
    found = Candidates()

    def near() -> None:
        found.near = nearest.find(vector, limit=POOL, limits=limits)

    def shared() -> None:
        found.words = words.find(query.text, limit=POOL, limits=limits)

    spent = {"vectors": clocked(near), "words": clocked(shared)}
    spent["fusion"] = clocked(lambda: fuse(legs, query, found))
    best = [one.passage for one in fuse(legs, query, found)[:8]]
    spent["texts"] = clocked(lambda: catalogue.pieces(best))
    return spent


def clocked(work: Callable[[], object]) -> float:
    """Return how many milliseconds of a processor something takes in this thread."""
    began = thread_time()
    work()
    return 1000 * (thread_time() - began)


def waiting(work: Callable[[], object]) -> float:
    """Return how many milliseconds something takes, other work on the machine included."""
    began = perf_counter()
    work()
    return 1000 * (perf_counter() - began)


def chroma_recall(home: Path, embedder: KeptVectors, questions: Sequence[str]) -> float:
    """Return which share of the ten nearest, by comparing everything, Chroma finds."""
    with closing(Catalogue.open(home / "catalogue.db")) as catalogue:
        kept = CatalogueVectors(catalogue, embedder.name)
        with closing(EmbeddedVectors(catalogue, home, embedder)) as vectors:
            near = vectors.nearest()
            shares = [_found(near, kept, vectors.query(question)) for question in questions]
    return sum(shares) / len(shares)


def _found(near: VectorRetriever, kept: CatalogueVectors, vector: NDArray[np.float32]) -> float:
    best = kept.nearest(vector, limit=_RECALLED, limits=Filter())
    least = min(best.values()) - _SAME
    found = near.find(vector, limit=_RECALLED, limits=Filter())
    return sum(cosine >= least for cosine in kept.cosines(vector, found).values()) / len(best)
