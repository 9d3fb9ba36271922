"""📊 under an answer that set figures side by side: the same as a picture."""
# ruff: noqa: PLC0415 - the painter is loaded when the first picture is asked for

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import MissingPartError
from bot.messages import messages
from bot.telegram.context.feature import BotFeature, ButtonRoute, acknowledge
from bot.telegram.formatting import keyboards, limits

if TYPE_CHECKING:
    from telegram import InlineKeyboardMarkup

    from answering.values.answer import Answer
    from bot.store import GivenAnswer
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies
    from bot.telegram.formatting.keyboards import ButtonData

CAPTION = 120  # units: a line, or two on a phone


@dataclass(frozen=True, slots=True)
class RenderedChart:
    """A picture as PNG, and the line below it."""

    png: bytes
    caption: str


def painted(answer: Answer) -> RenderedChart | None:
    """Paint what can be drawn of an answer; None where nothing can. Takes some 0.3 s of the processor."""
    from bot.charts.pictures import sheet
    from bot.charts.png import png

    if answer.chart is None:
        return None
    picture = sheet(answer.chart, answer.citations, messages(answer.language))
    said = messages(answer.language)
    unit = said.say("bracketed", text=answer.chart.unit) if answer.chart.unit else ""
    return RenderedChart(png(picture), answer.chart.title + unit)


class ChartFeature:
    """Draws answers that were given before, also before a restart."""

    def __init__(self, parts: BotDependencies) -> None:
        self._talks = parts.store.talks
        self._links = parts.links

    async def draw(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Send the picture of an answer."""
        kept = await asyncio.to_thread(self._talks.answer, tap.fields[0]) if tap.fields else None
        if kept is None or kept.answer.chart is None:
            await acknowledge(visit.query, visit.said.say("picture_none" if kept else "bot_expired"))
            return
        try:
            made = await asyncio.to_thread(painted, kept.answer)
        except MissingPartError:
            await acknowledge(visit.query, visit.said.say("picture_no_font"))
            return
        await acknowledge(visit.query)
        if made is not None:
            caption = limits.shorten(" ".join(limits.clean(made.caption).split()), CAPTION)
            await visit.reply.show(made.png, caption=caption, markup=self._beside(visit, kept))

    def _beside(self, visit: UpdateContext, kept: GivenAnswer) -> InlineKeyboardMarkup | None:
        if self._links is None:
            return None
        label = visit.said.say("button_full")
        return keyboards.laid([keyboards.link(label, self._links.answer(kept.id), private=visit.is_private)])


def feature(parts: BotDependencies) -> BotFeature:
    """Return the feature."""
    return BotFeature(buttons=(ButtonRoute(act=keyboards.DRAW, work=ChartFeature(parts).draw),))
