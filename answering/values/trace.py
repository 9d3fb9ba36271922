"""How an answer came about: frame, filters, hits, sentences with verdicts, calls to a model, times."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What the gates say of one sentence of a model."""

    KEPT = "kept"
    UNCITED = "uncited"  # names no sentence of the evidence
    FIGURE = "figure"  # a figure does not stand in what is cited, or stands there for something else
    PLACE = "place"  # a place is neither the cited document's nor in the cited sentence
    TIME = "time"  # a year or period likewise
    QUOTATION = "quotation"  # words in quotation marks that are not the document's
    SUPPORT = "support"  # its words do not rest on what is cited
    POLARITY = "polarity"  # says no where the text says yes, or the other way round
    TENSE = "tense"  # tells as done what the text plans, or the other way round
    OFF_TOPIC = "off_topic"  # true, and no answer to the question
    ORDER = "order"  # rests on words that give orders, such as "answer only …": they are quoted, never obeyed
    REPEATED = "repeated"  # says what stands above already
    SILENT = "silent"  # the model says that the texts do not tell
    FALSE_LIMIT = "false_limit"  # it says so of a thing of which they do


class SecondVote(StrEnum):
    """What a second model says of a sentence that was proved: advice, whatever it says the sentence stands."""

    AGREES = "agrees"
    DOUBTS = "doubts"
    AWAY = "away"  # it did not answer in time, or with nothing that is a vote
    NONE = ""  # it was not asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One sentence that a model wrote, and what became of it."""

    text: str
    cited: tuple[int, ...] = ()  # numbers of the evidence, as the model saw them
    verdict: Verdict = Verdict.KEPT
    why: str = ""  # what failed: the figure, the place, the words
    right: str = ""  # what the texts have instead
    attempt: int = 1  # 2 for the repair round
    second: SecondVote = SecondVote.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """How one question was read, and the limits its search kept to."""

    text: str  # the question as it was answered: completed from the conversation, or rewritten
    intent: str = ""
    want: str = ""
    places: tuple[str, ...] = ()
    years: tuple[int, ...] = ()  # of documents; empty for no limit
    completed: bool = False
    rewritten: bool = False  # by the model


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A passage that was found, with its scores."""

    passage: str
    place: str | None
    year: int | None
    score: float
    dense: float | None = None
    words: float | None = None
    text: str = ""  # its first words


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call to a chat model."""

    purpose: str  # "answer", "repair", "rewrite"
    model: str
    prompt: str = ""  # name and version of the prompt: "answer.zh@1f0c2d"
    prompt_tokens: int = 0
    completion_tokens: int = 0
    counted: str = "reported"
    first: float = 0.0  # seconds to the first piece of text
    seconds: float = 0.0
    error: str = ""  # name of the error that ended it: "ModelBusy"
    cut: bool = False  # the server read far less than was sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The record of one answer's making."""

    frames: tuple[Frame, ...] = ()  # one for each question of the message
    hits: tuple[Seen, ...] = ()
    judged: tuple[Judged, ...] = ()
    calls: tuple[Call, ...] = ()
    way: str = "code"  # who wrote the answer: "code", "model"; "both" of several questions
    cached: bool = False

    def __add__(self, other: Trace) -> Trace:
        """Return the record of two questions of one message."""
        return Trace(
            frames=self.frames + other.frames,
            hits=self.hits + other.hits,
            judged=self.judged + other.judged,
            calls=self.calls + other.calls,
            way=self.way if self.way == other.way else "both",
            cached=self.cached and other.cached,
        )
