"""What the bot needs of the rest of the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.config.settings import Settings
    from bot.presentation.partial_answer import StreamingAnswerer
    from bot.presentation.suggestions import Suggestions
    from bot.store import Store
    from bot.telegram.access_control import AccessPolicy, UsageQuota
    from bot.telegram.admin.broadcast_sender import BroadcastSender
    from bot.telegram.admin.tools import AdminState
    from bot.telegram.context.protocols import InlineFinder, LibraryLike, LinksLike, SpeechLike
    from bot.telegram.sending.timeouts import Timeouts
    from bot.telegram.streaming.answer_stream import RunningAnswers
    from bot.telegram.streaming.fair_queue import FairQueue


@dataclass(frozen=True, slots=True, kw_only=True)
class BotDependencies:
    """What all features work with."""

    settings: Settings
    answerer: StreamingAnswerer
    library: LibraryLike
    store: Store
    patience: Timeouts
    running: RunningAnswers
    turns: FairQueue
    gate: AccessPolicy
    allowance: UsageQuota
    office: AdminState
    postman: BroadcastSender
    suggestions: Suggestions | None = None  # None where there is nothing that could try them
    links: LinksLike | None = None  # where there is a reader
    finders: Sequence[InlineFinder] = ()  # of inline mode
    speech: SpeechLike | None = None  # what turns recordings into words, where one is set
