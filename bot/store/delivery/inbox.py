"""The inbox: each update once, until it is answered, and what was sent because of it.

Where several processes serve one bot, an update belongs to one of them by a lease. A process keeps its leases
alive while it lives; what it leaves behind when it dies is taken over by another one. One that was only slow,
and lost an update that way, learns it before anything goes out to a chat.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, literal, or_, select, true, update

from bot.store.database import took_effect
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
        self._database = database
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
            "until": self._database.clock() + lease if owner else None,
        }
        added = self._database.insert(INBOX).values(**row).on_conflict_do_nothing()
        return took_effect(connection, added)

    def waiting(self, bot: int) -> tuple[ReceivedUpdate, ...]:
        """Return all updates that are not finished, no matter who works on them, in their order."""
        return self._listed(_unfinished(bot))

    def abandoned(self, bot: int) -> tuple[ReceivedUpdate, ...]:
        """Return the unfinished updates that nobody holds or whose lease ran out, in their order."""
        return self._listed(_unfinished(bot).where(self._free()))

    def adopt(self, bot: int, *, owner: str, lease: float) -> tuple[ReceivedUpdate, ...]:
        """Take all unfinished updates that nobody holds for ``lease`` seconds; return them in order.

        Those that ``owner`` holds already are not among them, also where their lease ran out.
        """
        other = func.coalesce(INBOX.c.owner != owner, true())
        return self._taken(bot, and_(self._free(), other), owner, lease)

    def _taken(
        self, bot: int, chosen: ColumnElement[bool], owner: str, lease: float
    ) -> tuple[ReceivedUpdate, ...]:
        taken = (
            update(INBOX)
            .where(INBOX.c.bot == bot, INBOX.c.finished.is_(None), chosen)
            .values(owner=owner, until=self._database.clock() + lease)
            .returning(*_SHOWN)
        )
        rows = self._database.write(lambda connection: connection.execute(taken).mappings().all())
        return tuple(sorted((ReceivedUpdate(**row) for row in rows), key=lambda one: one.update_id))

    def claim(self, bot: int, update_id: int, *, owner: str, lease: float) -> bool:
        """Take an unfinished update for ``lease`` seconds; False where it is finished, or another one's.

        Claiming what one holds already extends the lease.
        """
        chosen = and_(_is(bot, update_id), INBOX.c.finished.is_(None))
        mine = or_(INBOX.c.owner == owner, self._free())
        return self._change(and_(chosen, mine), owner=owner, until=self._database.clock() + lease) > 0

    def renew(self, bot: int, *, owner: str, lease: float) -> tuple[ReceivedUpdate, ...]:
        """Extend all leases that ``owner`` still has to ``lease`` seconds from now; return what it holds."""
        return self._taken(bot, INBOX.c.owner == owner, owner, lease)

    def release(self, bot: int, *, owner: str) -> int:
        """Give up all leases of ``owner``, who stops; return how many others may take at once."""
        chosen = and_(INBOX.c.bot == bot, INBOX.c.owner == owner, INBOX.c.finished.is_(None))
        return self._change(chosen, owner=None, until=None)

    def before(self, bot: int, one: ReceivedUpdate) -> tuple[ReceivedUpdate, ...]:
        """Return what the same person sent before in the same chat and is not finished, in order."""
        return self._listed(
            _unfinished(bot).where(
                INBOX.c.chat == one.chat, INBOX.c.person == one.person, INBOX.c.update_id < one.update_id
            )
        )

    def begin(self, bot: int, update_id: int, *, owner: str | None = None) -> bool:
        """Note that work on an update begins (again); False where it is no longer ``owner``'s to work on."""
        return update_id in self.begin_all(bot, [update_id], owner=owner)

    def begin_all(self, bot: int, ids: Sequence[int], *, owner: str | None = None) -> frozenset[int]:
        """Note that work on updates begins (again), and return those that are ``owner``'s to work on."""
        held = INBOX.c.owner == owner if owner else true()
        return self._changed(and_(_among(bot, ids), held), attempts=INBOX.c.attempts + 1)

    def finish(self, bot: int, update_id: int) -> None:
        """Note that an update is dealt with, and forget its content and whose it was."""
        self.finish_all(bot, [update_id])

    def finish_all(self, bot: int, ids: Sequence[int]) -> frozenset[int]:
        """Note that updates are dealt with, forget their content, and return those that were there."""
        return self._changed(_among(bot, ids), finished=time.time(), **_GONE)

    def absorb(self, bot: int, one: ReceivedUpdate, *, absorbed: Sequence[int]) -> None:
        """Keep a new payload for an update that took others into itself, and finish those, all at once."""

        def work(connection: Connection) -> None:
            whole = update(INBOX).where(_is(bot, one.update_id)).values(payload=one.payload)
            connection.execute(whole)
            taken = _among(bot, absorbed)
            connection.execute(update(INBOX).where(taken).values(finished=time.time(), **_GONE))

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
        query = select(PARTS.c.state, PARTS.c.message_id).where(
            PARTS.c.bot == bot, PARTS.c.update_id == update_id, PARTS.c.part == part
        )
        row = self._database.read(lambda connection: connection.execute(query).mappings().one_or_none())
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
        key = {"bot": bot, "update_id": update_id, "part": part}
        values = {"state": became.state, "message_id": became.message_id, "changed": time.time()}
        put = self._database.insert(PARTS).values(**key, **values)
        put = put.on_conflict_do_update(index_elements=list(key), set_=values)
        self._unkept[bot, update_id, part] = became
        self._database.write(lambda connection: connection.execute(put))
        self._unkept.pop((bot, update_id, part), None)

    def begin_part(self, bot: int, update_id: int, part: int, state: str, *, owner: str) -> bool:
        """Note that a part goes out; False, and nothing noted, where its update is not ``owner``'s any more.

        An update that the inbox does not know is anybody's.
        """
        key = {"bot": bot, "update_id": update_id, "part": part}
        values: dict[str, Any] = {"state": state, "message_id": None, "changed": time.time()}
        gone = and_(_is(bot, update_id), or_(INBOX.c.finished.is_not(None), INBOX.c.owner != owner))
        row = {**key, **values}
        columns = [literal(value, PARTS.c[name].type).label(name) for name, value in row.items()]
        given = select(*columns).where(~select(INBOX.c.bot).where(gone).exists())
        put = self._database.insert(PARTS).from_select(list(row), given)
        put = put.on_conflict_do_update(index_elements=list(key), set_=values)
        return self._database.write(lambda connection: took_effect(connection, put))

    def _free(self) -> ColumnElement[bool]:
        return or_(INBOX.c.owner.is_(None), INBOX.c.until < self._database.clock())

    def _listed(self, query: Select[Any]) -> tuple[ReceivedUpdate, ...]:
        ordered = query.order_by(INBOX.c.update_id)
        rows = self._database.read(lambda connection: connection.execute(ordered).mappings().all())
        return tuple(ReceivedUpdate(**row) for row in rows)

    def _change(self, chosen: ColumnElement[bool], **values: object) -> int:
        changed = update(INBOX).where(chosen).values(**values)
        return self._database.write(lambda connection: connection.execute(changed).rowcount)

    def _changed(self, chosen: ColumnElement[bool], **values: object) -> frozenset[int]:
        changed = update(INBOX).where(chosen).values(**values).returning(INBOX.c.update_id)
        found = self._database.write(lambda connection: connection.execute(changed).scalars().all())
        return frozenset(found)


_SHOWN = (INBOX.c.update_id, INBOX.c.payload, INBOX.c.attempts, INBOX.c.chat, INBOX.c.person)
_GONE: dict[str, Any] = {"payload": "", "chat": 0, "person": 0, "owner": None, "until": None}


def _is(bot: int, update_id: int) -> ColumnElement[bool]:
    return and_(INBOX.c.bot == bot, INBOX.c.update_id == update_id)


def _among(bot: int, ids: Sequence[int]) -> ColumnElement[bool]:
    return and_(INBOX.c.bot == bot, INBOX.c.update_id.in_(ids))


def _unfinished(bot: int) -> Select[Any]:
    return select(*_SHOWN).where(INBOX.c.bot == bot, INBOX.c.finished.is_(None))
