"""How much a person and a chat may ask: questions a minute and a day, tokens a day."""

from __future__ import annotations

import asyncio
import math
import time
from typing import TYPE_CHECKING

from bot.presentation.rendering import line
from bot.store import QuotaLimits

if TYPE_CHECKING:
    from answering.values.answer import Answer
    from bot.config.settings import Settings
    from bot.messages import Messages
    from bot.store import ConversationKey, ExceededQuota, Store
    from bot.telegram.access.policy import AccessPolicy
    from bot.telegram.context.update_context import UpdateContext

QUIET = 15.0  # seconds in which the same chat is not told the same again
MINUTE, HOUR = 60, 3600


class UsageQuota:
    """Counts questions and tokens, and says when one may ask again."""

    def __init__(self, settings: Settings, store: Store, gate: AccessPolicy) -> None:
        self._store = store
        self._gate = gate
        self.follow(settings)

    def follow(self, settings: Settings) -> None:
        """Go by new settings from here on."""
        self._person = QuotaLimits(
            minute=settings.telegram_person_minute,
            day=settings.telegram_person_day,
            tokens=settings.telegram_person_tokens,
        )
        self._chat = QuotaLimits(
            minute=settings.telegram_chat_minute,
            day=settings.telegram_chat_day,
            tokens=settings.telegram_chat_tokens,
        )
        self._is_limited = QuotaLimits() != self._person or QuotaLimits() != self._chat

    async def grants(self, visit: UpdateContext) -> bool:
        """Count a question and tell whether it may be answered; if not, it was said when one may ask."""
        talk = visit.talk
        hit = await self.hit(talk, update_id=visit.update.update_id)
        if hit is None:
            return True
        kind = f"limit {talk.person % 10**9}"
        if await asyncio.to_thread(self._store.notices.is_due, talk.bot, talk.chat, kind, seconds=QUIET):
            await visit.say([line(told(hit, visit.said, now=time.time()))])
        return False

    async def hit(self, talk: ConversationKey, *, update_id: int) -> ExceededQuota | None:
        """Count a question; return the limit that it hit, or None where it may be answered."""
        if not self._is_limited:
            return None
        standing = await asyncio.to_thread(self._gate.standing, talk.bot, talk.person, talk.chat)
        return None if standing.is_admin else await asyncio.to_thread(self._taken, talk, update_id)

    async def spend(self, talk: ConversationKey, answer: Answer) -> None:
        """Count the tokens that an answer cost; one that was kept from before cost none."""
        calls = () if answer.trace.cached else answer.trace.calls
        tokens = sum(call.prompt_tokens + call.completion_tokens for call in calls)
        if tokens:
            await asyncio.to_thread(
                self._store.quotas.spend, talk.bot, person=talk.person, chat=talk.chat, tokens=tokens
            )

    def _taken(self, talk: ConversationKey, update_id: int) -> ExceededQuota | None:
        return self._store.quotas.take(
            talk.bot,
            person=talk.person,
            chat=talk.chat,
            of_person=self._person,
            of_chat=self._chat,
            update_id=update_id,
        )


def told(hit: ExceededQuota, said: Messages, *, now: float) -> str:
    """Say which limit was hit, and when one may ask again."""
    if hit.limit == 0:
        return said.say("limit_none")
    key = f"limit_{hit.whose}_{hit.what}"
    names = {} if hit.what == "tokens" else {"count": hit.limit}
    return said.say(key, **names, wait=_wait(max(1.0, hit.again - now), said))


def _wait(seconds: float, said: Messages) -> str:
    if seconds <= 2 * MINUTE:
        return said.say("wait_seconds", count=math.ceil(seconds))
    if seconds <= 2 * HOUR:
        return said.say("wait_minutes", count=math.ceil(seconds / MINUTE))
    return said.say("wait_hours", count=math.ceil(seconds / HOUR))
