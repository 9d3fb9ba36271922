"""An answer as blocks of styled runs, which each face turns into what it can show.

A block is a line of its own; a run is words in one style. Nothing here knows a terminal or Telegram.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import dropwhile
from typing import TYPE_CHECKING

from answering.values.answer import Answer, Citation, Outcome, Shape, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.messages import Messages
    from retrieval.index.status import IndexStatus
    from retrieval.values.documents import Document, Passage


class TextStyle(StrEnum):
    """How a run stands out."""

    PLAIN = "plain"
    STRONG = "strong"  # a lead, a title
    FAINT = "faint"  # what is beside the point: heading paths, hints
    CITED = "cited"  # the very words that prove a statement
    MARKER = "marker"  # [1]


class BlockKind(StrEnum):
    """What a block is."""

    TEXT = "text"
    ITEM = "item"  # a member of a list
    TITLE = "title"
    QUOTE = "quote"  # the documents' own words, set off
    FOLD = "fold"  # the same, where a face can fold them away until they are wanted


@dataclass(frozen=True, slots=True)
class TextRun:
    """Words in one style."""

    text: str
    style: TextStyle = TextStyle.PLAIN
    number: int | None = None  # of the citation that a marker names


@dataclass(frozen=True, slots=True)
class Block:
    """A line of its own; ``apart`` when an empty line goes before it.

    ``cells`` are the same words for a face that can set them in columns: lead, text, markers.
    """

    runs: tuple[TextRun, ...]
    kind: BlockKind = BlockKind.TEXT
    apart: bool = False
    cells: tuple[tuple[TextRun, ...], ...] = ()

    @property
    def text(self) -> str:
        """Its words without any style."""
        return "".join(run.text for run in self.runs)


def line(
    text: str, *, style: TextStyle = TextStyle.PLAIN, kind: BlockKind = BlockKind.TEXT, apart: bool = False
) -> Block:
    """Return a block of one run."""
    return Block((TextRun(text, style),), kind, apart)


def blocks(answer: Answer, messages: Messages) -> tuple[Block, ...]:
    """Return what an answer says: its statements with their [n], or why there is none and what is near."""
    said = [line(message(answer, messages))] if not answer.outcome.is_answer else []
    return (*said, *statements(answer.statements, messages, shape=answer.shape))


def statements(
    said: Iterable[Statement], messages: Messages, *, shape: Shape = Shape.PROSE
) -> tuple[Block, ...]:
    """Return statements with their [n], one a block."""
    return tuple(_statement(one, messages, in_table=shape is Shape.TABLE) for one in said)


def notes(answer: Answer, messages: Messages) -> tuple[Block, ...]:
    """Return what is to be said beside an answer, such as that it came without a model."""
    known = (key for key in answer.notes if key in messages)
    return tuple(line(messages.say(key), style=TextStyle.FAINT, apart=True) for key in known)


def message(answer: Answer, messages: Messages) -> str:
    """Return the bot's own words for an outcome that is no answer; ``answer.details`` fills the names.

    Places and years in the details are joined by 、, and here as the language joins them.
    """
    key = answer.reason or _REASONS[answer.outcome]
    wanted, joint = messages.names(key), messages.say("joint")
    told = {
        name: (text.replace("、", joint) or messages.say("held_here")) if name in _LISTS else text
        for name, text in answer.details.items()
    }
    return messages.say(key, **{name: text for name, text in told.items() if name in wanted})


_LISTS = ("held", "places", "asked", "years")
_REASONS = {
    Outcome.ASKED_BACK: "which_place",
    Outcome.NOT_IN_CORPUS: "not_found",
    Outcome.NOT_SUPPORTED: "not_supported",
    Outcome.OUT_OF_SCOPE: "off_topic",
    Outcome.FAILED: "failed",
}


def sources(answer: Answer, said: Messages) -> tuple[Block, ...]:
    """Return the sources of an answer, two blocks each: where it stands, and the quoted words."""
    return tuple(block for citation in answer.citations for block in source(citation, said))


def source(citation: Citation, said: Messages) -> tuple[Block, ...]:
    """Return one source: ``[1] 吉林市 · title · 一、heading · 第3页`` and the quotation."""
    number = TextRun(f"[{citation.number}]", TextStyle.MARKER, citation.number)
    place = [TextRun(f" {citation.place}", TextStyle.STRONG)] if citation.place else []
    parts = (titled(citation.title), *citation.heading, *printed(citation, said))
    path = " · ".join(part for part in parts if part)
    where = TextRun(f" · {path}" if place else f" {path}", TextStyle.FAINT)
    return (
        Block((number, *place, where), BlockKind.TITLE),
        line(squeezed(citation.quote), kind=BlockKind.QUOTE),
    )


def printed(citation: Citation, said: Messages) -> tuple[str, ...]:
    """Return the page that a citation is on, and whether a machine recognised its words."""
    page = said.say("source_page", page=citation.page) if citation.page else ""
    return tuple(filter(None, (page, said.say("source_recognised") if citation.recognised else "")))


def opened(
    citation: Citation, passage: Passage, document: Document, *, around: Iterable[Passage] = ()
) -> tuple[Block, ...]:
    """Return a passage under its headings, the cited words marked, the passages ``around`` it in faint."""
    together = sorted({one.id: one for one in (passage, *around)}.values(), key=lambda one: one.start)
    return (
        *head(document, passage),
        *(quoted(one, [citation] if one.id == passage.id else []) for one in together),
    )


def head(document: Document, passage: Passage) -> tuple[Block, ...]:
    """Return where a passage stands: place, title and date, then the headings from the outermost inwards."""
    told = [part for part in (titled(document.title), document.date or str(document.year or "")) if part]
    place = [TextRun(document.place, TextStyle.STRONG), TextRun(" · ")] if document.place else []
    title = Block((*place, TextRun(" · ".join(told), TextStyle.STRONG)), BlockKind.TITLE)
    return (
        title,
        *(line(heading, style=TextStyle.FAINT, kind=BlockKind.TITLE) for heading in _above(passage)),
    )


def _above(passage: Passage) -> tuple[str, ...]:
    """Return the headings of a passage but those that its own first line begins with (第二十一条 禁止…)."""
    begins = body(passage)
    return tuple(one for one in passage.heading if not begins.startswith(one))


def plain(shown: Iterable[Block]) -> str:
    """Return blocks as text without any style."""
    out: list[str] = []
    for block in shown:
        if block.apart and out:
            out.append("")
        out.append(_PREFIXES.get(block.kind, "") + block.text)
    return "\n".join(out)


_BLANKS = re.compile(r"\s+")
_STOPS = "，。；：、！？"
_AFTER_STOP = re.compile(f"([{_STOPS}]) ")  # full-width marks bring their own room
_MARKS = re.compile(r"(?m)^[ \t]*(?:#{1,6}|>)[ \t]+")
_PREFIXES = {BlockKind.ITEM: "- ", BlockKind.QUOTE: "    ", BlockKind.FOLD: "    "}


def titled(title: str) -> str:
    """Return a title in its brackets; one that brings its own stays as it is."""
    return title if "《" in title else f"《{title}》"


def squeezed(text: str) -> str:
    """Return words of a document on one line, with single blanks; none after full-width marks."""
    return _AFTER_STOP.sub(r"\1", " ".join(text.split()))


def _statement(statement: Statement, messages: Messages, *, in_table: bool) -> Block:
    lead = [TextRun(messages.say("lead", lead=statement.lead), TextStyle.STRONG)] if statement.lead else []
    markers = tuple(
        TextRun(f"[{number}]", TextStyle.MARKER, number) for number in sorted(statement.citations)
    )
    kind = BlockKind.ITEM if statement.level else BlockKind.TEXT
    text = TextRun(squeezed(statement.text))
    is_row = in_table and (statement.lead or statement.level)
    cells = ((TextRun(statement.lead, TextStyle.STRONG),), (text,), markers) if is_row else ()
    return Block((*lead, text, *markers), kind, cells=cells)


def quoted(passage: Passage, citations: Iterable[Citation]) -> Block:
    """Return a passage without the headings above it, the cited words marked; faint where none are."""
    spans = sorted((one.start - passage.start, one.end - passage.start) for one in citations)
    if not spans:
        return line(body(passage), style=TextStyle.FAINT, kind=BlockKind.QUOTE)
    text, at = passage.text, _below_headings(passage, before=spans[0][0])
    runs: list[TextRun] = []
    for start, end in spans:
        first = min(max(start, at), len(text))
        last = min(max(end, first), len(text))
        runs += (_run(text[at:first], TextStyle.PLAIN), _run(text[first:last], TextStyle.CITED))
        at = last
    runs.append(_run(text[at:], TextStyle.PLAIN))
    shown: list[TextRun] = []
    for run in runs:
        at_once = not shown or shown[-1].text.endswith(tuple(_STOPS))
        words = run.text.lstrip() if at_once else run.text
        shown += [replace(run, text=words)] if words else []
    return Block(tuple(shown), BlockKind.QUOTE)


def _run(text: str, style: TextStyle) -> TextRun:
    return TextRun(_AFTER_STOP.sub(r"\1", _BLANKS.sub(" ", unmarked(text))), style)


def _below_headings(passage: Passage, *, before: int) -> int:
    """Return the offset in a passage at which the lines end that are told as headings above it."""
    at = 0
    for printed_line in passage.text.splitlines(keepends=True):
        words = squeezed(unmarked(printed_line))
        if at + len(printed_line) > before or (words and words not in passage.heading):
            return at
        at += len(printed_line)
    return 0


def body(passage: Passage) -> str:
    """Return a passage on one line, without Markdown's marks and the headings that are told above it.

    One that is nothing but headings stays whole.
    """
    lines = [squeezed(one) for one in unmarked(passage.text).split("\n")]
    rest = list(dropwhile(lambda one: not one or one in passage.heading, lines))
    return squeezed(" ".join(rest or lines))


def unmarked(text: str) -> str:
    """Leave out the marks that Markdown puts before headings and quotations."""
    return _MARKS.sub("", text)


def told_of(standing: IndexStatus, said: Messages) -> str:
    """Tell up to which version of the library each index has come."""
    told = {"version": standing.version, "words": standing.words}
    if standing.vectors is None:
        return said.say("standing_words", **told)
    return said.say("standing", **told, vectors=standing.vectors)
