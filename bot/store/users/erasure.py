"""All that is held of one person: to be given to them, and to be forgotten."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, or_, select, update

from bot.store.tables.answer_tables import ANSWERS, CONVERSATIONS, INBOX, PARTS
from bot.store.tables.conversation_tables import SHARES
from bot.store.tables.follow_tables import FOLLOW_NEWS, FOLLOW_PACES, FOLLOWS
from bot.store.tables.operation_tables import LETTERS, MAILINGS, NOTICES, UPLOADS
from bot.store.tables.person_tables import CHATS, PEOPLE, REMARKS, VOTES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, Table


def forget(connection: Connection, bot: int, person: int, *, until: int | None = None) -> dict[str, int]:
    """Delete all that is held of a person, and return how many rows of each table.

    What an admin decided (a ban, a role) stays, without anything else: to forget is no way around a ban. An
    update of theirs that waits is finished unanswered; that it came stays known: it is not taken again. With
    ``until``, the update by which they asked for this, what came after it is answered all the same.
    """
    conversations = select(CONVERSATIONS.c.id).where(_is(CONVERSATIONS, bot, person))
    answers = select(ANSWERS.c.id).where(ANSWERS.c.conversation.in_(conversations))
    updates = select(ANSWERS.c.update_id).where(ANSWERS.c.conversation.in_(conversations))
    came = _is(INBOX, bot, person)
    came = came if until is None else and_(came, INBOX.c.update_id <= until)
    waiting = select(INBOX.c.update_id).where(came)
    sent = and_(PARTS.c.bot == bot, or_(PARTS.c.update_id.in_(updates), PARTS.c.update_id.in_(waiting)))
    chosen: dict[Table, ColumnElement[bool]] = {
        PARTS: sent,
        VOTES: or_(_is(VOTES, bot, person), VOTES.c.answer.in_(answers)),
        SHARES: _is(SHARES, bot, person),
        ANSWERS: ANSWERS.c.conversation.in_(conversations),
        CONVERSATIONS: _is(CONVERSATIONS, bot, person),
        REMARKS: _is(REMARKS, bot, person),
        CHATS: and_(CHATS.c.bot == bot, CHATS.c.chat == person, CHATS.c.is_allowed.is_(None)),
        NOTICES: and_(NOTICES.c.bot == bot, NOTICES.c.chat == person),
        LETTERS: _is(LETTERS, bot, person),
        UPLOADS: _is(UPLOADS, bot, person),
        FOLLOW_NEWS: FOLLOW_NEWS.c.follow.in_(select(FOLLOWS.c.id).where(_is(FOLLOWS, bot, person))),
        FOLLOWS: _is(FOLLOWS, bot, person),
        FOLLOW_PACES: _is(FOLLOW_PACES, bot, person),
        PEOPLE: and_(_is(PEOPLE, bot, person), ~_decided()),
    }
    counts = {
        table.name: connection.execute(delete(table).where(which)).rowcount for table, which in chosen.items()
    }
    counts["mailings"] = _signed_by_nobody(connection, bot, person)
    counts["inbox"] = _finished(connection, came)
    counts["people"] += _stripped(connection, bot, person)
    return counts


def export(connection: Connection, bot: int, person: int) -> dict[str, Any]:
    """Return all that is held of a person, as JSON would have it: by table, a list of rows."""
    conversations = select(CONVERSATIONS.c.id).where(_is(CONVERSATIONS, bot, person))
    chosen = {
        PEOPLE: _is(PEOPLE, bot, person),
        CHATS: and_(CHATS.c.bot == bot, CHATS.c.chat == person),
        CONVERSATIONS: _is(CONVERSATIONS, bot, person),
        ANSWERS: ANSWERS.c.conversation.in_(conversations),
        SHARES: _is(SHARES, bot, person),
        VOTES: _is(VOTES, bot, person),
        REMARKS: _is(REMARKS, bot, person),
        LETTERS: _is(LETTERS, bot, person),
        MAILINGS: _is(MAILINGS, bot, person),
        UPLOADS: _is(UPLOADS, bot, person),
        FOLLOWS: _is(FOLLOWS, bot, person),
        FOLLOW_PACES: _is(FOLLOW_PACES, bot, person),
        INBOX: _is(INBOX, bot, person),
    }
    return {table.name: _rows(connection, table, which) for table, which in chosen.items()}


def _rows(connection: Connection, table: Table, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    query = select(table).where(which).order_by(*table.primary_key)
    return [_told(row) for row in connection.execute(query).mappings()]


def _told(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row with what it holds as JSON unfolded."""
    unfolded = {name: json.loads(row[name]) for name in ("record", "payload") if row.get(name)}
    return {str(name): value for name, value in row.items()} | unfolded


def _is(table: Table, bot: int, person: int) -> ColumnElement[bool]:
    return and_(table.c.bot == bot, table.c.person == person)


def _decided() -> ColumnElement[bool]:
    roles = (PEOPLE.c.is_admin, PEOPLE.c.is_allowed, PEOPLE.c.is_banned)
    return or_(*(role.is_not(None) for role in roles))


def _finished(connection: Connection, came: ColumnElement[bool]) -> int:
    gone = {"payload": "", "chat": 0, "person": 0, "owner": None, "until": None, "finished": time.time()}
    return connection.execute(update(INBOX).where(came).values(**gone)).rowcount


def _signed_by_nobody(connection: Connection, bot: int, person: int) -> int:
    """Take an admin's id from what they wrote to all: it was said in the bot's name."""
    return connection.execute(update(MAILINGS).where(_is(MAILINGS, bot, person)).values(person=0)).rowcount


def _stripped(connection: Connection, bot: int, person: int) -> int:
    """Take all but decisions from what is left of a person."""
    gone = {"first_seen": None, "last_seen": None, "language": None}
    return connection.execute(update(PEOPLE).where(_is(PEOPLE, bot, person)).values(**gone)).rowcount
