"""The reader's routes: which address gives which page, and who may see it. Seam: Starlette."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Mount, Route

from bot.observability.logs import record_failure
from bot.reader.access import COOKIE, LASTING
from bot.reader.assets import served
from bot.reader.found_words import TooManySearchesError
from bot.reader.init_data import MOST
from bot.reader.page_context import TWIN, PageContext
from bot.reader.pages import PageRenderer, ReaderPage
from bot.reader.sharing.corrections import BODY, CorrectionRefusedError
from bot.server.app import LOOPBACK, assembled, on_this_machine, serving
from bot.server.health import HealthChecks

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from answering.values.answer import Language
    from bot.reader.access import MemberAccess
    from bot.reader.reader_library import ReaderLibrary
    from bot.reader.sharing.corrections import CorrectionDesk


POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors https://*.telegram.org",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


# A card may be shown by any site, and does nothing there: no script, no form.
FRAMED = {
    "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors *",
    "cross-origin-resource-policy": "cross-origin",
}
# Without a referrer a browser would not tell where a form comes from.
FORM = {"referrer-policy": "same-origin"}


class SecurityHeaders:
    """Puts these headers on whatever the application within answers, but for those it sets itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                set_already = {name.lower() for name, _ in message["headers"]}
                own = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] += [one for one in own if one[0] not in set_already]
            await send(message)

        await self._app(scope, receive, dressed)


FOR_EVER = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "private, max-age=3600"
AFRESH = "private, no-cache"
VARY = "Accept-Language, Cookie"


