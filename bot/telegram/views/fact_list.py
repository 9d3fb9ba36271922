"""Rows of the register page by page: what is looked at stands in the data of the buttons alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.telegram.formatting import keyboards, limits
from bot.telegram.formatting.keyboards import ButtonData
from retrieval.catalog.fact_query import Ask
from retrieval.facts.policy_fields import names as field_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.messages import Messages
    from bot.telegram.context.protocols import LibraryLike
    from bot.telegram.formatting.keyboards import Labelled

LIST, PLACES, FIELDS, OPEN, COMPARE = "fg", "fgp", "fgf", "fgo", "fgc"  # what taps do
ROWS = 8  # on a page: one row of buttons
MOST = 400  # rows looked at
_ACROSS, _DOWN = 3, 7  # places to choose from


class FactListKind(StrEnum):
    """What is listed."""

    FIGURES = "f"
    MEASURES = "m"
    THINGS = "c"  # what can be compared


@dataclass(frozen=True, slots=True, kw_only=True)
class FactListQuery:
    """What is listed, and how it is limited; "" sets no limit."""

    sort: FactListKind
    page: int = 0
    place: str = ""
    field: str = ""
    words: str = ""

    def tap(self, act: str, *, page: int | None = None) -> ButtonData:
        """Return the tap that does ``act`` to this; words are cut to what a button has room for."""
        number = field_names().index(self.field) if self.field else ""
        fields = (str(self.page if page is None else page), self.sort.value, self.place, str(number))
        room = limits.DATA_BYTES - len(":".join((act, *fields, "")).encode())
        words = "".join(self.words.replace(":", "").split())
        return ButtonData(act, (*fields, words.encode()[: max(0, room)].decode(errors="ignore")))

    @classmethod
    def read(cls, tap: ButtonData) -> FactListQuery | None:
        """Return what a tap is about; None where it carries nothing of ours."""
        page, sort, place, number, words = (*tap.fields, "", "", "", "", "")[:5]
        known = field_names()
        wrong = sort not in list(FactListKind) or (
            number and not (number.isdecimal() and int(number) < len(known))
        )
        if wrong or keyboards.NUMBER.fullmatch(page) is None:
            return None
        field = known[int(number)] if number else ""
        return cls(sort=FactListKind(sort), page=int(page), place=place, field=field, words=words)

    @property
    def ask(self) -> Ask:
        """What the register is asked."""
        return Ask(
            places=(self.place,) if self.place else (),
            fields=(self.field,) if self.field else (),
            things=(self.words,) if self.words else (),
            limit=MOST,
        )


def spoken(text: str, sort: FactListKind, library: LibraryLike) -> FactListQuery:
    """Return what is asked for after a command: a place that is held, a field, and the rest as words.

    Waits for the library.
    """
    held = set(library.places())
    look = FactListQuery(sort=sort)
    for mention in reversed(library.gazetteer.find(text, prefer=library.places())):
        if mention.place.name in held and not look.place:
            text = text[: mention.start] + " " + text[mention.end :]
            look = replace(look, place=mention.place.name)
    kept = []
    for word in text.split():
        if word in field_names() and not look.field:
            look = replace(look, field=word)
        else:
            kept.append(word)
    return replace(look, words="".join(kept).strip("的"))


def choosing(look: FactListQuery, said: Messages) -> Sequence[Labelled]:
    """Make the row of buttons that choose a place and a field."""
    everything = said.say("look_all")
    return (
        (said.say("look_place", place=look.place or everything), look.tap(PLACES, page=0)),
        (said.say("look_field", field=look.field or everything), look.tap(FIELDS, page=0)),
    )


def places(look: FactListQuery, held: Sequence[str], said: Messages) -> list[Sequence[Labelled]]:
    """Make the buttons of places to choose from; ``look.page`` is their page."""
    size = _ACROSS * _DOWN
    pages = -(-len(held) // size)
    page = min(look.page, max(0, pages - 1))
    shown = [("", said.say("look_all")), *((one, one) for one in held[page * size : (page + 1) * size])]
    taps = [(label, replace(look, place=name).tap(LIST, page=0)) for name, label in shown]
    rows: list[Sequence[Labelled]] = [taps[:1], *_across(taps[1:])]
    turn = replace(look, page=page).tap(PLACES).fields[1:]
    return [*rows, keyboards.turning(PLACES, page, pages, turn, said)]


def fields(look: FactListQuery, said: Messages) -> list[Sequence[Labelled]]:
    """Make the buttons of fields to choose from."""
    shown = [("", said.say("look_all")), *((one, one) for one in field_names())]
    taps = [(label, replace(look, field=name).tap(LIST, page=0)) for name, label in shown]
    return [taps[:1], *_across(taps[1:])]


def _across(taps: Sequence[Labelled]) -> list[Sequence[Labelled]]:
    return [taps[at : at + _ACROSS] for at in range(0, len(taps), _ACROSS)]
