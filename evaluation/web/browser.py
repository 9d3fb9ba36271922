"""What a real Chromium makes of a page. Seam: Playwright, axe."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.datasets.material import MissingMaterialError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PLAIN = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
)
HEIGHT = 800
GRAVE = ("serious", "critical")
_LOADED = """() => {
  const entries = performance.getEntries();
  const [page] = performance.getEntriesByType("navigation");
  return {
    bytes: entries.reduce((sum, one) => sum + (one.decodedBodySize || 0), 0),
    sent: entries.reduce((sum, one) => sum + (one.encodedBodySize || 0), 0),
    milliseconds: page.loadEventEnd,
    wide: document.documentElement.scrollWidth > innerWidth,
  };
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewport:
    """How a page is looked at."""

    width: int  # CSS pixels
    scheme: str  # "light" or "dark"
    locale: str = "zh-CN"
    scripts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReport:
    """What a page was found to be."""

    bytes: int  # of all that was loaded, unpacked
    text: int  # bytes of the words in its main part, folded ones included
    sent: int  # bytes as they were sent
    milliseconds: float  # until it was loaded
    wide: bool  # whether it is wider than the screen
    foreign: int  # requests to other hosts
    grave: int  # findings of axe that are serious or critical
    light: int  # its other findings
    errors: int  # told on the console


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium. Raises MissingMaterialError where it, or what steers it, is not to be had."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise MissingMaterialError("no Chromium on this machine")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - for development alone
    except ImportError:
        raise MissingMaterialError("playwright is not installed") from None
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(PLAIN))
        yield started
        started.close()


def look(browser: Browser, address: str, screen: Viewport, *, shot: Path | None = None) -> PageReport:
    """Open a page as somebody does who was never there, and tell what it is; ``shot`` gets a picture."""
    context = browser.new_context(
        viewport={"width": screen.width, "height": HEIGHT},
        color_scheme="dark" if screen.scheme == "dark" else "light",
        locale=screen.locale,
    )
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    answer = page.goto(address)
    if shot:
        page.screenshot(path=shot)
    told = page.evaluate(_LOADED)
    grave, light = _axe(page)
    own = "/".join(address.split("/")[:3])
    seen = PageReport(
        bytes=told["bytes"],
        text=len(" ".join((page.locator("main").text_content() or "").split()).encode()),
        sent=told["sent"],
        milliseconds=told["milliseconds"],
        wide=told["wide"],
        foreign=sum(not url.startswith(own) for url in asked),
        grave=grave,
        light=light,
        # A page that says it isn't there is told on the console, too.
        errors=len(errors) - (answer is not None and answer.status >= 400),
    )
    context.close()
    return seen


def cited_in_view(browser: Browser, address: str, screen: Viewport) -> bool:
    """Tell whether the cited words of a page are on the screen as it opens."""
    context = browser.new_context(
        viewport={"width": screen.width, "height": HEIGHT}, java_script_enabled=screen.scripts
    )
    page = context.new_page()
    page.goto(address)
    box = page.locator("#cited").bounding_box()
    context.close()
    return box is not None and 0 <= box["y"] < HEIGHT


def _axe(page: Page) -> tuple[int, int]:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - for development alone

    found = Axe().run(page).response["violations"]
    grave = sum(one["impact"] in GRAVE for one in found)
    return grave, len(found) - grave
