"""The verbs of reports: what is done, what grows or shrinks, how a level is told."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from retrieval.text.regex_trie import alternatives

_DATA = Path(__file__).parents[1] / "data" / "actions.txt"


def _words() -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = defaultdict(set)
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        kind, _, words = line.partition(": ")
        if not line.startswith("#"):
            kinds[kind].update(words.split())
    return {kind: frozenset(words) for kind, words in kinds.items()}


_WORDS = _words()
ACTS = _WORDS["act"]
CHANGES = _WORDS["change"]
LEVELS = _WORDS["level"]

# Parts of regular expressions over folded text.
ACTING = frozenset(word for word in ACTS | CHANGES if len(word) > 1)
ACT = alternatives(ACTING)
CHANGE = alternatives(CHANGES)
LEVEL = alternatives(LEVELS)
ACT_AT = re.compile(ACT)
