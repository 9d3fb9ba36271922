"""What people follow and the news that they get: each once, also where the program is killed on the way.

News are noted together with the texts they are from, in one transaction. They are noted as "sending" before
they go out; what still says so once its lease ran out may have arrived, and is not sent again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, or_, select, update

from bot.store.conversations.conversations import new_id
from bot.store.tables.follow_tables import FOLLOW_NEWS, FOLLOW_PACES, FOLLOWED_TEXTS, FOLLOWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Select

    from bot.store.database import Database

MOST = 30  # things that one chat can follow
ROWS = 500  # written at a time


ASKING = "？"  # how the words of a question end


class FollowPace(StrEnum):
    """When a chat gets its news."""

    NOW = "now"
    DAILY = "day"
    WEEKLY = "week"


class NewsState(StrEnum):
    """What became of a piece of news."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"  # it may have arrived
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """A place, words, or both, that somebody follows in a chat; "" sets no limit.

    Words that end with a question mark are a question, asked again of each new text.
    """

    id: str
    chat: int
    person: int
    place: str
    words: str

    @property
    def is_question(self) -> bool:
        """Whether it is a question."""
        return self.words.endswith(ASKING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPace:
    """When a chat wants its news; ``quiet`` keeps the night free of them."""

    pace: FollowPace = FollowPace.NOW
    quiet: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsSpan:
    """Words of a passage, by their offsets in its document."""

    passage: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsItem:
    """One sentence for one follow, with what the last text of its place said, and when it is due."""

    follow: str
    chat: int
    told: NewsSpan
    before: NewsSpan | None = None
    due: float = 0.0


class Follows:
    """Follows and their news. All methods may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, bot: int, *, chat: int, person: int, place: str, words: str) -> bool:
        """Follow something in a chat; False where the chat follows as much as it can already."""
        if len(self.of(bot, chat)) >= MOST:
            return False
        row = {"id": new_id(), "bot": bot, "chat": chat, "person": person, "made": time.time()}
        put = self._database.insert(FOLLOWS).values(**row, place=place, words=words)
        self._database.write(lambda connection: connection.execute(put.on_conflict_do_nothing()))
        return True

    def drop(self, bot: int, chat: int, follow: str) -> bool:
        """Follow something no more, and forget what waits of it; False where the chat did not follow it."""
        chosen = FOLLOWS.c.bot == bot, FOLLOWS.c.chat == chat, FOLLOWS.c.id == follow

        def work(connection: Connection) -> bool:
            gone = connection.execute(delete(FOLLOWS).where(*chosen)).rowcount > 0
            if gone:
                connection.execute(delete(FOLLOW_NEWS).where(FOLLOW_NEWS.c.follow == follow))
            return gone

        return self._database.write(work)

    def of(self, bot: int, chat: int) -> tuple[Follow, ...]:
        """Return what a chat follows, oldest first."""
        return self._listed(_shown().where(FOLLOWS.c.bot == bot, FOLLOWS.c.chat == chat))

    def all(self, bot: int) -> tuple[Follow, ...]:
        """Return all that is followed, oldest first."""
        return self._listed(_shown().where(FOLLOWS.c.bot == bot))

    def pace(self, bot: int, chat: int) -> ChatPace:
        """Return when a chat wants its news."""
        return self.paces(bot, chat=chat).get(chat, ChatPace())

    def paces(self, bot: int, *, chat: int | None = None) -> dict[int, ChatPace]:
        """Return when chats want their news, by chat: those that chose, or one of them."""
        query = select(FOLLOW_PACES.c.chat, FOLLOW_PACES.c.pace, FOLLOW_PACES.c.quiet)
        query = query.where(FOLLOW_PACES.c.bot == bot)
        query = query if chat is None else query.where(FOLLOW_PACES.c.chat == chat)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return {row.chat: ChatPace(pace=FollowPace(row.pace), quiet=bool(row.quiet)) for row in rows}

    def set_pace(self, bot: int, chat: int, pace: ChatPace, *, person: int) -> None:
        """Keep when a chat wants its news."""
        values = {"pace": pace.pace.value, "quiet": pace.quiet, "person": person}
        put = self._database.insert(FOLLOW_PACES).values(bot=bot, chat=chat, **values)
        put = put.on_conflict_do_update(index_elements=["bot", "chat"], set_=values)
        self._database.write(lambda connection: connection.execute(put))

    def seen(self, bot: int) -> frozenset[str]:
        """Return the documents that were looked through."""
        query = select(FOLLOWED_TEXTS.c.document).where(FOLLOWED_TEXTS.c.bot == bot)
        return frozenset(self._database.read(lambda connection: connection.execute(query).scalars().all()))

    def note(self, bot: int, documents: Iterable[str], news: Sequence[NewsItem]) -> None:
        """Note documents as looked through, and the news from them, all at once or not at all."""
        now = time.time()
        texts = [{"bot": bot, "document": one, "seen": now} for one in documents]
        rows = [_row(bot, one, now) for one in news]

        def work(connection: Connection) -> None:
            for table, given in ((FOLLOWED_TEXTS, texts), (FOLLOW_NEWS, rows)):
                put = self._database.insert(table).on_conflict_do_nothing()
                for at in range(0, len(given), ROWS):
                    connection.execute(put, given[at : at + ROWS])

        self._database.write(work)

    def take(self, bot: int, *, owner: str, lease: float) -> tuple[NewsItem, ...]:
        """Return all news that are due for one chat, and note that they are being sent; () where none are."""
        now = time.time()
        waiting = and_(FOLLOW_NEWS.c.bot == bot, FOLLOW_NEWS.c.state == NewsState.WAITING.value)
        first = select(FOLLOW_NEWS.c.chat).where(waiting, FOLLOW_NEWS.c.due <= now)
        first = first.order_by(FOLLOW_NEWS.c.due, FOLLOW_NEWS.c.chat).limit(1)
        taken = {"state": NewsState.SENDING.value, "owner": owner, "until": now + lease}

        def work(connection: Connection) -> tuple[NewsItem, ...]:
            chat = connection.execute(first).scalar()
            if chat is None:
                return ()
            chosen = and_(waiting, FOLLOW_NEWS.c.chat == chat, FOLLOW_NEWS.c.due <= now)
            put = update(FOLLOW_NEWS).where(chosen).values(**taken).returning(FOLLOW_NEWS)
            return tuple(_item(row) for row in connection.execute(put).mappings().all())

        return tuple(sorted(self._database.write(work), key=lambda one: (one.follow, one.told.start)))

    def became(self, bot: int, chat: int, *, owner: str, state: NewsState) -> None:
        """Note what became of the news that are being sent to a chat."""
        chosen = (
            FOLLOW_NEWS.c.bot == bot,
            FOLLOW_NEWS.c.chat == chat,
            FOLLOW_NEWS.c.owner == owner,
            FOLLOW_NEWS.c.state == NewsState.SENDING.value,
        )
        put = update(FOLLOW_NEWS).where(*chosen).values(state=state.value, owner=None, until=None)
        self._database.write(lambda connection: connection.execute(put))

    def give_up_unsure(self, bot: int, *, owner: str) -> int:
        """Note of what was cut off that it may have arrived, and return how many that is.

        Cut off is what ``owner`` left when it ran last, and what others hold no longer.
        """
        mine = or_(FOLLOW_NEWS.c.owner == owner, FOLLOW_NEWS.c.until < time.time())
        sending = and_(FOLLOW_NEWS.c.bot == bot, FOLLOW_NEWS.c.state == NewsState.SENDING.value, mine)
        put = update(FOLLOW_NEWS).where(sending).values(state=NewsState.UNSURE.value, owner=None)
        return self._database.write(lambda connection: connection.execute(put).rowcount)

    def load(self, bot: int) -> tuple[int, int, int]:
        """Return how many chats follow how much, and how many news wait for them."""
        counted = select(func.count(FOLLOWS.c.chat.distinct()), func.count()).where(FOLLOWS.c.bot == bot)
        waiting = select(func.count()).where(
            FOLLOW_NEWS.c.bot == bot, FOLLOW_NEWS.c.state == NewsState.WAITING.value
        )

        def work(connection: Connection) -> tuple[int, int, int]:
            chats, things = connection.execute(counted).one()
            return int(chats), int(things), int(connection.execute(waiting).scalar_one())

        return self._database.read(work)

    def prune(self, before: float) -> None:
        """Forget news that were sent, or given up, before ``before`` (seconds since 1970)."""
        over = FOLLOW_NEWS.c.state.not_in((NewsState.WAITING.value, NewsState.SENDING.value))
        gone = delete(FOLLOW_NEWS).where(over, FOLLOW_NEWS.c.made < before)
        self._database.write(lambda connection: connection.execute(gone))

    def _listed(self, query: Select[Any]) -> tuple[Follow, ...]:
        rows = self._database.read(lambda connection: connection.execute(query).mappings().all())
        return tuple(Follow(**row) for row in rows)


def _shown() -> Select[Any]:
    chosen = (FOLLOWS.c[name] for name in ("id", "chat", "person", "place", "words"))
    return select(*chosen).order_by(FOLLOWS.c.made, FOLLOWS.c.id)


def _row(bot: int, one: NewsItem, now: float) -> dict[str, Any]:
    before = one.before
    return {
        "follow": one.follow,
        "passage": one.told.passage,
        "start": one.told.start,
        "bot": bot,
        "chat": one.chat,
        "end": one.told.end,
        "before_passage": before.passage if before else None,
        "before_start": before.start if before else None,
        "before_end": before.end if before else None,
        "made": now,
        "due": one.due,
        "state": NewsState.WAITING.value,
    }


def _item(row: Any) -> NewsItem:
    before = None
    if row["before_passage"] is not None:
        before = NewsSpan(passage=row["before_passage"], start=row["before_start"], end=row["before_end"])
    told = NewsSpan(passage=row["passage"], start=row["start"], end=row["end"])
    return NewsItem(follow=row["follow"], chat=row["chat"], told=told, before=before, due=row["due"])
