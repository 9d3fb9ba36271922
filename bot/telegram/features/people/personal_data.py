"""What is kept on a person: told (/privacy), given to them (/export), deleted (/forget)."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.presentation.rendering import line
from bot.telegram.context.feature import (
    BotCommandRoute,
    BotFeature,
    ButtonRoute,
    CommandAudience,
    acknowledge,
)
from bot.telegram.formatting import html, keyboards
from bot.telegram.formatting.keyboards import ButtonData

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.config.settings import Settings
    from bot.messages import Messages
    from bot.presentation.rendering import Block
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies

PRIVATE = (CommandAudience.PRIVATE,)
NAMED = ("answers", "votes", "remarks")  # that are told by name when they were deleted
SEEN = ("people", "chats", "notices")  # what a tap alone leaves
UNTOLD = ("conversations", "inbox", "parts")  # beside the answers, or how they were sent


def feature(parts: BotDependencies) -> BotFeature:
    """Return the feature."""

    async def privacy(visit: UpdateContext) -> None:
        await visit.say(kept(parts.settings, visit.said, inline=bool(visit.me.supports_inline_queries)))

    async def export(visit: UpdateContext) -> None:
        if not visit.is_private:
            await visit.say([line(visit.said.say("export_private"))])
            return
        talk = visit.talk
        held = await asyncio.to_thread(parts.store.export, talk.bot, talk.person)
        whole = {"bot": visit.me.username, "person": talk.person, "made": _now().isoformat(), **held}
        record = await asyncio.to_thread(json.dumps, whole, ensure_ascii=False, indent=1)
        name = f"chengwen-{_now():%Y-%m-%d}.json"
        await visit.reply.attach(record.encode(), name=name, caption=visit.said.say("export_here"))

    async def forget(visit: UpdateContext) -> None:
        person, said = str(visit.talk.person), visit.said
        taps = [(said.say(f"forget_{way}"), ButtonData("del", (person, way))) for way in ("yes", "no")]
        (asked,) = html.messages([line(said.say("forget_ask"))])
        await visit.reply.send(asked, markup=keyboards.rows([taps]))

    async def decide(visit: UpdateContext, tap: ButtonData) -> None:
        whose, way = (*tap.fields, "", "")[:2]
        if whose != str(visit.talk.person):
            await acknowledge(visit.query, visit.said.say("forget_not_yours"))
            return
        told = await _erased(parts, visit) if way == "yes" else visit.said.say("forget_kept")
        await acknowledge(visit.query, None if told else visit.said.say("forget_nothing"))
        if told:
            (page,) = html.messages([line(told)])
            await visit.reply.edit(visit.message_id, page, markup=None)

    return BotFeature(
        commands=(
            BotCommandRoute(name="privacy", work=privacy, listed=PRIVATE, owed=True),
            BotCommandRoute(name="export", work=export, listed=PRIVATE, owed=True),
            BotCommandRoute(name="forget", work=forget, listed=PRIVATE, owed=True),
        ),
        buttons=(ButtonRoute(act="del", work=decide, owed=True),),
    )


async def _erased(parts: BotDependencies, visit: UpdateContext) -> str:
    """Delete all that is kept and tell what; "" where that was but the tap itself, as at a second one."""
    talk, until = visit.talk, visit.update.update_id
    counts = await asyncio.to_thread(parts.store.forget, talk.bot, talk.person, until=until)
    is_known = any(count for table, count in counts.items() if table not in (*SEEN, *UNTOLD))
    return forgotten(counts, visit.said) if is_known else ""


def kept(settings: Settings, said: Messages, *, inline: bool) -> tuple[Block, ...]:
    """Tell what is kept on people, why, for how long and who sees it; ``inline`` where that mode is on."""
    days = settings.telegram_keep_days
    told = (
        said.say("privacy_kept"),
        said.say("privacy_why"),
        said.say("privacy_until") if days is None else said.say("privacy_days", days=days),
        *([said.say("privacy_inline")] if inline else []),
        said.say("privacy_who"),
        *([said.say("privacy_pages")] if settings.reader_url else []),
        *([said.say("privacy_model")] if settings.chat_model else []),
        *([said.say("privacy_voice")] if settings.transcription_model else []),
        said.say("privacy_yours"),
    )
    return tuple(line(one, apart=bool(at)) for at, one in enumerate(told))


def forgotten(counts: Mapping[str, int], said: Messages) -> str:
    """Tell what was deleted, by the number of rows of each table."""
    other = sum(count for table, count in counts.items() if table not in (*NAMED, *UNTOLD))
    numbers = {**{table: counts.get(table, 0) for table in NAMED}, "other": other}
    told = [said.say(f"forgot_{what}", count=count) for what, count in numbers.items() if count]
    return said.say("forget_done", told=said.say("joint").join(told)) if told else said.say("forget_nothing")


def _now() -> datetime:
    return datetime.now(UTC)
