"""Pages are fetched from real servers: bounded, as robots.txt allows, and never from inside."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from bot.errors import InputError
from bot.operations.web_page import fetch, is_public
from retrieval.loaders.load import read_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGE = (
    "<html><head><meta charset='utf-8'><title>清河县防汛通报</title></head><body>"
    "<p>全县加固堤防17公里，新建泵站3座。</p>"
    "<p>下一步继续巡查险段，落实责任到人。</p></body></html>"
)
Routes = dict[str, "Callable[[BaseHTTPRequestHandler], None]"]


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return send


def slow(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.1)


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """Send a head that never ends, a byte at a time."""
    for _ in range(60):
        handler.wfile.write(b"X")
        handler.wfile.flush()
        time.sleep(0.1)


@contextmanager
def serving(routes: Routes) -> Iterator[tuple[str, list[str]]]:
    """Serve routes on loopback; gives the address and the paths asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            try:
                routes.get(self.path, answer(404))(self)
            except OSError:  # the other side has gone
                return

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def anywhere(_: str) -> bool:
    return True


def test_a_page_is_fetched_and_read() -> None:
    routes = {"/a/show.do?id=3": answer(body=PAGE.encode(), Content_Type="text/html; charset=utf-8")}
    with serving(routes) as (root, asked):
        page = fetch(f"{root}/a/show.do?id=3#top", admits=anywhere)
    assert asked == ["/robots.txt", "/a/show.do?id=3"]
    assert (page.media, page.url) == ("text/html", f"{root}/a/show.do?id=3")
    source = read_page(page.data, page.url, page.media)
    assert source.key == page.url
    assert "全县加固堤防17公里" in source.text
    assert source.media == "text/html"


def test_loopback_is_refused_before_anything_is_asked() -> None:
    with serving({"/": answer(body=b"inside")}) as (root, asked):
        with pytest.raises(InputError, match="不是公网"):
            fetch(root)
        with pytest.raises(InputError, match="不是公网"):
            fetch(root.replace("127.0.0.1", "localhost"))
    assert asked == []


def test_a_redirect_inwards_is_refused() -> None:
    """The first server may be asked, the second one not."""
    seen: list[str] = []

    def first_only(address: str) -> bool:
        seen.append(address)
        return len(seen) <= 2  # robots.txt and the page

    with (
        serving({"/secret": answer(body=b"inside")}) as (inner, asked),
        serving({"/": answer(302, Location=f"{inner}/secret")}) as (root, _),
        pytest.raises(InputError, match="不是公网"),
    ):
        fetch(f"{root}/", admits=first_only)
    assert asked == []


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/a", "http://user:word@127.0.0.1/"])
def test_redirects_keep_to_the_public_web(to: str) -> None:
    with (
        serving({"/": answer(302, Location=to)}) as (root, _),
        pytest.raises(InputError, match="没有读"),
    ):
        fetch(f"{root}/", admits=anywhere)


def test_redirects_are_followed_a_few_times() -> None:
    routes = {"/": answer(301, Location="/b"), "/b": answer(body="到了".encode(), Content_Type="text/plain")}
    with serving(routes) as (root, _):
        assert fetch(f"{root}/", admits=anywhere).url == f"{root}/b"
    with serving({"/": answer(302, Location="/")}) as (root, _), pytest.raises(InputError, match="一再"):
        fetch(f"{root}/", admits=anywhere)


def test_robots_txt_is_kept_to() -> None:
    rules = b"User-agent: *\nDisallow: /inner/\n"
    routes = {"/robots.txt": answer(body=rules), "/inner/a": answer(body=b"x"), "/b": answer(body=b"x")}
    with serving(routes) as (root, asked):
        with pytest.raises(InputError, match=r"robots\.txt"):
            fetch(f"{root}/inner/a", admits=anywhere)
        assert fetch(f"{root}/b", admits=anywhere).data == b"x"
    assert "/inner/a" not in asked


def test_size_and_time_are_bounded() -> None:
    with serving({"/big": answer(body=b"x" * 200_000), "/slow": slow, "/drip": dripping}) as (root, _):
        with pytest.raises(InputError, match="没有读"):
            fetch(f"{root}/big", admits=anywhere, limit=100_000)
        began = time.monotonic()
        for path in ("slow", "drip"):
            with pytest.raises(InputError, match="太慢"):
                fetch(f"{root}/{path}", admits=anywhere, patience=0.6)
        assert time.monotonic() - began < 12


def test_what_is_missing_is_told() -> None:
    with serving({}) as (root, _), pytest.raises(InputError, match="404"):
        fetch(f"{root}/gone", admits=anywhere)
    with pytest.raises(InputError, match="网址"):
        fetch("http://", admits=anywhere)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("127.0.0.1", False),
        ("10.2.3.4", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("224.0.0.1", False),
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public
