"""Reading, parsing and embedding spread over a Ray cluster; what comes back is kept here, in the same order.

Files are read where a worker runs: their folder has to be at the same path there. Seam: ray.
"""

from __future__ import annotations

import os
import socket
import tempfile
from collections import deque
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import ray

from retrieval.embeddings.e5.model import EmbeddedModel
from retrieval.values.errors import RetrievalError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from retrieval.embeddings.embedder import Embedder
    from retrieval.ingest.prepare import Prepared, Preparer

HERE = "local"  # an address: workers of this machine, begun and ended with the cluster
_FILES = 8  # made ready in one task
_WAITING = 2  # tasks under way for each worker
_PATIENCE = 10.0  # seconds that an address may take to answer
_FOREVER = -1  # a lost worker's task is done again by another


class Cluster:
    """The workers of one Ray cluster."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def prepare(self, preparer: Preparer, paths: Iterable[Path]) -> Iterator[Prepared]:
        """Make files ready on the workers, and give them in the order of the paths."""
        shared = ray.put(preparer)
        task = ray.remote(num_cpus=0, max_retries=_FOREVER, scheduling_strategy="SPREAD")(
            _prepared
        )  # the actors hold the cores
        rest = iter(paths)
        groups = iter(lambda: list(islice(rest, _FILES)), [])
        given = (task.remote(shared, [str(path) for path in group]) for group in groups)
        for made in _in_order(given, most=_WAITING * self.workers):
            yield from made

    def spread(self, embedder: Embedder | None) -> Embedder | None:
        """Return the embedded model with its passages made on the workers; any other as it is."""
        return (
            SpreadModel(embedder, workers=self.workers) if isinstance(embedder, EmbeddedModel) else embedder
        )


class SpreadModel:
    """The embedded model on many workers; a batch is made whole by one of them: the same numbers."""

    def __init__(self, model: EmbeddedModel, *, workers: int) -> None:
        self._model = model
        self.name = model.name
        self.dimension = model.dimension
        actor: Any = ray.remote(num_cpus=1, max_restarts=_FOREVER, max_task_retries=_FOREVER)(_Worker)
        self._workers: list[Any] = [actor.remote() for _ in range(workers)]

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dimension) vectors of length one."""
        return next(self.each([texts]))

    def each(self, batches: Sequence[Sequence[str]]) -> Iterator[NDArray[np.float32]]:
        """Return the vectors of each batch in turn, while the workers are at those that follow."""
        given = (
            self._workers[n % len(self._workers)].passages.remote(list(batch))
            for n, batch in enumerate(batches)
        )
        for made in _in_order(given, most=_WAITING * len(self._workers)):
            yield np.asarray(made, np.float32)

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""
        return self._model.query(text)


@contextmanager
def joined(address: str, *, workers: int | None = None) -> Iterator[Cluster]:
    """Return the cluster at an address, ``auto`` or ``ray://host:port``, or ``local`` workers, one to a core.

    Raises RetrievalError where there is none.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    quiet: dict[str, Any] = {"logging_level": "CRITICAL", "log_to_driver": False}
    try:
        if address == HERE:
            ours = {
                "env_vars": {"PYTHONPATH": str(Path(__file__).parents[2])}
            }  # also where it is not installed
            ray.init(
                num_cpus=workers,
                include_dashboard=False,
                _node_ip_address="127.0.0.1",
                runtime_env=ours,
                **quiet,
            )
        else:
            _reach(address)
            ray.init(address=address, **quiet)
    except Exception as error:  # it passes on any exception
        raise RetrievalError(_failed(address, error)) from error
    try:
        held: dict[str, float] = ray.cluster_resources()
        yield Cluster(workers or max(1, int(held.get("CPU", 1))))
    finally:
        ray.shutdown()


def _failed(address: str, error: Exception) -> str:
    if address == HERE:  # it gives itself half a minute
        return f"本机的 Ray 没能启动（{error}）。机器太忙时请过一会儿再试，或不写 --ray。"
    return f"Ray 集群 {address} 连不上（{error}）。请检查地址，或写 {HERE} 用本机。"


def _reach(address: str) -> None:
    """Raise OSError where nothing listens: Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host, int(port)), timeout=_PATIENCE).close()


def _in_order(given: Iterator[Any], *, most: int) -> Iterator[Any]:
    """Return what tasks return in the order they were given, with so many under way."""
    waiting = deque(islice(given, most))
    while waiting:
        made = ray.get(waiting.popleft())
        waiting.extend(islice(given, 1))
        yield made


def _prepared(preparer: Preparer, paths: Sequence[str]) -> list[Prepared]:
    return [preparer.file(Path(path)) for path in paths]


class _Worker:
    """The model in a worker, on one core."""

    def __init__(self) -> None:
        home = Path(tempfile.gettempdir()) / f"chengwen-worker-{os.getuid()}"
        self._model = EmbeddedModel(home, cores=1)

    def passages(self, texts: list[str]) -> NDArray[np.float32]:
        return self._model.passages(texts)
