"""Telegram's web versions show the page in a frame, others may not; a private reader opens there, too."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import pytest
from reader_stand import Stand, chromium
from test_browser import DARK, served
from test_init_data import TOKEN, signed

from bot.reader.access import MemberAccess
from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Route

PUBLIC = "https://reader.test"
TOLD = ("accept-language", "cookie", "content-type")
KEPT = ("content-type", "content-security-policy", "set-cookie", "vary")
FRAME = """<!doctype html><title>Telegram</title>
<iframe name="app" src="{}" width="360" height="640"></iframe>
<script>
window.heard = [];
addEventListener("message", (event) => {{
  const {{ eventType }} = JSON.parse(event.data);
  heard.push(eventType);
  if (eventType !== "web_app_request_theme") return;
  const theme_params = {};
  const told = {{ eventType: "theme_changed", eventData: {{ theme_params }} }};
  event.source.postMessage(JSON.stringify(told), "*");
}});
</script>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def address(shelved: Path) -> Iterator[str]:
    """A private reader whose public address is https, as a proxy before it would have it."""
    with Library.open(shelved, embedder=None) as library:
        members = MemberAccess(token=TOKEN, may_read={4711}.__contains__)
        with served(Stand(library, url=PUBLIC, members=members)) as url:
            yield url


def framed(browser: Browser, host: str, url: str, *, cookies: bool = True) -> Page:
    """Open a page of ``host`` that shows the reader in a frame, under its public address."""
    page = browser.new_context(locale="zh-CN").new_page()

    def pass_on(route: Route) -> None:
        asked = route.request
        path = asked.url.removeprefix(PUBLIC).partition("#")[0]
        told = {name: value for name, value in asked.all_headers().items() if name in TOLD}
        answer = httpx.request(asked.method, f"{url}{path}", headers=told, content=asked.post_data)
        kept = {name: value for name, value in answer.headers.items() if name in KEPT}
        if not cookies:
            kept.pop("set-cookie", None)
        route.fulfill(status=answer.status_code, headers=kept, body=answer.content)

    page.route(f"{PUBLIC}/**", pass_on)
    page.route(
        f"https://{host}/**",
        lambda route: route.fulfill(content_type="text/html", body=FRAME.format(app(), DARK)),
    )
    page.goto(f"https://{host}/a/")
    return page


def app() -> str:
    told = f"tgWebAppData={quote(signed())}&tgWebAppVersion=9.0&tgWebAppThemeParams={quote(DARK)}"
    return f"{PUBLIC}/#{quote(told, safe='=&%')}"


@pytest.mark.parametrize("host", ["web.telegram.org", "webk.telegram.org"])
def test_it_opens_in_the_frame_of_telegram_and_stays_open(browser: Browser, address: str, host: str) -> None:
    page = framed(browser, host, address)
    frame = page.frame_locator("[name=app]")
    frame.locator(".texts a").first.click()
    frame.locator(".body").wait_for()
    frame.locator("html[data-theme=dark]").wait_for(state="attached")
    assert "web_app_ready" in page.evaluate("heard")
    page.context.close()


def test_a_browser_that_takes_no_cookie_is_not_reloaded_for_ever(browser: Browser, address: str) -> None:
    asked: list[str] = []
    page = framed(browser, "web.telegram.org", address, cookies=False)
    page.on("request", lambda request: asked.append(request.method))
    page.wait_for_timeout(1500)
    assert asked.count("POST") <= 1
    assert page.frame_locator("[name=app]").locator("h1").inner_text() == "请从机器人里打开"
    page.context.close()


def test_nobody_else_may_show_it_in_a_frame(browser: Browser, address: str) -> None:
    page = framed(browser, "telegram.org.example.com", address)
    page.wait_for_timeout(300)
    assert page.frame_locator("[name=app]").locator(".top").count() == 0
    page.context.close()


def test_a_theme_is_taken_from_telegram_alone(browser: Browser, address: str) -> None:
    page = framed(browser, "web.telegram.org", address)
    frame = page.frame_locator("[name=app]")
    frame.locator(".texts").wait_for()
    theme = '{"bg_color": "#ffffff", "text_color": "#000000"}'
    told = f'{{"eventType": "theme_changed", "eventData": {{"theme_params": {theme}}}}}'
    page.evaluate("told => frames.app.postMessage(told, '*')", told)
    frame.locator("html[data-theme=light]").wait_for(state="attached")
    page.context.close()
