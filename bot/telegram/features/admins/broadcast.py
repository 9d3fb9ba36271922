"""/broadcast: an admin's message to all who use the bot, shown first and sent once they say yes."""

from __future__ import annotations

import asyncio
from html import escape
from typing import TYPE_CHECKING

from bot.presentation.rendering import line
from bot.store import Broadcast, BroadcastStage
from bot.telegram.access_control import admins_only, admins_tap
from bot.telegram.admin import broadcast_sender as mailing
from bot.telegram.context.feature import BotCommandRoute, BotFeature, ButtonRoute, CommandAudience
from bot.telegram.formatting import html, keyboards
from bot.telegram.formatting.keyboards import ButtonData

if TYPE_CHECKING:
    from telegram import Message

    from bot.telegram.admin.broadcast_sender import BroadcastSender
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies


def feature(parts: BotDependencies) -> BotFeature:
    """Return the feature."""
    mailings = BroadcastFeature(parts, parts.postman)
    return BotFeature(
        commands=(
            BotCommandRoute(
                name="broadcast",
                work=admins_only(parts.gate, mailings.draft),
                listed=(CommandAudience.OPERATORS,),
            ),
        ),
        buttons=(ButtonRoute(act=mailing.STOP, work=admins_tap(parts.gate, mailings.tapped)),),
    )


def _after_command(message: Message) -> str:
    """Return what stands after the command, formatted as it was written; without where that spans both."""
    command, plain = (message.text or "").split()[0], (message.text or "")
    formatted = message.text_html
    whole = formatted if formatted.startswith(command) else escape(plain, quote=False)
    return whole.removeprefix(command).strip()


class BroadcastFeature:
    """Takes a message in, shows it, and hands it to the broadcast sender."""

    def __init__(self, parts: BotDependencies, postman: BroadcastSender) -> None:
        self._store = parts.store
        self._postman = postman

    async def draft(self, visit: UpdateContext) -> None:
        """Show what would be sent, and to how many."""
        said, talk = visit.said, visit.talk
        words = _after_command(visit.message)
        if not words:
            await visit.say([line(said.say("mail_empty"))])
            return
        count = await asyncio.to_thread(self._store.mailings.readers, talk.bot)
        draft = await asyncio.to_thread(self._store.mailings.draft, talk.bot, person=talk.person, html=words)
        await visit.reply.send(words)
        markup = keyboards.keyboard(
            [
                (said.say("mail_send", count=count), ButtonData(mailing.STOP, ("send", draft.id))),
                (said.say("mail_drop"), ButtonData(mailing.STOP, ("stop", draft.id))),
            ]
        )
        await visit.reply.send(html.page([line(said.say("mail_ask", count=count))]), markup=markup)

    async def tapped(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Begin to send a mailing, drop it, or stop it."""
        known = (
            await asyncio.to_thread(self._store.mailings.get, tap.fields[1]) if len(tap.fields) > 1 else None
        )
        if known is None:
            return
        mailings, talk = self._store.mailings, visit.talk
        if tap.fields[0] == "send":
            await asyncio.to_thread(mailings.start, talk.bot, known.id, shown=visit.message_id)
        else:
            await asyncio.to_thread(mailings.end, known.id, BroadcastStage.STOPPED)
            if self._postman.is_sending(known.id):
                return  # anyone who sends it tells its end, with the letter that is on its way now
        known = await asyncio.to_thread(mailings.get, known.id) or known
        await self._show(visit, known)
        if known.state is BroadcastStage.RUNNING:
            self._postman.send(visit.reply.bot, known)

    async def _show(self, visit: UpdateContext, known: Broadcast) -> None:
        tally = await asyncio.to_thread(self._store.mailings.tally, known.id)
        told = mailing.told(known, tally, visit.said)
        await visit.reply.edit(visit.message_id, told, markup=mailing.buttons(known, visit.said))
