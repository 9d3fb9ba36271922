"""Where an update goes: to a command, a button, a question, or a kind word on what can't be read."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.observability.logs import hide, record_failure
from bot.presentation.rendering import line
from bot.store import StoreError
from bot.telegram.access_control import is_quiet
from bot.telegram.context.addressing import OTHERS
from bot.telegram.context.feature import acknowledge, unknown
from bot.telegram.context.update_context import context_of
from bot.telegram.features.admins import broadcast as mailings
from bot.telegram.features.admins import document_uploads as uploads
from bot.telegram.features.admins import operators, roles
from bot.telegram.features.admins import source_removal as removal
from bot.telegram.features.answers import answer_charts as pictures
from bot.telegram.features.answers import conversation, guest_messages, inline, inline_answers
from bot.telegram.features.answers import feedback_command as remarks
from bot.telegram.features.answers.questions import QuestionFeature
from bot.telegram.features.answers.share_links import LINK, ShareFeature
from bot.telegram.features.people import groups
from bot.telegram.features.people import language_choice as speaking
from bot.telegram.features.people import personal_data as records
from bot.telegram.features.people import start as greeting
from bot.telegram.features.texts import documents as texts
from bot.telegram.features.texts import facts as register
from bot.telegram.features.texts import promise_pages
from bot.telegram.features.texts.passages import PassageFeature
from bot.telegram.following.follow_commands import FollowFeature
from bot.telegram.formatting import keyboards
from retrieval.values.errors import CatalogueAway

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable
    from typing import Any

    from telegram import Update
    from telegram.ext import Application

    from bot.telegram.context.feature import BotCommandRoute, BotFeature, ButtonRoute, Work
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies

    App = Application[Any, Any, Any, Any, Any, Any]


SERVED = 3600  # seconds for which a button that sent something sends nothing again
SHORT = 3  # characters of a text that would be hidden all over a sentence
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

EDITED = filters.UpdateType.EDITED_MESSAGE & ~filters.VIA_BOT & ~filters.COMMAND
EDITED &= filters.TEXT | filters.CAPTION
# Posts of a channel in which the bot is; only those that mention it are meant for it.
POSTED = filters.UpdateType.CHANNEL_POST & (filters.TEXT | filters.CAPTION) & ~filters.COMMAND & ~OTHERS


class UpdateHandlers:
    """Answers updates; keeps nothing in memory that a restart may not lose."""

    def __init__(self, parts: BotDependencies) -> None:
        self._parts = parts
        self._questions = QuestionFeature(parts)
        passages, sharing = PassageFeature(parts), ShareFeature(parts, self._questions.show)
        links = {keyboards.PASSAGE: passages.follow, keyboards.CITED: passages.follow, LINK: sharing.open}
        self._features: tuple[BotFeature, ...] = (
            texts.feature(parts),
            register.feature(parts, ask=self._questions.put),
            promise_pages.feature(parts),
            FollowFeature(parts).feature,
            pictures.feature(parts),
            conversation.feature(parts),
            passages.feature,
            self._questions.feature,
            operators.feature(parts),
            roles.feature(parts),
            removal.feature(parts),
            mailings.feature(parts),
            uploads.feature(parts, otherwise=self._document),
            sharing.feature,
            groups.feature(parts),
            inline.feature(parts),
            inline_answers.feature(parts),
            guest_messages.feature(parts),
            speaking.feature(parts, commands=lambda: self.commands),
            remarks.feature(parts),
            records.feature(parts),
            greeting.feature(parts, commands=lambda: self.commands, links=links),
        )
        self._buttons = _by_act(self._features)

    @property
    def commands(self) -> tuple[BotCommandRoute, ...]:
        """All commands there are."""
        return tuple(command for one in self._features for command in one.commands)

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Tell the application which of these handles what."""
        people = filters.UpdateType.MESSAGE & ~OTHERS
        add, seen = application.add_handler, self._seen_through
        for one in self._features:
            for command in one.commands:
                handle = seen(command.work, always=command.always, owed=command.owed)
                add(CommandHandler(command.name, handle, filters=people))
            for hearing in one.hearings:
                add(MessageHandler(people & hearing.what, seen(hearing.work)))
            for handler in one.handlers:
                add(handler)
        add(MessageHandler(people & filters.COMMAND, seen(unknown)))
        add(MessageHandler(people & (filters.TEXT | filters.CAPTION), seen(self._questions.heard)))
        add(MessageHandler(people & WORDLESS, seen(self._questions.wordless)))
        add(MessageHandler(POSTED, seen(self._questions.heard)))
        add(MessageHandler(EDITED, seen(self._questions.edited)))
        add(CallbackQueryHandler(seen(self._tap, always=True, owed=True)))

    async def _document(self, visit: UpdateContext) -> None:
        """Answer what is written under a document; where nothing is, say what works."""
        work = self._questions.heard if visit.message.caption else self._questions.wordless
        await work(visit)

    async def give_up(self, update: Update) -> None:
        """Say that an update could not be answered, after the program ended over it again and again."""
        if update.effective_chat is None or update.guest_message is not None:
            return
        visit = await self._context(update)
        await self._fail(visit, RuntimeError(f"update {update.update_id} was given up"))

    def _seen_through(
        self, work: Work, *, always: bool = False, owed: bool = False
    ) -> Callable[[Update, object], Coroutine[Any, Any, None]]:
        """Return a handler that does ``work`` and, if that fails, says so with the failure's id.

        Unless ``always``, nothing is done in a group in which the bot is quiet; unless ``owed``, nothing for
        those to whom it is closed.
        """

        async def handle(update: Update, _context: object) -> None:
            if update.effective_chat is None:  # a tap on what Telegram no longer tells the chat of
                if update.callback_query is not None:
                    await acknowledge(update.callback_query)
                return
            visit = await self._context(update)
            try:
                quiet = not always and await is_quiet(visit, self._parts.store)
                if not quiet and await self._opens(visit, owed=owed):
                    await work(visit)
            except (StoreError, CatalogueAway):
                raise  # a database is away for the moment: the whole update is tried again later
            except Exception as error:  # noqa: BLE001 - whatever went wrong, the person is told
                await self._fail(visit, error)

        return handle

    async def _context(self, update: Update) -> UpdateContext:
        parts = self._parts
        language = parts.settings.language
        return await context_of(update, store=parts.store, language=language, patience=parts.patience)

    async def _opens(self, visit: UpdateContext, *, owed: bool) -> bool:
        return (owed and visit.is_private) or await self._parts.gate.opens(visit)

    async def _fail(self, visit: UpdateContext, error: Exception) -> None:
        number = record_failure(error)
        told = hide(str(error), (*self._parts.settings.secrets, *_words(visit)))
        # Anyone who asked is told also where it can't be kept for the admins.
        with suppress(StoreError):
            await asyncio.to_thread(
                self._parts.store.failures.note,
                visit.talk.bot,
                number,
                kind=type(error).__name__,
                message=told,
                update_id=visit.update.update_id,
            )
        await visit.say([line(visit.said.say("failed", id=number))])

    async def _tap(self, visit: UpdateContext) -> None:
        tap = keyboards.read(visit.query.data or "")
        button = self._buttons.get(tap.act) if tap else None
        if not await self._opens(visit, owed=button is not None and button.owed):
            return
        if tap is None or button is None:
            await acknowledge(visit.query, visit.said.say("bot_expired"))
        elif button.always or not await is_quiet(visit, self._parts.store):
            await self._tapped_once(visit, partial(button.work, visit, tap))

    async def _tapped_once(self, visit: UpdateContext, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work of a tap; what it sends is not sent again for another tap on the same button."""
        notices, talk = self._parts.store.notices, visit.talk
        named = f"{visit.message_id} {visit.query.data}".encode()
        kind = f"t{blake2b(named, digest_size=7).hexdigest()}"
        if await asyncio.to_thread(notices.is_noted, talk.bot, talk.chat, kind, seconds=SERVED):
            await acknowledge(visit.query, visit.said.say("tap_served"), alert=False)
            return
        await work()
        if visit.reply.has_served:
            await asyncio.to_thread(notices.note, talk.bot, kind, chat=talk.chat)


def _words(visit: UpdateContext) -> tuple[str, ...]:
    """Return what a person wrote: an error may quote it, and admins have no need to read it."""
    message = visit.update.effective_message
    words = (message.text or message.caption or "").strip() if message else ""
    return (words,) if len(words) > SHORT else ()


def _by_act(features: Iterable[BotFeature]) -> dict[str, ButtonRoute]:
    buttons: dict[str, ButtonRoute] = {}
    for button in (button for one in features for button in one.buttons):
        if buttons.setdefault(button.act, button) is not button:
            raise ValueError(f"two features have buttons that carry {button.act!r}")
    return buttons


async def dispatch(app: App, update: Update) -> None:
    """Hand an update to the first handler that wants it; raises what that raises."""
    for handlers in app.handlers.values():
        for handler in handlers:
            check = handler.check_update(update)
            if check is not None and check is not False:
                context = app.context_types.context.from_update(update, app)
                await handler.handle_update(update, app, check, context)
                return
