"""What the interface answers from: the library, a search and an answerer, with the links of a reader page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from answering.answer import Language
    from bot.reader.links import Links
    from bot.searching import Searcher
    from bot.watching import Answering
    from retrieval.library import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The parts that serve a request; ``links`` is None where there is no reader page."""

    library: Library
    searcher: Callable[[], Searcher]
    answerer: Answering
    language: Language
    links: Links | None
