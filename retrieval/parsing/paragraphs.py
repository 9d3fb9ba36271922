"""Where the paragraphs of a text are: line ends and runs of wide spaces part them, broken lines are one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE = re.compile(r"[^\n]+")
_RUN = re.compile(r"[ \t\u00a0\u3000]{2,}")
_ENDS = "。！？；：…!?;:”’」』）)"
_PAUSES = re.compile(r"[，。；]")
_GOES_ON = "，。、；：！？）”’》」』％%,.;:"
_LEANS = "，、（《“‘(的和与及为在是"
_STARTS = re.compile(
    r"[#>|•·●■◆★*—-]|[（(]?[一二三四五六七八九十百]{1,4}[、）)]|[（(]?\d{1,3}(?:[、）)]|[.．](?!\d))"
    r"|第[一二三四五六七八九十百零\d]{1,6}[编章节条]|[一二三四五六七八九十]{1,3}是|\d{4}年\d{1,2}月"
)
_LONG_LINE = 80  # characters from which on a run of wide spaces parts paragraphs, and doesn't part a name
_OPENERS, _CLOSERS = re.compile("[“《（]"), re.compile("[”》）]")
_MOST_LINES = 6  # that an open quote holds together
_WRAPPED = 24  # characters that a line broken by its width has at least


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: ``text[start:end]``, without white space at its ends."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    free: bool  # nothing before it on its line, and no blank line above it: it may go on with the line above


@dataclass(frozen=True, slots=True)
class _Joined:
    """What is known of a paragraph so far."""

    lines: int = 0
    pauses: bool = False  # it has a comma or a full stop: running text
    stops: bool = False  # it has a full stop
    opened: int = 0  # quotes and brackets that are still open

    @classmethod
    def of(cls, text: str, before: _Joined) -> _Joined:
        return cls(
            lines=before.lines + 1,
            pauses=before.pauses or bool(_PAUSES.search(text)),
            stops=before.stops or "。" in text,
            opened=before.opened + len(_OPENERS.findall(text)) - len(_CLOSERS.findall(text)),
        )


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """List the paragraphs of a text in order; together they hold every character that is not white space."""
    found: list[Paragraph] = []
    line = _Joined()
    for piece in _pieces(text):
        last = found[-1] if found else None
        joins = last is not None and piece.free and _goes_on(text, last, piece, line)
        if last is not None and joins:
            found[-1] = Paragraph(last.start, piece.end)
        else:
            found.append(Paragraph(piece.start, piece.end))
        line = _Joined.of(text[piece.start : piece.end], line if joins else _Joined())
    return tuple(found)


def _pieces(text: str) -> Iterator[_Piece]:
    last_end = 0
    for match in _LINE.finditer(text):
        free = match.start() == last_end + 1 and last_end > 0
        for start, end in _parted(text, match.start(), match.end()):
            content = text[start:end]
            body = content.strip()
            if body:
                at = start + len(content) - len(content.lstrip())
                yield _Piece(at, at + len(body), free)
                free = False
                last_end = match.end()


def _parted(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Part one line where wide spaces replace line ends, as some sources have it."""
    if end - start < _LONG_LINE and text.find("。", start, end) < 0:
        yield start, end
        return
    at = start
    for run in _RUN.finditer(text, start, end):
        if run.start() > start and _parts(text, run):
            yield at, run.start()
            at = run.end()
    yield at, end


def _parts(text: str, run: re.Match[str]) -> bool:
    wide = run[0].count("\u3000")
    return wide >= 2 or len(run[0]) >= 4 or (text[run.start() - 1] in _ENDS and not run[0].isascii())


def _goes_on(text: str, last: Paragraph, piece: _Piece, known: _Joined) -> bool:
    """Return whether a line goes on with the paragraph above it, broken by its width or by a lost link."""
    if _STARTS.match(text, piece.start) or _is_address(text, piece, known):
        return False
    if text[piece.start] in _GOES_ON:
        return True
    if known.opened > 0 and known.lines < _MOST_LINES:
        return True
    if text[last.end - 1] in _ENDS or _is_heading(text, last, known):
        return False
    if known.pauses or known.lines > 1 or text[last.end - 1] in _LEANS:
        return True
    return last.end - last.start >= _WRAPPED and _PAUSES.search(text, piece.start, piece.end) is not None


def _is_address(text: str, piece: _Piece, known: _Joined) -> bool:
    """Return whether a line addresses those that a text is sent to, below a title of several lines."""
    return not known.pauses and text[piece.end - 1] in "：:" and known.opened <= 0


def _is_heading(text: str, last: Paragraph, known: _Joined) -> bool:
    return known.lines == 1 and not known.stops and _STARTS.match(text, last.start) is not None
