"""The interface over a real library, with real answers, in the process of the test."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from answering.pipeline import Answerer
from answering.values.answer import Language
from bot.api.application import mount
from bot.api.keys import ApiKeys
from bot.api.routes import ApiServices
from bot.presentation.page_links import PageLinks
from bot.presentation.passage_search import PassageSearcher

if TYPE_CHECKING:
    from retrieval.library import Library

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
KEY, OTHER = "a-key-of-the-tests", "b-key-of-the-tests"


@dataclass
class Counter:
    """The interface, to be asked with a key or without."""

    library: Library
    answerer: Any = None
    given: dict[str, Any] = field(default_factory=dict)
    rate: int = 100_000
    links: PageLinks | None = field(default_factory=lambda: PageLinks("https://example.org/read"))

    def client(self, key: str | None = KEY) -> TestClient:
        desk = ApiServices(
            library=self.library,
            searcher=lambda: PassageSearcher(self.library),
            answerer=self.answerer or Answerer(self.library),
            language=Language.HANS,
            links=self.links,
        )
        app = Starlette(routes=[mount(desk, ApiKeys([KEY, OTHER], rate=self.rate), **self.given)])
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return TestClient(app, "http://api.test/api/v1", headers=headers, raise_server_exceptions=False)
