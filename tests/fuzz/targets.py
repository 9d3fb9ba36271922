"""What is fuzzed, and what must hold of each input; anything raised is a find."""

from __future__ import annotations

import atexit
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(one) for one in (ROOT, HERE, HERE.parent / "retrieval") if str(one) not in sys.path]

import itertools
import json

import inputs
import served
import talking

from answering import Answerer
from answering.generation.citation_markers import split
from answering.generation.figure_printing import in_digits
from answering.generation.sentence_splitter import SentenceStream
from bot.presentation.rendering import line
from bot.telegram.formatting import html, keyboards, limits
from bot.telegram.updates import payloads
from retrieval import Library
from retrieval.catalog import fact_writer as register
from retrieval.loaders.load import read_bytes
from retrieval.loaders.sandbox.client import SandboxedReader
from retrieval.loaders.sandbox.limits import ReaderLimits
from retrieval.parsing.parser import parse
from retrieval.parsing.passages import cut
from retrieval.places.gazetteer import Gazetteer
from retrieval.quantities import figures
from retrieval.text.sentences import clauses, sentences
from retrieval.values.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable

HANG = 2.0  # seconds that no input may take


@dataclass(frozen=True)
class Target:
    """Inputs of one kind, and what is done with each."""

    make: inputs.Maker
    run: Callable[[Any], None]
    apart: bool = False  # whether the work is done by another process, which keeps its own time


class HangError(BaseException):
    """An input took too long; no handler of errors takes it for one."""


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer()


@cache
def _confined() -> SandboxedReader:
    confined = SandboxedReader(ReaderLimits(seconds=HANG, seconds_per_mb=0.0))
    atexit.register(confined.close)
    return confined


@cache
def _library() -> Library:
    """Return the shipped texts, searched by words alone."""
    home = tempfile.TemporaryDirectory(prefix="chengwen-fuzz-")
    library = Library.open(Path(home.name), embedder=None, write=True)
    library.ingest([ROOT / "corpus"])
    atexit.register(home.cleanup)
    atexit.register(library.close)
    return library


@cache
def _answerer() -> Answerer:
    return Answerer(_library())


def _refused(error: ReadError) -> None:
    if "太久" in str(error):
        raise HangError
    assert str(error).endswith("。"), error


def _read_text(data: bytes) -> None:
    for name in ("x.txt", "x.md", "stdin"):
        try:
            source = read_bytes(data, name)
        except ReadError as error:
            _refused(error)
        else:
            assert source.text.strip()
            assert not set(source.text) & set("\0\r\x1b\u200b\u202e")
            source.text.encode()


def _read_as(name: str) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        try:
            _, reading = _confined().contents(data, name)
        except ReadError as error:
            _refused(error)
        else:
            reading.text.encode()

    return run


def _understand(text: str) -> None:
    try:
        read = read_bytes(text.encode("utf-8", "replace"), "x.md")
    except ReadError:
        return
    whole = [(one, cut(one)) for one in parse(read, gazetteer=_gazetteer(), options={})]
    for document, passages in whole:
        assert read.text[document.offset : document.offset + len(document.text)] == document.text
        assert all(document.text[p.start : p.end] == p.text for p in passages)
        assert all(0 <= s.start <= s.body <= s.end <= len(document.text) for s in document.sections)
        assert all(0 <= p.start < p.end <= len(document.text) for p in document.points)
    register.rows_of(whole)


def _count(text: str) -> None:
    for figure in figures(text, every=True):
        assert text[figure.start : figure.end] == figure.text
        assert figure.value.is_finite()
        assert figure.high is None or figure.high.is_finite()
    for spans in (sentences(text), clauses(text)):
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


def _tap(data: str) -> None:
    tap = keyboards.read(data)
    if tap is not None:
        assert keyboards.read(tap.data) == tap
        assert len(tap.data.encode()) <= limits.DATA_BYTES
        source = keyboards.SourceRef.read(tap)
        assert source is None or keyboards.SourceRef.read(source.tap(tap.act)) == source


def _update(payload: str) -> None:
    if payloads.is_update(payload):
        text = payloads.whole(payload)
        text.encode()
        payloads.fault(json.loads(text))


def _hear(text: str) -> None:
    stream = SentenceStream()
    units = [unit for at in range(0, len(text), 5) for unit in stream.feed(text[at : at + 5])]
    units += stream.close()
    assert "".join("".join(units).split()) == "".join(text.split())
    for unit in units:
        split(in_digits(unit))


def _show(text: str) -> None:
    for message in html.messages([line(text), line(text * 9)]):
        assert message.strip()
        assert len(message.encode()) <= limits.MESSAGE_BYTES


def _ask(text: str) -> None:
    for citation in _answerer().answer_now(text).citations:
        document = _library().document(citation.document)
        assert document is not None
        assert document.text[citation.start : citation.end] == citation.quote


TARGETS: dict[str, Target] = {
    "text files": Target(inputs.encoded, _read_text),
    "html files": Target(inputs.page, _read_as("x.html"), apart=True),
    "word files": Target(inputs.word, _read_as("x.docx"), apart=True),
    "pdf files": Target(inputs.pdf, _read_as("x.pdf"), apart=True),
    "rich text files": Target(inputs.odd("rich.rtf"), _read_as("x.rtf"), apart=True),
    "layout files": Target(inputs.odd("layout.ofd"), _read_as("x.ofd"), apart=True),
    "books": Target(inputs.odd("book.epub"), _read_as("x.epub"), apart=True),
    "workbooks": Target(inputs.odd("workbook.xlsx"), _read_as("x.xlsx"), apart=True),
    "notes in word files": Target(inputs.odd("numbered.docx"), _read_as("x.docx"), apart=True),
    "tables in pdf files": Target(inputs.odd("long_table.pdf"), _read_as("x.pdf"), apart=True),
    "saved pages": Target(inputs.saved, _read_as("x.mht"), apart=True),
    "older word files": Target(inputs.compound, _read_as("x.doc"), apart=True),
    "tables as text": Target(inputs.tabbed, _read_as("x.csv"), apart=True),
    "structure": Target(inputs.text, _understand),
    "numerals": Target(inputs.text, _count),
    "callback data": Target(inputs.tap, _tap),
    "updates": Target(inputs.payload, _update),
    "a model's words": Target(inputs.text, _hear),
    "messages": Target(inputs.text, _show),
    "questions": Target(inputs.text, _ask),
    "deep links": Target(talking.link, lambda given: talking.follow(_library(), given)),
    "commands": Target(talking.command, lambda given: talking.order(_library(), given)),
    "taps": Target(talking.button, lambda given: talking.press(_library(), given)),
    "init data": Target(served.init_data, served.verify),
    "JSON interface": Target(served.request, lambda given: served.ask(_library(), given)),
    "reader's pages": Target(served.page, lambda given: served.look(_library(), given)),
}
