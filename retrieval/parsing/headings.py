"""Which paragraphs look like headings, what their words are, and which only list the headings to come."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.parsing.heading_marks import HeadingMark, MarkKind, mark_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.parsing.paragraphs import Paragraph

_STOP = re.compile(r"[。！？]+[”’」』）)]*")
ANY_STOP = re.compile(r"[。！？；]")
_COLON = re.compile(r"[:：]")
_COMMA = re.compile(r"[，；：。]")
_LEADERS = re.compile(r"(?<![\s.．…·•‥-])[\s.．…·•‥-]*+\d{0,4}$")
_EDGES = " \t\u3000\u00a0#*_。：:；;，"
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff])[\s\u3000]+(?=[\u4e00-\u9fff])")
_LEGAL = (
    MarkKind.PART,
    MarkKind.CHAPTER,
    MarkKind.SUBCHAPTER,
    MarkKind.ARTICLE,
    MarkKind.ANNEX,
    MarkKind.PLAIN,
)
_LONG_TITLE, _SENTENCE_TITLE, _CLAUSE_TITLE, _TERM = 100, 60, 40, 30  # characters


@dataclass(frozen=True, slots=True)
class Heading:
    """A paragraph that begins like a heading: its title, and where the text below it begins."""

    at: int  # index of its paragraph
    start: int
    mark: HeadingMark
    title: str
    body: int
    end: int


def headings(
    text: str, paragraphs: Sequence[Paragraph], *, levels: Mapping[int, int], head: int = 0
) -> tuple[Heading, ...]:
    """List the paragraphs that look like headings; ``sections`` takes those in order.

    ``levels`` maps offsets to the depth that the file itself gives a heading there. The first ``head``
    paragraphs are the text's title, and no headings unless they are numbered.
    """
    read = (_read(text, at, one, levels.get(one.start, 0)) for at, one in enumerate(paragraphs))
    found = [one for one in read if one and (one.at >= head or one.mark.kind is not MarkKind.PLAIN)]
    legal = _is_legal(text, found)
    found = [one for one in found if _fits(text, one, legal=legal)]
    contents = _contents(found)
    return tuple(one for one in found if one.at not in contents)


def _read(text: str, at: int, paragraph: Paragraph, depth: int) -> Heading | None:
    mark = mark_at(text, paragraph.start, paragraph.end, depth)
    if mark is None:
        return None
    words = _worded(text, mark, paragraph.end)
    return words and Heading(at, paragraph.start, mark, *words, paragraph.end)


def _worded(text: str, mark: HeadingMark, end: int) -> tuple[str, int] | None:
    """Part a heading's words from the text that follows on its line: its title, and where its body begins."""
    words = text[mark.end : end]
    if mark.kind is MarkKind.ARTICLE:
        named = re.match(r"\s*【([^】\n]{1,40})】", words)
        return (named[1], mark.end + named.end()) if named else ("", mark.end)
    stop = ANY_STOP.search(words)
    whole = stop is None or stop.end() >= len(words.rstrip("”’）) "))
    if mark.kind in (MarkKind.PART, MarkKind.CHAPTER, MarkKind.SUBCHAPTER, MarkKind.PLAIN, MarkKind.ANNEX):
        return (clean(words), end) if whole and len(words) <= _LONG_TITLE else None
    if whole and words.rstrip().endswith(("；", ";")):
        return None  # a member of a list that goes on
    if mark.kind in (MarkKind.DIGIT, MarkKind.DIGIT_PAREN):
        colon = _COLON.search(words[:_TERM])
        if colon:
            return clean(words[: colon.start()]), mark.end + colon.end()
    if whole and len(words) <= (_LONG_TITLE if stop is None else _SENTENCE_TITLE):
        return clean(words), end
    return _led(words, mark.end)


def _led(words: str, start: int) -> tuple[str, int]:
    """Take a short first sentence as the heading, else the first clause without parting it off."""
    stop = _STOP.search(words)
    if stop and stop.start() <= _SENTENCE_TITLE:
        return clean(words[: stop.start()]), start + stop.end()
    comma = _COMMA.search(words[:_CLAUSE_TITLE])
    return (clean(words[: comma.start()]) if comma else ""), start


def clean(words: str) -> str:
    """Strip a title of marks, and of the spaces that stretch a short one."""
    title = words.strip(_EDGES).replace("**", "")
    if len(title) <= 6:
        title = _SPACED.sub("", title)
    return " ".join(title.split())


def _is_legal(text: str, found: list[Heading]) -> bool:
    """Return whether a text is parted by articles, so that （一） in it is a member of a list."""
    articles = [one for one in found if one.mark.kind is MarkKind.ARTICLE]
    spaced = sum(_spaced(text, one) for one in articles)
    steps = sum(second.mark.number == first.mark.number + 1 for first, second in pairwise(articles))
    return spaced >= 3 or steps >= 3


def _spaced(text: str, heading: Heading) -> bool:
    return text[heading.mark.end : heading.mark.end + 1] in (
        "",
        " ",
        "\u3000",
        "\u00a0",
        "\t",
        "【",
        "（",
        "\n",
    )


def _fits(text: str, heading: Heading, *, legal: bool) -> bool:
    kind = heading.mark.kind
    if legal:
        return kind in _LEGAL
    return kind is not MarkKind.ARTICLE or (heading.mark.number > 0 and _spaced(text, heading))


def _contents(found: list[Heading]) -> frozenset[int]:
    """Find the headings of a table of contents: a run of lines that all come again later."""
    keys = {one.at: _key(one) for one in found}
    left = Counter(keys.values())
    dropped: set[int] = set()
    run: dict[tuple[str, str], int] = {}  # key and index of the lines of a run
    for one in found:
        key = keys[one.at]
        if run and (one.at != next(reversed(run.values())) + 1 or key in run or left[key] < 2):
            _close(run, dropped, left)
        if left[key] >= 2:
            run[key] = one.at
    _close(run, dropped, left)
    return frozenset(dropped)


def _close(run: dict[tuple[str, str], int], dropped: set[int], left: Counter[tuple[str, str]]) -> None:
    """Drop a run of two or more lines; what is left of their keys are the headings themselves."""
    if len(run) >= 2:
        dropped.update(run.values())
        left.subtract(run)
    run.clear()


def _key(heading: Heading) -> tuple[str, str]:
    return heading.mark.numeral, "".join(_LEADERS.sub("", heading.title).split())
