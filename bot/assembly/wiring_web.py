"""Settings → what is served over HTTP; the part of the wiring that a terminal needs nothing of."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.api.keys import ApiKeys
from bot.api.routes import ApiServices
from bot.errors import MissingPartError
from bot.presentation.page_links import PageLinks
from bot.presentation.passage_search import PassageSearcher
from bot.reader.access import MemberAccess
from bot.reader.reader_library import ReaderLibrary
from bot.reader.sharing.corrections import BURST, BURST_OF_ALL, EVERY, EVERY_OF_ALL, CorrectionDesk
from bot.reader.site import ReaderSite, serve
from bot.server.app import serving
from bot.server.signals import run_until_told
from bot.telegram.access_control import AccessPolicy

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

    from starlette.routing import BaseRoute

    from answering.values.answer import Answer
    from bot.config.settings import Settings
    from bot.observability.observed_answerer import ObservableAnswerer
    from bot.server.app import Routes
    from bot.store import PageCorrections, Store
    from bot.store.usage.rates import RequestRates
    from retrieval.library import Library
    from retrieval.values.documents import Hit


@dataclass(frozen=True, slots=True)
class StoredCorrections:
    """Corrections in the store, counted by its rates."""

    kept: PageCorrections
    rates: RequestRates

    def add(self, *, document: str, start: int, end: int, text: str) -> bool:
        """Keep one; False where too many wait to be read."""
        return self.kept.add(document=document, start=start, end=end, text=text)

    def wait(self, sender: str) -> float:
        """Count one of a sender and of all, or return for how many seconds the sender is to wait."""
        return self.rates.take(f"fix-{sender}", every=EVERY, burst=BURST) or self.rates.take(
            "fix", every=EVERY_OF_ALL, burst=BURST_OF_ALL
        )


HITS = 20  # passages that a search on the reader page shows


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteWiring:
    """Makes the pages that these settings ask for, over one library and one store."""

    settings: Settings
    library: Library
    store: Store

    def routes(self, answerer: ObservableAnswerer) -> Routes:
        """Return what the bot serves beside its webhook; nothing where nothing is set.

        Raises MissingPartError where a reader is private and there is no bot to open it from.
        """
        chosen = self.settings
        found: list[BaseRoute] = [self.api(answerer)] if chosen.api_keys else []
        if chosen.reader_url:
            members = self.members() if chosen.reader_access == "private" else None
            site = ReaderSite(self.shelf(), chosen.language, chosen.reader_url, members, self._desk())
            found.append(site.mount())
        return found

    def api(self, answerer: ObservableAnswerer) -> BaseRoute:
        """Return the JSON interface, under the path of the reader page where there is one."""
        from bot.api.application import mount  # noqa: PLC0415 - FastAPI takes half a second

        chosen = self.settings
        prefix = urlsplit(chosen.reader_url or "").path
        rates = self.store.rates if self.store.is_shared else None
        keys = ApiKeys(chosen.api_keys, rate=chosen.api_rate, rates=rates)
        return mount(self.services(answerer), keys, prefix=prefix, seconds=chosen.api_timeout)

    def serve_tools(self, answerer: ObservableAnswerer, *, http: bool, host: str, port: int) -> None:
        """Serve the tools for other programs' models over standard streams or HTTP. Raises AddressError."""
        from bot.api.mcp_tools import over_http, tools  # noqa: PLC0415 - FastAPI and mcp take a second

        made = tools(self.services(answerer))
        if not http:
            made.run("stdio")
            return
        chosen = self.settings
        app = over_http(made, chosen.api_keys, host=host, rate=chosen.api_rate)

        async def serve_until(stop: asyncio.Event) -> None:
            async with (
                made.session_manager.run(),
                serving(app, host=host, port=port, settings="--host, --port"),
            ):
                await stop.wait()

        run_until_told(serve_until)

    def services(self, answerer: ObservableAnswerer) -> ApiServices:
        """Return the parts that serve other programs' requests."""
        chosen = self.settings
        return ApiServices(
            library=self.library,
            searcher=lambda: PassageSearcher(self.library),
            answerer=answerer,
            language=chosen.language,
            links=PageLinks(chosen.reader_url) if chosen.reader_url else None,
        )

    def members(self) -> MemberAccess:
        """Return who may read a private reader: anyone who may ask a closed bot. Raises MissingPartError."""
        chosen = self.settings
        if not chosen.telegram_bot_token:
            raise MissingPartError("READER_ACCESS 是 private 时要有 TELEGRAM_BOT_TOKEN，好认出是谁在看。")
        return MemberAccess(
            token=chosen.telegram_bot_token, may_read=AccessPolicy(chosen, self.store).may_read
        )

    def shelf(self) -> ReaderLibrary:
        """Return what the pages read from."""
        return ReaderLibrary(texts=self.library, find=self._find, recall=self._recall)

    def read(self, *, port: int, told: Callable[[str], None]) -> None:
        """Serve the pages on this machine's loopback until the process is told to stop.

        ``told`` gets the address. Raises AddressError.
        """
        site = ReaderSite(self.shelf(), self.settings.language, desk=self._desk()).mount()
        run_until_told(lambda stop: serve(site, port=port, told=told, stop=stop))

    def _desk(self) -> CorrectionDesk:
        """Return what takes corrections; replicas of one bot take each other's forms."""
        kept, rates, token = self.store.corrections, self.store.rates, self.settings.telegram_bot_token
        shelf = StoredCorrections(kept, rates)
        if not token:
            return CorrectionDesk(shelf=shelf)
        secret = hmac.digest(b"chengwen corrections", token.encode(), "sha256")
        return CorrectionDesk(shelf=shelf, secret=secret)

    def _recall(self, name: str) -> Answer | None:
        kept = self.store.talks.answer(name)
        return kept.answer if kept else None

    def _find(self, words: str) -> Sequence[Hit]:
        # A searcher knows the places that the library has: built again, since these may change.
        return PassageSearcher(self.library).fitting(words, k=HITS)
