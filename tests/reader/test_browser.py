"""The pages in a real Chromium: narrow, wide, light, dark, without scripts, by keyboard, in print."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from unicodedata import normalize
from urllib.parse import quote

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader
from reader_stand import Stand, chromium
from test_init_data import TOKEN, signed

from bot.presentation.page_links import PageLinks
from bot.reader.access import MemberAccess
from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

QUOTE = "新施划的公共停车泊位近5万个"
GRAVE = ("serious", "critical")
DARK = '{"bg_color":"#17212b","text_color":"#f5f5f5","link_color":"#6ab3f3","secondary_bg_color":"#232e3c"}'


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def site(shelved: Path) -> Iterator[tuple[Stand, str]]:
    """The reader, served on a free port."""
    with Library.open(shelved, embedder=None) as library:
        stand = Stand(library)
        stand.cite("abc", QUOTE)
        with served(stand) as url:
            yield stand, url


class served:  # noqa: N801 - used as a function
    """Serves a stand in a thread while it is open."""

    def __init__(self, stand: Stand) -> None:
        self._server = uvicorn.Server(uvicorn.Config(stand.app(), port=0, lifespan="off", log_config=None))
        self._thread = threading.Thread(target=self._server.run)

    def __enter__(self) -> str:
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()


@pytest.fixture
def pages(browser: Browser, site: tuple[Stand, str]) -> Iterator[object]:
    """Opens pages by path; at the end nobody but our server may have been asked, and nothing refused."""
    contexts, asked, errors = [], [], []

    def opened(
        path: str, *, width: int = 360, scheme: str = "light", raw: bool = False, **given: object
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 740}, color_scheme=scheme, **{"locale": "zh-CN", **given}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        if not raw:
            page.goto(site[1] + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith(site[1])] == []
    assert errors == []


def every(stand: Stand) -> dict[str, str]:
    links, jilin = PageLinks(), stand.speech("吉林市").id
    passage = stand.answers["abc"].citations[0].passage
    return {
        "list": links.corpus(),
        "text": links.document(jilin),
        "cited": links.citation(passage, answer="abc", number=1),
        "long": links.document(stand.speech("long.md").id),
        "hostile": links.document(stand.speech("hostile.md").id),
        "search": links.search("停车泊位"),
        "quotation": links.quotation(passage),
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_grave_and_nothing_is_wider_than_the_screen(pages, site, width, scheme) -> None:
    narrow = (width, scheme) == (360, "light")
    for name, path in every(site[0]).items():
        if not (narrow or name in ("list", "cited")):
            continue
        page = pages(path, width=width, scheme=scheme, locale="en-GB" if name == "list" else "zh-CN")
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in GRAVE] == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("scripts", [True, False])
def test_the_cited_words_are_scrolled_to(pages, site, scripts) -> None:
    page = pages(every(site[0])["cited"], java_script_enabled=scripts)
    box = page.locator("#cited").bounding_box()
    assert 0 < box["y"] < 740
    assert page.locator("#cited").text_content() == QUOTE


def test_words_deep_in_a_long_text_are_scrolled_to(pages, site) -> None:
    document = site[0].speech("long.md")
    start = document.text.index("第55项工作")
    page = pages(PageLinks().document(document.id, cited=(start, start + 6)), java_script_enabled=False)
    assert 0 < page.locator("#cited").bounding_box()["y"] < 740


def test_a_mini_app_scrolls_to_the_words_and_wears_telegrams_colours(pages, site) -> None:
    citation = site[0].answers["abc"].citations[0]
    path = PageLinks().citation(citation.passage, answer="abc", number=1, fragment=False)
    told = f"#tgWebAppVersion=9.0&tgWebAppPlatform=ios&tgWebAppThemeParams={quote(DARK)}"
    page = pages(path + told)
    assert 0 < page.locator("#cited").bounding_box()["y"] < 740
    colours = (
        "[getComputedStyle(document.documentElement).backgroundColor, document.documentElement.dataset.theme]"
    )
    assert page.evaluate(colours) == ["rgb(23, 33, 43)", "dark"]
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in GRAVE] == []
    page.emulate_media(media="print")
    assert page.evaluate(colours)[0] == "rgb(255, 255, 255)"
    page.emulate_media(media="screen")
    page.click(".brand")
    assert page.evaluate(colours) == ["rgb(23, 33, 43)", "dark"]


def test_a_mini_app_tells_telegram_that_it_is_ready_and_hears_of_a_new_theme(pages, site) -> None:
    page = pages("", raw=True)
    page.add_init_script(
        "window.told = [];"
        "window.TelegramWebviewProxy = { postEvent: (name, data) => told.push([name, JSON.parse(data)]) };"
    )
    page.goto(f"{site[1]}/#tgWebAppVersion=9.0&tgWebAppData=x")
    names = [name for name, _ in page.evaluate("told")]
    wanted = {"web_app_ready", "web_app_expand", "web_app_request_theme", "web_app_setup_back_button"}
    assert set(names) == wanted
    assert ["web_app_setup_back_button", {"is_visible": False}] in page.evaluate("told")
    page.evaluate(f"window.Telegram.WebView.receiveEvent('theme_changed', {{theme_params: {DARK}}})")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.click(".texts a >> nth=0")
    page.wait_for_selector(".body")
    assert ["web_app_setup_back_button", {"is_visible": True}] in page.evaluate("told")
    page.evaluate("window.Telegram.WebView.receiveEvent('back_button_pressed')")
    page.wait_for_selector(".texts")


@pytest.mark.parametrize("anchor", ["#cited&", "#cited?", "#"])
def test_telegrams_part_of_the_address_is_found_after_an_anchor(pages, site, anchor) -> None:
    page = pages(f"{every(site[0])['text']}{anchor}tgWebAppVersion=9.0&tgWebAppThemeParams={quote(DARK)}")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_colours_that_can_not_be_read_are_not_taken(pages) -> None:
    page = pages(
        '/#tgWebAppVersion=9.0&tgWebAppThemeParams={"bg_color":"%23888888","text_color":"%23777777"}'
    )
    assert page.evaluate("document.documentElement.dataset.theme") is None


def test_the_keyboard_walks_from_the_skip_link_through_the_page(pages, site) -> None:
    page = pages("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.goto(site[1] + "/")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.type("停车泊位")
    page.keyboard.press("Enter")
    page.wait_for_url("**/s?q=*")
    assert page.locator(".found li").count() > 0


def test_search_and_reading_work_without_scripts(pages, site) -> None:
    page = pages("/", java_script_enabled=False)
    page.fill("input[name=q]", "停车泊位")
    page.click("form button")
    page.click(".found a >> nth=0")
    assert page.locator(".body mark").count() > 0
    page.click(".quote >> nth=0")
    assert "》（202" in page.locator("#quotation").inner_text()
    assert not page.locator(".copy[data-copy=quotation]").is_visible()


def test_a_quotation_is_copied_with_its_source(pages, site) -> None:
    page = pages(every(site[0])["quotation"], permissions=["clipboard-read", "clipboard-write"])
    page.click(".copy[data-copy=quotation]")
    page.wait_for_function("document.querySelector('.copy').textContent === '已复制'")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#quotation").text_content()


def test_words_that_are_selected_become_a_quotation_and_the_contents_stand_beside(pages, site) -> None:
    page = pages(every(site[0])["long"], width=1280)
    assert page.locator(".selected").is_hidden()
    assert page.locator(".contents a").first.bounding_box()["x"] < page.locator(".body").bounding_box()["x"]
    page.evaluate(
        "() => { const last = [...document.querySelectorAll('.body p')].at(-1);"
        " const text = [...last.childNodes].find((one) => one.nodeType === 3 && one.length > 20);"
        " getSelection().setBaseAndExtent(text, 6, text, 14); }"
    )
    chosen = page.evaluate("getSelection().toString()")
    page.click(".selected a")
    assert page.locator("#quotation").inner_text().startswith(f"“{chosen}”")
    start, end = page.evaluate("/c=(\\d+)-(\\d+)/.exec(document.querySelector('pre').textContent).slice(1)")
    text = site[0].speech("long.md").text
    assert (text[int(start) : int(end)], int(start) > len(text) * 0.9) == (chosen, True)


def test_nothing_of_a_text_is_run(pages, site) -> None:
    page = pages(every(site[0])["hostile"])
    assert page.title().startswith("清河市" if site[0].speech("hostile.md").place else "<script>alert(1)")
    assert page.locator(".body").is_visible()
    assert "<style>body{display:none}</style>" in page.locator(".body").inner_text()


def test_print_holds_the_text_and_its_source_and_no_controls(pages, site, tmp_path) -> None:
    page = pages(every(site[0])["cited"])
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    printed = "".join(one.extract_text() for one in PdfReader(tmp_path / "page.pdf").pages)
    text = "".join(normalize("NFKC", printed).split())  # a PDF has some characters as their radicals
    assert text.count("新施划的公共停") == 2
    assert "2021年全国文明城市创建工作培训班" in text
    assert f"{site[1]}/d/" in text
    assert "搜索" not in text
    assert "English" not in text


def test_a_first_visit_loads_little(pages, site) -> None:
    sizes = "performance.getEntries().reduce((sum, one) => sum + (one.decodedBodySize || 0), 0)"
    for name in ("cited", "long"):
        page = pages(every(site[0])[name])
        text = len(" ".join(page.locator("main").text_content().split()).encode())
        assert text < page.evaluate(sizes) <= 50_000 + text


def test_a_private_reader_opens_inside_telegram(browser, shelved) -> None:
    with Library.open(shelved, embedder=None) as library:
        stand = Stand(library, members=MemberAccess(token=TOKEN, may_read={4711}.__contains__))
        with served(stand) as url:
            context = browser.new_context(locale="zh-CN")
            page = context.new_page()
            page.goto(url + "/")
            assert page.locator("h1").inner_text() == "请从机器人里打开"
            page.goto("about:blank")
            page.goto(f"{url}/#tgWebAppData={quote(signed())}&tgWebAppVersion=9.0")
            page.wait_for_selector(".texts")
            page.click(".texts a >> nth=0")
            page.wait_for_selector(".body")
            stranger = browser.new_context(locale="zh-CN").new_page()
            stranger.goto(f"{url}/#tgWebAppData={quote(signed(auth_date='1'))}&tgWebAppVersion=9.0")
            stranger.wait_for_load_state("networkidle")
            assert stranger.locator("h1").inner_text() == "请从机器人里打开"
            context.close()
