"""The verbs of reports: what is done, what grows or shrinks, how a level is told."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "actions.txt"


def _words() -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = defaultdict(set)
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        kind, _, words = line.partition(": ")
        if not line.startswith("#"):
            kinds[kind].update(words.split())
    return {kind: frozenset(words) for kind, words in kinds.items()}


def alternatives(words: frozenset[str]) -> str:
    """Return words as one alternative of a regular expression, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


_WORDS = _words()
ACTS = _WORDS["act"]
CHANGES = _WORDS["change"]
LEVELS = _WORDS["level"]

# Parts of regular expressions over folded text.
ACT = alternatives(frozenset(word for word in ACTS | CHANGES if len(word) > 1))
CHANGE = alternatives(CHANGES)
LEVEL = alternatives(LEVELS)
ACT_AT = re.compile(ACT)
ACT_FIRST = re.compile(f"(?:{ACT})+")
