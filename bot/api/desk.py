"""What the interface answers from: the library, a search and an answerer, with the links of a reader page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from answering.values.answer import Language
    from bot.observability.observed_answerer import ObservableAnswerer
    from bot.presentation.page_links import PageLinks
    from bot.presentation.passage_search import PassageSearcher
    from retrieval.library import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiServices:
    """The parts that serve a request; ``links`` is None where there is no reader page."""

    library: Library
    searcher: Callable[[], PassageSearcher]
    answerer: ObservableAnswerer
    language: Language
    links: PageLinks | None
