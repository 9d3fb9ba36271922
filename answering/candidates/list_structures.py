"""Lists by structure: numbered headings, paragraphs and members of running text, each chain with its announcement.

A marker (一是, （二）, 3., 第四, ⑤) counts only where it continues a chain of its own style that began with one,
so that 统一是 and 2026. begin nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.quantities import parse_number
from retrieval.text.normalize import Span, fold, sentences, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.values.documents import Document

_N = "[一二三四五六七八九十]{1,3}"
_MARKER = re.compile(
    rf"(?:^|(?<=[\n。；;：:，,！？!?\u3000 ”）)]))[#>*\- \t\u3000]{{0,8}}(?:(?P<point>{_N})(?P<verb>是|要)|[（(](?P<round>{_N}|\d{{1,2}})[)）]"
    rf"|(?P<digit>\d{{1,2}})[.．、](?!\d)|(?P<plain>{_N})、|第(?P<ordinal>{_N})[，,、]|第(?P<chapter>{_N})章|(?P<circle>[①-⑳]))",
    re.MULTILINE,
)
_AT_LINE = re.compile(r"(?:^|\n)[#>*\- \t\u3000]*$")
_LEAST = 2  # members of a list
_SEVERAL = 3  # sentences that begin alike from which they are a list
_ALIKE = 2  # characters that they begin with alike
_APART = 4  # sentences from one of them to the next
_HEAD, _VERY_ALIKE, _FAR_APART = 20, 4, 16  # characters compared, pairs of them shared, sentences apart then
_DIGITS = re.compile(r"[\d.,]+")
_HAN = re.compile("[\u4e00-\u9fff]{2}$")
_HEAD_END = re.compile(r"[。；;！!\n]")
_STYLE_RANK = {"chapter": 0, "plain": 1, "round": 2, "digit": 3, "circle": 4, "ordinal": 5, "是": 6, "要": 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItem:
    """A member of a list: ``text[start:head]`` names it, ``text[start:end]`` is all of it."""

    start: int  # where its marker begins
    head: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStructure:
    """A chain of numbered members of one document, in the order of its text."""

    document: str
    style: str
    items: tuple[ListItem, ...]
    intro: int  # where the sentence that announces it begins; the start of the first item where none does

    @property
    def start(self) -> int:
        """Where its first member begins."""
        return self.items[0].start

    @property
    def end(self) -> int:
        """Where its last member ends."""
        return self.items[-1].end

    def holds(self, offset: int) -> bool:
        """Tell whether an offset of the text lies inside, its announcement included."""
        return self.intro <= offset < self.end


@dataclass(frozen=True, slots=True)
class _Mark:
    style: str
    number: int
    start: int
    at_line: bool


def list_structures(document: Document) -> tuple[ListStructure, ...]:
    """Return the numbered lists of a document, given whole, in the order of their beginnings."""
    text = document.text
    marks = list(_marks(text))
    open_chains: dict[tuple[str, bool], list[_Mark]] = {}
    done: list[list[_Mark]] = []
    for mark in marks:
        key = (mark.style, mark.at_line)
        ended = [k for k in open_chains if _inside(k, key) or (k == key and mark.number == 1)]
        done.extend(open_chains.pop(other) for other in ended)
        if mark.number == 1:
            open_chains[key] = [mark]
        elif key in open_chains and open_chains[key][-1].number == mark.number - 1:
            open_chains[key].append(mark)
    done += open_chains.values()
    made = [_structure(document, chain, marks) for chain in done if len(chain) >= _LEAST]
    made += _under_headings(document)
    made += _alike(document)
    return tuple(sorted(made, key=lambda one: one.start))


def _under_headings(document: Document) -> Iterator[ListStructure]:
    """Yield what stands under each innermost heading: its paragraphs, or the sentences of its only one."""
    text = document.text
    starts = [section.start for section in document.sections]
    for section in document.sections:
        if section.numeral == "0" or any(section.start < start < section.end for start in starts):
            continue
        spans = _paragraphs(text, section.body, section.end)
        if len(spans) == 1:
            at = spans[0].start
            spans = [Span(at + s.start, at + s.end) for s in sentences(text[at : spans[0].end])]
        if len(spans) >= _LEAST:
            items = tuple(
                ListItem(start=s.start, head=_head_end(text, s.start, s.end), end=s.end) for s in spans
            )
            yield ListStructure(document=document.id, style="paragraph", items=items, intro=section.start)


def _alike(document: Document) -> Iterator[ListStructure]:
    """Yield the sentences of one section that begin alike, such as 聚焦开放…。聚焦民生…。 and the like.

    One follows another within a few sentences; each member reaches to the next.
    """
    text = document.text
    spans = _sentence_spans(text)
    sections = _innermost(document, [span.start for span in spans])
    chains: dict[tuple[int, str], list[int]] = {}
    done: list[list[int]] = []
    for at, span in enumerate(spans):
        key = (sections[at], _opening(text[span.start : span.end]))
        if len(key[1]) < _ALIKE:
            continue
        chain = chains.get(key)
        if chain is not None and at - chain[-1] <= _reach(text, spans[chain[-1]], span):
            chain.append(at)
        else:
            done += [chain] if chain is not None else []
            chains[key] = [at]
    for chain in (*done, *chains.values()):
        if len(chain) >= _SEVERAL and chain[-1] - chain[0] >= len(chain) - 1:
            yield _of_chain(document, spans, chain)


def _reach(text: str, one: Span, other: Span) -> int:
    """Return how many sentences apart two of one chain may be: further where more of their openings is alike."""
    heads = [_DIGITS.sub("0", text[span.start : span.start + _HEAD]) for span in (one, other)]
    shared = set(map("".join, pairwise(heads[0]))) & set(map("".join, pairwise(heads[1])))
    return _FAR_APART if len(shared) >= _VERY_ALIKE else _APART


def _of_chain(document: Document, spans: Sequence[Span], chain: Sequence[int]) -> ListStructure:
    text = document.text
    ends = [spans[at].start for at in chain[1:]] + [spans[chain[-1]].end]
    items = tuple(
        ListItem(start=spans[at].start, head=_head_end(text, spans[at].start, end), end=end)
        for at, end in zip(chain, ends, strict=True)
    )
    return ListStructure(document=document.id, style="alike", items=items, intro=_intro(text, items[0].start))


def _sentence_spans(text: str) -> list[Span]:
    """Return the sentences of a text, of every line its own."""
    found = []
    for line in _paragraphs(text, 0, len(text)):
        for one in sentences(text[line.start : line.end]):
            span = trimmed(text, Span(line.start + one.start, line.start + one.end))
            if span.end > span.start:
                found.append(span)
    return found


def _innermost(document: Document, offsets: Sequence[int]) -> list[int]:
    """Return for each offset, in rising order, where the innermost section around it begins."""
    starts = sorted({section.start for section in document.sections})
    return [max(bisect_right(starts, offset) - 1, 0) for offset in offsets]


def _opening(sentence: str) -> str:
    """Return the first two characters that a sentence shares with those beside it, past dashes; "" for a marker or figure."""
    bare = sentence.lstrip('—―–- \u3000“"')
    return bare[:_ALIKE] if _HAN.match(bare[:_ALIKE]) and not _MARKER.match(sentence) else ""


def _paragraphs(text: str, start: int, end: int) -> list[Span]:
    """Return the lines of ``text[start:end]`` without white space around them, empty ones left out."""
    lines = (match.span() for match in re.finditer(r"[^\n]+", text[start:end]))
    spans = (trimmed(text, Span(start + a, start + b)) for a, b in lines)
    return [span for span in spans if span.end > span.start]


def _inside(other: tuple[str, bool], key: tuple[str, bool]) -> bool:
    """Tell whether a chain of style ``other`` can't go on after a mark of style ``key``."""
    return (_rank(other), other[0]) > (_rank(key), key[0]) and _rank(other) > _rank(key)


