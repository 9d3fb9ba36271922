"""What is counted of a page is what a bad page has."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from evaluation.datasets.material import MissingMaterialError
from evaluation.web.browser import Viewport, browser, cited_in_view, look

if TYPE_CHECKING:
    from collections.abc import Iterator

NARROW = Viewport(width=360, scheme="light")
GOOD = """<!doctype html><html lang="en"><head><title>Good</title></head>
<body><main><h1>Good</h1><p>{}</p></main></body></html>"""
BAD = """<!doctype html><html><head></head><body><main style="width:2000px;color:#ccc;background:#ddd">
<img src="{}/x.png"><p>words</p><script>nothing()</script></main></body></html>"""


@contextmanager
def serving(page: str) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode() if self.path == "/" else b"")

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def started() -> Iterator[object]:
    try:
        with browser() as found:
            yield found
    except MissingMaterialError as error:
        pytest.skip(str(error))


def test_a_good_page_has_nothing_to_count_but_its_bytes(started) -> None:
    with serving(GOOD.format("字" * 1000)) as address:
        seen = look(started, f"{address}/", NARROW)
    assert (seen.grave, seen.foreign, seen.wide) == (0, 0, False)
    assert seen.text > 3000
    assert 0 < seen.bytes - seen.text < 300


def test_a_bad_page_is_found_out(started, tmp_path) -> None:
    with serving("") as elsewhere, serving(BAD.format(elsewhere)) as address:
        seen = look(started, f"{address}/", NARROW, shot=tmp_path / "bad.png")
    assert seen.grave > 0
    assert (seen.foreign, seen.wide) == (1, True)
    assert seen.errors > 0
    assert (tmp_path / "bad.png").stat().st_size > 0


def test_words_below_the_screen_are_not_in_view(started) -> None:
    page = '<p style="margin-top:{}px"><mark id="cited">x</mark></p>'
    for margin, there in ((0, True), (5000, False)):
        with serving(page.format(margin)) as address:
            assert cited_in_view(started, f"{address}/", NARROW) is there
