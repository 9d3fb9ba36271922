"""Reading ahead: a thread makes the next values while this one works on those before."""

from __future__ import annotations

import threading
from queue import Empty, Full, Queue
from typing import TYPE_CHECKING, TypeVar

from retrieval.runtime.yield_to_searches import give_way

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")
_LOOK = 0.2  # seconds between two looks whether the other side has gone away


def ahead(values: Iterable[T], *, most: int) -> Iterator[T]:
    """Give the values in their order, with at most so many made before they are asked for.

    What their making raises is raised here. Whoever stops early stops the making after the value at hand.
    """
    queue: Queue[tuple[T] | BaseException | None] = Queue(most)
    gone = threading.Event()
    maker = threading.Thread(target=_make, args=(values, queue, gone), name="ahead", daemon=True)
    maker.start()
    try:
        while (given := queue.get()) is not None:
            if isinstance(given, BaseException):
                raise given
            yield given[0]
    finally:
        gone.set()
        _drain(queue)
        maker.join()


def _make(values: Iterable[T], queue: Queue[tuple[T] | BaseException | None], gone: threading.Event) -> None:
    give_way()
    end: BaseException | None = None
    try:
        for value in values:
            if not _put(queue, (value,), gone):
                return
    except BaseException as error:  # noqa: BLE001 - it is raised on the other side
        end = error
    _put(queue, end, gone)


def _put(
    queue: Queue[tuple[T] | BaseException | None],
    value: tuple[T] | BaseException | None,
    gone: threading.Event,
) -> bool:
    while not gone.is_set():
        try:
            queue.put(value, timeout=_LOOK)
        except Full:
            continue
        return True
    return False


def _drain(queue: Queue[tuple[T] | BaseException | None]) -> None:
    while True:
        try:
            queue.get_nowait()
        except Empty:
            return
