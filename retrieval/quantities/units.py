"""What is counted and measured with: the measure words of reports, and which of them mean the same."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from retrieval.text.regex_trie import alternatives

_DATA = Path(__file__).parents[1] / "data" / "units.txt"


def _lines() -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = defaultdict(list)
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        kind, _, words = line.partition(": ")
        if not line.startswith("#"):
            kinds[kind].append(words)
    return kinds


_LINES = _lines()


def _words(*kinds: str) -> frozenset[str]:
    return frozenset(word for kind in kinds for line in _LINES[kind] for word in line.split())


_MEASURED = _words("money", "share", "measure", "time")
_ALL = _MEASURED | _words("flow", "people", "thing")
_LATIN = frozenset(word for word in _ALL if "a" <= word[0] <= "z")
_CLASS = {word: line.split()[0] for line in _LINES["same"] for word in line.split()}
_PART_OF_WORD = {unit: frozenset(rest) for unit, rest in (line.split(" < ") for line in _LINES["part"])}
_ENGLISH = dict(line.split(" = ") for line in _LINES["english"])
_ORDERS = _words("order")
_PER = "(?:/(?:公里|平方公里|平方米|立方米|千瓦时|[人亩吨元户年月日天时秒升台套件个米])|每(?:人|亩))?"

_KINDS = (
    ("money", _words("money") - frozenset(("块", "角"))),
    ("share", _words("share")),
    ("time", _words("time")),
    (
        "area",
        frozenset(
            [
                "平方公里",
                "平方千米",
                "平方米",
                "平米",
                "平方厘米",
                "公顷",
                "亩",
                "km²",
                "km2",
                "m²",
                "m2",
                "ha",
            ]
        ),
    ),
    (
        "length",
        frozenset(
            [
                "公里",
                "千米",
                "海里",
                "华里",
                "米",
                "分米",
                "厘米",
                "毫米",
                "微米",
                "纳米",
                "里",
                "km",
                "m",
                "cm",
                "mm",
            ]
        ),
    ),
    ("weight", frozenset(["吨", "公吨", "公斤", "千克", "斤", "克", "毫克", "微克", "载重吨", "总吨", "kg"])),
    ("volume", frozenset(["立方米", "方", "立方", "立方千米", "升", "毫升", "l", "ml"])),
    (
        "energy",
        frozenset(
            [
                "千瓦时",
                "千瓦",
                "兆瓦时",
                "兆瓦",
                "吉瓦",
                "瓦",
                "度",
                "吨标准煤",
                "吨标煤",
                "kwh",
                "mwh",
                "kw",
                "mw",
                "gw",
            ]
        ),
    ),
    ("people", _words("people") - frozenset(("家", "户", "户家庭", "个家庭")) | frozenset(("人次", "人天"))),
    ("measure", _words("measure")),
)

_KIND = {word: kind for kind, words in reversed(_KINDS) for word in words}

# Parts of regular expressions over folded text, the longest words first.
ANY_UNIT = rf"(?:(?:{alternatives(_ALL - _LATIN)}){_PER}|(?:{alternatives(_LATIN)})(?![a-z\d]))"
CHINESE_UNIT = rf"(?:(?:{alternatives(_ALL - _LATIN - _words('loose'))}){_PER})"
ENGLISH_UNIT = rf"(?:{alternatives(frozenset(_ENGLISH))})(?![a-z])"


def in_chinese(unit: str) -> str:
    """Give the Chinese word for an English unit, and any other unit as it is."""
    return _ENGLISH.get(unit, unit)


def unit_class(unit: str) -> str:
    """Give the word that stands for all units of one meaning: 人 for 名 and 位, 公里 for 千米."""
    return _CLASS.get(unit, unit)


def spellings(unit: str) -> frozenset[str]:
    """Return all words that mean the same unit: 人 is also written 名 and 位."""
    return frozenset(word for word, of in _CLASS.items() if of == unit_class(unit)) | {unit}


def is_count(unit: str) -> bool:
    """Tell whether a unit counts things; money, shares, lengths and times are measured instead."""
    return unit.partition("/")[0] not in _MEASURED


def unit_kind(unit: str) -> str:
    """Give the kind of a unit: money, share, time, people, area, length, weight, volume, energy or count."""
    return _KIND.get(unit.partition("/")[0], "count")


def fits(unit: str | None, following: str) -> bool:
    """Tell whether a measure word stands for itself before the character that follows it."""
    return not following or following not in _PART_OF_WORD.get(unit or "", frozenset())


def orders(unit: str) -> bool:
    """Tell whether a number with this unit names a place in an order: 3号线, 二期, 6级."""
    return unit in _ORDERS
