"""The field a figure or a measure belongs to: 民生, 城建, 交通 …, told by the words around it."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from retrieval.text.regex_trie import alternatives

_DATA = Path(__file__).parents[1] / "data" / "fields.tsv"
OTHER = "其他"


def _table() -> dict[str, str]:
    lines = (line.split("\t") for line in _DATA.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
    found: dict[str, str] = {}
    for name, words in lines:
        for word in words.split():
            found.setdefault(word.lower(), name)
    return found


_OF = _table()
_NAMES = tuple(dict.fromkeys(_OF.values()))
_WORD = re.compile(alternatives(_OF))


def names() -> tuple[str, ...]:
    """Return the names of all fields."""
    return (*_NAMES, OTHER)


def field_of(*texts: str) -> str:
    """Return the field that these texts (folded) tell, the first text that tells one before the others."""
    for text in texts:
        if name := _told(text):
            return name
    return OTHER


@lru_cache(maxsize=4_096)
def _told(text: str) -> str:
    found = _WORD.findall(text)
    if len(found) < 2:
        return _OF[found[0]] if found else ""
    weights: dict[str, int] = {}
    for word in found:
        name = _OF[word]
        weights[name] = weights.get(name, 0) + len(word)
    return max(weights, key=weights.__getitem__)