def _rank(key: tuple[str, bool]) -> int:
    return _STYLE_RANK[key[0]] + (0 if key[1] else 10)


def _marks(text: str) -> Iterator[_Mark]:
    for match in _MARKER.finditer(text):
        style = match["verb"] or match.lastgroup or ""
        word = next(
            g for g in ("point", "round", "digit", "plain", "ordinal", "chapter", "circle") if match[g]
        )
        number = ord(match[word]) - 0x245F if word == "circle" else parse_number(match[word])
        if number is None:
            continue
        start = match.start() + len(match[0]) - len(match[0].lstrip("#>*- \t\u3000"))
        line = bool(_AT_LINE.search(text[max(0, match.start() - 8) : start]) or start == 0)
        yield _Mark(style if match["verb"] else word, int(number), start, line)


def _structure(document: Document, chain: Sequence[_Mark], marks: Sequence[_Mark]) -> ListStructure:
    text = document.text
    ends = [mark.start for mark in chain[1:]] + [_last_end(text, chain, marks)]
    items = tuple(
        ListItem(start=mark.start, head=_head_end(text, mark.start, end), end=end)
        for mark, end in zip(chain, ends, strict=True)
    )
    return ListStructure(
        document=document.id, style=chain[0].style, items=items, intro=_intro(text, chain[0].start)
    )


def _last_end(text: str, chain: Sequence[_Mark], marks: Sequence[_Mark]) -> int:
    """Return where the last member ends: at the next mark of an outer style, or with its paragraph."""
    last = chain[-1]
    if not last.at_line:
        stop = text.find("\n", last.start)
        return stop if stop >= 0 else len(text)
    key = (last.style, True)
    after = (
        m.start for m in marks if m.start > last.start and m.at_line and _rank((m.style, True)) <= _rank(key)
    )
    outer = next(after, len(text))
    usual = max((b.start - a.start for a, b in pairwise(chain)), default=0)
    return min(outer, last.start + 2 * usual + 40)


def _head_end(text: str, start: int, end: int) -> int:
    match = _HEAD_END.search(text, start, end)
    return match.start() if match else end


def _intro(text: str, start: int) -> int:
    """Return where the sentence before ``start`` begins."""
    before = text[:start].rstrip()
    at = max(before.rfind(mark, 0, len(before) - 1) for mark in "。！\n")
    return at + 1 if at >= 0 else 0


def announced(structure: ListStructure, document: Document) -> str:
    """Return the sentence that announces a list, folded."""
    return fold(document.text[structure.intro : structure.start])
