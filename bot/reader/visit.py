"""One request as the pages see it: its language, and links that keep what the person chose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.messages import messages
from bot.presentation.page_links import PageLinks
from bot.reader.languages import accepted, known

if TYPE_CHECKING:
    from starlette.requests import Request

    from answering.values.answer import Language
    from bot.messages import Messages

_NUMBER = 6  # digits of a number in an address


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """A request's language and links; ``public`` makes addresses for others."""

    said: Messages
    links: PageLinks
    public: PageLinks
    path: str
    query: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, request: Request, *, base: str, prefix: str, default: Language) -> PageContext:
        """Read a request; ``base`` is the public address, or empty where the request's own serves."""
        chosen = known(request.query_params.get("lang", ""))
        language = chosen or accepted(request.headers.get("accept-language", ""), default)
        links = PageLinks(prefix, chosen.value if chosen else "")
        own = f"{request.url.scheme}://{request.url.netloc}{prefix}"
        return cls(
            said=messages(language),
            links=links,
            public=PageLinks(base or own),
            path=request.scope["path"],
            query=tuple(request.query_params.multi_items()),
        )

    @property
    def language(self) -> Language:
        """The language of the interface."""
        return self.said.language

    def given(self, name: str) -> str:
        """Return what stands in the address under this name, or nothing."""
        return next((value for key, value in self.query if key == name), "")

    def number(self, name: str) -> int:
        """Return a number of the address, 1 where there is none that can be used."""
        text = self.given(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) <= _NUMBER else 1

    def in_language(self, language: Language) -> str:
        """Return the address of this page in another language."""
        kept = {key: value for key, value in self.query if key != "lang"}
        return replace(self.links, base="", language=language.value).elsewhere(self.path, kept)
