"""Settings → what is served over HTTP; the part of the wiring that a terminal needs nothing of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import MissingPartError
from bot.reader.access import Members
from bot.reader.local import serve
from bot.reader.shelf import Shelf
from bot.reader.site import Site
from bot.searching import Searcher
from bot.signals import run_until_told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from answering.answer import Answer
    from bot.server import Routes
    from bot.settings import Settings
    from bot.store import Store
    from retrieval.documents import Hit
    from retrieval.library import Library

HITS = 20  # passages that a search on the reader page shows


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteWiring:
    """Makes the pages that these settings ask for, over one library and one store."""

    settings: Settings
    library: Library
    store: Store

    def routes(self) -> Routes:
        """Return what the bot serves beside its webhook; nothing where nothing is set.

        Raises MissingPartError where a reader is private and there is no bot to open it from.
        """
        chosen = self.settings
        if not chosen.reader_url:
            return ()
        private = chosen.reader_access == "private"
        return (
            Site(
                self.shelf(), chosen.language, chosen.reader_url, self.members() if private else None
            ).mount(),
        )

    def members(self) -> Members:
        """Return who may read a private reader: whoever may ask a closed bot. Raises MissingPartError."""
        chosen = self.settings
        if not chosen.telegram_bot_token:
            raise MissingPartError("READER_ACCESS 是 private 时要有 TELEGRAM_BOT_TOKEN，好认出是谁在看。")
        allowed = chosen.telegram_admins | chosen.telegram_allowed
        return Members(token=chosen.telegram_bot_token, may_read=allowed.__contains__)

    def shelf(self) -> Shelf:
        """Return what the pages read from."""
        return Shelf(texts=self.library, find=self._find, recall=self._recall)

    def read(self, *, port: int, told: Callable[[str], None]) -> None:
        """Serve the pages on this machine's loopback until the process is told to stop.

        ``told`` gets the address. Raises AddressError.
        """
        site = Site(self.shelf(), self.settings.language).mount()
        run_until_told(lambda stop: serve(site, port=port, told=told, stop=stop))

    def _recall(self, name: str) -> Answer | None:
        kept = self.store.talks.answer(name)
        return kept.answer if kept else None

    def _find(self, words: str) -> Sequence[Hit]:
        # A searcher knows the places that the library has: made anew, since these may change.
        return Searcher(self.library).find(words, k=HITS)
