"""The inbox: each update once, until it is answered, and what was sent because of it.

Where several processes serve one bot, an update belongs to one of them by a lease. A process keeps its leases
alive while it lives; what it leaves behind when it dies is taken over by another one. One that was only slow,
and lost an update that way, learns it before anything goes out to a chat.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, select, update

from bot.store.delivery.inbox_statements import InboxStatements
from bot.store.tables.answer_tables import INBOX, PARTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

    from bot.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedUpdate:
    """An update as it came, waiting for its turn."""

    update_id: int
    payload: str  # JSON, as Telegram sent it
    attempts: int = 0  # how often it was begun before
    chat: int = 0  # where it was sent from, and by whom; 0 where there is none
    person: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPart:
    """What became of one message of a reply."""

    state: str  # "sending" (going out), "waiting" (it did not), "sent", "unsure" (it may have), "refused"
    message_id: int | None = None


class Inbox:
    """Updates and what became of them. All methods may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database, self._statements = database, InboxStatements(database)
        # What this process knows and could not note: the database was away. It must not be sent again.
        self._unkept: dict[tuple[int, int, int], SentPart] = {}

    def receive(
        self, bot: int, came: Iterable[ReceivedUpdate], *, owner: str | None = None, lease: float = 0
    ) -> tuple[ReceivedUpdate, ...]:
        """Keep updates; return those that were not known before.

        With an ``owner`` (a name of at most 64 characters) the new ones are its own for ``lease`` seconds.
        """
        wanted = tuple(came)

        def work(connection: Connection) -> tuple[ReceivedUpdate, ...]:
            return tuple(one for one in wanted if self._added(connection, bot, one, owner, lease))

        return self._database.write(work) if wanted else ()

    def _added(
        self, connection: Connection, bot: int, one: ReceivedUpdate, owner: str | None, lease: float
    ) -> bool:
        row: dict[str, Any] = {
            "bot": bot,
            "update_id": one.update_id,
            "payload": one.payload,
            "chat": one.chat,
            "person": one.person,
            "received": time.time(),
            "attempts": 0,
            "owner": owner,
        }
        if owner:
            added = connection.execute(self._statements.receive_leased, row | {"its_lease": lease})
        else:
            added = connection.execute(self._statements.receive, row)
        return added.first() is not None

    def waiting(self, bot: int) -> tuple[ReceivedUpdate, ...]:
        """Return all updates that are not finished, no matter who works on them, in their order."""
        return self._listed(self._statements.waiting, its_bot=bot)

    def abandoned(self, bot: int) -> tuple[ReceivedUpdate, ...]:
        """Return the unfinished updates that nobody holds or whose lease ran out, in their order."""
        return self._listed(self._statements.abandoned, its_bot=bot)

    def adopt(self, bot: int, *, owner: str, lease: float) -> tuple[ReceivedUpdate, ...]:
        """Take all unfinished updates that nobody holds for ``lease`` seconds; return them in order.

        Those that ``owner`` holds already are not among them, also where their lease ran out.
        """
        return self._taken(self._statements.adopt, bot, owner, lease)

    def _taken(self, taking: Any, bot: int, owner: str, lease: float) -> tuple[ReceivedUpdate, ...]:
        values = {"its_bot": bot, "its_owner": owner, "its_lease": lease}
        rows = self._database.write(lambda connection: connection.execute(taking, values).mappings().all())
        return tuple(sorted((ReceivedUpdate(**row) for row in rows), key=lambda one: one.update_id))

    def claim(self, bot: int, update_id: int, *, owner: str, lease: float) -> bool:
        """Take an unfinished update for ``lease`` seconds; False where it is finished, or another one's.

        Claiming what one holds already extends the lease.
        """
        values = {"its_bot": bot, "its_update": update_id, "its_owner": owner, "its_lease": lease}
        claiming = self._statements.claim
        return self._database.write(lambda connection: connection.execute(claiming, values).rowcount) > 0

    def renew(self, bot: int, *, owner: str, lease: float) -> tuple[ReceivedUpdate, ...]:
        """Extend all leases that ``owner`` still has to ``lease`` seconds from now; return what it holds."""
        return self._taken(self._statements.renew, bot, owner, lease)

    def release(self, bot: int, *, owner: str) -> int:
        """Give up all leases of ``owner``, who stops; return how many others may take at once."""
        chosen = and_(INBOX.c.bot == bot, INBOX.c.owner == owner, INBOX.c.finished.is_(None))
        released = update(INBOX).where(chosen).values(owner=None, until=None)
        return self._database.write(lambda connection: connection.execute(released).rowcount)

    def before(self, bot: int, one: ReceivedUpdate) -> tuple[ReceivedUpdate, ...]:
        """Return what the same person sent before in the same chat and is not finished, in order."""
        values = {"its_update": one.update_id, "its_chat": one.chat, "its_person": one.person}
        return self._listed(self._statements.before, its_bot=bot, **values)

    def begin(self, bot: int, update_id: int, *, owner: str | None = None) -> bool:
        """Note that work on an update begins (again); False where it is no longer ``owner``'s to work on."""
        return update_id in self.begin_all(bot, [update_id], owner=owner)

    def begin_all(self, bot: int, ids: Sequence[int], *, owner: str | None = None) -> frozenset[int]:
        """Note that work on updates begins (again), and return those that are ``owner``'s to work on."""
        if owner:
            return self._changed(self._statements.begin_own, bot, ids, its_owner=owner)
        return self._changed(self._statements.begin, bot, ids)

    def finish(self, bot: int, update_id: int) -> None:
        """Note that an update is dealt with, and forget its content and whose it was."""
        self.finish_all(bot, [update_id])

    def finish_all(self, bot: int, ids: Sequence[int]) -> frozenset[int]:
        """Note that updates are dealt with, forget their content, and return those that were there."""
        return self._changed(self._statements.finish, bot, ids, its_end=time.time())

    def absorb(self, bot: int, one: ReceivedUpdate, *, absorbed: Sequence[int]) -> None:
        """Keep a new payload for an update that took others into itself, and finish those, all at once."""

        def work(connection: Connection) -> None:
            whole = update(INBOX).where(_is(bot, one.update_id)).values(payload=one.payload)
            connection.execute(whole)
            values = {"its_bot": bot, "its_updates": absorbed, "its_end": time.time()}
            connection.execute(self._statements.finish, values)

        self._database.write(work)

    def has_captioned(self, bot: int, chat: int, album: str) -> bool:
        """Tell whether a message of an album, answered or waiting, has words under it."""
        query = select(INBOX.c.payload).where(
            INBOX.c.bot == bot,
            INBOX.c.chat == chat,
            INBOX.c.payload.contains(album, autoescape=True),
            INBOX.c.payload.contains('"caption"', autoescape=True),
        )
        return self._database.read(lambda connection: connection.execute(query).first()) is not None

    def prune(self, before: float) -> None:
        """Forget updates that were finished before ``before`` (seconds since 1970): they won't come again."""

        def work(connection: Connection) -> None:
            connection.execute(delete(PARTS).where(PARTS.c.changed < before))
            connection.execute(delete(INBOX).where(INBOX.c.finished < before))

        self._database.write(work)

    def part(self, bot: int, update_id: int, part: int) -> SentPart | None:
        """Return what became of one part of the reply to an update, or None if it was never begun."""
        if (known := self._unkept.get((bot, update_id, part))) is not None:
            self.put_part(bot, update_id, part, known)
            return known
        query, values = self._statements.part, {"its_bot": bot, "its_update": update_id, "its_part": part}
        row = self._database.read(
            lambda connection: connection.execute(query, values).mappings().one_or_none()
        )
        return SentPart(**row) if row else None

    def parts(self, bot: int, update_id: int) -> tuple[SentPart, ...]:
        """Return what became of all parts of the reply to an update, in their order."""
        query = select(PARTS.c.state, PARTS.c.message_id).where(
            PARTS.c.bot == bot, PARTS.c.update_id == update_id, PARTS.c.part >= 0
        )
        rows = self._database.read(
            lambda connection: connection.execute(query.order_by(PARTS.c.part)).mappings().all()
        )
        return tuple(SentPart(**row) for row in rows)

    def put_part(self, bot: int, update_id: int, part: int, became: SentPart) -> None:
        """Note what became of a part; what can't be noted is known to this process until it can be."""
        put = self._statements.put_part
        row: dict[str, Any] = {"bot": bot, "update_id": update_id, "part": part}
        row |= {"state": became.state, "message_id": became.message_id, "changed": time.time()}
        self._unkept[bot, update_id, part] = became
        self._database.write(lambda connection: connection.execute(put, row))
        self._unkept.pop((bot, update_id, part), None)

    def begin_part(self, bot: int, update_id: int, part: int, state: str, *, owner: str) -> bool:
        """Note that a part goes out; False, and nothing noted, where its update is not ``owner``'s any more.

        An update that the inbox does not know is anybody's.
        """
        values: dict[str, Any] = {"its_bot": bot, "its_update": update_id, "its_part": part}
        values |= {"its_state": state, "its_message": None, "its_time": time.time(), "its_owner": owner}
        put = self._statements.begin_part
        return self._database.write(lambda connection: connection.execute(put, values).first()) is not None

    def _listed(self, query: Select[Any], **values: object) -> tuple[ReceivedUpdate, ...]:
        rows = self._database.read(lambda connection: connection.execute(query, values).mappings().all())
        return tuple(ReceivedUpdate(**row) for row in rows)

    def _changed(self, change: Any, bot: int, ids: Sequence[int], **values: object) -> frozenset[int]:
        given = {"its_bot": bot, "its_updates": ids, **values}
        found = self._database.write(lambda connection: connection.execute(change, given).scalars().all())
        return frozenset(found)


def _is(bot: int, update_id: int) -> ColumnElement[bool]:
    return and_(INBOX.c.bot == bot, INBOX.c.update_id == update_id)
