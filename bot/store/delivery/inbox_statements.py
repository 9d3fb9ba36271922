"""The statements that the inbox executes for each update, built once and given their values at each use.

Building one costs several times what SQLite takes to execute it, and an update needs some fifteen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Float, and_, bindparam, func, literal_column, or_, select, true, update

from bot.store.tables.answer_tables import INBOX, PARTS

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, ColumnElement, Select, Update

    from bot.store.database import Database

SHOWN = (INBOX.c.update_id, INBOX.c.payload, INBOX.c.attempts, INBOX.c.chat, INBOX.c.person)
PART_KEY = ("bot", "update_id", "part")

# Names of values: not those of columns, which SQLAlchemy keeps for what is set.
BOT: BindParameter[Any] = bindparam("its_bot")
UPDATE: BindParameter[Any] = bindparam("its_update")
IDS: BindParameter[Any] = bindparam("its_updates", expanding=True)
OWNER: BindParameter[Any] = bindparam("its_owner")
LEASE = bindparam("its_lease", type_=Float)
# The columns of a part, and the names of the values for them where its row is selected.
ROW = {
    "bot": "its_bot",
    "update_id": "its_update",
    "part": "its_part",
    "state": "its_state",
    "message_id": "its_message",
    "changed": "its_time",
}


class InboxStatements:
    """Statements for one database; each comment names the values that an execution has to give.

    Those that insert take a row by the names of its columns.
    """

    def __init__(self, database: Database) -> None:
        until = database.clock() + LEASE
        free = or_(INBOX.c.owner.is_(None), INBOX.c.until < database.clock())
        unfinished = INBOX.c.finished.is_(None)
        among = and_(INBOX.c.bot == BOT, INBOX.c.update_id.in_(IDS))
        mine = INBOX.c.owner == OWNER

        def taken(chosen: ColumnElement[bool]) -> Update:
            leased = update(INBOX).where(INBOX.c.bot == BOT, unfinished, chosen)
            return leased.values(owner=OWNER, until=until)

        added: Any = database.insert(INBOX).on_conflict_do_nothing().returning(literal_column("1"))
        self.receive = added  # a row
        self.receive_leased = added.values(until=until)  # a row without ``until``, its_lease

        waiting: Select[tuple[int, str, int, int, int]] = select(*SHOWN).where(INBOX.c.bot == BOT, unfinished)
        ordered = INBOX.c.update_id
        self.waiting = waiting.order_by(ordered)  # its_bot
        self.abandoned = waiting.where(free).order_by(ordered)  # its_bot
        # its_bot, its_update, its_chat, its_person
        self.before = waiting.where(
            INBOX.c.chat == bindparam("its_chat"),
            INBOX.c.person == bindparam("its_person"),
            INBOX.c.update_id < UPDATE,
        ).order_by(ordered)

        other = func.coalesce(INBOX.c.owner != OWNER, true())
        self.adopt = taken(and_(free, other)).returning(*SHOWN)  # its_bot, its_owner, its_lease
        self.renew = taken(mine).returning(*SHOWN)  # the same
        self.claim = taken(and_(INBOX.c.update_id == UPDATE, or_(mine, free)))  # the same, its_update

        begun = update(INBOX).where(among).values(attempts=INBOX.c.attempts + 1)
        self.begin = begun.returning(INBOX.c.update_id)  # its_bot, its_updates
        self.begin_own = begun.where(mine).returning(INBOX.c.update_id)  # the same, its_owner
        # its_bot, its_updates, its_end
        self.finish = (
            update(INBOX)
            .where(among)
            .values(finished=bindparam("its_end"), payload="", chat=0, person=0, owner=None, until=None)
            .returning(INBOX.c.update_id)
        )

        # its_bot, its_update, its_part
        self.part = select(PARTS.c.state, PARTS.c.message_id).where(
            PARTS.c.bot == BOT, PARTS.c.update_id == UPDATE, PARTS.c.part == bindparam("its_part")
        )
        rest = [name for name in PARTS.c.keys() if name not in PART_KEY]  # noqa: SIM118 - names, not columns
        put = database.insert(PARTS)
        self.put_part = put.on_conflict_do_update(
            index_elements=PART_KEY, set_={name: put.excluded[name] for name in rest}
        )  # a row
        lost = and_(
            INBOX.c.bot == BOT,
            INBOX.c.update_id == UPDATE,
            or_(INBOX.c.finished.is_not(None), INBOX.c.owner != OWNER),
        )
        # its_bot, its_update, its_owner, and as in ROW
        row = [bindparam(value, type_=PARTS.c[name].type).label(name) for name, value in ROW.items()]
        given = put.from_select(list(ROW), select(*row).where(~select(INBOX.c.bot).where(lost).exists()))
        self.begin_part: Any = given.on_conflict_do_update(
            index_elements=PART_KEY, set_={name: given.excluded[name] for name in rest}
        ).returning(literal_column("1"))
