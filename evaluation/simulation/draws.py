"""All that is left to chance, from one seed; how often and how badly things go wrong is drawn as well."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRates:
    """How likely each fault is in one run, and how many take part."""

    replicas: int
    chats: int
    killed: float  # seconds between two kills, on the average; 0 for none
    stopped: float  # the same for replicas that are told to stop
    unsent: float  # share of calls that never leave
    unheard: float  # share whose answer gets lost after Telegram did what it said
    vanished: float  # share that get lost before Telegram hears of them
    refused: float  # share that are told to wait (429)
    broken: float  # share that are answered with 502
    unacknowledged: float  # share of updates whose taking in is not heard of: they come again
    away: float  # seconds between two times without the store, on the average; 0 for none
    slow: float  # share of threads that take long
    jumps: float  # seconds between two jumps of a clock; 0 for none


class Draws:
    """Draws for one run."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - chance that can be repeated is the point
        self.rates = self._rates()

    def _rates(self) -> FaultRates:
        one = self.chance
        return FaultRates(
            replicas=one.choice((1, 1, 2, 3)),
            chats=one.choice((10, 50, 200)),
            killed=one.choice((0, 5, 20, 60)),
            stopped=one.choice((0, 0, 15, 60)),
            unsent=one.choice((0, 0.02, 0.1)),
            unheard=one.choice((0, 0.01, 0.05)),
            vanished=one.choice((0, 0.01, 0.05)),
            refused=one.choice((0, 0.0005, 0.005)),
            broken=one.choice((0, 0.01, 0.05)),
            unacknowledged=one.choice((0, 0.02, 0.2)),
            away=one.choice((0, 0, 30)),
            slow=one.choice((0, 0.001, 0.02)),
            jumps=one.choice((0, 0, 10)),
        )

    def thread_delay(self) -> float:
        """Return the seconds that a thread takes."""
        if self.chance.random() < self.rates.slow:
            return self.chance.expovariate(1 / 2.0)
        return 0.0005 + self.chance.random() * 0.002

    def network_delay(self) -> float:
        """Return the seconds that something takes on its way."""
        return 0.02 + self.chance.expovariate(1 / 0.05)

    def happens(self, rate: float) -> bool:
        """Tell whether something of this likelihood happens now."""
        return rate > 0 and self.chance.random() < rate

    def until(self, mean: float) -> float:
        """Return the seconds until something happens next that happens each ``mean`` seconds."""
        return self.chance.expovariate(1 / mean)
