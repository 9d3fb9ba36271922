"""An event loop whose time passes only when nothing is left to do, and in which whole processes can die.

Work for threads is done by the loop itself, after a delay from the seed: with one seed everything happens in
the same order, however fast the machine is.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import logging
import selectors
import sys
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.telegram.updates import leases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evaluation.simulation.draws import Draws

MOMENT = 1e-6  # seconds
START = 1_800_000_000.0  # seconds since 1970 at which every simulation begins


@dataclass(slots=True, eq=False)
class ProcessLife:
    """One life of one process: what it has begun is never gone on with once it is over."""

    name: str
    clock_offset: float = 0.0  # seconds by which its wall clock is ahead of the true time
    over_at: float | None = None  # virtual seconds
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    @property
    def is_over(self) -> bool:
        """Whether the process has ended."""
        return self.over_at is not None


LIFE: contextvars.ContextVar[ProcessLife | None] = contextvars.ContextVar("life", default=None)


class _NothingToWaitFor(selectors.SelectSelector):
    """Waits for no file: it lets the loop's clock jump to the next thing that is due."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("nothing is due: the simulation would wait for ever")
        self.loop.pass_time(timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop in virtual seconds that begin at 0."""

    def __init__(self, draws: Draws) -> None:
        self._draws, self._now = draws, 0.0
        self.lives: set[ProcessLife] = set()
        selector = _NothingToWaitFor()
        selector.loop = self
        super().__init__(selector)
        self.set_task_factory(_task)

    def time(self) -> float:
        """Return how many virtual seconds have passed."""
        return self._now

    def pass_time(self, seconds: float) -> None:
        """Let time pass, also where nothing is waited for: work takes a moment on any machine."""
        self._now += max(MOMENT, seconds)

    def call_soon(  # type: ignore[override]
        self, callback: Any, *args: Any, context: contextvars.Context | None = None
    ) -> Any:
        """Call back soon, unless the process that asked for it is dead by then."""
        context = contextvars.copy_context() if context is None else context  # an empty one is falsy
        if (life := context.get(LIFE)) is not None:
            return super().call_soon(_alive, life, callback, args, context=context)
        return super().call_soon(callback, *args, context=context)

    def call_at(  # type: ignore[override]
        self, when: float, callback: Any, *args: Any, context: contextvars.Context | None = None
    ) -> Any:
        """Call back at a time, unless the process that asked for it is dead by then."""
        context = contextvars.copy_context() if context is None else context  # an empty one is falsy
        if (life := context.get(LIFE)) is not None:
            return super().call_at(when, _alive, life, callback, args, context=context)
        return super().call_at(when, callback, *args, context=context)

    def run_in_executor(  # type: ignore[override]
        self, _executor: object, func: Any, *args: Any
    ) -> asyncio.Future[Any]:
        """Do the work of a thread after a delay; it is done also where nobody waits for it any more."""
        told: asyncio.Future[Any] = self.create_future()

        def work() -> None:
            try:
                done = func(*args)
            except BaseException as error:  # noqa: BLE001 - it is told to the caller that waits, as a thread does
                if not told.done():
                    told.set_exception(error)
            else:
                if not told.done():
                    told.set_result(done)

        self.call_later(self._draws.thread_delay(), work)
        return told


@contextmanager
def virtual_time(draws: Draws) -> Iterator[VirtualLoop]:
    """Inside there is a loop whose time ``time.monotonic`` tells, ``time.time`` as a process's clock has it.

    Nothing is collected meanwhile: when that happens would be left to chance. What dead processes were at is
    ended when this is left, unheard.
    """
    loop, hook, level = VirtualLoop(draws), sys.unraisablehook, logging.root.manager.disable
    real = time.time, time.monotonic, leases.monotonic  # type: ignore[attr-defined]

    def wall() -> float:
        life = LIFE.get()
        return START + loop.time() + (life.clock_offset if life else 0.0)

    gc.disable()
    gc.freeze()  # what is collected in the end is this run's, not all that was ever imported
    logging.disable(logging.CRITICAL)
    time.time, time.monotonic, leases.monotonic = wall, loop.time, loop.time  # type: ignore[attr-defined]
    try:
        yield loop
    finally:
        sys.unraisablehook = lambda _: None
        loop.set_exception_handler(lambda *_: None)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # some died before their first step
            for life in loop.lives:
                _let_go(life)
            loop.close()
            gc.enable()
            gc.collect()
            gc.unfreeze()
        time.time, time.monotonic, leases.monotonic = real  # type: ignore[attr-defined]
        logging.disable(level)
        sys.unraisablehook = hook


def _let_go(life: ProcessLife) -> None:
    while life.tasks:
        life.tasks.pop()._log_destroy_pending = False  # type: ignore[attr-defined]  # noqa: SLF001


def _task(loop: asyncio.AbstractEventLoop, coroutine: Any, **more: Any) -> asyncio.Task[Any]:
    task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, **more)
    if (life := LIFE.get()) is not None:
        # Held, so that nothing of a dead process is ended tidily: kill -9 ends nothing tidily.
        life.tasks.add(task)
        if isinstance(loop, VirtualLoop):
            loop.lives.add(life)
        task.add_done_callback(life.tasks.discard)
    return task


def _alive(life: ProcessLife, callback: Callable[..., object], args: tuple[Any, ...]) -> None:
    if not life.is_over:
        callback(*args)
