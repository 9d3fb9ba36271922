"""A message to all who use the bot: slowly, one person after the other, and to nobody twice."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.messages import messages
from bot.observability.logs import record_failure
from bot.store import Broadcast, BroadcastDelivery, BroadcastStage, StoreError, TakenOverError
from bot.telegram.formatting import keyboards
from bot.telegram.formatting.keyboards import ButtonData
from bot.telegram.sending.calls import NO_PREVIEW
from bot.telegram.sending.send_errors import SendOutcome, meaning
from bot.telegram.sending.timeouts import pause, set_within
from bot.telegram.updates.leases import RENEWALS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telegram import Bot, InlineKeyboardMarkup

    from answering.values.answer import Language
    from bot.messages import Messages
    from bot.store import Store
    from bot.telegram.sending.timeouts import Timeouts

LOG = logging.getLogger(__name__)
PAUSE = 0.05  # seconds from one letter to the next: 20 a second, of the 30 that Telegram allows for all
SHOWN = 3.0  # seconds from one look at how far it has come to the next
STOP = "am"
SETTLED = {
    SendOutcome.GONE: BroadcastDelivery.GONE,
    SendOutcome.REFUSED: BroadcastDelivery.REFUSED,
    SendOutcome.MOVED: BroadcastDelivery.REFUSED,
    SendOutcome.UNSURE: BroadcastDelivery.UNSURE,
}


class BroadcastSender:
    """Sends mailings, goes on with those that were cut off, and tells the admin how far each has come.

    Of several processes one sends a mailing; what it leaves when it dies another one goes on with.
    """

    def __init__(self, store: Store, patience: Timeouts, language: Language) -> None:
        self._store = store
        self._patience = patience
        self._language = language
        self._walks: dict[str, asyncio.Task[None]] = {}
        self._closing = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    async def resume(self, bot: Bot) -> None:
        """Go on with the mailings that were being sent when the bot ran last, and with those of dead ones."""
        self._watching = asyncio.create_task(self._watch(bot))

    def send(self, bot: Bot, mailing: Broadcast) -> None:
        """Begin to send a mailing, or go on with it."""
        if mailing.id not in self._walks:
            self._walks[mailing.id] = walk = asyncio.create_task(self._walk(bot, mailing))
            walk.add_done_callback(lambda _: self._walks.pop(mailing.id, None))

    def is_sending(self, mailing_id: str) -> bool:
        """Tell whether a mailing is being sent by this process."""
        return mailing_id in self._walks

    async def close(self, bot: Bot) -> None:
        """Send nothing more; what is left is sent by another process, or when the bot starts next."""
        self._closing.set()
        if self._watching is not None:
            self._watching.cancel()
        walks = set(self._walks.values())
        if walks:
            _, late = await asyncio.wait(walks, timeout=self._patience.stop)
            for walk in late:
                walk.cancel()
            await asyncio.gather(*walks, return_exceptions=True)
            with suppress(StoreError):
                await asyncio.to_thread(self._store.mailings.release, bot.id, owner=self._store.owner)

    async def _watch(self, bot: Bot) -> None:
        """Keep hold of what is being sent here, and look for what nobody sends any more."""
        while True:
            try:
                for mailing in await asyncio.to_thread(self._store.mailings.running, bot.id):
                    if mailing.id in self._walks:
                        await self._held(mailing)
                    else:
                        self.send(bot, mailing)
            except StoreError:
                LOG.exception("mailings can't be looked for")
            await asyncio.sleep(self._patience.lease / RENEWALS)

    async def _held(self, mailing: Broadcast) -> bool:
        hold, lease = self._store.mailings.hold, self._patience.lease
        return await asyncio.to_thread(hold, mailing.id, owner=self._store.owner, lease=lease)

    async def _walk(self, bot: Bot, mailing: Broadcast) -> None:
        try:
            if not await self._held(mailing):
                return
            await asyncio.to_thread(self._store.mailings.give_up_unsure, mailing.id)
            if not await self._delivered(bot, mailing):
                return
            await asyncio.to_thread(self._store.mailings.end, mailing.id, BroadcastStage.DONE)
            await self._show(bot, mailing)
        except TakenOverError:
            LOG.warning("mailing %s was taken over by another process", mailing.id)
        except Exception as error:  # noqa: BLE001 - the mailing stands still for a while, and then goes on
            record_failure(error)
            await set_within(self._closing, self._patience.longest)

    async def _delivered(self, bot: Bot, mailing: Broadcast) -> bool:
        """Write to one person after the other; False when the bot stops before all have their letter."""
        take, owner = self._store.mailings.take, self._store.owner
        looked = due = monotonic()
        while not self._closing.is_set():
            await asyncio.sleep(max(0.0, due - monotonic()))
            due = max(due, monotonic()) + PAUSE
            person = await asyncio.to_thread(take, mailing.id, owner=owner)
            if person is None:
                return True
            became = await self._letter(bot, mailing, person)
            await asyncio.to_thread(self._store.mailings.put, mailing.id, person, became)
            if monotonic() - looked > SHOWN:
                looked = monotonic()
                await self._show(bot, mailing)
        return False

    async def _letter(self, bot: Bot, mailing: Broadcast, person: int) -> BroadcastDelivery:
        attempt = 0
        while True:
            try:
                await bot.send_message(
                    person, mailing.html, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
                )
            except TelegramError as error:
                means = meaning(error)
                if means is not SendOutcome.LATER:
                    LOG.info("a mailing did not reach someone: %s", error)
                    if means is SendOutcome.GONE:
                        await asyncio.to_thread(self._store.chats.set_gone, bot.id, person, value=True)
                    return SETTLED[means]
                attempt += 1
                await asyncio.sleep(pause(error, self._patience.before(attempt)))
            else:
                return BroadcastDelivery.SENT

    async def _show(self, bot: Bot, mailing: Broadcast) -> None:
        """Tell the admin how far it has come."""
        said = messages(self._language)
        now = await asyncio.to_thread(self._store.mailings.get, mailing.id) or mailing
        tally = await asyncio.to_thread(self._store.mailings.tally, mailing.id)
        try:
            await bot.edit_message_text(
                told(now, tally, said),
                chat_id=mailing.person,
                message_id=mailing.shown,
                reply_markup=buttons(now, said),
            )
        except TelegramError as error:
            LOG.info("how far a mailing has come could not be shown: %s", error)


def told(mailing: Broadcast, tally: Mapping[BroadcastDelivery, int], said: Messages) -> str:
    """Say how far a mailing has come."""
    count = {letter: tally.get(letter, 0) for letter in BroadcastDelivery}
    lines = [
        said.say(f"mail_{mailing.state.value}"),
        said.say("mail_count", sent=count[BroadcastDelivery.SENT], all=sum(count.values())),
    ]
    others = (BroadcastDelivery.GONE, BroadcastDelivery.REFUSED, BroadcastDelivery.UNSURE)
    lines += [said.say(f"mail_{one.value}", count=count[one]) for one in others if count[one]]
    return "\n".join(lines)


def buttons(mailing: Broadcast, said: Messages) -> InlineKeyboardMarkup | None:
    """Make the button that stops a mailing while it is being sent."""
    if mailing.state is not BroadcastStage.RUNNING:
        return None
    return keyboards.keyboard([(said.say("mail_stop"), ButtonData(STOP, ("stop", mailing.id)))])
