"""👍 and 👎 under a source: what their buttons say and carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.store import Vote, VoteReason
from bot.telegram.formatting.keyboards import ButtonData, button

if TYPE_CHECKING:
    from telegram import InlineKeyboardButton

    from bot.messages import Messages
    from bot.store import VoteCounts
    from bot.telegram.formatting.keyboards import SourceRef

ACT = "sv"
UP, DOWN = "u", "d"
REASONS = {
    "f": VoteReason.FIGURE,
    "c": VoteReason.CITATION,
    "m": VoteReason.MISSING,
    "o": VoteReason.OUTDATED,
}
FACES = {UP: "👍", DOWN: "👎"}


def cast(tap: ButtonData, source: SourceRef, person: int) -> Vote | None:
    """Return the vote that a tap casts; None where it casts none."""
    code = tap.fields[0]
    if code not in FACES and code not in REASONS:
        return None
    reason = REASONS.get(code)
    return Vote(answer=source.answer, citation=source.number, person=person, is_up=code == UP, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteState:
    """How the votes on a source stand, for the one person who sees its buttons, or for a whole group."""

    mine: Vote | None  # of the person, where they are alone with the bot
    tally: VoteCounts | None  # of all, where others see the buttons too

    def rows(self, source: SourceRef, said: Messages) -> tuple[list[InlineKeyboardButton], ...]:
        """Return 👍 and 👎 as they stand, and under a 👎 the reasons for it."""
        faces = [self._button(code, face, source) for code, face in FACES.items()]
        if not self._count(DOWN):
            return (faces,)
        labels = {code: said.say(f"vote_{reason.value}") for code, reason in REASONS.items()}
        return faces, [self._button(code, label, source) for code, label in labels.items()]

    def _button(self, code: str, label: str, source: SourceRef) -> InlineKeyboardButton:
        count = self._count(code)
        mark = f" {count}" if self.tally else " ✓"
        carried = source.tap(ACT)
        return button(label + mark * bool(count), ButtonData(ACT, (code, *carried.fields)))

    def _count(self, code: str) -> int:
        if self.tally is not None:
            counts = {UP: self.tally.up, DOWN: self.tally.down}
            return counts[code] if code in counts else self.tally.reasons.get(REASONS[code], 0)
        mine = self.mine
        if mine is None:
            return 0
        return int(mine.reason is REASONS[code] if code in REASONS else mine.is_up == (code == UP))
