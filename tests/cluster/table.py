"""The figures of one run, each beside its target."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from statistics import quantiles
from typing import TYPE_CHECKING

from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from blows import Blows
    from crowd import Crowd, Outcomes
    from readers import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of all that was asked."""

    crowd: Crowd
    blows: Blows
    reader: Reader
    found: Outcomes
    blind: int | None  # replicas that search without vectors in the end; None where none is to have any
    load: float  # of the machine, at the end


def table(fate: Fate) -> ResultTable:
    """Return the figures with what has to be known about them."""
    return ResultTable(
        key="cluster",
        title=f"two replicas behind nginx, {fate.crowd.size} chats, each part struck while they ask",
        figures=tuple(_figures(fate)),
        notes=tuple(_notes(fate)),
    )


def _figures(fate: Fate) -> Iterator[Measurement]:
    crowd, found, inside = fate.crowd, fate.found, fate.blows.inside
    elsewhere = set(found.doubled) - inside
    waits = crowd.waits()
    yield _count("questions", len(crowd.asked))
    yield _none("lost", len(found.lost))
    yield _none("whose people were told to ask again", len(found.failed))
    yield _none("answered twice, no blow inside the send", len(elsewhere))
    yield _count("sends that a blow fell inside", len(inside))
    yield _count("  of these answered twice", len(found.doubled) - len(elsewhere))
    yield _none("messages that answer no question", found.strange)
    yield _none("chats whose answers are out of order", len(found.disordered))
    yield _none("calls that break the Bot API", len(crowd.telegram.violations))
    yield _none("calls refused", len(crowd.telegram.refused))
    if fate.blind is not None:
        yield _none("replicas that search without vectors in the end", fate.blind)
    yield _count("updates that had to be brought again, times", crowd.telegram.again)
    for share in (50, 95):
        wait = quantiles(waits, n=100)[share - 1]
        yield Measurement(name=f"question to answer, p{share}", value=wait, unit=MeasureUnit.SECONDS)
    yield Measurement(name="question to answer, longest", value=max(waits), unit=MeasureUnit.SECONDS)
    yield Measurement(name="reader page, share that came", value=fate.reader.share)


def _count(name: str, count: int) -> Measurement:
    return Measurement(name=name, value=count, unit=MeasureUnit.COUNT)


def _none(name: str, count: int) -> Measurement:
    return Measurement(name=name, value=count, unit=MeasureUnit.COUNT, target=0, bound=TargetBound.EXACT)


def _notes(fate: Fate) -> Iterator[str]:
    for one in fate.blows.struck:
        longest = fate.crowd.longest(one.at)
        yield (
            f"{one.name}: {one.waiting} questions waited, the longest of them {longest:.0f} s; "
            f"back after {one.back:.0f} s"
            + (f", what it held taken over after {one.taken:.0f} s" if one.taken is not None else "")
        )
    yield f"reader page by status, 0 where nothing came: {dict(fate.reader.told.most_common())}"
    for why, count in Counter(fate.found.failed.values()).most_common(5):
        yield f"told to ask again, {count} ×: {re.sub(r'[0-9]{4,}', 'N', why)[:160]}"
    yield "inside a send: Telegram was being told, and nobody can know whether it had heard"
    for update_id in fate.found.doubled:
        where = "inside" if update_id in fate.blows.inside else "NOT inside"
        yield f"update {update_id} was answered twice; a blow fell {where} its send"
    yield f"{len(os.sched_getaffinity(0))} cores, load {fate.load:.1f} at the end"
