"""Messages to all who use the bot: to whom each was sent, so that nobody has it twice.

A letter is noted as "sending" before it is sent. What still says so when a process takes a mailing up was cut
off, may have arrived, and is not sent again. One process sends a mailing at a time, by a lease; what a dead
one left, another one goes on with.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, literal, or_, select, update

from bot.errors import TakenOverError
from bot.store.conversations.conversations import new_id
from bot.store.tables.operation_tables import LETTERS, MAILINGS
from bot.store.tables.person_tables import CHATS, PEOPLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, Select

    from bot.store.database import Database


class BroadcastStage(StrEnum):
    """How far a mailing has come."""

    DRAFT = "draft"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


class BroadcastDelivery(StrEnum):
    """What became of the message to one person."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"  # it may have arrived
    GONE = "gone"  # they blocked the bot, or left Telegram
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """A message to all who use the bot."""

    id: str
    person: int  # the admin who wrote it
    html: str
    state: BroadcastStage
    shown: int | None = None  # the message, in the admin's chat, that tells how far it has come


class Broadcasts:
    """Mailings by id. All methods may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def draft(self, bot: int, *, person: int, html: str) -> Broadcast:
        """Keep a message that an admin wrote; it is sent once they say yes."""
        mailing = Broadcast(id=new_id(), person=person, html=html, state=BroadcastStage.DRAFT)
        row = {"id": mailing.id, "person": person, "html": html, "state": mailing.state.value}
        added = insert(MAILINGS).values(**row, bot=bot, made=time.time())
        self._database.write(lambda connection: connection.execute(added))
        return mailing

    def get(self, mailing_id: str) -> Broadcast | None:
        """Return the mailing with this id, or None."""
        found = self._listed(_shown().where(MAILINGS.c.id == mailing_id))
        return found[0] if found else None

    def running(self, bot: int) -> tuple[Broadcast, ...]:
        """Return the mailings that are being sent, oldest first."""
        chosen = MAILINGS.c.bot == bot, MAILINGS.c.state == BroadcastStage.RUNNING.value
        return self._listed(_shown().where(*chosen).order_by(MAILINGS.c.made))

    def readers(self, bot: int) -> int:
        """Return to how many people a mailing would go now."""
        query = select(func.count()).select_from(_readers(bot).subquery())
        return int(self._database.read(lambda connection: connection.execute(query).scalar_one()))

    def start(self, bot: int, mailing_id: str, *, shown: int) -> bool:
        """Begin with a draft: from here on it goes to those who use the bot now. False if it is no draft."""
        begun = _changed(mailing_id, BroadcastStage.DRAFT).values(
            state=BroadcastStage.RUNNING.value, shown=shown
        )
        state = literal(BroadcastDelivery.WAITING.value)
        rows = select(literal(mailing_id), literal(bot), _readers(bot).subquery().c.chat, state)
        letters = insert(LETTERS).from_select(["mailing", "bot", "person", "state"], rows)

        def work(connection: Connection) -> bool:
            if not connection.execute(begun).rowcount:
                return False
            connection.execute(letters)
            return True

        return self._database.write(work)

    def end(self, mailing_id: str, stage: BroadcastStage) -> bool:
        """Note that a mailing that is being sent, or a draft, came to its end; False if it had ended."""
        values = {"state": stage.value}
        chosen = MAILINGS.c.state.in_((BroadcastStage.DRAFT.value, BroadcastStage.RUNNING.value))
        ended = update(MAILINGS).where(MAILINGS.c.id == mailing_id, chosen).values(**values)
        return self._database.write(lambda connection: connection.execute(ended).rowcount) > 0

    def hold(self, mailing_id: str, *, owner: str, lease: float) -> bool:
        """Take a mailing that is being sent for ``lease`` seconds, or keep it.

        False where another one has it, or where it came to its end.
        """
        now = self._database.clock()
        free = or_(MAILINGS.c.owner.is_(None), MAILINGS.c.owner == owner, MAILINGS.c.until < now)
        held = _changed(mailing_id, BroadcastStage.RUNNING).where(free).values(owner=owner, until=now + lease)
        return self._database.write(lambda connection: connection.execute(held).rowcount) > 0

    def release(self, bot: int, *, owner: str) -> None:
        """Give up all mailings of ``owner``, who stops: others may go on with them at once."""
        chosen = MAILINGS.c.bot == bot, MAILINGS.c.owner == owner
        freed = update(MAILINGS).where(*chosen).values(owner=None, until=None)
        self._database.write(lambda connection: connection.execute(freed))

    def take(self, mailing_id: str, *, owner: str) -> int | None:
        """Return the next person to write to, and note that it is being done; None when nobody is left.

        None also for a mailing that was stopped; raises TakenOverError for one that another process sends.
        """
        going = select(MAILINGS.c.owner).where(
            MAILINGS.c.id == mailing_id, MAILINGS.c.state == BroadcastStage.RUNNING.value
        )
        waiting = and_(LETTERS.c.mailing == mailing_id, LETTERS.c.state == BroadcastDelivery.WAITING.value)
        first = select(LETTERS.c.person).where(waiting).order_by(LETTERS.c.person).limit(1)

        def work(connection: Connection) -> int | None:
            found = connection.execute(going).one_or_none()
            if found is not None and found.owner != owner:
                raise TakenOverError(f"mailing {mailing_id} is another process's")
            # Another process may take the same one at this moment; only one of the two gets it.
            while found is not None and (person := connection.execute(first).scalar()) is not None:
                taken = update(LETTERS).where(waiting, LETTERS.c.person == person)
                if connection.execute(taken.values(state=BroadcastDelivery.SENDING.value)).rowcount:
                    return int(person)
            return None

        return self._database.write(work)

    def put(self, mailing_id: str, person: int, became: BroadcastDelivery) -> None:
        """Note what became of the message to one person."""
        chosen = LETTERS.c.mailing == mailing_id, LETTERS.c.person == person
        changed = update(LETTERS).where(*chosen).values(state=became.value)
        self._database.write(lambda connection: connection.execute(changed))

    def give_up_unsure(self, mailing_id: str) -> None:
        """Note of what was cut off while it was sent that it may have arrived."""
        chosen = LETTERS.c.mailing == mailing_id, LETTERS.c.state == BroadcastDelivery.SENDING.value
        changed = update(LETTERS).where(*chosen).values(state=BroadcastDelivery.UNSURE.value)
        self._database.write(lambda connection: connection.execute(changed))

    def tally(self, mailing_id: str) -> Mapping[BroadcastDelivery, int]:
        """Return how many letters are in each state; states without any are left out."""
        query = select(LETTERS.c.state, func.count()).where(LETTERS.c.mailing == mailing_id)
        query = query.group_by(LETTERS.c.state)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return {BroadcastDelivery(state): count for state, count in rows}

    def _listed(self, query: Select[Any]) -> tuple[Broadcast, ...]:
        rows = self._database.read(lambda connection: connection.execute(query).mappings().all())
        return tuple(Broadcast(**(dict(row) | {"state": BroadcastStage(row["state"])})) for row in rows)


def _shown() -> Select[Any]:
    return select(*(MAILINGS.c[name] for name in ("id", "person", "html", "state", "shown")))


def _changed(mailing_id: str, stage: BroadcastStage) -> Any:
    return update(MAILINGS).where(MAILINGS.c.id == mailing_id, MAILINGS.c.state == stage.value)


def _readers(bot: int) -> Select[Any]:
    """Choose the private chats of those who wrote to the bot and neither blocked it nor are banned."""
    banned = select(PEOPLE.c.person).where(PEOPLE.c.bot == bot, PEOPLE.c.is_banned.is_(True))
    return select(CHATS.c.chat).where(*_private(bot), CHATS.c.chat.not_in(banned))


def _private(bot: int) -> tuple[ColumnElement[bool], ...]:
    return CHATS.c.bot == bot, CHATS.c.kind == "private", CHATS.c.gone.is_(None)
