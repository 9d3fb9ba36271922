"""Where sentences and clauses end; whatever is cut here tiles the text that it was cut from."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise, starmap
from typing import NamedTuple

# The inside of a class of a regular expression.
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

_PAIRS = dict(zip("“‘「『《〈（(【〔[", "”’」』》〉）)】〕]", strict=True))
_CLOSERS = frozenset("”’」』）)】〕]")
_BRACKET = re.compile("[" + re.escape("".join([*_PAIRS, *_PAIRS.values()])) + '"\\n\\r\\u2028\\u2029]')
_OPENER = re.compile("[" + re.escape("".join(_PAIRS)) + '"]')
_LONGEST_QUOTE = 200  # a longer quotation is cut like any text, or one unclosed mark would swallow a page
_AFTER_LATIN = r"(?=$|[\s”’」』）)】〕\]\"'])"
_SENTENCE_END = re.compile(
    r"(?=[。｡！？…!?.\s])"  # passes over most characters at once
    rf"(?:[。｡！？]+[。｡！？!?…]*|…+[。！？]*|(?<![!?])[!?]++(?:{_AFTER_LATIN}|(?=[{HAN}]))|\.{_AFTER_LATIN}"
    r"|(?P<line>(?<![^\S\n\r\v\f\x85\u2028\u2029])[^\S\n\r\v\f\x85\u2028\u2029]*+[\n\r\v\f\x85\u2028\u2029]|[\u3000\xa0]{2}))"
)
_GOES_ON = frozenset("。！？，、；：,;:的之等和与及—")
_ABBREVIATION = re.compile(
    r"(?:^|[^A-Za-z])(?:[A-Za-z]|Mr|Mrs|Ms|Dr|No|vs|St|Prof|Inc|Ltd|Fig|al)$|(?:^|\n)\s{0,12}\d{1,12}$"
)
_CLAUSE_END = re.compile(
    rf"(?=[，；。｡！？：,;:!?])(?:[，；。｡！？]+|(?<!\d)：|：(?!\d)|(?<![,;:!?])[,;:!?]++(?=$|[\s{HAN}]))"
)


class Span(
    NamedTuple
):  # made by the ten thousand at ingest, where a frozen dataclass costs four times as much
    """A stretch of a text: ``text[start:end]``."""

    start: int
    end: int


def sentences(text: str) -> tuple[Span, ...]:
    """Cut a text into sentences that tile it; white space after a sentence belongs to it.

    A sentence ends after 。！？…… with the quotes that close on it, at a line's end, and at the run of wide
    spaces that some sources have in place of line ends; never inside quotes or brackets of usual length.
    """
    quoted = _quoted(text, 0, len(text))
    cuts = {0, len(text)}
    for match in _SENTENCE_END.finditer(text):
        end = match.end() if match["line"] else _sentence_end(text, match, quoted)
        if end and not _inside(end, quoted):
            cuts.add(_skip_space(text, end))
    cuts -= {_skip_space(text, 0)} - {0, len(text)}
    return _tiles(cuts)


def clauses(text: str, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """Cut ``text[start:end]`` into clauses that tile it: after ，；：。！？, never in quotes or numbers."""
    end = len(text) if end is None else end
    quoted = _quoted(text, start, end)
    cuts = {start, end}
    for match in _CLAUSE_END.finditer(text, start, end):
        cut = _after_closers(text, match.end(), quoted)
        goes_on = cut > match.end() and text[cut : cut + 1] in _GOES_ON
        if not goes_on and not _inside(cut, quoted):
            cuts.add(min(_skip_space(text, cut), end))
    return _tiles(cuts)


def trimmed(text: str, span: Span) -> Span:
    """Narrow a span to what is left of it without white space at its ends."""
    if span.end > span.start and not (text[span.start].isspace() or text[span.end - 1].isspace()):
        return span
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, max(start, span.start + len(piece.rstrip())))


def _sentence_end(text: str, match: re.Match[str], quoted: list[Span]) -> int:
    """Give where the sentence that stops here ends, or 0 when it goes on."""
    end = _after_closers(text, match.end(), quoted)
    following = text[end : end + 1]
    if match[0] == "." and _ABBREVIATION.search(text[max(0, match.start() - 12) : match.start()]):
        return 0
    if (end > match.end() or match[0].startswith("…")) and following in _GOES_ON:
        return 0
    return end


def _after_closers(text: str, offset: int, quoted: list[Span]) -> int:
    while (mark := text[offset : offset + 1]) in _CLOSERS or (mark == '"' and _inside(offset, quoted)):
        offset += 1
    return offset


def _quoted(text: str, start: int, end: int) -> list[Span]:
    """Find the outermost pairs of quotes or brackets of usual length that open and close in one line."""
    if not _OPENER.search(text, start, end):
        return []
    found: list[Span] = []
    opened: list[tuple[str, int]] = []
    for match in _BRACKET.finditer(text, start, end):
        mark, at = match[0], match.start()
        pair = next((i for i in reversed(range(len(opened))) if opened[i][0] == mark), None)
        if pair is not None:
            _keep(found, Span(opened[pair][1], at + 1))
            del opened[pair:]
        elif mark in _PAIRS or mark == '"':
            opened.append((_PAIRS.get(mark, mark), at))
        elif mark.isspace():
            opened.clear()
        if len(opened) > _LONGEST_QUOTE:
            del opened[0]
    return found


def _keep(found: list[Span], span: Span) -> None:
    if span.end - span.start <= _LONGEST_QUOTE:
        while found and found[-1].start >= span.start:
            found.pop()
        found.append(span)


def _inside(offset: int, quoted: list[Span]) -> bool:
    """Tell whether a cut before this offset would part a quotation."""
    at = bisect_left(quoted, (offset,)) - 1
    return at >= 0 and offset < quoted[at].end


def _skip_space(text: str, offset: int) -> int:
    while offset < len(text) and text[offset].isspace():
        offset += 1
    return offset


def _tiles(cuts: set[int]) -> tuple[Span, ...]:
    return tuple(starmap(Span, pairwise(sorted(cuts))))
