"""What stands in a chat while an answer is being made: a draft, or a message that is edited."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Protocol

from telegram.constants import ParseMode

from bot.presentation.rendering import TextStyle, line, statements
from bot.telegram.formatting import html, keyboards

if TYPE_CHECKING:
    from telegram import Bot

    from bot.messages import Messages
    from bot.presentation.partial_answer import PartialAnswer
    from bot.telegram.sending.calls import ReplyAddress
    from bot.telegram.sending.delivery import ChatReply
    from bot.telegram.sending.timeouts import Timeouts

NUMBERS = 2**31 - 1  # of drafts; 0 is none


class AnswerPreview(Protocol):
    """Shows how far an answer has come. A call may raise TelegramError."""

    pause: float  # seconds between two calls
    fresh: float | None  # seconds for which it stands; None if it stays

    async def show(self, heard: PartialAnswer, seconds: float) -> None:
        """Show what was heard; ``seconds`` is how long it has taken."""
        ...


class DraftPreview:
    """A draft in a private chat: it grows as one types, is gone by itself, and makes no sound."""

    def __init__(
        self, bot: Bot, address: ReplyAddress, *, update_id: int, said: Messages, patience: Timeouts
    ) -> None:
        self._bot = bot
        self._address = address
        self._id = update_id % NUMBERS + 1
        self._said = said
        self._patience = patience
        self.pause = patience.draft
        self.fresh: float | None = patience.hint

    async def show(self, heard: PartialAnswer, seconds: float) -> None:
        """Send the draft as it is now, with a word on /cancel once it takes long."""
        is_long = seconds >= self._patience.hint
        self.fresh = self._patience.fresh if is_long else self._patience.hint
        told = page(heard, self._said, hint=is_long)
        await self._bot.send_message_draft(
            self._address.chat,
            self._id,
            told,
            message_thread_id=self._address.thread,
            parse_mode=ParseMode.HTML,
        )


class StatusPreview:
    """A message with a stop button, edited now and then; the answer takes its place."""

    def __init__(self, reply: ChatReply, *, update_id: int, said: Messages, pause: float) -> None:
        self._reply = reply
        self._said = said
        self._markup = keyboards.stop(update_id, said.say("live_stop"))
        self._shown = ""
        self.pause = pause
        self.fresh: float | None = None

    @property
    def stands(self) -> bool:
        """Whether the message is there for sure."""
        return bool(self._shown)

    async def show(self, heard: PartialAnswer, _seconds: float) -> None:
        """Send the message, or edit it when there is something new to say."""
        told = page(heard, self._said)
        if told != self._shown:
            await self._reply.stand(told, markup=self._markup)
            self._shown = told


class DraftRefusals:
    """Chats that take no drafts, remembered for a while."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: dict[int, float] = {}

    def note(self, chat: int) -> None:
        """Remember that a chat took none just now; what is long ago is forgotten."""
        now = monotonic()
        self._until = {one: until for one, until in self._until.items() if until > now}
        self._until[chat] = now + self._seconds

    def __contains__(self, chat: object) -> bool:
        return isinstance(chat, int) and self._until.get(chat, 0.0) > monotonic()


def page(heard: PartialAnswer, said: Messages, *, hint: bool = False) -> str:
    """Lay out what is proved, and under it what is being done; of much, the last message that it fills."""
    stage = _stage(heard, said)
    told = line(
        said.say("live_hint", told=stage) if hint else stage,
        style=TextStyle.FAINT,
        apart=bool(heard.statements),
    )
    return html.messages([*statements(heard.statements, said), told])[-1]


def _stage(heard: PartialAnswer, said: Messages) -> str:
    if heard.ahead is None:
        return said.say(f"live_{heard.stage.value}")
    if heard.ahead == 0:
        return said.say("live_next")
    return said.say("live_queue", ahead=heard.ahead, place=heard.ahead + 1)
