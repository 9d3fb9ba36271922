"""The buttons under messages, and what they carry: an answer's id, a citation's number, a passage's id."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.telegram import limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from answering.answer import Citation

DATA = re.compile(
    r"(?P<act>[sprx]):(?P<answer>[a-z0-9]{1,16})(?::(?P<number>\d{1,4}))?(?::(?P<passage>\S{1,48}))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """What a button asks for."""

    act: str  # "s": a source in a new message, "p": a passage in the place of this one, "r": the answer again
    answer: str  # its id; where none is yet ("x": stop making it) the id of the update that asks
    number: int = 0
    passage: str = ""

    @property
    def data(self) -> str:
        """The tap as a button carries it, at most 64 bytes."""
        fields = [self.act, self.answer, *([str(self.number)] if self.number else []), self.passage]
        data = ":".join(fields).rstrip(":")
        if len(data.encode()) > limits.DATA_BYTES:
            raise ValueError(f"a button can't carry {data!r}: more than {limits.DATA_BYTES} bytes")
        return data


def read(data: str) -> Tap | None:
    """Read what a button carries; None if no button of ours carries this."""
    found = DATA.fullmatch(data)
    if found is None:
        return None
    return Tap(
        act=found["act"],
        answer=found["answer"],
        number=int(found["number"] or 0),
        passage=found["passage"] or "",
    )


def sources(answer: str, citations: Sequence[Citation]) -> InlineKeyboardMarkup | None:
    """Make a button [n] for each citation, eight a row."""
    taps = [(f"[{one.number}]", Tap(act="s", answer=answer, number=one.number)) for one in citations]
    return _keyboard(taps[: limits.KEYBOARD_BUTTONS])


def around(answer: str, number: int, ways: Iterable[tuple[str, str | None]]) -> InlineKeyboardMarkup | None:
    """Make the buttons under a passage of source ``number``: labels, each with the passage it leads to."""
    return _keyboard(
        (label, Tap(act="p", answer=answer, number=number, passage=passage))
        for label, passage in ways
        if passage
    )


def again(answer: str, label: str) -> InlineKeyboardMarkup | None:
    """Make the button that sends an answer once more."""
    return _keyboard([(label, Tap(act="r", answer=answer))])


def stop(update_id: int, label: str) -> InlineKeyboardMarkup | None:
    """Make the button that stops an answer while it is being made."""
    return _keyboard([(label, Tap(act="x", answer=str(update_id)))])


def _keyboard(taps: Iterable[tuple[str, Tap]]) -> InlineKeyboardMarkup | None:
    buttons = [InlineKeyboardButton(label, callback_data=tap.data) for label, tap in taps]
    if not buttons:
        return None
    width = limits.ROW_BUTTONS
    return InlineKeyboardMarkup([buttons[at : at + width] for at in range(0, len(buttons), width)])
