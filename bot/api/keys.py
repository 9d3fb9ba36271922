"""Keys of the interface, and how often each may ask."""

from __future__ import annotations

import hashlib
import hmac
import time
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from bot.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.store.usage.rates import RequestRates


@dataclass
class TokenBucket:
    """Holds at most ``most`` tokens and gets ``rate`` a second; a request takes one."""

    most: float
    rate: float
    clock: Callable[[], float]
    _held: float = field(init=False)
    _seen: float = field(init=False)

    def __post_init__(self) -> None:
        self._held, self._seen = self.most, self.clock()

    def take(self) -> float:
        """Take a token and return 0, or return the seconds until there is one."""
        now = self.clock()
        self._held = min(self.most, self._held + (now - self._seen) * self.rate)
        self._seen = now
        if self._held >= 1:
            self._held -= 1
            return 0.0
        return (1 - self._held) / self.rate


class ApiKeys:
    """Knows the keys by their digests, and lets each make ``rate`` requests a minute.

    They are counted in ``rates`` by all processes together; without it, or while it is away, by each.
    """

    def __init__(
        self,
        keys: Sequence[str],
        *,
        rate: int,
        clock: Callable[[], float] = time.monotonic,
        rates: RequestRates | None = None,
    ) -> None:
        self._rate, self._rates = rate, rates
        self._digests = [_digest(key) for key in keys]
        self._buckets = [TokenBucket(most=rate, rate=rate / 60, clock=clock) for _ in keys]
        self._lock = Lock()

    def number(self, key: str) -> int | None:
        """Return which key this is, or None; the time it takes tells nothing of the keys."""
        given, found = _digest(key), None
        for number, digest in enumerate(self._digests):
            if hmac.compare_digest(digest, given):
                found = number
        return found

    def wait(self, number: int) -> float:
        """Count a request of a key; returns the seconds it has to wait, 0 for none. May block."""
        if self._rates is not None:
            name = f"key {self._digests[number].hex()[:32]}"
            with suppress(StoreError):
                return self._rates.take(name, every=60 / self._rate, burst=self._rate)
        with self._lock:
            return self._buckets[number].take()


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