@dataclass(frozen=True)
class ReaderSite:
    """The reader page of a shelf, under the path of ``url``; with ``members`` it is theirs alone."""

    shelf: ReaderLibrary
    language: Language
    url: str = ""  # the public address; empty where the request's own serves
    members: MemberAccess | None = None
    desk: CorrectionDesk | None = None  # takes corrections

    def mount(self) -> Mount:
        """Return the whole reader as one route."""
        show, pages = self._show, self._pages
        paired: dict[str, Callable[[PageContext, str], ReaderPage]] = {
            "/d/{name}": pages.document,
            "/p/{name}": pages.passage,
            "/q/{name}": pages.quotation,
            "/a/{name}": pages.answer,
            "/l/{name}": pages.place,
            "/o/{name}": pages.topic,
            "/o": lambda visit, _: pages.topics(visit),
            "/t": lambda visit, _: pages.promises(visit),
            "/s": lambda visit, _: pages.search(visit),
            "/about": lambda visit, _: pages.coverage(visit),
        }
        corpus = show(lambda visit, _: pages.corpus(visit))
        routes = [
            Route("/", corpus),
            Route(f"/index{TWIN}", corpus),
            *(Route(path + ending, show(page)) for path, page in paired.items() for ending in (TWIN, "")),
            Route("/feed", show(lambda visit, _: pages.feed(visit))),
            Route("/e/{name}", show(pages.card, headers=FRAMED)),
            Route("/oembed", show(lambda visit, _: pages.oembed(visit))),
            Route("/fix/{name}", show(pages.correction, headers=FORM)),
            *([Route("/fix/{name}", self._correct, methods=["POST"])] if self.desk else []),
            Route("/i/{name}/{page:int}", self._picture),
            Route("/static/{name}", _asset),
            *([Route("/session", self._admit, methods=["POST"])] if self.members else []),
        ]
        inside = Starlette(
            routes=routes,
            middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
            exception_handlers={HTTPException: self._refuse, Exception: self._fail},
        )
        return Mount(self.prefix or "/", app=SecurityHeaders(inside))

    @property
    def prefix(self) -> str:
        """The path under which all pages stand; empty at the root."""
        return urlsplit(self.url).path.rstrip("/")

    @cached_property
    def _pages(self) -> PageRenderer:
        return PageRenderer(self.shelf, desk=self.desk, is_open=self.members is None)

    def _visit(self, request: Request) -> PageContext:
        return PageContext.of(request, base=self.url, prefix=self.prefix, default=self.language)

    def _show(
        self,
        make: Callable[[PageContext, str], ReaderPage],
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Callable[[Request], Response]:
        # Starlette runs plain functions in a thread: pages read the library, which blocks.
        def shown(request: Request) -> Response:
            visit = self._visit(request)
            if self._is_shut(request):
                return _sent(self._pages.shut(visit))
            return _sent(make(visit, request.path_params.get("name", "")), headers)

        return shown

    def _picture(self, request: Request) -> Response:
        if self._is_shut(request):
            return Response(status_code=403)
        try:
            drawn = self._pages.picture(request.path_params["name"], request.path_params["page"])
        except TooManySearchesError:
            return Response(status_code=503, headers={"Retry-After": "5"})
        if drawn is None:
            return Response(status_code=404)
        return Response(drawn, media_type="image/jpeg", headers={"Cache-Control": FOR_AN_HOUR})

    def _is_shut(self, request: Request) -> bool:
        return bool(self.members and not self.members.knows(request.cookies.get(COOKIE, "")))

    async def _correct(self, request: Request) -> Response:
        """Take a form by which something is said to be wrong; it is answered with the page it came from."""
        body = await _body(request, BODY)
        if body is None:
            return Response(status_code=413)
        return await run_in_threadpool(self._corrected, request, body)

    def _corrected(self, request: Request, body: bytes) -> Response:
        assert self.desk is not None
        visit, name = self._visit(request), request.path_params["name"]
        if self._is_shut(request):
            return _sent(self._pages.shut(visit))
        said, status = "page_fix_thanks", 200
        try:
            if self.shelf.texts.document(name) is not None:
                sender = request.client.host if request.client else ""
                self.desk.take(body, name, sender=sender, headers=request.headers)
        except CorrectionRefusedError as refused:
            said, status = refused.key, refused.status
        return _sent(self._pages.correction(visit, name, said=said, status=status), FORM)

    async def _admit(self, request: Request) -> Response:
        """Give a session to anyone who Telegram says opened the Mini App, if that person may read."""
        body = await _body(request, MOST)
        if body is None:
            return Response(status_code=413)
        assert self.members is not None
        session = await run_in_threadpool(self.members.admitted, body.decode("utf-8", "replace"))
        if session is None:
            return Response(status_code=403)
        return Response(status_code=204, headers={"Set-Cookie": self._cookie(request, session)})

    def _cookie(self, request: Request, session: str) -> str:
        secure = request.url.scheme == "https" or self.url.startswith("https:")
        # Telegram's web versions show the page in a frame, where a browser sends no other cookie.
        reach = "Secure; SameSite=None; Partitioned" if secure else "SameSite=Lax"
        return f"{COOKIE}={session}; Path={self.prefix or '/'}; Max-Age={LASTING}; HttpOnly; {reach}"

    async def _refuse(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code != 404:
            return Response(status_code=error.status_code, headers=error.headers)
        return await run_in_threadpool(self._show(lambda visit, _: self._pages.missing(visit)), request)

    async def _fail(self, request: Request, error: Exception) -> Response:
        number = record_failure(error)
        return _sent(await run_in_threadpool(self._pages.failed, self._visit(request), number))


def _asset(request: Request) -> Response:
    found = served().get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    return Response(found.content, media_type=found.media, headers={"Cache-Control": FOR_EVER})


async def _body(request: Request, most: int) -> bytes | None:
    """Return what a request brings, or None where that is more than ``most`` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


def _sent(page: ReaderPage, more: Mapping[str, str] | None = None) -> Response:
    headers = {"Cache-Control": AFRESH, "Vary": VARY, **(more or {})}
    return Response(page.html, status_code=page.status, headers=headers, media_type=page.media)


async def serve(site: BaseRoute, *, port: int, told: Callable[[str], None], stop: asyncio.Event) -> None:
    """Serve ``site`` until ``stop`` is set; ``told`` gets its address. Raises AddressError."""
    app = on_this_machine(assembled(HealthChecks({}), [site]))
    async with serving(app, host=LOOPBACK, port=port, settings="--port") as bound:
        told(f"http://{LOOPBACK}:{bound}/")
        await stop.wait()
