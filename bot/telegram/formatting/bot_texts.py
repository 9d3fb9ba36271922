"""The bot's own messages as blocks: greeting, help, what texts there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.lexicon.phrases import place_name
from bot.presentation.rendering import Block, BlockKind, TextRun, TextStyle, line, titled
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import BotCommand, Message, User

    from bot.messages import Messages
    from retrieval.places.gazetteer import Gazetteer
    from retrieval.values.documents import Document

NAMED = 8  # places in a sentence
LISTED = 20  # places on a page of the list
TITLES = 3  # of one place
UNREAD = {
    "voice": "bot_unread_voice",
    "audio": "bot_unread_voice",
    "video_note": "bot_unread_voice",
    "photo": "bot_unread_picture",
    "video": "bot_unread_picture",
    "document": "bot_unread_file",
    "sticker": "bot_unread_sticker",
}


def start(held: str, said: Messages, *, examples: bool = False) -> tuple[Block, ...]:
    """Greet, name the places that are ``held``, if any, and tell what can be asked.

    ``examples`` of it stand on buttons below.
    """
    if not held:
        return (line(said.say("no_corpus")),)
    return (
        line(said.say("bot_start", held=held)),
        line(said.say("bot_start_hint"), apart=True),
        *([line(said.say("bot_start_examples"), apart=True)] if examples else []),
    )


def help_(commands: Sequence[BotCommand], said: Messages, *, me: User) -> tuple[Block, ...]:
    """Tell how the bot, which is ``me``, is used, and which commands it has."""
    told = [said.say(key) for key in ("bot_help", "bot_help_edits", "bot_help_sources", "bot_help_groups")]
    if me.supports_inline_queries:
        told.append(said.say("bot_help_inline", me=me.username))
    listed = (line(f"/{one.command} {one.description}", apart=not at) for at, one in enumerate(commands))
    return (*(line(one, apart=bool(at)) for at, one in enumerate(told)), *listed)


def unread(message: Message) -> str:
    """Return the key of a kind word on a message that has no words to read."""
    return next((key for kind, key in UNREAD.items() if getattr(message, kind, None)), "bot_unsupported")


def held(places: Sequence[str], gazetteer: Gazetteer, said: Messages) -> str:
    """Name places in a sentence; of many, the first few."""
    named = said.say("joint").join(place_name(one, said.language, gazetteer) for one in places[:NAMED])
    return named if len(places) <= NAMED else said.say("chat_and_more", named=named, count=len(places))


def spoken(documents: Sequence[Document]) -> tuple[Document, ...]:
    """Return the texts themselves, without the prefaces of collections."""
    return tuple(one for one in documents if one.genre is not Genre.PREFACE)


def newest_first(documents: Sequence[Document]) -> tuple[Document, ...]:
    """Return texts by their dates, the newest first and those without one last."""
    return tuple(sorted(documents, key=lambda one: one.date or str(one.year or ""), reverse=True))


def cities(
    documents: Sequence[Document], gazetteer: Gazetteer, said: Messages, *, page: int = 0
) -> tuple[tuple[Block, ...], int]:
    """List a page of the texts by place; also return how many pages there are."""
    texts = spoken(documents)
    if not texts:
        return (line(said.say("no_corpus")),), 1
    by_place: dict[str, list[Document]] = {}
    for one in sorted(texts, key=lambda one: one.place is None):
        named = place_name(one.place, said.language, gazetteer)
        by_place.setdefault(named or said.say("unplaced"), []).append(one)
    pages = -(-len(by_place) // LISTED)
    start = min(page, pages - 1) * LISTED
    shown = [(place, newest_first(of)) for place, of in list(by_place.items())[start : start + LISTED]]
    head = line(said.say("bot_cities", count=len(texts)))
    return (head, *(_place(place, of, said) for place, of in shown)), pages


def _place(place: str, documents: Sequence[Document], said: Messages) -> Block:
    titles = said.say("joint").join(dated(one) for one in documents[:TITLES])
    more = said.say("bot_texts_more", count=len(documents)) if len(documents) > TITLES else ""
    return Block(
        (TextRun(said.say("lead", lead=place), TextStyle.STRONG), TextRun(titles + more)), BlockKind.ITEM
    )


def dated(document: Document) -> str:
    """Return a text's title with its year, where the title does not tell it."""
    title = titled(document.title)
    return f"{title}（{document.year}）" if document.year and str(document.year) not in title else title
