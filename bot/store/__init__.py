"""What the bot must not forget, in a SQLite file or in PostgreSQL: each room is an attribute of ``Store``.

Calls block for about a millisecond; on an event loop run them in a thread. Times are seconds since 1970.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Self

from bot.errors import StoreError, TakenOverError
from bot.store.conversations.conversations import ConversationKey, Conversations, GivenAnswer
from bot.store.conversations.shared_answers import SharedAnswers
from bot.store.conversations.stored_questions import InlineQuestions, SuggestedQuestions
from bot.store.database import Database
from bot.store.delivery.broadcasts import Broadcast, BroadcastDelivery, Broadcasts, BroadcastStage
from bot.store.delivery.follows import (
    ASKING,
    ChatPace,
    Follow,
    FollowPace,
    Follows,
    NewsItem,
    NewsSpan,
    NewsState,
)
from bot.store.delivery.inbox import Inbox, ReceivedUpdate, SentPart
from bot.store.delivery.notices import Notices
from bot.store.delivery.pending_uploads import PendingUpload, PendingUploads
from bot.store.usage.failures import Failure, Failures
from bot.store.usage.quotas import ExceededQuota, QuotaLimits, Quotas, QuotaUsage
from bot.store.usage.rates import RequestRates
from bot.store.users import erasure as forgetting
from bot.store.users.chats import Chat, Chats
from bot.store.users.feedback import FeedbackMessage, FeedbackMessages
from bot.store.users.page_corrections import PageCorrection, PageCorrections
from bot.store.users.people import People, Person
from bot.store.users.votes import Vote, VoteCounts, VoteReason, Votes

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "ASKING",
    "Broadcast",
    "BroadcastDelivery",
    "BroadcastStage",
    "Chat",
    "ChatPace",
    "ConversationKey",
    "ExceededQuota",
    "Failure",
    "FeedbackMessage",
    "Follow",
    "FollowPace",
    "GivenAnswer",
    "NewsItem",
    "NewsSpan",
    "NewsState",
    "PageCorrection",
    "PageCorrections",
    "PendingUpload",
    "Person",
    "QuotaLimits",
    "QuotaUsage",
    "ReceivedUpdate",
    "SentPart",
    "Store",
    "StoreError",
    "TakenOverError",
    "Vote",
    "VoteCounts",
    "VoteReason",
]


class Store:
    """The one place that outlives the process; all of it may be asked from several threads and processes.

    ``inbox``: updates until they are answered, and what was sent. ``talks``: conversations and answers.
    ``people`` and ``chats``: who and where, and what was chosen there. ``votes`` and ``remarks``: what people
    think. ``quotas``: how much they asked. ``failures``: what went wrong. ``notices``, ``mailings`` and
    ``uploads``: what those who run the bot told and were sent. ``typed``: questions typed in inline mode.
    ``offers``: questions on buttons. ``shares``: answers for anyone who has their link. ``rates``: how often
    programs ask.
    ``follows``: what people follow, and their news. ``corrections``: what readers of the pages say is wrong.

    Any call may raise StoreError.
    """

    def __init__(self, database: Database) -> None:
        self._database, self._name = database, secrets.token_hex(8)
        self.inbox = Inbox(database)
        self.talks = Conversations(database)
        self.offers = SuggestedQuestions(database)
        self.shares = SharedAnswers(database)
        self.people = People(database)
        self.chats = Chats(database)
        self.votes = Votes(database)
        self.remarks = FeedbackMessages(database)
        self.quotas = Quotas(database)
        self.failures = Failures(database)
        self.notices = Notices(database)
        self.mailings = Broadcasts(database)
        self.uploads = PendingUploads(database)
        self.follows = Follows(database)
        self.typed = InlineQuestions(database)
        self.rates = RequestRates(database)
        self.corrections = PageCorrections(database)

    @classmethod
    def open(cls, at: Path | str) -> Self:
        """Open the store in a SQLite file (a path) or in PostgreSQL (a URL); it is made where there is none.

        One that an earlier program made is brought up. Raises StoreError, also for one of a newer program.
        """
        return cls(Database.open(at))

    def close(self) -> None:
        """Let go of the file, or of the server."""
        self._database.close()

    @property
    def owner(self) -> str:
        """Under which name this process holds updates: its own on a server, one for all on a file."""
        return "file" if self._database.is_file else self._name

    @property
    def is_shared(self) -> bool:
        """Whether other processes may work on the same inbox."""
        return not self._database.is_file

    @property
    def place(self) -> str:
        """Where it is, for people to read: a file, or a server without the password."""
        return self._database.place

    def ping(self) -> None:
        """Ask the database for nothing; raises StoreError where it does not answer at once."""
        self._database.ping()

    def check_writing(self) -> None:
        """Write something small, in the database and beside a file; raises StoreError where that can't be."""
        self.ping()  # fails at once where a server is away
        self.rates.take("readiness", every=0.0, burst=1)
        self._database.check_room()

    def forget(self, bot: int, person: int, *, until: int | None = None) -> dict[str, int]:
        """Delete all that is held of a person, and return how many rows of each table: see ``forgetting``."""
        return self._database.write(
            lambda connection: forgetting.forget(connection, bot, person, until=until)
        )

    def export(self, bot: int, person: int) -> dict[str, Any]:
        """Return all that is held of a person, by table, as JSON would have it."""
        return self._database.read(lambda connection: forgetting.export(connection, bot, person))
