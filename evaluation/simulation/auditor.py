"""What became of each question: whether its answer stands where it should, once, and in its turn."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from evaluation.simulation.replica import GIVEN_UP, OFFER, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evaluation.simulation.telegram_model import StandingMessage

# Virtual seconds after a message came, in which its sender died before that was noted: times of an away
# database do not count.
IN_A_SEND = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedRun:
    """What one run came to. Lists name updates, as many as there are."""

    seed: int
    updates: int
    messages: int
    kills: int
    virtual_seconds: float
    lost: Sequence[int]
    doubled: Sequence[int]  # outside a send
    doubled_inside: Sequence[int]
    out_of_order: Sequence[int]
    given_up: Sequence[int]
    unfinished: int
    digest: str  # of all that was said, where and when

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, nothing doubled outside a send, nothing out of turn or left."""
        return not (self.lost or self.doubled or self.out_of_order or self.unfinished)


def audited(  # noqa: PLR0913 - all that a run tells
    seed: int,
    asked: Mapping[int, int],
    messages: Iterable[StandingMessage],
    *,
    kills: int,
    seconds: float,
    unfinished: int,
    away: Sequence[tuple[float, float]] = (),
) -> AuditedRun:
    """Compare what was asked (update → chat) with what is in the chats.

    ``away`` tells from when to when nothing could be noted.
    """
    said = list(messages)
    copies: dict[tuple[int, str], list[StandingMessage]] = defaultdict(list)
    for one in said:
        copies[one.chat, one.text].append(one)
    lost: list[int] = []
    given_up: list[int] = []
    doubled: list[int] = []
    inside: list[int] = []
    for update, chat in asked.items():
        whole = all((chat, text) in copies for text in parts_of(update))
        if (chat, f"{update}{GIVEN_UP}") in copies:
            given_up.append(update)
        elif not whole and (chat, f"{update}{OFFER}") not in copies:
            lost.append(update)
        for text in parts_of(update):
            for first in copies.get((chat, text), [])[:-1]:
                (inside if _died_in_it(first, away) else doubled).append(update)
    return AuditedRun(
        seed=seed,
        updates=len(asked),
        messages=len(said),
        kills=kills,
        virtual_seconds=seconds,
        lost=lost,
        doubled=doubled,
        doubled_inside=inside,
        out_of_order=_out_of_order(copies),
        given_up=given_up,
        unfinished=unfinished,
        digest=sha256("\n".join(f"{one.at:.6f} {one.chat} {one.text}" for one in said).encode()).hexdigest(),
    )


def _died_in_it(first: StandingMessage, away: Sequence[tuple[float, float]]) -> bool:
    over = first.sender.over_at if first.sender else None
    if over is None:
        return False
    unable = sum(max(0.0, min(until, over) - max(since, first.at)) for since, until in away)
    return over - first.at - unable <= IN_A_SEND


def _out_of_order(copies: Mapping[tuple[int, str], Sequence[StandingMessage]]) -> list[int]:
    """Return the updates whose words first came after those of a later one of the same chat."""
    found, last = [], dict[int, tuple[int, int]]()
    firsts = sorted((standing[0] for standing in copies.values()), key=lambda one: one.id)
    for one in firsts:
        update, colon, part = one.text.partition(":")
        if not colon:
            continue
        place = int(update), int(part)
        if place < last.get(one.chat, (0, 0)):
            found.append(place[0])
        last[one.chat] = max(place, last.get(one.chat, (0, 0)))
    return found
