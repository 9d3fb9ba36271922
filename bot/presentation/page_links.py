"""The addresses of the reader's pages: the one place that makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

CITED = "cited"  # the anchor of the cited words


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Makes addresses under ``base``: ``https://host/prefix`` for others, the prefix alone inside a page.

    ``language`` is added to each where a person has chosen one.
    """

    base: str = ""
    language: str = ""

    def corpus(self, *, page: int = 1, place: str = "") -> str:
        """Return the address of the list of texts."""
        return self._made("/", {"place": place, "page": page if page > 1 else ""})

    def promises(self, *, place: str = "", year: int = 0) -> str:
        """Return the address of the targets and results of a place, of one year or of all."""
        return self._made("/t", {"place": place, "year": year or ""})

    def document(
        self, document: str, *, part: int = 1, cited: tuple[int, int] | None = None, anchor: str = ""
    ) -> str:
        """Return the address of a text, of a part of it, or of words in it."""
        span = f"{cited[0]}-{cited[1]}" if cited else ""
        told = {"part": part if part > 1 else "", "c": span}
        return self._made(f"/d/{quote(document)}", told, anchor or (CITED if cited else ""))

    def passage(self, passage: str) -> str:
        """Return the address of a passage, marked in its text."""
        return self._made(f"/p/{quote(passage)}", {}, CITED)

    def citation(self, passage: str, *, answer: str, number: int, fragment: bool = True) -> str:
        """Return the address of the words that source ``number`` of an answer cites.

        ``fragment`` lets a browser scroll there without scripts; leave it out for the button of a Mini App,
        where Telegram puts its own after the address.
        """
        told = {"a": answer, "n": number}
        return self._made(f"/p/{quote(passage)}", told, CITED if fragment else "")

    def chart(self, answer: str) -> str:
        """Return the address of the picture of an answer."""
        return self._made(f"/a/{quote(answer)}", {})

    def quotation(self, name: str, *, cited: tuple[int, int] | None = None) -> str:
        """Return the address of the quotation of a passage, or of words of a document, to be copied."""
        span = f"{cited[0]}-{cited[1]}" if cited else ""
        return self._made(f"/q/{quote(name)}", {"c": span})

    def search(self, words: str = "") -> str:
        """Return the address of a search."""
        return self._made("/s", {"q": words})

    def feed(self, *, place: str = "", words: str = "") -> str:
        """Return the address of the Atom feed of a place, of a topic, of both, or of all texts."""
        return self._made("/feed", {"place": place, "q": words})

    def asset(self, name: str) -> str:
        """Return the address of a file of the page's own."""
        return f"{self.base}/static/{name}"

    def session(self) -> str:
        """Return the address to which a Mini App brings what Telegram gave it."""
        return f"{self.base}/session"

    def elsewhere(self, path: str, told: Mapping[str, str]) -> str:
        """Return the address of a page by its path and what its address tells."""
        return self._made(quote(path), told)

    def _made(self, path: str, told: Mapping[str, object], anchor: str = "") -> str:
        given = {name: value for name, value in told.items() if value != ""}
        if self.language:
            given["lang"] = self.language
        query = f"?{urlencode(given)}" if given else ""
        return f"{self.base}{path}{query}{'#' + anchor if anchor else ''}"


def anchor_of(passage: str) -> str:
    """Return the anchor of a passage inside its text's page."""
    return f"p-{passage.rpartition('-')[2]}"
