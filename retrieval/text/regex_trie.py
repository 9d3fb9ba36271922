"""Many words as one alternative of a regular expression, laid out as a tree so that few are tried."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MANY = 6  # branches from which on a look at the first character saves trying them one by one
_GROUP = 32  # branches under one such look: with more of them, the right one is long to find


def alternatives(words: Iterable[str]) -> str:
    """Return words as one alternative that takes the longest first; "" matches where it is one of them."""
    by_first: dict[str, set[str]] = {}
    for word in words:
        by_first.setdefault(word[:1], set()).add(word[1:])
    whole = by_first.pop("", None) is not None
    branches = [re.escape(first) + _rest(rests) for first, rests in sorted(by_first.items())]
    if len(branches) < _MANY:
        return "|".join([*branches, *([""] if whole else [])])
    return _guarded(sorted(by_first), branches) + ("|" if whole else "")


def _guarded(firsts: Sequence[str], branches: Sequence[str]) -> str:
    """Return branches behind a look at the first character; many of them in groups with one each."""
    if len(branches) > _GROUP:
        starts = range(0, len(branches), _GROUP)
        branches = [_guarded(firsts[at : at + _GROUP], branches[at : at + _GROUP]) for at in starts]
    return f"(?=[{''.join(map(re.escape, firsts))}])(?:{'|'.join(branches)})"


def _rest(rests: set[str]) -> str:
    """Return what may follow a first character."""
    if rests == {""}:
        return ""
    tail = alternatives(rests)
    return tail if len(rests) == 1 else f"(?:{tail})"
