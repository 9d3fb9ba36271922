"""Targets against results as bars: what share of its target each result reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.values.chart import Chart, Drawing, Mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.ledger.promise import Promise
    from bot.messages import Messages

MOST = 16  # bars of a picture


def reached(promises: Sequence[Promise], title: str, said: Messages) -> Chart | None:
    """Return the picture of the promises whose two sides are levels in one unit; None for fewer than two."""
    marks = [mark for one in promises if (mark := _mark(one, said)) is not None][:MOST]
    if len(marks) < 2:
        return None
    return Chart(
        drawing=Drawing.BARS, title=title, unit="%", marks=tuple(marks), notes=(said.say("promises_chart"),)
    )


def _mark(one: Promise, said: Messages) -> Mark | None:
    target, result = one.target, one.result
    if target is None or result is None or not target.amount or result.amount is None or one.note:
        return None
    if result.amount < 0 or target.amount < 0 or target.unit.startswith(("%", "％")):
        return None  # of a growth, the share of the target says little
    share = float(result.amount / target.amount) * 100
    words = said.say(
        "promises_of", share=f"{share:.0f}%", result=result.value, target=f"{target.value}{target.unit}"
    )
    return Mark(name=one.metric, value=round(share, 1), text=words, year=one.year)
