"""What the bot must not forget: the inbox of updates, what was sent, conversations and answers.

Calls block for about a millisecond; on an event loop run them in a thread.
"""

from __future__ import annotations

import secrets
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from pydantic import TypeAdapter
from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from answering.answer import Answer, Turn
from bot.errors import BotError
from bot.store_tables import ANSWERS, CONVERSATIONS, INBOX, PARTS, open_engine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sqlalchemy import ColumnElement, Connection, Engine, Row

RECORD: TypeAdapter[Answer] = TypeAdapter(Answer)
# No vowels and nothing that looks alike: an id may be read aloud, and spells no word.
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
ID_LENGTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An update as it came, waiting for its turn."""

    update_id: int
    payload: str  # JSON, as Telegram sent it
    attempts: int = 0  # how often it was begun before


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What became of one message of a reply."""

    state: str  # "sending" (begun), "sent", "unsure" (it may have arrived), "refused"
    message_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Where and with whom a conversation is held; ``thread`` is 0 outside topics."""

    bot: int
    chat: int
    thread: int = 0
    person: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer as it was given, under the id that its buttons carry."""

    id: str
    answer: Answer
    conversation: int


class StoreError(BotError):
    """The store can't be opened, read or written."""


class Store:
    """The one place that outlives the process; all of it may be asked from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the store in the file ``path``, made where there is none. Any call may raise StoreError."""
        with _told():
            return cls(open_engine(path))

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with _told(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _told(), self._engine.connect() as connection:
            yield connection

    # -- inbox

    def receive(self, bot: int, came: Iterable[Received]) -> tuple[Received, ...]:
        """Keep updates; return those that were not known before."""
        return tuple(one for one in came if self._is_new(bot, one))

    def _is_new(self, bot: int, one: Received) -> bool:
        row = {"bot": bot, "update_id": one.update_id, "payload": one.payload, "received": time.time()}
        try:
            with self._writing() as connection:
                connection.execute(insert(INBOX).values(**row, attempts=0))
        except IntegrityError:
            return False
        return True

    def waiting(self, bot: int) -> tuple[Received, ...]:
        """Return the updates that are not finished, in their order."""
        query = (
            select(INBOX.c.update_id, INBOX.c.payload, INBOX.c.attempts)
            .where(INBOX.c.bot == bot, INBOX.c.finished.is_(None))
            .order_by(INBOX.c.update_id)
        )
        with self._reading() as connection:
            return tuple(Received(**row) for row in connection.execute(query).mappings())

    def begin(self, bot: int, update_id: int) -> None:
        """Note that work on an update begins (again)."""
        self._change_update(bot, update_id, attempts=INBOX.c.attempts + 1)

    def finish(self, bot: int, update_id: int) -> None:
        """Note that an update is dealt with, and forget its content."""
        self._change_update(bot, update_id, finished=time.time(), payload="")

    def _change_update(self, bot: int, update_id: int, **values: object) -> None:
        chosen = update(INBOX).where(INBOX.c.bot == bot, INBOX.c.update_id == update_id)
        with self._writing() as connection:
            connection.execute(chosen.values(**values))

    def prune(self, before: float) -> None:
        """Forget updates that were finished before ``before`` (seconds since 1970): they won't come again."""
        with self._writing() as connection:
            connection.execute(delete(PARTS).where(PARTS.c.changed < before))
            connection.execute(delete(INBOX).where(INBOX.c.finished < before))

    # -- parts

    def part(self, bot: int, update_id: int, part: int) -> Part | None:
        """Return what became of one part of the reply to an update, or None if it was never begun."""
        query = select(PARTS.c.state, PARTS.c.message_id).where(
            PARTS.c.bot == bot, PARTS.c.update_id == update_id, PARTS.c.part == part
        )
        with self._reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return Part(**row) if row else None

    def put_part(self, bot: int, update_id: int, part: int, became: Part) -> None:
        """Note what became of a part."""
        key = {"bot": bot, "update_id": update_id, "part": part}
        values = {"state": became.state, "message_id": became.message_id, "changed": time.time()}
        with self._writing() as connection:
            changed = connection.execute(update(PARTS).filter_by(**key).values(**values))
            if not changed.rowcount:
                connection.execute(insert(PARTS).values(**key, **values))

    # -- conversations and answers

    def conversation(self, talk: Talk) -> int:
        """Return the conversation that is open in ``talk``; the first question opens one."""
        query = select(CONVERSATIONS.c.id).where(_of(talk)).order_by(CONVERSATIONS.c.id.desc()).limit(1)
        with self._reading() as connection:
            found = connection.execute(query).scalar()
        return self.renew(talk) if found is None else int(found)

    def renew(self, talk: Talk) -> int:
        """Open a new conversation: what was asked before is not taken up again."""
        row = {"bot": talk.bot, "chat": talk.chat, "thread": talk.thread, "person": talk.person}
        with self._writing() as connection:
            added = insert(CONVERSATIONS).values(**row, opened=time.time()).returning(CONVERSATIONS.c.id)
            return int(connection.execute(added).scalar_one())

    def keep(self, answer: Answer, *, talk: Talk, update_id: int, said: str) -> Kept:
        """Keep the answer to an update; ``said`` is its text as the next question's history tells it."""
        kept = Kept(id=_new_id(), answer=answer, conversation=self.conversation(talk))
        row = {"id": kept.id, "conversation": kept.conversation, "bot": talk.bot, "update_id": update_id}
        record = RECORD.dump_json(answer).decode()
        with self._writing() as connection:
            connection.execute(insert(ANSWERS).values(**row, record=record, said=said, made=time.time()))
        return kept

    def answer(self, answer_id: str) -> Kept | None:
        """Return the answer with this id."""
        query = select(ANSWERS).where(ANSWERS.c.id == answer_id)
        with self._reading() as connection:
            return _kept(connection.execute(query).one_or_none())

    def answer_to(self, bot: int, update_id: int) -> Kept | None:
        """Return the answer that was made for an update, if it was."""
        query = select(ANSWERS).where(ANSWERS.c.bot == bot, ANSWERS.c.update_id == update_id)
        with self._reading() as connection:
            return _kept(connection.execute(query).one_or_none())

    def last(self, talk: Talk) -> Answer | None:
        """Return the last answer of the conversation that is open."""
        query = (
            select(ANSWERS.c.record)
            .where(ANSWERS.c.conversation == self.conversation(talk))
            .order_by(ANSWERS.c.made.desc())
            .limit(1)
        )
        with self._reading() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else RECORD.validate_json(found)

    def history(self, talk: Talk, *, answers: int = 6) -> tuple[Turn, ...]:
        """Return the last questions and answers of the conversation that is open, oldest first."""
        query = (
            select(ANSWERS.c.record, ANSWERS.c.said)
            .where(ANSWERS.c.conversation == self.conversation(talk))
            .order_by(ANSWERS.c.made.desc())
            .limit(answers)
        )
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return tuple(turn for row in reversed(rows) for turn in _turns(row))


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except (SQLAlchemyError, OSError) as error:
        raise StoreError(
            f"对话记录打不开或写不进去（{error}）。请查 CHENGWEN_HOME 的权限和磁盘空间。"
        ) from error


def _of(talk: Talk) -> ColumnElement[bool]:
    table = CONVERSATIONS.c
    return and_(
        table.bot == talk.bot,
        table.chat == talk.chat,
        table.thread == talk.thread,
        table.person == talk.person,
    )


def _turns(row: Row[Any]) -> tuple[Turn, Turn]:
    asked = RECORD.validate_json(row.record).question
    return Turn(role="user", content=asked), Turn(role="assistant", content=row.said)


def _kept(row: Row[Any] | None) -> Kept | None:
    if row is None:
        return None
    return Kept(id=row.id, answer=RECORD.validate_json(row.record), conversation=row.conversation)


def _new_id() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))
