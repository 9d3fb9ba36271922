"""A model that failed several times in a row is left alone for a while: nobody waits for it in vain."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from answering.values.errors import (
    BudgetSpent,
    LedgerBroken,
    ModelBroken,
    ModelBusy,
    ModelError,
    ModelResting,
    ModelSlow,
    ModelUnreachable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_UNWELL = (ModelBroken, ModelBusy, ModelSlow, ModelUnreachable)
_UNASKED = (BudgetSpent, LedgerBroken)  # the server was not asked, so nothing was learnt of it


class Breaker:
    """Lets calls through until ``failures`` in a row; then one a ``pause`` tries whether all is well again.

    Its state is this process's own: another one finds out by itself.
    """

    def __init__(
        self, *, failures: int = 3, pause: float = 30.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._pause, self._clock = failures, pause, clock
        self._failed = 0
        self._until = 0.0
        self._trying = False

    @property
    def resting(self) -> float:
        """For how many seconds more no call is made; 0 where calls are."""
        return max(0.0, self._until - self._clock()) if self._failed >= self._most else 0.0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch one call from its beginning to its end; raises ModelResting when none may be made now."""
        trial = self._enter()
        try:
            yield
        except _UNASKED:
            raise
        except ModelError as error:
            self._learn(well=not isinstance(error, _UNWELL))
            raise
        else:
            self._learn(well=True)
        finally:  # a call that was given up tells nothing, and must not stand in the next one's way
            self._trying = self._trying and not trial

    def _enter(self) -> bool:
        if self._failed < self._most:
            return False
        left = self._until - self._clock()
        if left > 0 or self._trying:
            raise ModelResting(
                f"模型接连 {self._failed} 次没有答上来，{max(1, round(left))} 秒后再试；这之前不用它作答。"
            )
        self._trying = True
        return True

    def _learn(self, *, well: bool) -> None:
        self._failed = 0 if well else self._failed + 1
        self._until = self._clock() + self._pause
