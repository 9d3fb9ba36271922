"""/follow and /following: what is followed here, when its news come, and a tap to end it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.presentation.rendering import Block, BlockKind, TextStyle, line
from bot.store import ASKING, FollowPace
from bot.telegram.context.feature import EVERYWHERE, BotCommandRoute, BotFeature, ButtonRoute, acknowledge
from bot.telegram.context.update_context import spoken_after
from bot.telegram.following.follow_sender import LIST, UNFOLLOW, named
from bot.telegram.formatting import html, keyboards, limits
from bot.telegram.formatting.keyboards import ButtonData

if TYPE_CHECKING:
    from telegram import InlineKeyboardMarkup

    from bot.telegram.context.protocols import LibraryLike
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies

PACE, QUIET = "fp", "fq"
ON, OFF = "1", "0"
LONGEST = 60  # characters of what is followed


class FollowFeature:
    """Lets people follow places and things."""

    def __init__(self, parts: BotDependencies) -> None:
        self._library = parts.library
        self._follows, self._talks = parts.store.follows, parts.store.talks

    @property
    def feature(self) -> BotFeature:
        """The commands, and the buttons of the list."""
        return BotFeature(
            commands=(
                BotCommandRoute(name="follow", work=self._follow, listed=EVERYWHERE),
                BotCommandRoute(name="following", work=self._following, listed=EVERYWHERE),
            ),
            buttons=(
                ButtonRoute(act=UNFOLLOW, work=self._unfollow),
                ButtonRoute(act=LIST, work=self._list),
                ButtonRoute(act=PACE, work=self._pace),
                ButtonRoute(act=QUIET, work=self._quiet),
            ),
        )

    async def _follow(self, visit: UpdateContext) -> None:
        """Follow what comes after the command: a place that is held, words, both, or a question.

        As a reply to an answer it follows the question of that.
        """
        talk, said = visit.talk, visit.said
        asked = spoken_after(visit.message) or await self._replied(visit)
        if not asked:
            await visit.say([line(said.say("follow_how"))])
            return
        place, words = await asyncio.to_thread(_read, self._library, asked)
        if (not place and len(words) < 2) or len(words) > LONGEST:
            await visit.say([line(said.say("follow_how"))])
            return
        add = self._follows.add
        added = await asyncio.to_thread(
            add, talk.bot, chat=talk.chat, person=talk.person, place=place, words=words
        )
        if not added:
            await visit.say([line(said.say("follow_full"))])
            return
        thing = " ".join(part for part in (place, words) if part)
        page, markup = await self._page(visit, head=said.say("follow_done", thing=thing))
        await visit.reply.send(page, markup=markup)

    async def _replied(self, visit: UpdateContext) -> str:
        """Return the question of the answer that a message replies to, or nothing."""
        replied = visit.message.reply_to_message
        if replied is None:
            return ""
        shown = self._talks.shown_in
        kept = await asyncio.to_thread(shown, visit.talk.bot, visit.talk.chat, replied.message_id)
        return kept.answer.question.rstrip("?？。 ") + ASKING if kept else ""

    async def _following(self, visit: UpdateContext) -> None:
        page, markup = await self._page(visit)
        await visit.reply.send(page, markup=markup)

    async def _list(self, visit: UpdateContext, _tap: ButtonData) -> None:
        await acknowledge(visit.query)
        await self._following(visit)

    async def _unfollow(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Follow something no more; a list changes where it is, news get a word."""
        name = tap.fields[0] if tap.fields else ""
        gone = await asyncio.to_thread(self._follows.drop, visit.talk.bot, visit.talk.chat, name)
        await acknowledge(visit.query, visit.said.say("unfollowed" if gone else "bot_expired"), alert=False)
        if len(tap.fields) > 1:
            await self._renew(visit)
        elif gone:
            await visit.reply.remark(visit.message_id, None)

    async def _pace(self, visit: UpdateContext, tap: ButtonData) -> None:
        await acknowledge(visit.query)
        wanted = next((one for one in FollowPace if tap.fields == (one.value,)), None)
        if wanted is not None:
            talk = visit.talk
            now = await asyncio.to_thread(self._follows.pace, talk.bot, talk.chat)
            changed = replace(now, pace=wanted)
            put = self._follows.set_pace
            await asyncio.to_thread(put, talk.bot, talk.chat, changed, person=talk.person)
        await self._renew(visit)

    async def _quiet(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Set whether nights are quiet, as the button says; one of older messages says the other way."""
        await acknowledge(visit.query)
        talk = visit.talk
        now = await asyncio.to_thread(self._follows.pace, talk.bot, talk.chat)
        quiet = tap.fields[0] == ON if tap.fields else not now.quiet
        changed, put = replace(now, quiet=quiet), self._follows.set_pace
        await asyncio.to_thread(put, talk.bot, talk.chat, changed, person=talk.person)
        await self._renew(visit)

    async def _renew(self, visit: UpdateContext) -> None:
        page, markup = await self._page(visit)
        await visit.reply.edit(visit.message_id, page, markup=markup)

    async def _page(self, visit: UpdateContext, *, head: str = "") -> tuple[str, InlineKeyboardMarkup | None]:
        """Return the list of what is followed here, with a button to end each, and when news come."""
        talk, said = visit.talk, visit.said
        held = await asyncio.to_thread(self._follows.of, talk.bot, talk.chat)
        now = await asyncio.to_thread(self._follows.pace, talk.bot, talk.chat)
        blocks = [line(head)] if head else []
        title = said.say("following_title", count=len(held)) if held else said.say("following_none")
        blocks.append(line(title, style=TextStyle.STRONG if held else TextStyle.PLAIN, apart=bool(blocks)))
        blocks += [Block(line(named(one)).runs, BlockKind.ITEM) for one in held]
        if not held:
            return html.page(blocks), None
        paces = [
            (said.say(f"pace_{one.value}") + " ✓" * (one is now.pace), ButtonData(PACE, (one.value,)))
            for one in FollowPace
        ]
        night = (said.say("pace_quiet") + " ✓" * now.quiet, ButtonData(QUIET, (OFF if now.quiet else ON,)))
        ends = [
            [("✕ " + limits.shorten(named(one), 40), ButtonData(UNFOLLOW, (one.id, "l")))] for one in held
        ]
        return html.page(blocks), keyboards.rows([paces, [night], *ends])


def _read(library: LibraryLike, text: str) -> tuple[str, str]:
    """Return the place that is named and held, and the other words; a question whole.

    Waits for the library.
    """
    if text.rstrip().endswith(("?", ASKING)):
        return "", " ".join(text.rstrip(" ?？").split()) + ASKING
    held, place = set(library.places()), ""
    for mention in reversed(library.gazetteer.find(text, prefer=library.places())):
        if mention.place.name in held and not place:
            place, text = mention.place.name, f"{text[: mention.start]} {text[mention.end :]}"
    words = " ".join(part.strip("的，。、？?") for part in text.split())
    return place, " ".join(words.split())
