"""The buttons under messages, and what they carry: an act, and what it is done to."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, WebAppInfo

from bot.telegram.formatting import limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from answering.values.answer import Citation
    from bot.messages import Messages

DATA = re.compile(r"[a-z]{1,3}(?::[^\s:]{0,60})*")
PASSAGE, CITED = "s_", "c_"  # how deep links to a passage and to a source of an answer begin
NUMBER = re.compile(r"[0-9]{1,4}")
NAME = re.compile(r"[A-Za-z0-9-]{1,44}")  # of an answer or a passage (of its text 32); anybody may type one
DRAW = "dr"  # the act of the button that draws an answer
REST, FOLD = "sm", "sc"  # the acts of those that show all of its sources, and fold an opened one away
UNFOLD = "sl"  # the act of the button that shows all of a long list
FEW = 3  # sources beside which there is room for more buttons in a row
CARRIED = 48  # bytes of words that are sure to have room in a tap, beside its act and a number


@dataclass(frozen=True, slots=True)
class ButtonData:
    """What a button asks for: ``act`` names the feature that does it, ``fields`` are its own."""

    act: str
    fields: tuple[str, ...] = ()

    @property
    def data(self) -> str:
        """The tap as a button carries it, at most 64 bytes."""
        data = ":".join((self.act, *self.fields))
        if DATA.fullmatch(data) is None or len(data.encode()) > limits.DATA_BYTES:
            raise ValueError(f"a button can't carry {data!r}: more than {limits.DATA_BYTES} bytes, or no tap")
        return data


Labelled = tuple[str, ButtonData]  # what stands on a button, and what it does


def read(data: str) -> ButtonData | None:
    """Read what a button carries; None if no button of ours carries this."""
    if DATA.fullmatch(data) is None or len(data.encode()) > limits.DATA_BYTES:
        return None
    act, *fields = data.split(":")
    return ButtonData(act, tuple(fields))


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRef:
    """A citation of an answer, and the passage that is looked at from there ("" for the cited one).

    A passage that is looked at by itself has no answer, and the number 0.
    """

    answer: str
    number: int
    passage: str = ""

    def tap(self, act: str) -> ButtonData:
        """Return the tap that does ``act`` to this source."""
        return ButtonData(act, (self.answer, str(self.number), *([self.passage] if self.passage else [])))

    @property
    def link(self) -> str:
        """What a deep link to this source of an answer carries; at most 64 of A-Z, a-z, 0-9, _ and -."""
        return f"{CITED}{self.answer}_{self.number}"

    @classmethod
    def linked(cls, payload: str) -> SourceRef | None:
        """Return the source, or the passage by itself, to which a deep link leads; None if to none."""
        if payload.startswith(PASSAGE):
            passage = payload.removeprefix(PASSAGE)
            return cls(answer="", number=0, passage=passage) if NAME.fullmatch(passage) else None
        answer, _, number = payload.removeprefix(CITED).rpartition("_")
        is_source = payload.startswith(CITED) and NAME.fullmatch(answer) and NUMBER.fullmatch(number)
        return cls(answer=answer, number=int(number)) if is_source else None

    @classmethod
    def read(cls, tap: ButtonData) -> SourceRef | None:
        """Return the source that a tap names, or None where it names none."""
        if not 2 <= len(tap.fields) <= 3 or NUMBER.fullmatch(tap.fields[1]) is None:
            return None
        answer, number, *passage = tap.fields
        if any(one and NAME.fullmatch(one) is None for one in (answer, *passage)):
            return None
        return cls(answer=answer, number=int(number), passage="".join(passage))


def under(
    answer: str,
    citations: Sequence[Citation],
    *,
    offers: Mapping[str, str],
    share: str | None,
    draw: str | None = None,
    more: str | None = None,
) -> InlineKeyboardMarkup | None:
    """Make what is under an answer, two rows at most: [n] for its sources and ``share``, then ways on.

    ``more`` unfolds the rest of a long list. ``offers`` are questions to go on with and the ids under which
    they are kept, of which one has room.
    """
    drawing = [(draw, ButtonData(DRAW, (answer,)))] if draw else []
    sharing = [(share, ButtonData("sh", (answer,)))] if share else []
    beside = drawing if len(citations) <= FEW else []
    first = [*sources(answer, citations), *beside, *sharing]
    unfolding = [(more, ButtonData(UNFOLD, (answer,)))] if more else []
    second = [*unfolding, *([] if beside else drawing), *itertools.chain.from_iterable(asking(offers)[:1])]
    return rows([first, second])


def sources(answer: str, citations: Sequence[Citation], *, whole: bool = False) -> list[Labelled]:
    """Make [n] for each citation; unless the ``whole`` of many is wanted, the first, and … for the rest."""
    taps = [(f"[{one.number}]", SourceRef(answer=answer, number=one.number).tap("s")) for one in citations]
    if whole or len(taps) < limits.ROW_BUTTONS:
        return taps
    return [*taps[: limits.ROW_BUTTONS - 2], ("…", ButtonData(REST, (answer,)))]


def again(answer: str, label: str) -> InlineKeyboardMarkup | None:
    """Make the button that sends an answer once more."""
    return keyboard([(label, ButtonData("r", (answer,)))])


def asking(offers: Mapping[str, str]) -> list[list[Labelled]]:
    """Make a row for each question, given with the id under which it is kept: a tap asks it."""
    return [[(question, ButtonData("ask", (offer,)))] for question, offer in offers.items()]


def stop(update_id: int, label: str) -> InlineKeyboardMarkup | None:
    """Make the button that stops an answer while it is being made."""
    return keyboard([(label, ButtonData("x", (str(update_id),)))])


def turning(act: str, page: int, pages: int, fields: tuple[str, ...], said: Messages) -> Sequence[Labelled]:
    """Make the row that turns pages, of which ``page`` (0, 1, …) is open; empty where there is one page only.

    The taps carry the page to go to, then ``fields``.
    """
    if pages < 2:
        return ()
    here = said.say("page_of", page=page + 1, pages=pages)
    ways = (("◀", page - 1), (here, page), ("▶", page + 1))
    return [(label, ButtonData(act, (str(to), *fields))) for label, to in ways if 0 <= to < pages]


def button(label: str, tap: ButtonData) -> InlineKeyboardButton:
    """Make a button of a label and a tap."""
    return InlineKeyboardButton(label, callback_data=tap.data)


def link(label: str, url: str, *, private: bool) -> InlineKeyboardButton:
    """Make a button that opens a page: inside Telegram where that can be, which is in private chats only."""
    if private and url.startswith("https://"):
        return InlineKeyboardButton(label, web_app=WebAppInfo(url))
    return InlineKeyboardButton(label, url=url)


def opening(label: str, bot: str, *, start: str = "") -> InlineKeyboardButton:
    """Make a button that works in any chat: it opens the one with the bot, at what ``start`` names."""
    return InlineKeyboardButton(label, url=f"https://t.me/{bot}" + (f"?start={start}" if start else ""))


def laid(*given: Iterable[InlineKeyboardButton | None]) -> InlineKeyboardMarkup | None:
    """Make a keyboard of rows; what is None is left out, and so are rows without anything."""
    kept = ([one for one in row if one is not None] for row in given)
    filled = [row for row in kept if row]
    return InlineKeyboardMarkup(filled) if filled else None


def page_of(tap: ButtonData) -> int:
    """Return the page that a tap turns to, which it carries first; 0 where it carries none."""
    return int(tap.fields[0]) if tap.fields and NUMBER.fullmatch(tap.fields[0]) else 0


def keyboard(taps: Iterable[Labelled]) -> InlineKeyboardMarkup | None:
    """Make buttons of labels and taps, eight a row; None where there are none."""
    return rows(broken(list(taps)))


def rows(labelled: Iterable[Sequence[Labelled]]) -> InlineKeyboardMarkup | None:
    """Make rows of buttons; empty rows are left out, and None is returned where there is no other."""
    return laid(*([button(label, tap) for label, tap in row] for row in labelled))


def broken(taps: Sequence[Labelled]) -> list[Sequence[Labelled]]:
    """Part buttons into rows of as many as clients show."""
    width = limits.ROW_BUTTONS
    return [taps[at : at + width] for at in range(0, len(taps), width)]
