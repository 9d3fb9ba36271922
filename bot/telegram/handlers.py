"""What the bot does with an update: a command, a question, a tap on a button, or a kind it can't read."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot import explaining, rendering
from bot.logs import record_failure
from bot.messages import messages
from bot.store import Talk
from bot.telegram import html, keyboards, stopping, words
from bot.telegram.addressing import asked
from bot.telegram.delivery import Address, Patience, Reply
from bot.telegram.sources import card
from bot.telegram.streaming import Stream

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable
    from typing import Any

    from telegram import CallbackQuery, Message, Update, User
    from telegram.ext import Application

    from answering.answer import Language
    from bot.messages import Messages
    from bot.rendering import Block
    from bot.store import Kept, Store
    from bot.telegram.parts import LibraryLike
    from bot.unfolding import Streaming

    Work = Callable[["Visit"], Awaitable[None]]

# What a person may send that has no words the bot could answer.
WORDLESS = (
    filters.PHOTO
    | filters.VOICE
    | filters.AUDIO
    | filters.VIDEO
    | filters.VIDEO_NOTE
    | filters.ANIMATION
    | filters.Sticker.ALL
    | filters.Document.ALL
    | filters.LOCATION
    | filters.VENUE
    | filters.CONTACT
    | filters.POLL
    | filters.Dice.ALL
    | filters.STORY
    | filters.PAID_MEDIA
    | filters.GAME
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One update on its way: who spoke, in which language to answer, and the reply."""

    update: Update
    reply: Reply
    said: Messages
    talk: Talk
    message_id: int  # of the message that was written, or that holds the button

    @property
    def message(self) -> Message:
        """The message of an update that is one."""
        assert self.update.message is not None
        return self.update.message

    @property
    def is_private(self) -> bool:
        """Whether the person and the bot are among themselves."""
        return self.talk.chat == self.talk.person

    async def say(self, blocks: Iterable[Block]) -> None:
        """Send blocks of the bot's own words."""
        await self.reply.send_all(html.messages(blocks))


