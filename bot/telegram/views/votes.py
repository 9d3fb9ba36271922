"""👍 and 👎 under a source: what their buttons say and carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.store import Reason, Vote
from bot.telegram.formatting.keyboards import Tap, button

if TYPE_CHECKING:
    from telegram import InlineKeyboardButton

    from bot.messages import Messages
    from bot.store import Tally
    from bot.telegram.formatting.keyboards import Source

ACT = "sv"
UP, DOWN = "u", "d"
REASONS = {"f": Reason.FIGURE, "c": Reason.CITATION, "m": Reason.MISSING, "o": Reason.OUTDATED}
FACES = {UP: "👍", DOWN: "👎"}


def cast(tap: Tap, source: Source, person: int) -> Vote | None:
    """Return the vote that a tap casts; None where it casts none."""
    code = tap.fields[0]
    if code not in FACES and code not in REASONS:
        return None
    reason = REASONS.get(code)
    return Vote(answer=source.answer, citation=source.number, person=person, is_up=code == UP, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the votes on a source stand, for the one person who sees its buttons, or for a whole group."""

    mine: Vote | None  # of the person, where they are alone with the bot
    tally: Tally | None  # of all, where others see the buttons too

    def rows(self, source: Source, said: Messages) -> tuple[list[InlineKeyboardButton], ...]:
        """Return 👍 and 👎 as they stand, and under a 👎 the reasons for it."""
        faces = [self._button(code, face, source) for code, face in FACES.items()]
        if not self._count(DOWN):
            return (faces,)
        labels = {code: said.say(f"vote_{reason.value}") for code, reason in REASONS.items()}
        return faces, [self._button(code, label, source) for code, label in labels.items()]

    def _button(self, code: str, label: str, source: Source) -> InlineKeyboardButton:
        count = self._count(code)
        mark = f" {count}" if self.tally else " ✓"
        carried = source.tap(ACT)
        return button(label + mark * bool(count), Tap(ACT, (code, *carried.fields)))

    def _count(self, code: str) -> int:
        if self.tally is not None:
            counts = {UP: self.tally.up, DOWN: self.tally.down}
            return counts[code] if code in counts else self.tally.reasons.get(REASONS[code], 0)
        mine = self.mine
        if mine is None:
            return 0
        return int(mine.reason is REASONS[code] if code in REASONS else mine.is_up == (code == UP))
