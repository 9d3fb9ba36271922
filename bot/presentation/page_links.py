"""The addresses of the reader's pages: the one place that makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

CITED = "cited"  # the anchor of the cited words
FRAGMENT = 16  # characters of words that an address names whole; of longer ones half at each end


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

    def place(self, name: str) -> str:
        """Return the address of the page of a place."""
        return self._made(f"/l/{quote(name, safe='')}", {})

    def topic(self, name: str = "", *, place: str = "") -> str:
        """Return the address of the page of a topic, in one place or all, or of the list of topics."""
        return self._made(f"/o/{quote(name, safe='')}" if name else "/o", {"place": place})

    def coverage(self) -> str:
        """Return the address of what is held, and how often answers were wrong."""
        return self._made("/about", {})

    def correction(self, document: str, *, cited: tuple[int, int] | None = None) -> str:
        """Return the address of the form by which something is said to be wrong in a text."""
        return self._made(f"/fix/{quote(document)}", {"c": f"{cited[0]}-{cited[1]}" if cited else ""})

    def card(self, document: str, *, cited: tuple[int, int]) -> str:
        """Return the address of a quotation as a card to be shown in other pages."""
        return self._made(f"/e/{quote(document)}", {"c": f"{cited[0]}-{cited[1]}"})

    def oembed(self, address: str) -> str:
        """Return the address that tells how the page at an address is embedded (oEmbed 1.0)."""
        return self._made("/oembed", {"url": address, "format": "json"})

    def promises(self, *, place: str = "", year: int = 0) -> str:
        """Return the address of the targets and results of a place, of one year or of all."""
        return self._made("/t", {"place": place, "year": year or ""})

    def document(
        self,
        document: str,
        *,
        part: int = 1,
        cited: tuple[int, int] | None = None,
        anchor: str = "",
        words: str = "",
    ) -> str:
        """Return the address of a text, of a part of it, or of words in it.

        With these ``words`` a browser finds them also where the text has changed since.
        """
        span = f"{cited[0]}-{cited[1]}" if cited else ""
        told = {"part": part if part > 1 else "", "c": span}
        anchor = anchor or (CITED if cited else "")
        return self._made(f"/d/{quote(document)}", told, anchor + (text_fragment(words) if words else ""))

    def scanned(self, document: str, page: int) -> str:
        """Return the address of the picture of a scanned page."""
        return f"{self.base}/i/{quote(document)}/{page}"

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

    def answer(self, answer: str) -> str:
        """Return the address of an answer: its sentences, and its picture where it has one."""
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


def text_fragment(words: str) -> str:
    """Return the part of an address by which a browser looks for words on a page (WICG Text Fragments).

    Of long ones, or of several lines, the first and the last are told.
    """
    told = " ".join(words.split())
    if len(told) <= FRAGMENT and "\n" not in words.strip():
        return f":~:text={_in_fragment(told)}"
    lines = [line for line in words.split("\n") if line.strip()]
    first, last = " ".join(lines[0].split())[: FRAGMENT // 2], " ".join(lines[-1].split())[-FRAGMENT // 2 :]
    return f":~:text={_in_fragment(first)},{_in_fragment(last)}"


def _in_fragment(words: str) -> str:
    # A hyphen parts what stands before the words from them.
    return quote(words, safe="").replace("-", "%2D")
