"""Where the facts of a document's head come from: the printed line of each, and what is in doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from retrieval.loaders.formats.extracted import PUBLISHED
from retrieval.parsing.dates import head_dates, is_issuer, iso_date, iso_dates, signature
from retrieval.parsing.titles import stem_of
from retrieval.values.documents import Genre
from retrieval.values.printed_layout import RECOGNISED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from retrieval.places.gazetteer import Gazetteer
    from retrieval.values.documents import Document, Source

    Numbered = tuple[int, str]  # a line's number in the source's text, from 1, and its words

_HEAD = 20  # lines in which a head is looked for
_TITLE_LINES = 4
_SHOWN = 60  # characters of a line
_NUMBER = re.compile(r"[\u4e00-\u9fff]{0,12}[〔\[［（(](?:19|20)\d{2}[〕\]］）)]\s?第?\d{1,5}[号期]")
_EXACT = 10  # characters of a date with its day


class HeadFactName(StrEnum):
    """The facts of a head, in the order in which they are shown."""

    TITLE = "title"
    PLACE = "place"
    DATE = "date"
    SPEAKER = "speaker"
    BODY = "body"  # that issued the text
    NUMBER = "number"  # 〔2025〕2号


class HeadFactOrigin(StrEnum):
    """What tells a fact."""

    LINE = "line"
    FILE = "file"  # what the file says of itself: meta tags, front matter
    NAME = "name"  # the file's name
    GIVEN = "given"  # by a person
    NONE = "none"


class Doubt(StrEnum):
    """Why a fact should be looked at."""

    MISSING = "missing"
    FIRST_WORDS = "first_words"  # there is no title; the text's first words are taken
    NAME_ONLY = "name_only"  # only the file's name tells it
    SIGNATURE_ONLY = "signature_only"  # only the signature tells it
    YEAR_ONLY = "year_only"
    OTHER_DATE = "other_date"  # another day is printed as prominently
    RECOGNISED = "recognised"  # read from a picture


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadFact:
    """A fact, where it was found, and why it may be wrong; ``line`` counts from 1 in the text as read."""

    name: HeadFactName
    value: str | None
    origin: HeadFactOrigin
    line: int | None = None
    words: str = ""  # of that line, shortened
    doubts: tuple[Doubt, ...] = ()
    other: str = ""  # the other date


def head_facts(
    document: Document, source: Source, *, gazetteer: Gazetteer, options: Mapping[str, str]
) -> tuple[HeadFact, ...]:
    """Return where each fact of a document's head comes from."""
    return tuple(_Origins(document, source, gazetteer, options).facts())


