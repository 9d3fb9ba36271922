"""What goes over the wire; all offsets count characters of a document's text, the end exclusive."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from answering.values.answer import Language, Outcome, Shape, StatementKind  # noqa: TC001 - pydantic reads them


class StrictRequest(BaseModel):
    """A request: a member that is not known is an error."""

    model_config = ConfigDict(extra="forbid")


class TurnIn(StrictRequest):
    """One message of the conversation before a question."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=4_000)


class QuestionIn(StrictRequest):
    """A question; ``language`` is that of our own words about an answer, by default the question's."""

    question: str = Field(min_length=1, max_length=2_000)
    language: Language | None = None
    history: list[TurnIn] = Field(default=[], max_length=20)


class ProblemOut(BaseModel):
    """What went wrong and what to do about it (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class CitedTableOut(BaseModel):
    """A few rows of the table that words are in; ``row`` is the index of the cited one."""

    columns: list[str]
    rows: list[list[str]]
    row: int


class CitationOut(BaseModel):
    """The words that prove a statement, and where they stand."""

    number: int
    document: str
    passage: str
    start: int
    end: int
    quote: str
    title: str
    place: str | None
    year: int | None
    date: str | None
    section: str
    point: str | None
    heading: list[str]
    page: int | None = Field(description="Of the printed document, from 1, where it is known.")
    recognised: bool = Field(description="The words were recognised from a picture (OCR).")
    table: CitedTableOut | None = Field(description="The rows around the words, where they stand in a table.")
    url: str | None = Field(description="The words marked on the reader page, where there is one.")


class StatementOut(BaseModel):
    """One line of an answer with the numbers of its citations; ``level`` 1 is a member of a list."""

    text: str
    lead: str
    level: int
    manner: StatementKind
    citations: list[int]


class AnswerOut(BaseModel):
    """What a question came to; an outcome that is no answer cites nothing, and ``message`` says why."""

    question: str
    language: Language
    outcome: Outcome
    answered: bool
    message: str | None
    shape: Shape
    statements: list[StatementOut]
    citations: list[CitationOut]
    notes: list[str]
    seconds: float


class HitOut(BaseModel):
    """A passage that was found."""

    passage_id: str
    document: str
    title: str
    place: str | None
    year: int | None
    section: str
    point: str | None
    start: int
    end: int
    text: str
    score: float
    url: str | None


class HitsOut(BaseModel):
    """What was found, best first."""

    question: str
    hits: list[HitOut]


class DocumentOut(BaseModel):
    """A document without its text."""

    id: str
    title: str
    genre: str
    place: str | None
    province: str | None
    year: int | None
    date: str | None
    speaker: str | None
    event: str | None
    collection: str | None
    source: str
    url: str | None


class SectionOut(BaseModel):
    """A headed stretch of a document."""

    numeral: str
    title: str
    level: int
    start: int
    end: int


class FullDocumentOut(DocumentOut):
    """A document with its text and sections."""

    text: str
    sections: list[SectionOut]


class DocumentsOut(BaseModel):
    """A stretch of the list of documents; ``count`` is of all."""

    count: int
    documents: list[DocumentOut]


class PassageOut(BaseModel):
    """A passage, and the ones before and after it."""

    id: str
    start: int
    end: int
    text: str
    section: str
    point: str | None
    heading: list[str]
    before: str | None
    after: str | None
    document: DocumentOut
    url: str | None


class FigureOut(BaseModel):
    """A figure of the register; ``text`` is its clause, ``span`` the figure as printed."""

    place: str | None
    metric: str
    value: int | float
    high: int | float | None
    unit: str
    unit_class: str
    bound: str
    kind: str
    period: str | None
    year: int | None
    field: str
    text: str
    span: str
    document: str
    title: str
    date: str | None
    source: str
    passage: str
    start: int
    end: int
    page: int | None
    recognised: bool = Field(description="The words were recognised from a picture (OCR).")
    url: str | None


class FiguresOut(BaseModel):
    """A stretch of the figures that were asked for; ``count`` is of all."""

    count: int
    figures: list[FigureOut]
