"""The single calls that put words, a file or other words into a chat; all raise TelegramError."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram import ForceReply, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest

if TYPE_CHECKING:
    from telegram import Bot, Message

Markup = InlineKeyboardMarkup | ForceReply
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
UNCHANGED = "message is not modified"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyAddress:
    """Where a reply goes: the chat, its topic, and the message that is answered."""

    chat: int
    thread: int | None = None
    message: int | None = None


class MessageSender:
    """Makes the calls; the chat is told each time, since a group may become another one meanwhile."""

    def __init__(self, bot: Bot, address: ReplyAddress) -> None:
        self._bot = bot
        self.address = address

    async def send(self, chat: int, html: str, markup: Markup | None) -> Message:
        """Send a message."""
        return await self._bot.send_message(
            chat,
            html,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            message_thread_id=self.address.thread,
            reply_parameters=self._quoting,
            reply_markup=markup,
        )

    async def attach(self, chat: int, file: bytes, *, name: str, caption: str) -> Message:
        """Send a file under a name, with plain words below it."""
        return await self._bot.send_document(
            chat,
            file,
            filename=name,
            caption=caption,
            message_thread_id=self.address.thread,
            reply_parameters=self._quoting,
        )

    async def show(self, chat: int, picture: bytes, *, caption: str, markup: Markup | None) -> Message:
        """Send a picture, with plain words below it."""
        return await self._bot.send_photo(
            chat,
            picture,
            filename="chart.png",
            caption=caption,
            message_thread_id=self.address.thread,
            reply_parameters=self._quoting,
            reply_markup=markup,
        )

    async def put(
        self, chat: int, message_id: int, html: str, *, markup: InlineKeyboardMarkup | None
    ) -> None:
        """Put other words in the place of a message, which may say them already."""
        try:
            await self._bot.edit_message_text(
                html,
                chat_id=chat,
                message_id=message_id,
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=markup,
            )
        except BadRequest as error:
            # It says this already: an edit that timed out had arrived.
            if UNCHANGED not in str(error).lower():
                raise

    @property
    def _quoting(self) -> ReplyParameters | None:
        to = self.address.message
        return ReplyParameters(to, allow_sending_without_reply=True) if to else None
