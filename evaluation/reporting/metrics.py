"""Figures of merit, as pure functions over plain values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Shares (0…1) of a text's visible characters by how many spans hold them; they add up to 1."""

    once: float
    never: float
    more: float


def share(flags: Iterable[bool]) -> float:
    """Return which share of the flags is set; 0 of none."""
    held = list(flags)
    return sum(held) / len(held) if held else 0.0


def mean(values: Sequence[float]) -> float:
    """Return the arithmetic mean; 0 of none."""
    return math.fsum(values) / len(values) if values else 0.0


def first_rank(flags: Iterable[bool]) -> int | None:
    """Return the rank (1, 2, …) of the first flag that is set, or None."""
    return next((rank for rank, flag in enumerate(flags, 1) if flag), None)


def recall_at(k: int, ranks: Iterable[int | None]) -> float:
    """Return the share of queries whose first right hit stands among the first ``k``."""
    return share(rank is not None and rank <= k for rank in ranks)


def percentile(values: Sequence[float], part: float) -> float:
    """Return the nearest-rank percentile: the least value that ``part`` (0…1) of all do not exceed.

    Raises ValueError when there are no values.
    """
    if not values:
        raise ValueError("there is no percentile of nothing")
    ranked = sorted(values)
    return ranked[max(0, math.ceil(part * len(ranked)) - 1)]


def coverage(text: str, spans: Iterable[tuple[int, int]], *, within: Iterable[tuple[int, int]]) -> Coverage:
    """Return how spans cover the visible characters of ``text`` that lie ``within`` the given stretches."""
    depth = [0] * len(text)
    for start, end in spans:
        for at in range(start, end):
            depth[at] += 1
    asked = {at for start, end in within for at in range(start, end) if not text[at].isspace()}
    held = [depth[at] for at in sorted(asked)]
    return Coverage(
        once=share(count == 1 for count in held),
        never=share(count == 0 for count in held),
        more=share(count > 1 for count in held),
    )
