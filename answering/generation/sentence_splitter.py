"""Cut the text that a model streams into sentences, items and rows, each as soon as nothing can change it.

Where a unit ends depends on the text alone, never on the pieces it came in. The units tile the text, white
space at its very end left out; a unit bears the white space before it, so that a new line can be told.
"""

from __future__ import annotations

import re

from answering.generation.citation_markers import MARKER
from retrieval.text.normalize import fold

_PAIRS = dict(zip("“‘「『《〈（(【〔[", "”’」』》〉）)】〕]", strict=True))
_LONGEST_QUOTE = 120  # characters: a quotation left open for longer is no quotation
_LONGEST_MARKER = 60
_END = frozenset("。！？!?｡…")
_CLOSERS = frozenset("”’」』）)】〕*_\"'")
_OPENS_MARKER = frozenset("[【［〔〖(（^<")
_ENDS_MARKER = frozenset("]】〕〗")
_BETWEEN = "、，,;；和及"  # markers: [1]、[2]
_LINE_END = frozenset("\n\r")
_WHOLE_LINE = re.compile(r"\s*(?:\||#{1,6}[ \t]|```|---)")
_LIST_MARK = re.compile(
    r"\s*(?:>\s*)*(?:[-*•●·+]\s+)?(?:\*\*)?(?:[（(]?\d{1,3}[.．)）、]|[（(]?[a-zA-Z][.)）])?"
)
_ABBREVIATION = re.compile(
    r"(?:^|[^A-Za-z])(?:[A-Za-z]|Mr|Mrs|Ms|Dr|No|Nos|vs|St|Prof|Inc|Ltd|Fig|al|approx|ca|e\.g|i\.e|U\.S)$"
)
_WAIT = -1  # more text is needed to tell


class SentenceStream:
    """Takes a model's text in pieces and gives back what is complete of it."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> list[str]:
        """Take one piece; return the units that are complete now."""
        self._held += piece
        return self._cut(final=False)

    def close(self) -> list[str]:
        """Return what is left, the text being over."""
        units = self._cut(final=True)
        rest, self._held = self._held, ""
        return [*units, rest] if rest.strip() else units

    def _cut(self, *, final: bool) -> list[str]:
        units = []
        while (end := _unit(self._held, final=final)) > 0:
            units.append(self._held[:end])
            self._held = self._held[end:]
        return units


def _unit(text: str, *, final: bool) -> int:
    """Return where the first unit of a text ends; ``_WAIT`` when that can't be told yet."""
    start = len(text) - len(text.lstrip())
    if start == len(text):
        return _WAIT
    if not final and len(text) - start < 4 and "\n" not in text[start:]:
        return _WAIT
    if _WHOLE_LINE.match(text):
        return _line_end(text, start, final=final)
    mark = _LIST_MARK.match(text)
    at = mark.end() if mark else start
    if not final and at == len(text):
        return _WAIT
    return _sentence(text, at, final=final)


def _line_end(text: str, start: int, *, final: bool) -> int:
    end = re.compile(r"[\n\r]").search(text, start)
    if end is None:
        return len(text) if final else _WAIT
    return end.start()


def _sentence(text: str, at: int, *, final: bool) -> int:
    """Walk to the first stop that ends a sentence outside quotations."""
    while at < len(text):
        char = text[at]
        if char in _LINE_END:
            return _marked(text, at, final=final)
        if char in _PAIRS or char == '"':
            after = _past_quote(text, at, final=final)
            if after == _WAIT:
                return _WAIT
            if after > at + 1 and text[after - 2] in _END and _goes_not_on(text, after):
                return _marked(text, after, final=final)
            at = after
            continue
        if char in _END or char == ".":
            stop = _stop(text, at, final=final)
            if stop:
                return stop
        at += 1
    return len(text) if final else _WAIT


def _goes_not_on(text: str, after: int) -> bool:
    """Tell whether a quotation that ended with a stop ends its sentence: a new line or nothing follows."""
    return text[after : after + 1] in _LINE_END


def _past_quote(text: str, at: int, *, final: bool) -> int:
    """Return where the quotation or bracket that opens here closes; just past its mark when it doesn't."""
    close = _PAIRS.get(text[at], '"')
    limit = at + _LONGEST_QUOTE
    for here in range(at + 1, min(len(text), limit)):
        if text[here] == close:
            return here + 1
        if text[here] in _LINE_END:
            return at + 1
    return at + 1 if final or len(text) >= limit else _WAIT


def _stop(text: str, at: int, *, final: bool) -> int:
    """Return the end of the sentence that the stop at ``at`` ends, ``_WAIT``, or 0 where it goes on."""
    if text[at] == ".":
        if at + 1 == len(text) and not final:
            return _WAIT
        following = text[at + 1 : at + 2]
        if following and not (following.isspace() or following in _CLOSERS or following in _OPENS_MARKER):
            return 0
        if _ABBREVIATION.search(text[max(0, at - 12) : at]):
            return 0
    return _marked(text, at + 1, final=final)


def _marked(text: str, at: int, *, final: bool) -> int:
    """Take in further stops, closing marks, and the markers that follow, on the line or alone on the next."""
    while True:
        while at < len(text) and (text[at] in _END or text[at] in _CLOSERS):
            at += 1
        here = _past(text, at, _BETWEEN if text[at - 1] in _ENDS_MARKER else "")
        if here == len(text):
            return at if final else _WAIT
        if text[here] not in _OPENS_MARKER:
            return at
        after = _marker(text, here, final=final, alone="\n" in text[at:here] or text[here] in "(（")
        if after <= 0:
            return at if after == 0 else _WAIT
        at = after


def _past(text: str, at: int, also: str) -> int:
    while at < len(text) and (text[at].isspace() or text[at] in also):
        at += 1
    return at


def _marker(text: str, at: int, *, final: bool, alone: bool) -> int:
    """Return the end of the marker at ``at``; 0 for none, ``_WAIT`` when it is still being typed.

    ``alone`` asks that the line ends behind it: else (1) or [1] begins the next item.
    """
    stretch = fold(text[at : at + _LONGEST_MARKER])
    whole = "\n" in stretch or final or len(stretch) == _LONGEST_MARKER
    stretch = stretch.partition("\n")[0] if "\n" in text[at : at + _LONGEST_MARKER] else stretch
    return _read(text, at, stretch, whole=whole, alone=alone)


def _read(text: str, at: int, stretch: str, *, whole: bool, alone: bool) -> int:
    closed = re.search(r"[\]】〕〗)]|</sup>", stretch)
    if closed is None:
        return 0 if whole else _WAIT
    match = MARKER.match(stretch[: closed.end()])
    if match is None:
        return 0
    end = at + match.end()
    rest = text[end : end + 1]
    if alone and not rest and not whole:
        return _WAIT
    if alone and rest and rest not in _LINE_END and rest not in _END:
        return 0
    return end
