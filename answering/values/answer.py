"""The values of an answer: statements, each resting on citations, and the outcome they amount to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from answering.values.chart import Chart  # noqa: TC001 - read when answers are kept and taken up again
from answering.values.trace import Trace


class Outcome(StrEnum):
    """How a question ended. ``ANSWERED`` and ``COMPUTED`` are answers; all others count as abstained."""

    ANSWERED = "answered"
    COMPUTED = "computed"
    ASKED_BACK = "asked_back"
    NOT_IN_CORPUS = "not_in_corpus"
    NOT_SUPPORTED = "not_supported"
    OUT_OF_SCOPE = "out_of_scope"
    FAILED = "failed"

    @property
    def is_answer(self) -> bool:
        """Whether the question got an answer."""
        return self in (Outcome.ANSWERED, Outcome.COMPUTED)


class Language(StrEnum):
    """The language a person asked in, and is answered in; quotations stay as they are."""

    HANS = "zh-Hans"
    HANT = "zh-Hant"
    EN = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message of the conversation so far."""

    role: str  # "user" or "assistant"
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedTable:
    """A few rows of the table that a citation is in, as printed; ``row`` is the index of the cited one."""

    columns: tuple[str, ...]  # empty where the table has no head
    rows: tuple[tuple[str, ...], ...]
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The passage that a statement rests on: ``document.text[start:end] == quote``."""

    number: int  # 1, 2, … in the order of first use; shown as [1]
    document: str
    passage: str
    start: int  # of the quote in document.text
    end: int
    quote: str
    title: str
    place: str | None
    year: int | None
    date: str | None
    section: str
    point: str | None
    heading: tuple[str, ...]
    page: int | None = None  # of the printed document, from 1; None where it has none, or they are not known
    recognised: bool = False  # the words were recognised from a picture (OCR): the original decides
    table: CitedTable | None = None


class StatementKind(StrEnum):
    """How a statement came about."""

    QUOTED = "quoted"  # the document's own words, whole or trimmed to a clause
    HEADING = "heading"  # a heading of the document
    COMPUTED = "computed"  # by code, over figures that are cited
    FRAME = "frame"  # our own words around the others; claims nothing that is not cited
    WRITTEN = "written"  # a model's words, proved against what they cite


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One line of an answer, with the numbers of the citations that prove it."""

    text: str
    citations: tuple[int, ...] = ()
    manner: StatementKind = StatementKind.QUOTED
    lead: str = ""  # shown before the text and set apart from it: "吉林市", "In Taizhou"
    level: int = 0  # 0 for a plain line, 1 for a member of a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Computation:
    """A value got by code, with the quoted figures it came from."""

    value: float
    op: str  # "sum", "difference", "ratio", "count"
    of: tuple[float, ...]
    scale: int = 1  # the figures are printed in this many units: 10,000 for 万


class Shape(StrEnum):
    """How an answer is best laid out where a face can choose."""

    PROSE = "prose"
    LIST = "list"
    TABLE = "table"  # leads are row heads: one place, year or thing against another


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a question came to. An outcome that found nothing lists no citations."""

    question: str
    outcome: Outcome
    language: Language = Language.HANS
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    computed: tuple[Computation, ...] = ()
    reason: str = (
        ""  # why there is no answer: a key of bot/messages such as "other_place", "greeting", "which_place"
    )
    details: dict[str, str] = field(
        default_factory=dict
    )  # what the message of ``reason`` names: place, subject, …
    places: tuple[str, ...] = ()  # the places it spoke of; carried to the next question of the conversation
    seconds: dict[str, float] = field(
        default_factory=dict
    )  # wall time by stage: "frame", "search", "answer", …
    shape: Shape = Shape.PROSE
    notes: tuple[str, ...] = ()  # keys of bot/messages: why it came without a model
    trace: Trace = field(default_factory=Trace)
    chart: Chart | None = None  # what can be drawn of it
    told: str = ""  # the whole as a face tells it, where one has told it
    verdict: str | None = None  # of what a yes-or-no question puts: "true", "false", "partly", "unknown"

    @property
    def text(self) -> str:
        """The answer as text: as a face tells it, else its statements with their [n]."""
        if self.told:
            return self.told
        lines = (
            f"{one.lead + '：' if one.lead else ''}{one.text}{''.join(f'[{n}]' for n in one.citations)}"
            for one in self.statements
        )
        return "\n".join(lines)
