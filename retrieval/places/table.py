"""The table of places: every province and prefecture of China, each with the names it goes by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from retrieval.text.normalize import fold

_DATA = Path(__file__).parents[1] / "data"
_COUNTY = re.compile(r"(?:[\u4e00-\u9fff]族){0,6}自治[县旗]$|林区$|新区$|[区县旗市镇乡]$")
COUNTRY_NAMES = frozenset(("中国", "中华人民共和国", "全国", "国家", "国务院", "china"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place of China by its full name."""

    name: str  # "吉林市", "吉林省", "延边朝鲜族自治州", "海拉尔区"
    kind: str  # "country", "province", "city" (any prefecture) or "county" (districts too)
    province: str | None = None  # full name; None for a province itself, and where it is not known
    aliases: tuple[str, ...] = ()  # other names, in Chinese or in Latin letters


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a place as texts print it, folded."""

    words: str
    place: Place
    full: bool  # with 省, 市 and the like: means the place wherever it stands
    ordinary: bool = False  # also a word of its own: 朝阳, 白银


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place named in a text; ``text[start:end] == surface``."""

    place: Place
    start: int
    end: int
    surface: str
    certain: bool = True  # not when the name is misspelt, or several places bear it


COUNTRY = Place(name="中国", kind="country", aliases=("全国", "国务院", "China"))


@cache
def places() -> tuple[Place, ...]:
    """List the places of the table, provinces before what lies in them."""
    return tuple(place for place, _, _ in _rows())


@cache
def names() -> tuple[Name, ...]:
    """List the Chinese names of the places of the table."""
    found: list[Name] = []
    for place, short, _ in _rows():
        plain = short.rstrip("*")
        others = [alias for alias in place.aliases if not alias.isascii() and alias != plain]
        found += [Name(place.name, place, full=True)] + [Name(other, place, full=True) for other in others]
        found.append(Name(plain, place, full=False, ordinary=short.endswith("*")))
    return tuple(found)


@cache
def english_names() -> dict[str, str]:
    """Map the places of the table to what they are called in English: "吉林市" is "Jilin City"."""
    return {place.name: english for place, _, english in _rows()}


def names_of(place: Place) -> tuple[Name, ...]:
    """List the Chinese names of a place that need not be in the table: 海拉尔区, 海拉尔."""
    found = [Name(fold(place.name), place, full=True)]
    found += [Name(fold(alias), place, full=False) for alias in place.aliases if not alias.isascii()]
    short = fold(_COUNTY.sub("", place.name))
    if len(short) >= 2 and short != fold(place.name):
        found.append(Name(short, place, full=False, ordinary=len(short) == 2))
    return tuple(found)


def unlisted(name: str) -> Place:
    """Make a place of a name that the table lacks."""
    return Place(name=name, kind="county")


def lines(file: str) -> list[str]:
    """Read the lines of a data file, comments left out."""
    text = (_DATA / file).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _rows() -> tuple[tuple[Place, str, str], ...]:
    """Read the table: each place, its short name with its mark, its English name."""
    rows = []
    for line in lines("places.tsv"):
        name, kind, province, short, english, others = [*line.split("\t"), ""][:6]
        aliases = (short.rstrip("*"), *others.split())
        place = Place(name=name, kind=kind, province=province or None, aliases=aliases)
        rows.append((place, short, english))
    return tuple(rows)
