"""``chengwen bot``: the parts put together, brought up, kept running, and ended in good order."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from telegram.error import BadRequest, InvalidToken
from telegram.ext import Application, ApplicationBuilder

from bot.errors import AddressError, BotError, MissingPartError
from bot.server.app import HEALTH, READY, assembled, serving
from bot.server.health import HealthChecks
from bot.server.signals import run_until_told
from bot.telegram.access_control import AccessPolicy, UsageQuota
from bot.telegram.admin.broadcast_sender import BroadcastSender
from bot.telegram.admin.cleanup import keep_tidy, tidy
from bot.telegram.admin.tools import AdminState, follow
from bot.telegram.dependencies import BotDependencies
from bot.telegram.following.follow_sender import FollowSender
from bot.telegram.handlers import UpdateHandlers, dispatch
from bot.telegram.sending import log_redaction as secrecy
from bot.telegram.sending.calls import UncancelledRequest
from bot.telegram.sending.rate_limit import RateLimiter
from bot.telegram.sending.send_errors import TokenError
from bot.telegram.sending.timeouts import Timeouts
from bot.telegram.streaming.answer_stream import RunningAnswers
from bot.telegram.streaming.fair_queue import FairQueue
from bot.telegram.streaming.signs import TypingIndicator
from bot.telegram.updates.polling import Heartbeat, TelegramOutage, poll
from bot.telegram.updates.queue import WIDTH, UpdateQueue
from bot.telegram.updates.webhook import WebhookEndpoint
from bot.telegram.views.profile import BotProfile

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from telegram import Bot

    from bot.config.settings import Settings
    from bot.presentation.partial_answer import StreamingAnswerer
    from bot.presentation.suggestions import Suggestions
    from bot.server.app import Routes
    from bot.store import Store
    from bot.telegram.admin.tools import AdminTools
    from bot.telegram.context.protocols import InlineFinder, LibraryLike, LinksLike, SpeechLike

    App = Application[Any, Any, Any, Any, Any, Any]

KINDS = (
    *("message", "edited_message", "callback_query", "inline_query", "my_chat_member"),
    *("message_reaction", "channel_post", "chosen_inline_result", "guest_message", "business_connection"),
)
CONNECTIONS = 64  # to Telegram; each call looks at all of them, and 30 calls a second need far fewer
SWITCH = 0.0005  # seconds that a thread which computes holds up one that waits for it
LATE = 60  # seconds beyond a poll's own length after which polling counts as stuck
UNSET = "还没有 Telegram 令牌。到 Telegram 里找 @BotFather，发 /newbot 领一个，再设成 TELEGRAM_BOT_TOKEN。"
UNKNOWN = (
    "Telegram 不认这个令牌。请到 @BotFather 核对 TELEGRAM_BOT_TOKEN；"
    "设了 TELEGRAM_BASE_URL 的话，也查一查它。"
)


def printed(sentence: str) -> None:
    """Print a sentence at once, also where the output is a file."""
    print(sentence, flush=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramService:
    """A bot with all that it needs; ``tell`` gets sentences for the operator.

    ``site`` are the routes served beside the webhook: the reader page and the API; ``links`` leads there.
    ``finders`` look for what is typed in inline mode; ``tools`` are for admins; ``speech`` hears recordings.
    """

    settings: Settings
    answerer: StreamingAnswerer
    library: LibraryLike
    store: Store
    tell: Callable[[str], None] = printed
    patience: Timeouts = field(default_factory=Timeouts)
    site: Routes = ()
    tools: AdminTools | None = None
    suggestions: Suggestions | None = None
    links: LinksLike | None = None
    finders: Sequence[InlineFinder] = ()
    speech: SpeechLike | None = None

    async def serve(self, stop: asyncio.Event) -> None:
        """Answer people until ``stop`` is set. Raises TokenError, AddressError, MissingPartError."""
        with secrecy.kept(self.settings.secrets):
            app = self._application()
            outage = TelegramOutage(self.tell, self.patience)
            running = asyncio.create_task(self._run(app, outage))
            stopped = asyncio.create_task(stop.wait())
            try:
                await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                stopped.cancel()
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running

    async def _run(self, app: App, outage: TelegramOutage) -> None:
        chosen = self.settings
        url = chosen.telegram_webhook_url
        door = WebhookEndpoint(url, chosen.telegram_webhook_secret or "", self.tell) if url else None
        pulse = Heartbeat(self.patience.poll + self.patience.read + LATE)
        try:
            async with AsyncExitStack() as stack:
                await self._serve(stack, door, pulse)
                stack.push_async_callback(app.bot.shutdown)
                await _insist(app.initialize, outage)
                stack.push_async_callback(app.shutdown)
                intake = await self._opened(app, stack)
                await self._receive(app.bot, intake, door=door, outage=outage, pulse=pulse)
        except InvalidToken:
            # Its own message holds the token, so it does not go on.
            raise TokenError(UNKNOWN) from None

    async def _serve(self, stack: AsyncExitStack, door: WebhookEndpoint | None, pulse: Heartbeat) -> None:
        """Bring the server up where something needs one: readers are served also while Telegram is away."""
        chosen = self.settings
        if door is None and not self.site and not chosen.health:
            return
        checks = {"library": self._reads, "store": self._remembers, "telegram": pulse.fresh}
        health = HealthChecks(checks, lesser=self._lesser(), versions=self._versions)
        app = assembled(health, [*([door.route] if door else []), *self.site])
        host, port = chosen.telegram_webhook_listen, chosen.telegram_webhook_port
        names = "TELEGRAM_WEBHOOK_LISTEN 或 TELEGRAM_WEBHOOK_PORT"
        await stack.enter_async_context(serving(app, host=host, port=port, settings=names))
        self.tell(f"在 {host}:{port} 监听；{HEALTH} 和 {READY} 是健康检查。")

    def _lesser(self) -> dict[str, Callable[[], bool]]:
        served = self.settings.chroma_url
        return {"vectors": lambda: self.library.standing.away is None} if served else {}

    def _versions(self) -> dict[str, int]:
        standing = self.library.standing
        told = {"catalogue": standing.version, "words": standing.words, "vectors": standing.vectors}
        return {name: version for name, version in told.items() if version is not None}

    def _reads(self) -> bool:
        self.library.places()
        return True

    def _remembers(self) -> bool:
        self.store.check_writing()
        return True

    async def _opened(self, app: App, stack: AsyncExitStack) -> UpdateQueue:
        """Get ready to answer, beginning with what was left when the bot ran last."""
        parts = self._parts()
        handlers = UpdateHandlers(parts)
        handlers.register(app)
        settling = asyncio.create_task(self._profile(app.bot, handlers).settle())
        stack.callback(settling.cancel)
        intake = UpdateQueue(
            app.bot,
            self.store,
            handle=partial(dispatch, app),
            give_up=handlers.give_up,
            signs=TypingIndicator(app.bot, seconds=self.patience.typing, welcome=parts.gate.welcomes),
            patience=self.patience,
        )
        stack.push_async_callback(self._close, intake)
        await asyncio.to_thread(tidy, self.store, self.settings.telegram_keep_days)
        tidying = asyncio.create_task(keep_tidy(self.store, parts.office))
        stack.callback(tidying.cancel)
        if self.store.is_shared:
            watching = asyncio.create_task(follow(self.store, app.bot.id, parts.office))
            stack.callback(watching.cancel)
        stack.push_async_callback(parts.postman.close, app.bot)
        await parts.postman.resume(app.bot)
        news = FollowSender(self.store, self.library, self.answerer, self.patience, self.settings.language)
        telling = asyncio.create_task(news.run(app.bot))
        stack.callback(telling.cancel)
        left = await intake.resume()
        self.tell(f"已连上 Telegram，机器人是 @{app.bot.username}。按 Ctrl+C 停止。")
        if left:
            self.tell(f"上次停下时还有 {left} 条没答完，现在接着答。")
        return intake

    def _profile(self, bot: Bot, handlers: UpdateHandlers) -> BotProfile:
        chosen = self.settings
        address = chosen.reader_url or ""
        return BotProfile(
            bot=bot,
            commands=handlers.commands,
            language=chosen.language,
            reader=address if address.startswith("https:") else None,
            admins=sorted(chosen.telegram_admins),
        )

    def _parts(self) -> BotDependencies:
        settings, store = self.settings, self.store
        gate, turns = AccessPolicy(settings, store), FairQueue(settings.telegram_answers)
        allowance = UsageQuota(settings, store, gate)
        return BotDependencies(
            settings=self.settings,
            answerer=self.answerer,
            library=self.library,
            store=self.store,
            patience=self.patience,
            running=RunningAnswers(),
            turns=turns,
            suggestions=self.suggestions,
            gate=gate,
            links=self.links,
            finders=self.finders,
            speech=self.speech,
            allowance=allowance,
            office=AdminState(
                settings=settings, gate=gate, allowance=allowance, turns=turns, tools=self.tools
            ),
            postman=BroadcastSender(store, self.patience, settings.language),
        )

    async def _close(self, intake: UpdateQueue) -> None:
        self.tell("正在停止，先把正在答的答完……")
        left = await intake.close(seconds=self.patience.stop)
        self.tell(f"已停止；{left} 条没来得及答完，下次启动接着答。" if left else "已停止。")

    async def _receive(
        self,
        bot: Bot,
        intake: UpdateQueue,
        *,
        door: WebhookEndpoint | None,
        outage: TelegramOutage,
        pulse: Heartbeat,
    ) -> None:
        if door is None:
            await _insist(bot.delete_webhook, outage)
            await poll(bot, intake, kinds=KINDS, patience=self.patience, outage=outage, pulse=pulse)
            return
        door.open(lambda payload: intake.take([payload]))
        try:
            await _insist(lambda: self._hook(bot), outage)
            pulse.hold()
            self.tell("用 webhook 收消息。")
            await asyncio.Event().wait()
        finally:
            door.close()

    async def _hook(self, bot: Bot) -> bool:
        try:
            return await bot.set_webhook(
                self.settings.telegram_webhook_url or "",
                allowed_updates=KINDS,
                secret_token=self.settings.telegram_webhook_secret,
            )
        except BadRequest as error:
            raise AddressError(f"Telegram 不接受 TELEGRAM_WEBHOOK_URL：{error}。") from error

    def _application(self) -> App:
        chosen = self.settings
        if not chosen.telegram_bot_token:
            raise MissingPartError(UNSET)
        return (
            ApplicationBuilder()
            .token(chosen.telegram_bot_token)
            .base_url(f"{chosen.telegram_base_url}/bot")
            .base_file_url(f"{chosen.telegram_base_url}/file/bot")
            .request(request(chosen, self.patience))
            .get_updates_request(request(chosen, self.patience))
            .rate_limiter(RateLimiter(chosen.telegram_rate, self.patience.chat))
            .concurrent_updates(WIDTH)
            .job_queue(None)
            .updater(None)
            .build()
        )


def request(settings: Settings, patience: Timeouts) -> UncancelledRequest:
    """Return what calls Telegram, through the proxy if one is set."""
    return UncancelledRequest(
        proxy=settings.telegram_proxy,
        read_timeout=patience.read,
        write_timeout=patience.read,
        connect_timeout=patience.connect,
        pool_timeout=patience.read,
        connection_pool_size=CONNECTIONS,
    )


def run(service: TelegramService) -> None:
    """Answer people until the process is told to stop (SIGINT, SIGTERM); raises what ``serve`` raises."""
    sys.setswitchinterval(SWITCH)  # answers are computed beside: calls and the store must not wait for them
    run_until_told(service.serve)


async def _insist(call: Callable[[], Awaitable[object]], outage: TelegramOutage) -> None:
    """Make a call that the bot can't do without, again and again until it succeeds."""
    while True:
        try:
            await call()
        except (InvalidToken, BotError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the next try may go well
            await outage.wait(error)
        else:
            outage.over()
            return
