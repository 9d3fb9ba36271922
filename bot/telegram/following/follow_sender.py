"""Tells people what new texts say of the things that they follow: each sentence once, with its source."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.messages import messages
from bot.observability.logs import record_failure
from bot.presentation.partial_answer import follow
from bot.presentation.quotation import source_line
from bot.presentation.rendering import Block, BlockKind, TextRun, TextStyle, line, squeezed
from bot.store import NewsState
from bot.telegram.following.follow_news import NewsFinder
from bot.telegram.formatting import html, keyboards
from bot.telegram.formatting.keyboards import ButtonData, SourceRef
from bot.telegram.sending.calls import NO_PREVIEW
from bot.telegram.sending.send_errors import SendOutcome, meaning
from bot.telegram.sending.timeouts import pause

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telegram import Bot, InlineKeyboardMarkup

    from answering.values.answer import Answer, Language
    from bot.messages import Messages
    from bot.presentation.partial_answer import StreamingAnswerer
    from bot.store import Follow, NewsItem, NewsSpan, Store
    from bot.telegram.context.protocols import LibraryLike
    from bot.telegram.sending.timeouts import Timeouts
    from retrieval.values.documents import Document

LOG = logging.getLogger(__name__)
BASE = ""  # in the place of a document: the texts there were when the first look was taken
LEASE = 120.0  # seconds for which news that are being sent are this process's
QUESTIONS = 500  # that are asked again after an ingest, the oldest first: each takes a second
SHOWN = 8  # sentences of one message
UNFOLLOW, LIST = "fu", "fl"
BECAME = {
    SendOutcome.GONE: NewsState.REFUSED,
    SendOutcome.REFUSED: NewsState.REFUSED,
    SendOutcome.MOVED: NewsState.REFUSED,
    SendOutcome.UNSURE: NewsState.UNSURE,
}


class FollowSender:
    """Looks through texts that are new, and sends what is due to each chat as one message."""

    def __init__(
        self,
        store: Store,
        library: LibraryLike,
        answerer: StreamingAnswerer,
        patience: Timeouts,
        language: Language,
    ) -> None:
        self._store, self._library, self._answerer = store, library, answerer
        self._patience, self._language = patience, language
        self._version: int | None = None
        self._sources: dict[NewsSpan, tuple[str, Document | None]] = {}
        self._sources_until = 0.0  # by the clock of time.monotonic(): a text may be removed meanwhile

    async def run(self, bot: Bot) -> None:
        """Look and send until cancelled; what fails is tried again after a pause."""
        left = asyncio.to_thread(self._store.follows.give_up_unsure, bot.id, owner=self._store.owner)
        try:
            await left
        except Exception as error:  # noqa: BLE001 - a store that is away comes back
            record_failure(error)
        while True:
            try:
                await self._look(bot.id)
                while await self._send_next(bot):
                    pass
            except Exception as error:  # noqa: BLE001 - the next look may go well
                record_failure(error)
            await asyncio.sleep(self._patience.news)

    async def _look(self, bot: int) -> None:
        """Note the news of texts that are new since the last look. Raises StoreError."""
        version = await asyncio.to_thread(lambda: self._library.version)
        if version == self._version:
            return
        store = self._store.follows
        new, is_first = await asyncio.to_thread(self._new, bot)
        if is_first:
            await asyncio.to_thread(store.note, bot, [BASE, *(one.id for one in new)], ())
        elif new:
            follows = await asyncio.to_thread(store.all, bot)
            questions = dict.fromkeys(one.words for one in follows if one.is_question)
            answers = {one: await self._asked(one) for one in list(questions)[:QUESTIONS]}
            finding = NewsFinder(self._library).news
            paces = await asyncio.to_thread(store.paces, bot)
            news = await asyncio.to_thread(finding, new, follows, paces, now=time.time(), answers=answers)
            await asyncio.to_thread(store.note, bot, [one.id for one in new], news)
        self._version = version

    def _new(self, bot: int) -> tuple[list[Document], bool]:
        """Return the texts that were not looked through, and whether none ever was."""
        seen = self._store.follows.seen(bot)
        return [one for one in self._library.documents() if one.id not in seen], BASE not in seen

    async def _asked(self, question: str) -> Answer:
        """Ask a question that is followed once more, of all texts there are."""
        return await follow(self._answerer, question, (), lambda _: None)

    async def _send_next(self, bot: Bot) -> bool:
        """Send one chat what is due there; False where nothing is due anywhere."""
        store, owner = self._store.follows, self._store.owner
        news = await asyncio.to_thread(store.take, bot.id, owner=owner, lease=LEASE)
        if not news:
            return False
        chat = news[0].chat
        state = await self._sent(bot, chat, news)
        await asyncio.to_thread(store.became, bot.id, chat, owner=owner, state=state)
        return True

    async def _sent(self, bot: Bot, chat: int, news: Sequence[NewsItem]) -> NewsState:
        page, markup = await asyncio.to_thread(self._laid, bot.id, chat, news)
        attempt = 0
        while page:
            try:
                await bot.send_message(
                    chat,
                    page,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=NO_PREVIEW,
                    reply_markup=markup,
                )
            except TelegramError as error:
                means = meaning(error)
                if means is not SendOutcome.LATER:
                    LOG.info("news did not reach a chat: %s", error)
                    if means is SendOutcome.GONE:
                        await asyncio.to_thread(self._store.chats.set_gone, bot.id, chat, value=True)
                    return BECAME[means]
                attempt += 1
                await asyncio.sleep(pause(error, self._patience.before(attempt)))
            else:
                return NewsState.SENT
        return NewsState.REFUSED  # nothing of it is in the texts any more

    def _laid(self, bot: int, chat: int, news: Sequence[NewsItem]) -> tuple[str, InlineKeyboardMarkup | None]:
        """Return the message for a chat and its buttons; "" where no sentence is there any more."""
        held = {one.id: one for one in self._store.follows.of(bot, chat)}
        person = next(iter(held.values())).person if held else 0
        chosen = self._store.people.language(bot, person)
        said = messages(type(self._language)(chosen) if chosen else self._language)
        shown = [one for one in news if one.follow in held and self._words(one.told)]
        blocks: list[Block] = []
        for at, one in enumerate(shown[:SHOWN], 1):
            if at == 1 or shown[at - 2].follow != one.follow:
                head = said.say("news_head", thing=named(held[one.follow]))
                blocks.append(line(head, style=TextStyle.STRONG, apart=bool(blocks)))
            blocks += self._news(at, one, said)
        if len(shown) > SHOWN:
            blocks.append(line(said.say("news_more", count=len(shown) - SHOWN), style=TextStyle.FAINT))
        if not shown:
            return "", None
        return html.page(blocks), _under([held[one.follow] for one in shown], shown[:SHOWN], said)

    def _news(self, number: int, one: NewsItem, said: Messages) -> Iterator[Block]:
        """Yield a sentence with where it is, and what was told before."""
        marker = TextRun(f"[{number}]", TextStyle.MARKER, number)
        yield Block((TextRun(self._words(one.told)), marker))
        yield Block((marker, TextRun(f" {self._where(one.told, said)}")), BlockKind.FOLD)
        if one.before is not None and (words := self._words(one.before)):
            where = self._where(one.before, said)
            yield line(said.say("news_before", where=where, words=words), kind=BlockKind.FOLD)

    def _words(self, span: NewsSpan) -> str:
        return self._source(span)[0]

    def _where(self, span: NewsSpan, said: Messages) -> str:
        _, document = self._source(span)
        return source_line(document, said, restated=document.restated) if document else ""

    def _source(self, span: NewsSpan) -> tuple[str, Document | None]:
        """Return the words and their text; what many follow is read once for all who are told of it now."""
        if time.monotonic() > self._sources_until:
            self._sources.clear()
            self._sources_until = time.monotonic() + self._patience.news
        if span not in self._sources:
            passage = self._library.passage(span.passage)
            document = self._library.document(passage.document) if passage else None
            words = squeezed(document.text[span.start : span.end]) if document else ""
            self._sources[span] = words, document
        return self._sources[span]


def named(follow: Follow) -> str:
    """Name what is followed."""
    return " ".join(part for part in (follow.place, follow.words) if part)


def _under(
    follows: Sequence[Follow], shown: Sequence[NewsItem], said: Messages
) -> InlineKeyboardMarkup | None:
    """Make the buttons: the passages, and the way out: of the one thing at once, else to the list."""
    numbers = [
        (f"[{at}]", SourceRef(answer="", number=0, passage=one.told.passage).tap("s"))
        for at, one in enumerate(shown, 1)
    ]
    single = {one.id for one in follows}
    if len(single) == 1:
        out = (said.say("button_unfollow"), ButtonData(UNFOLLOW, (follows[0].id,)))
    else:
        out = (said.say("button_following"), ButtonData(LIST))
    return keyboards.rows([numbers, [out]])
