"""👍 and 👎 on answers and on their citations."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, select

from bot.store.tables.person_tables import VOTES

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from bot.store.database import Database

WHOLE = 0  # the citation number of a vote on the answer itself


class VoteReason(StrEnum):
    """What a person found wrong."""

    FIGURE = "figure"  # 错数
    CITATION = "citation"  # 错引
    MISSING = "missing"  # 漏答
    OUTDATED = "outdated"  # 过时


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one person thinks of an answer, or of one of its citations."""

    answer: str
    citation: int = WHOLE
    person: int
    is_up: bool
    reason: VoteReason | None = None  # why not, where they said it


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCounts:
    """How many are for and against, and the reasons that the latter gave."""

    up: int
    down: int
    reasons: dict[VoteReason, int]


class Votes:
    """Votes, one a person for each thing; the last one counts. All methods may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cast(self, bot: int, vote: Vote) -> bool:
        """Keep a vote; return whether it differs from what this person said before."""
        before = self.of(vote.answer, person=vote.person, citation=vote.citation)
        changes: dict[str, Any] = {"is_up": vote.is_up, "reason": vote.reason, "cast": time.time()}
        key = {"answer": vote.answer, "citation": vote.citation, "person": vote.person}
        put = self._database.insert(VOTES).values(bot=bot, **key, **changes)
        put = put.on_conflict_do_update(index_elements=list(key), set_=changes)
        self._database.write(lambda connection: connection.execute(put))
        return before != vote

    def withdraw(self, answer: str, *, person: int, citation: int = WHOLE) -> bool:
        """Take a vote back; return whether there was one."""
        gone = delete(VOTES).where(_is(answer, person, citation))
        return self._database.write(lambda connection: connection.execute(gone).rowcount) > 0

    def of(self, answer: str, *, person: int, citation: int = WHOLE) -> Vote | None:
        """Return the vote of a person, or None."""
        found = self._listed(select(*_SHOWN).where(_is(answer, person, citation)))
        return found[0] if found else None

    def tally(self, answer: str, *, citation: int = WHOLE) -> VoteCounts:
        """Count the votes on an answer, or on one of its citations."""
        return _counted(
            self._listed(select(*_SHOWN).where(VOTES.c.answer == answer, VOTES.c.citation == citation))
        )

    def total(self, bot: int, *, since: float = 0) -> VoteCounts:
        """Count all votes cast since ``since`` (seconds since 1970)."""
        return _counted(self._listed(select(*_SHOWN).where(VOTES.c.bot == bot, VOTES.c.cast >= since)))

    def recent(self, bot: int, *, limit: int = 20) -> tuple[Vote, ...]:
        """Return the votes against, latest first."""
        against = select(*_SHOWN).where(VOTES.c.bot == bot, VOTES.c.is_up.is_(False))
        return self._listed(against.order_by(VOTES.c.cast.desc()).limit(limit))

    def _listed(self, query: Select[Any]) -> tuple[Vote, ...]:
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return tuple(
            Vote(
                answer=row.answer,
                citation=row.citation,
                person=row.person,
                is_up=row.is_up,
                reason=VoteReason(row.reason) if row.reason else None,
            )
            for row in rows
        )


_SHOWN = (VOTES.c.answer, VOTES.c.citation, VOTES.c.person, VOTES.c.is_up, VOTES.c.reason)


def _is(answer: str, person: int, citation: int) -> ColumnElement[bool]:
    return and_(VOTES.c.answer == answer, VOTES.c.person == person, VOTES.c.citation == citation)


def _counted(votes: tuple[Vote, ...]) -> VoteCounts:
    given = [vote.reason for vote in votes if not vote.is_up]
    return VoteCounts(
        up=sum(vote.is_up for vote in votes),
        down=len(given),
        reasons={reason: given.count(reason) for reason in VoteReason if reason in given},
    )
