"""Conversations, and the answers that were given in them."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlalchemy import and_, delete, exists, insert, select, update

from answering.values.answer import Answer, Turn
from bot.store.tables.answer_tables import ANSWERS, CONVERSATIONS, PARTS
from bot.store.tables.conversation_tables import SHARES
from bot.store.tables.person_tables import VOTES

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Row, Select

    from bot.store.database import Database

RECORD: TypeAdapter[Answer] = TypeAdapter(Answer)
# No vowels and nothing that looks alike: an id may be read aloud, and spells no word.
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
ID_LENGTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationKey:
    """Where and with whom a conversation is held; ``thread`` is 0 outside topics."""

    bot: int
    chat: int
    thread: int = 0
    person: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """An answer as it was given, under the id that its buttons carry."""

    id: str
    answer: Answer
    conversation: int
    update_id: int = 0  # the update that it answers


class Conversations:
    """Conversations and answers. All methods may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def conversation(self, talk: ConversationKey) -> int:
        """Return the conversation that is open in ``talk``; the first question opens one."""
        found = self._database.read(lambda connection: _open(connection, talk))
        return self.renew(talk) if found is None else found

    def renew(self, talk: ConversationKey) -> int:
        """Open a new conversation: what was asked before is not taken up again."""
        return self._database.write(lambda connection: _opened(connection, talk))

    def keep(
        self, answer: Answer, *, talk: ConversationKey, update_id: int, said: str, asked_in: int | None = None
    ) -> GivenAnswer:
        """Keep the answer to an update, and return it; where there is one already, that one stays.

        ``said`` is its text as the next question's history tells it, ``asked_in`` the id of the message with
        the question.
        """
        row = {"id": new_id(), "bot": talk.bot, "update_id": update_id, "said": said, "made": time.time()}
        row |= {"record": RECORD.dump_json(answer).decode(), "asked_in": asked_in}

        def work(connection: Connection) -> None:
            conversation = _open(connection, talk) or _opened(connection, talk)
            added = self._database.insert(ANSWERS).values(**row, conversation=conversation)
            connection.execute(added.on_conflict_do_nothing())

        self._database.write(work)
        kept = self.answer_to(talk.bot, update_id)
        assert kept is not None
        return kept

    def replace(self, kept: GivenAnswer, answer: Answer, *, update_id: int, said: str) -> GivenAnswer:
        """Put another answer in the place of one, such as after its question was edited, and return it.

        It keeps its id and its place in the conversation; what was thought of the old one is forgotten.
        """
        row = {"update_id": update_id, "said": said, "record": RECORD.dump_json(answer).decode()}

        def work(connection: Connection) -> None:
            connection.execute(delete(VOTES).where(VOTES.c.answer == kept.id))
            connection.execute(update(ANSWERS).where(ANSWERS.c.id == kept.id).values(**row))

        self._database.write(work)
        return replace(kept, answer=answer, update_id=update_id)

    def answer(self, answer_id: str) -> GivenAnswer | None:
        """Return the answer with this id."""
        return self._kept(select(ANSWERS).where(ANSWERS.c.id == answer_id))

    def answer_to(self, bot: int, update_id: int) -> GivenAnswer | None:
        """Return the answer that was made for an update, if it was."""
        return self._kept(select(ANSWERS).where(ANSWERS.c.bot == bot, ANSWERS.c.update_id == update_id))

    def answer_in(self, talk: ConversationKey, message_id: int) -> GivenAnswer | None:
        """Return the last answer to the question in a message, if there is one."""
        return self._kept(
            _newest(select(ANSWERS).join(CONVERSATIONS, _held())).where(
                _of(talk), ANSWERS.c.asked_in == message_id
            )
        )

    def shown_in(self, bot: int, chat: int, message_id: int) -> GivenAnswer | None:
        """Return the answer that a message of the bot in a chat shows, to whomever it was given."""
        sent = and_(PARTS.c.bot == ANSWERS.c.bot, PARTS.c.update_id == ANSWERS.c.update_id)
        here = and_(ANSWERS.c.bot == bot, CONVERSATIONS.c.chat == chat, PARTS.c.message_id == message_id)
        return self._kept(_newest(select(ANSWERS).join(CONVERSATIONS, _held()).join(PARTS, sent)).where(here))

    def latest_beside(self, talk: ConversationKey, *, since: float) -> GivenAnswer | None:
        """Return the last answer to anybody in a chat and topic since ``since`` (seconds since 1970)."""
        place = (CONVERSATIONS.c.bot, CONVERSATIONS.c.chat, CONVERSATIONS.c.thread)
        here = and_(
            *(one == value for one, value in zip(place, (talk.bot, talk.chat, talk.thread), strict=True))
        )
        recent = and_(here, ANSWERS.c.made >= since)
        return self._kept(_newest(select(ANSWERS).join(CONVERSATIONS, _held()).where(recent)))

    def history_with(self, kept: GivenAnswer, *, answers: int = 6) -> tuple[Turn, ...]:
        """Return the turns of a conversation up to one of its answers, and that, oldest first."""
        own = select(ANSWERS).where(ANSWERS.c.id == kept.id)
        (row,) = self._database.read(lambda connection: list(connection.execute(own).all()))
        return (*self.history_before(kept, answers=answers - 1), *_turns(row))

    def is_asked_in(self, answer_id: str, chat: int) -> bool:
        """Tell whether the question of an answer stands, typed, in a chat."""
        typed = and_(ANSWERS.c.id == answer_id, ANSWERS.c.asked_in.is_not(None), CONVERSATIONS.c.chat == chat)
        query = select(ANSWERS.c.id).join(CONVERSATIONS, _held()).where(typed)
        return self._database.read(lambda connection: connection.execute(query).first()) is not None

    def last(self, talk: ConversationKey) -> Answer | None:
        """Return the last answer of the conversation that is open."""
        found = self.latest(talk)
        return found.answer if found else None

    def latest(self, talk: ConversationKey) -> GivenAnswer | None:
        """Return the same with the id that its buttons carry."""
        found = self._rows(talk, answers=1)
        return _kept(found[0]) if found else None

    def latest_cited(self, talk: ConversationKey, *, answers: int = 20) -> GivenAnswer | None:
        """Return the last of the ``answers`` before that has sources."""
        kept = (_kept(row) for row in self._rows(talk, answers=answers))
        return next((one for one in kept if one.answer.citations), None)

    def history(self, talk: ConversationKey, *, answers: int = 6) -> tuple[Turn, ...]:
        """Return the last questions and answers of the conversation that is open, oldest first."""
        return tuple(turn for row in reversed(self._rows(talk, answers=answers)) for turn in _turns(row))

    def history_before(self, kept: GivenAnswer, *, answers: int = 6) -> tuple[Turn, ...]:
        """Return the last questions and answers of a conversation before one of its answers, oldest first."""
        then = select(ANSWERS.c.made).where(ANSWERS.c.id == kept.id).scalar_subquery()
        earlier = and_(ANSWERS.c.conversation == kept.conversation, ANSWERS.c.made < then)
        query = _newest(select(ANSWERS).where(earlier)).limit(answers)
        rows = self._database.read(lambda connection: list(connection.execute(query).all()))
        return tuple(turn for row in reversed(rows) for turn in _turns(row))

    def prune_older(self, before: float) -> int:
        """Forget answers made before ``before`` (seconds since 1970), votes on them, and empty conversations.

        Returns the number of answers.
        """
        old = select(ANSWERS.c.id).where(ANSWERS.c.made < before)
        empty = and_(CONVERSATIONS.c.opened < before, ~exists().where(_held()))

        def work(connection: Connection) -> int:
            connection.execute(delete(VOTES).where(VOTES.c.answer.in_(old)))
            connection.execute(delete(SHARES).where(SHARES.c.answer.in_(old)))
            gone = connection.execute(delete(ANSWERS).where(ANSWERS.c.made < before)).rowcount
            connection.execute(delete(CONVERSATIONS).where(empty))
            return gone

        return self._database.write(work)

    def _rows(self, talk: ConversationKey, *, answers: int) -> list[Row[Any]]:
        """Return the last answers of the conversation that is open, newest first."""

        def work(connection: Connection) -> list[Row[Any]]:
            conversation = _open(connection, talk)
            query = _newest(select(ANSWERS)).where(ANSWERS.c.conversation == conversation).limit(answers)
            return list(connection.execute(query).all())

        return self._database.read(work)

    def _kept(self, query: Select[Any]) -> GivenAnswer | None:
        row = self._database.read(lambda connection: connection.execute(query.limit(1)).one_or_none())
        return None if row is None else _kept(row)


def _kept(row: Row[Any]) -> GivenAnswer:
    answer = RECORD.validate_json(row.record)
    return GivenAnswer(id=row.id, answer=answer, conversation=row.conversation, update_id=row.update_id)


def _newest(query: Select[Any]) -> Select[Any]:
    return query.order_by(ANSWERS.c.made.desc(), ANSWERS.c.update_id.desc())


def _open(connection: Connection, talk: ConversationKey) -> int | None:
    query = select(CONVERSATIONS.c.id).where(_of(talk)).order_by(CONVERSATIONS.c.id.desc()).limit(1)
    found = connection.execute(query).scalar()
    return None if found is None else int(found)


def _opened(connection: Connection, talk: ConversationKey) -> int:
    row = {"bot": talk.bot, "chat": talk.chat, "thread": talk.thread, "person": talk.person}
    added = insert(CONVERSATIONS).values(**row, opened=time.time()).returning(CONVERSATIONS.c.id)
    return int(connection.execute(added).scalar_one())


def _held() -> ColumnElement[bool]:
    return ANSWERS.c.conversation == CONVERSATIONS.c.id


def _of(talk: ConversationKey) -> ColumnElement[bool]:
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


def new_id() -> str:
    """Return an id that nothing else has, short enough for a button."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))
