"""Answers for others: a button makes a link that opens the question and its answer, and takes it back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.presentation.rendering import line
from bot.telegram.context.feature import BotFeature, ButtonRoute, acknowledge
from bot.telegram.formatting import html
from bot.telegram.formatting.keyboards import ButtonData

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.store import GivenAnswer
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies

    Give = Callable[["UpdateContext", "GivenAnswer"], Awaitable[None]]

SEND = "https://t.me/share/url"
LINK = "q_"  # how the payload of a link to an answer begins


class ShareFeature:
    """Shares answers; ``give`` sends one to a chat."""

    def __init__(self, parts: BotDependencies, give: Give) -> None:
        self._store = parts.store
        self._give = give

    @property
    def feature(self) -> BotFeature:
        """What can be tapped."""
        return BotFeature(
            buttons=(ButtonRoute(act="sh", work=self._share), ButtonRoute(act="shx", work=self._close))
        )

    async def open(self, visit: UpdateContext, payload: str) -> None:
        """Show an answer that a link leads to, if it is shared."""
        answer = payload.removeprefix(LINK)
        kept = await asyncio.to_thread(self._store.talks.answer, answer)
        if kept is None or not await asyncio.to_thread(
            self._store.shares.opens, answer, person=visit.talk.person
        ):
            await visit.say([line(visit.said.say("share_closed"))])
            return
        await self._give(visit, kept)

    async def _share(self, visit: UpdateContext, tap: ButtonData) -> None:
        talk, said = visit.talk, visit.said
        kept = await asyncio.to_thread(self._store.talks.answer, tap.fields[0]) if tap.fields else None
        if kept is None:
            await acknowledge(visit.query, said.say("bot_expired"))
            return
        if not await asyncio.to_thread(self._store.shares.share, talk.bot, kept.id, person=talk.person):
            await acknowledge(visit.query, said.say("share_not_yours"))
            return
        await acknowledge(visit.query)
        link = f"{visit.me.link}?start={LINK}{kept.id}"
        (told,) = html.messages([line(said.say("share_link", link=link))])
        send = f"{SEND}?{urlencode({'url': link, 'text': kept.answer.question[:200]})}"
        row = (
            InlineKeyboardButton(said.say("share_send"), url=send),
            InlineKeyboardButton(said.say("share_undo"), callback_data=ButtonData("shx", (kept.id,)).data),
        )
        await visit.reply.send(told, markup=InlineKeyboardMarkup([row]))

    async def _close(self, visit: UpdateContext, tap: ButtonData) -> None:
        answer = tap.fields[0] if tap.fields else ""
        await asyncio.to_thread(self._store.shares.close, answer, person=visit.talk.person)
        await acknowledge(visit.query)
        (told,) = html.messages([line(visit.said.say("share_undone"))])
        await visit.reply.edit(visit.message_id, told, markup=None)
