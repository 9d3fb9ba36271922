"""Hypotheses: the weighted readings of what a message asks, which candidates are looked for and scored by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from answering.values.answer import Language

State = Literal["done", "planned", "standing", "required"]


class QuestionKind(StrEnum):
    """What a question asks for."""

    FACT = "fact"  # one figure, name, date or clause
    LIST = "list"  # several items, all of them
    HOW = "how"  # measures or reasons
    OUTLINE = "outline"  # the headings of a document or of one part
    SUMMARY = "summary"  # the key sentences of a document or of one part
    DEFINITION = "definition"  # what a term means
    COMPARISON = "comparison"  # the same thing of several places or years, side by side
    WHICH_PLACES = "which_places"  # the places of which something is told
    COUNT = "count"  # how many items, places or documents, counted by code
    YES_NO = "yes_no"  # whether something is done, planned or allowed
    RULE = "rule"  # what a by-law says: consequence, duty, procedure, deadline
    CLAIM = "claim"  # a statement of the asker's to be checked
    PROMISE = "promise"  # a target against its result
    LIBRARY = "library"  # what the library itself holds
    NONE = "none"  # no question to the library


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """One reading of a message in the light of the conversation; readings are sorted by weight."""

    kind: QuestionKind
    weight: float  # 0…1; those of one message sum to 1
    asked: str  # as typed
    text: str  # completed from the conversation, to search with
    language: Language
    places: tuple[str, ...] = ()  # full names asked of, held or not; the country is "中国"
    everywhere: bool = False  # asked of all places: 各市, 哪些省
    years: tuple[int, ...] = ()  # the years asked of, relative ones resolved against the newest report
    state: State | None = None  # None where the question leaves it open
    unit_classes: tuple[str, ...] = ()  # of the figure asked for: "money", "share", "people", …
    content: str = ""  # folded, a bar where places stood
    terms: tuple[str, ...] = ()  # what it speaks of, frame words left out
    focus: str = ""  # the thing asked for, in the question's own words
    quoted: tuple[str, ...] = ()  # what it puts in quotation marks, folded
    documents: tuple[str, ...] = ()  # ids of the documents that it names by their title
    own: str = ""  # of a follow-up: the words it adds itself; empty for a question that stands alone
    carried: bool = False  # took its topic or place from the conversation
    reason: str = ""  # of a reading that asks nothing of the library: a key of bot/messages
