"""One request as the pages see it: its language, and links that keep what the person chose."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.values.answer import Language
from bot.messages import messages
from bot.presentation.page_links import PageLinks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

    from bot.messages import Messages


_TRADITIONAL = re.compile(r"zh-(?:hant|tw|hk|mo)", re.IGNORECASE)
_QUALITY = re.compile(r";\s*q\s*=\s*([01](?:\.\d{0,3})?)")


def known(name: str) -> Language | None:
    """Return the language of this name, in any case, or None."""
    return next((one for one in Language if one.value.lower() == name.lower()), None)


def accepted(header: str, default: Language) -> Language:
    """Return the language of an Accept-Language header that a person likes best."""
    wanted = sorted(_wanted(header), key=lambda one: -one[0])
    found = (_spoken(name) for quality, name in wanted if quality > 0)
    return next((one for one in found if one), default)


def _wanted(header: str) -> Iterator[tuple[float, str]]:
    for entry in header[:400].split(","):
        quality = _QUALITY.search(entry)
        yield float(quality[1]) if quality else 1.0, entry.partition(";")[0].strip()


def _spoken(name: str) -> Language | None:
    if name.lower().startswith("zh"):
        return Language.HANT if _TRADITIONAL.match(name) else Language.HANS
    return Language.EN if name.lower().partition("-")[0] == "en" else None


TWIN = ".json"  # how the address of a page's twin ends
_NUMBER = 6  # digits of a number in an address


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """A request's language and links; ``public`` makes addresses for others."""

    said: Messages
    links: PageLinks
    public: PageLinks
    path: str  # of the page, also where its twin in JSON is asked for
    query: tuple[tuple[str, str], ...]
    as_json: bool = False

    @classmethod
    def of(cls, request: Request, *, base: str, prefix: str, default: Language) -> PageContext:
        """Read a request; ``base`` is the public address, or empty where the request's own serves."""
        chosen = known(request.query_params.get("lang", ""))
        language = chosen or accepted(request.headers.get("accept-language", ""), default)
        links = PageLinks(prefix, chosen.value if chosen else "")
        path = request.scope["path"]
        as_json = path.endswith(TWIN)
        own = f"{request.url.scheme}://{request.url.netloc}{prefix}"
        return cls(
            said=messages(language),
            links=links,
            public=PageLinks(base or own),
            path=path.removesuffix(TWIN) if as_json else path,
            query=tuple(request.query_params.multi_items()),
            as_json=as_json,
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

    @property
    def twin(self) -> str:
        """The address of this page as JSON."""
        path = f"{self.path}index" if self.path.endswith("/") else self.path
        return replace(self.links, base="").elsewhere(path + TWIN, dict(self.query))

    def in_language(self, language: Language) -> str:
        """Return the address of this page in another language."""
        kept = {key: value for key, value in self.query if key != "lang"}
        return replace(self.links, base="", language=language.value).elsewhere(self.path, kept)
