"""How many calls of the Bot API a run made, were checked, broke the schema or were refused."""

from __future__ import annotations

from collections import Counter

CALLS: Counter[str] = Counter()


def told() -> str:
    """Return the counts in words; empty where no call was made."""
    names = ("calls", "checked", "violations", "refusals")
    return ", ".join(f"{CALLS[name]} {name}" for name in names) if CALLS["calls"] else ""