class Handlers:
    """Answers updates; keeps nothing in memory that a restart may not lose."""

    def __init__(
        self,
        *,
        answerer: Streaming,
        library: LibraryLike,
        store: Store,
        language: Language,
        patience: Patience,
    ) -> None:
        self._library = library
        self._store = store
        self._language = language
        self._patience = patience
        self._running = stopping.Running()
        self._stream = Stream(answerer, self._running, patience)

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Tell the application which of these handles what."""
        people = filters.UpdateType.MESSAGE & ~filters.IS_AUTOMATIC_FORWARD & ~filters.VIA_BOT
        commands = {
            "start": self._start,
            "help": self._help,
            "cities": self._cities,
            "new": self._new,
            "why": self._why,
            "cancel": self._cancel,
        }
        for name, work in commands.items():
            application.add_handler(CommandHandler(name, self._seen_through(work), filters=people))
        application.add_handler(MessageHandler(people & filters.COMMAND, self._seen_through(self._unknown)))
        application.add_handler(MessageHandler(people & filters.TEXT, self._seen_through(self._question)))
        application.add_handler(MessageHandler(people & WORDLESS, self._seen_through(self._wordless)))
        application.add_handler(CallbackQueryHandler(self._seen_through(self._tap)))

    async def give_up(self, update: Update) -> None:
        """Say that an update could not be answered, after the program ended over it again and again."""
        visit = self._visit(update)
        await self._fail(visit, RuntimeError(f"update {update.update_id} was given up"))

    def _seen_through(self, work: Work) -> Callable[[Update, object], Coroutine[Any, Any, None]]:
        """Return a handler that does ``work`` and, if that fails, says so with the failure's id."""

        async def handle(update: Update, _context: object) -> None:
            visit = self._visit(update)
            try:
                await work(visit)
            except Exception as error:  # noqa: BLE001 - whatever went wrong, the person is told
                await self._fail(visit, error)

        return handle

    def _visit(self, update: Update) -> Visit:
        query, user = update.callback_query, update.effective_user
        message = query.message if query else update.message
        assert message is not None
        chat, bot = message.chat, message.get_bot()
        # An old message comes as its id alone, without its topic.
        topical = getattr(message, "is_topic_message", False)
        topic: int | None = getattr(message, "message_thread_id", None) if topical else None
        quoted = message.message_id if query or chat.type != chat.PRIVATE else None
        return Visit(
            update=update,
            reply=Reply(
                bot,
                self._store,
                update_id=update.update_id,
                address=Address(chat=chat.id, thread=topic, message=quoted),
                patience=self._patience,
            ),
            said=words.spoken_to(user, self._language),
            message_id=message.message_id,
            talk=Talk(bot=bot.id, chat=chat.id, thread=topic or 0, person=user.id if user else 0),
        )

    async def _fail(self, visit: Visit, error: Exception) -> None:
        number = record_failure(error)
        await visit.say([rendering.line(visit.said.say("failed", id=number))])

    # -- commands

    async def _start(self, visit: Visit) -> None:
        places = await asyncio.to_thread(self._library.places)
        await visit.say(words.start(places, visit.said))

    async def _help(self, visit: Visit) -> None:
        await visit.say(words.help_(visit.said))

    async def _cities(self, visit: Visit) -> None:
        documents = await asyncio.to_thread(self._library.documents)
        await visit.say(words.cities(documents, visit.said))

    async def _new(self, visit: Visit) -> None:
        await asyncio.to_thread(self._store.renew, visit.talk)
        await visit.say([rendering.line(visit.said.say("bot_new"))])

    async def _why(self, visit: Visit) -> None:
        last = await asyncio.to_thread(self._store.last, visit.talk)
        nothing = (rendering.line(visit.said.say("why_nothing")),)
        await visit.say(explaining.explain(last, visit.said) if last else nothing)

    async def _cancel(self, visit: Visit) -> None:
        await stopping.cancel(self._running, visit)

    async def _unknown(self, visit: Visit) -> None:
        if visit.message.chat.type == visit.message.chat.PRIVATE:
            await visit.say([rendering.line(visit.said.say("bot_unknown_command"))])

    # -- questions

    async def _question(self, visit: Visit) -> None:
        question = asked(visit.message, _me(visit))
        if question is None:
            return
        if not question:
            await visit.say([rendering.line(visit.said.say("bot_no_words"))])
            return
        await self._give(visit, await self._answered(visit, question))

    async def _wordless(self, visit: Visit) -> None:
        if asked(visit.message, _me(visit)) is not None:
            await visit.say([rendering.line(visit.said.say("bot_unsupported"))])

    async def _answered(self, visit: Visit, question: str) -> Kept:
        """Return the answer to a question: the one that was made before a restart, or a new one."""
        bot, update_id = visit.talk.bot, visit.update.update_id
        kept = await asyncio.to_thread(self._store.answer_to, bot, update_id)
        if kept is not None:
            return kept
        history = await asyncio.to_thread(self._store.history, visit.talk)
        answer = await self._stream.answered(visit, question, history)
        said = rendering.plain(rendering.blocks(answer, messages(answer.language)))
        return await asyncio.to_thread(
            self._store.keep, answer, talk=visit.talk, update_id=update_id, said=said
        )

    async def _give(self, visit: Visit, kept: Kept) -> None:
        """Send an answer with its buttons; where it may not have arrived, offer it once more."""
        if kept.answer.reason == "stopped" and not await visit.reply.stands():
            return  # whoever stopped it was told so, and there is nothing else to show
        said = messages(kept.answer.language)
        markup = keyboards.sources(kept.id, kept.answer.citations)
        told = (*rendering.blocks(kept.answer, said), *rendering.notes(kept.answer, said))
        sure = await visit.reply.send_all(html.messages(told), markup=markup)
        if not sure:
            offer = keyboards.again(kept.id, said.say("bot_again"))
            await visit.reply.send_all(html.messages([rendering.line(said.say("bot_unsure"))]), markup=offer)

    # -- taps

    async def _tap(self, visit: Visit) -> None:
        query = visit.update.callback_query
        assert query is not None
        tap = keyboards.read(query.data or "")
        if tap is not None and tap.act == "x" and tap.answer.isdecimal():
            await self._stop(visit, query, tap)
            return
        kept = await asyncio.to_thread(self._store.answer, tap.answer) if tap else None
        if tap is None or kept is None:
            await _acknowledge(query, visit.said.say("bot_expired"))
            return
        await _acknowledge(query)
        if tap.act == "r":
            await self._give(visit, kept)
        else:
            await self._open(visit, kept, tap)

    async def _stop(self, visit: Visit, query: CallbackQuery, tap: keyboards.Tap) -> None:
        key = stopping.tapped(self._running, tap.answer, visit.talk)
        await _acknowledge(query, visit.said.say(key), alert=key != "stop_done")
        if key == "stop_too_late":
            await visit.reply.clear(visit.message_id, of=int(tap.answer))

    async def _open(self, visit: Visit, kept: Kept, tap: keyboards.Tap) -> None:
        cited = next((one for one in kept.answer.citations if one.number == tap.number), None)
        if cited is None:
            return
        at = tap.passage or cited.passage
        shown = await asyncio.to_thread(card, self._library, kept.id, cited, at=at, said=visit.said)
        if tap.act == "s":
            await visit.reply.send(shown.html, markup=shown.markup)
        else:
            await visit.reply.edit(visit.message_id, shown.html, markup=shown.markup)


def _me(visit: Visit) -> User:
    return visit.message.get_bot().bot


async def _acknowledge(query: CallbackQuery, text: str | None = None, *, alert: bool = True) -> None:
    """End the waiting sign on a button; that of a tap from before a restart has ended, which does no harm."""
    with suppress(TelegramError):
        await query.answer(text, show_alert=bool(text) and alert)