class _Origins:
    def __init__(
        self, document: Document, source: Source, gazetteer: Gazetteer, options: Mapping[str, str]
    ) -> None:
        self._document, self._source = document, source
        self._gazetteer, self._options = gazetteer, options
        self._stem = stem_of(source.key)
        first = source.text.count("\n", 0, document.offset) + 1
        lines = enumerate(document.text.split("\n"), first)
        self._lines = [(at, line.strip(" #*\t\u3000")) for at, line in lines if line.strip()]
        self._head = self._lines[:_HEAD]
        self._signature = signature(document.text)

    def facts(self) -> Iterator[HeadFact]:
        one = self._document
        yield self._title()
        yield self._place()
        yield self._date()
        spoken = one.genre in (Genre.SPEECH, Genre.REPORT)
        yield self._found(
            HeadFactName.SPEAKER, one.speaker, self._with(one.speaker), doubted=spoken, key="speaker"
        )
        body = self._body()
        yield self._found(HeadFactName.BODY, body[1] if body else None, body)
        number = next(
            ((line, found[0]) for line, words in self._lines if (found := _NUMBER.search(words))), None
        )
        yield self._found(HeadFactName.NUMBER, number[1] if number else None, number and self._at(number[0]))

    def _title(self) -> HeadFact:
        value = self._document.title
        title = "".join(value.split())
        for count in range(1, _TITLE_LINES + 1):
            for at in range(max(0, len(self._head) - count + 1)):
                run = self._head[at : at + count]
                if title in "".join("".join(words.split()) for _, words in run):
                    doubt = len(title) < len("".join(run[0][1].split())) and count == 1 and "。" in run[0][1]
                    return self._made(
                        HeadFactName.TITLE, value, (run[0][0], " ".join(words for _, words in run)),
                        *((Doubt.FIRST_WORDS,) if doubt else ()),
                    )  # fmt: skip
        return self._elsewhere(HeadFactName.TITLE, value, "title", "page_title", "标题")

    def _place(self) -> HeadFact:
        value = self._document.place
        if not value:
            return self._elsewhere(HeadFactName.PLACE, None)
        if not self._options.get("place"):
            for numbered in self._head:
                if self._tells(numbered[1], value) and not self._signs(numbered[1]):
                    return self._made(HeadFactName.PLACE, value, numbered)
            signed = next((one for one in self._lines if self._signs(one[1])), None)
            if signed and self._tells(signed[1], value):
                return self._made(HeadFactName.PLACE, value, signed, Doubt.SIGNATURE_ONLY)
        return self._elsewhere(HeadFactName.PLACE, value, "place", "city", "地方", "城市")

    def _tells(self, words: str, value: str) -> bool:
        found = self._gazetteer.place_of(words, "")
        return found is not None and found.name == value

    def _signs(self, words: str) -> bool:
        return self._signature is not None and words == self._signature[0]

    def _date(self) -> HeadFact:
        value = self._document.date
        if not value:
            return self._elsewhere(HeadFactName.DATE, None)
        doubts = () if len(value) == _EXACT else (Doubt.YEAR_ONLY,)
        other = next((one for one in self._other_days() if len(value) == _EXACT and one != value), "")
        doubts = (*doubts, *((Doubt.OTHER_DATE,) if other else ()))
        if not self._options.get("date"):
            known: Callable[[str], bool] = lambda words: any(  # noqa: E731 - a condition, used twice
                one.startswith(value) for one in (*iso_dates(words), iso_date(words) or "")
            )
            signed = [one for one in self._lines if self._signature and one[1] == self._signature[1]]
            found = next((one for one in (*self._head, *signed) if known(one[1])), None)
            if found:
                return self._made(HeadFactName.DATE, value, found, *doubts, other=other)
        fact = self._elsewhere(HeadFactName.DATE, value, "date", "year", "时间", "日期", "年份", PUBLISHED)
        return HeadFact(
            name=fact.name, value=value, origin=fact.origin, doubts=(*fact.doubts, *doubts), other=other
        )

    def _other_days(self) -> Iterator[str]:
        """Return the days that are printed as prominently: under the signature, in the head, by the page."""
        printed = (
            self._signature[1] if self._signature else "",
            self._source.metadata.get(PUBLISHED, ""),
        )
        yield from (one for one in map(iso_date, printed) if one and len(one) == _EXACT)
        yield from islice(head_dates([words for _, words in self._head]), 2)

    def _body(self) -> Numbered | None:
        if self._signature:
            return next(one for one in self._lines if one[1] == self._signature[0])
        return next(
            ((at, words.split()[0]) for at, words in self._head[:8] if words and is_issuer(words.split()[0])),
            None,
        )

    def _with(self, words: str | None) -> Numbered | None:
        wanted = "".join((words or "").split())
        name = (words or "").rpartition(" ")[2]
        if not name:
            return None
        whole = next((one for one in self._head if wanted in "".join(one[1].split())), None)
        return whole or next((one for one in self._head if name in "".join(one[1].split())), None)

    def _at(self, line: int) -> Numbered | None:
        return next((one for one in self._lines if one[0] == line), None)

    def _found(
        self,
        name: HeadFactName,
        value: str | None,
        line: Numbered | None,
        *,
        doubted: bool = False,
        key: str = "",
    ) -> HeadFact:
        if value and line and not (key and self._options.get(key)):
            return self._made(name, value, line)
        fact = self._elsewhere(name, value, *((key,) if key else ()))
        return fact if doubted or value else HeadFact(name=name, value=None, origin=HeadFactOrigin.NONE)

    def _elsewhere(self, name: HeadFactName, value: str | None, *keys: str) -> HeadFact:
        """Return a fact that no line tells: a person, the file itself or its name does."""
        if not value:
            return HeadFact(name=name, value=None, origin=HeadFactOrigin.NONE, doubts=(Doubt.MISSING,))
        if self._options.get(name.value):
            return HeadFact(name=name, value=value, origin=HeadFactOrigin.GIVEN)
        if any(self._source.metadata.get(key) for key in keys):
            return HeadFact(name=name, value=value, origin=HeadFactOrigin.FILE)
        return HeadFact(name=name, value=value, origin=HeadFactOrigin.NAME, doubts=(Doubt.NAME_ONLY,))

    def _made(
        self, name: HeadFactName, value: str, line: Numbered, *doubts: Doubt, other: str = ""
    ) -> HeadFact:
        recognised = (Doubt.RECOGNISED,) if self._source.metadata.get(RECOGNISED) else ()
        return HeadFact(
            name=name, value=value, origin=HeadFactOrigin.LINE, line=line[0], words=_short(line[1]),
            doubts=(*doubts, *recognised), other=other,
        )  # fmt: skip


def _short(words: str) -> str:
    return words if len(words) <= _SHOWN else words[:_SHOWN] + "…"
