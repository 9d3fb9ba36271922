"""How much a person or a chat asked in this minute and on this day, and whether one more is too many.

The counts stand under a digest of the id, so that they need not go when a person has all else forgotten: to
forget is no way around a limit. They are of use until their day ends, and ``prune`` takes them away then.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, select, true

from bot.store.database import took_effect
from bot.store.tables.answer_tables import PARTS
from bot.store.tables.person_tables import QUOTAS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Connection

    from bot.store.database import Database

MINUTE, DAY = "minute", "day"
PERSON, CHAT = "person", "chat"
COUNTED = -1  # no part of a reply has this number


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaLimits:
    """How much one person, or one chat, may ask; 0 is none at all, None is without limit."""

    minute: int | None = None  # questions
    day: int | None = None  # questions
    tokens: int | None = None  # of a model, in a day


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceededQuota:
    """The limit that one more question would break."""

    whose: str  # "person" or "chat"
    what: str  # "minute", "day" or "tokens"
    limit: int
    again: float  # when it begins again, in seconds since 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaUsage:
    """What was asked and spent in one window."""

    questions: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """One thing that is counted: whose, in which stretch of time, and up to what."""

    whose: str
    subject: str
    name: str
    began: int
    ends: float
    questions: int | None
    tokens: int | None


class Quotas:
    """Counts of questions and tokens. All methods may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(  # noqa: PLR0913 - who, within what, and when
        self,
        bot: int,
        *,
        person: int,
        chat: int,
        of_person: QuotaLimits,
        of_chat: QuotaLimits,
        update_id: int | None = None,
        now: float | None = None,
    ) -> ExceededQuota | None:
        """Count one question more, for the person and the chat; or return the limit that it would break.

        Either all is counted or nothing, also where many ask at once. An update that was counted before, as
        when the program ended over it, is not counted again. A day is a date of this machine.
        """
        at = time.time() if now is None else now
        wanted = [*_windows(bot, PERSON, person, of_person, at), *_windows(bot, CHAT, chat, of_chat, at)]

        def work(connection: Connection) -> None:
            if update_id is not None and not self._is_first(connection, bot, update_id, at):
                return
            for window in wanted:
                if not self._counted(connection, window):
                    raise _HitError(_hit(connection, window))

        try:
            self._database.write(work)
        except _HitError as hit:
            return hit.hit
        return None

    def spend(self, bot: int, *, person: int, chat: int, tokens: int, now: float | None = None) -> None:
        """Add what an answer cost to the day of the person and of the chat."""
        at = time.time() if now is None else now
        began = int(_day(at).timestamp())
        subjects = (_subject(bot, PERSON, person), _subject(bot, CHAT, chat))

        def work(connection: Connection) -> None:
            for subject in subjects:
                row = {"subject": subject, "window": DAY, "began": began}
                put = self._database.insert(QUOTAS).values(**row, questions=0, tokens=tokens)
                more = {"tokens": QUOTAS.c.tokens + tokens}
                connection.execute(put.on_conflict_do_update(index_elements=list(row), set_=more))

        self._database.write(work)

    def spent(self, bot: int, *, person: int | None = None, chat: int | None = None) -> QuotaUsage:
        """Return what a person, or a chat, asked and spent today."""
        whose, number = (PERSON, person) if person is not None else (CHAT, chat or 0)
        window = next(
            one for one in _windows(bot, whose, number, QuotaLimits(), time.time()) if one.name == DAY
        )
        return self._database.read(lambda connection: _spent(connection, window))

    def prune(self, before: float) -> None:
        """Forget the counts of minutes and days that began before ``before`` (seconds since 1970)."""
        gone = delete(QUOTAS).where(QUOTAS.c.began < before)
        self._database.write(lambda connection: connection.execute(gone))

    def _is_first(self, connection: Connection, bot: int, update_id: int, at: float) -> bool:
        """Note among the parts of the reply to an update that it was counted; False if it was before."""
        row = {"bot": bot, "update_id": update_id, "part": COUNTED, "state": "counted", "changed": at}
        return took_effect(connection, self._database.insert(PARTS).values(**row).on_conflict_do_nothing())

    def _counted(self, connection: Connection, window: _Window) -> bool:
        """Count one more in a window, unless that breaks its limit."""
        if window.questions == 0 or window.tokens == 0:
            return False
        row = {"subject": window.subject, "window": window.name, "began": window.began}
        put = self._database.insert(QUOTAS).values(**row, questions=1, tokens=0)
        put = put.on_conflict_do_update(
            index_elements=list(row), set_={"questions": QUOTAS.c.questions + 1}, where=_within(window)
        )
        return took_effect(connection, put)


class _HitError(Exception):
    """A limit was hit: what was counted in this transaction is undone."""

    def __init__(self, hit: ExceededQuota) -> None:
        super().__init__()
        self.hit = hit


def carry_over(connection: Connection, database: Database, bot: int, old: int, new: int) -> None:
    """Count for the chat ``new`` what was counted for ``old``."""
    before, after = _subject(bot, CHAT, old), _subject(bot, CHAT, new)
    for row in connection.execute(select(QUOTAS).where(QUOTAS.c.subject == before)).mappings().all():
        put = database.insert(QUOTAS).values(**(dict(row) | {"subject": after}))
        more = {name: QUOTAS.c[name] + row[name] for name in ("questions", "tokens")}
        key = ["subject", "window", "began"]
        connection.execute(put.on_conflict_do_update(index_elements=key, set_=more))
    connection.execute(delete(QUOTAS).where(QUOTAS.c.subject == before))


def _windows(bot: int, whose: str, number: int, limits: QuotaLimits, at: float) -> Iterator[_Window]:
    subject, minute, day = _subject(bot, whose, number), int(at // 60) * 60, _day(at)
    tomorrow = (day + timedelta(days=1)).timestamp()
    yield _Window(
        whose=whose,
        subject=subject,
        name=MINUTE,
        began=minute,
        ends=minute + 60,
        questions=limits.minute,
        tokens=None,
    )
    yield _Window(
        whose=whose,
        subject=subject,
        name=DAY,
        began=int(day.timestamp()),
        ends=tomorrow,
        questions=limits.day,
        tokens=limits.tokens,
    )


def _day(at: float) -> datetime:
    """Return the midnight with which the day of ``at`` began on this machine."""
    # Without a time zone: the next midnight is then right also where clocks are changed in between.
    return datetime.fromtimestamp(at).replace(hour=0, minute=0, second=0, microsecond=0)


def _within(window: _Window) -> ColumnElement[bool]:
    questions, tokens = window.questions, window.tokens
    return and_(
        true() if questions is None else QUOTAS.c.questions < questions,
        true() if tokens is None else QUOTAS.c.tokens < tokens,
    )


def _hit(connection: Connection, window: _Window) -> ExceededQuota:
    spent = _spent(connection, window)
    over = window.questions is not None and spent.questions >= window.questions
    what, limit = (window.name, window.questions) if over else ("tokens", window.tokens)
    return ExceededQuota(whose=window.whose, what=what, limit=limit or 0, again=window.ends)


def _spent(connection: Connection, window: _Window) -> QuotaUsage:
    query = select(QUOTAS.c.questions, QUOTAS.c.tokens).where(
        QUOTAS.c.subject == window.subject, QUOTAS.c.window == window.name, QUOTAS.c.began == window.began
    )
    row = connection.execute(query).mappings().one_or_none()
    return QuotaUsage(**row) if row else QuotaUsage()


def _subject(bot: int, whose: str, number: int) -> str:
    return hashlib.blake2b(f"{bot} {whose} {number}".encode(), digest_size=16).hexdigest()
