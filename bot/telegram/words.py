"""The bot's own messages as blocks: greeting, help, what texts there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.answer import Language
from bot.messages import Messages, messages
from bot.rendering import Block, Kind, Run, Style, line
from retrieval.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import User

    from retrieval.documents import Document

NAMED = 8  # places in a sentence
LISTED = 60  # places in a list
TITLES = 3  # of one place
TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


def spoken_to(user: User | None, otherwise: Language) -> Messages:
    """Return the messages in the language of a person's Telegram; ``otherwise`` where it is none of ours."""
    code = (user.language_code or "").lower() if user else ""
    if code.startswith(TRADITIONAL):
        return messages(Language.HANT)
    if code.startswith("zh"):
        return messages(Language.HANS)
    return messages(Language.EN if code.startswith("en") else otherwise)


def start(places: Sequence[str], said: Messages) -> tuple[Block, ...]:
    """Greet, and tell what can be asked."""
    if not places:
        return (line(said.say("no_corpus")),)
    return (
        line(said.say("bot_start", held=held(places, said))),
        line(said.say("bot_start_hint"), apart=True),
    )


def help_(said: Messages) -> tuple[Block, ...]:
    """Tell how the bot is used."""
    keys = ("bot_help", "bot_help_sources", "bot_help_groups", "bot_help_commands")
    return tuple(line(said.say(key), apart=bool(at)) for at, key in enumerate(keys))


def held(places: Sequence[str], said: Messages) -> str:
    """Name places in a sentence; of many, the first few."""
    named = said.say("joint").join(places[:NAMED])
    return named if len(places) <= NAMED else said.say("chat_and_more", named=named, count=len(places))


def cities(documents: Sequence[Document], said: Messages) -> tuple[Block, ...]:
    """List the texts by place."""
    texts = [one for one in documents if one.genre is not Genre.PREFACE]
    if not texts:
        return (line(said.say("no_corpus")),)
    by_place: dict[str, list[Document]] = {}
    for one in sorted(texts, key=lambda one: one.place is None):
        by_place.setdefault(one.place or said.say("unplaced"), []).append(one)
    more = len(by_place) - LISTED
    return (
        line(said.say("bot_cities", count=len(texts))),
        *(_place(place, of, said) for place, of in list(by_place.items())[:LISTED]),
        *([line(said.say("bot_cities_more", count=more))] if more > 0 else []),
    )


def _place(place: str, documents: Sequence[Document], said: Messages) -> Block:
    titles = said.say("joint").join(_titled(one) for one in documents[:TITLES])
    more = " " + said.say("bot_texts_more", count=len(documents)) if len(documents) > TITLES else ""
    return Block((Run(said.say("lead", lead=place), Style.STRONG), Run(titles + more)), Kind.ITEM)


def _titled(document: Document) -> str:
    title = document.title if "《" in document.title else f"《{document.title}》"
    return f"{title}（{document.year}）" if document.year else title
