"""A citation from a scan opens the picture of its page, with the cited line boxed."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rapidocr  # noqa: F401 - without the extra there is nothing to test
from PIL import Image
from reader_stand import Stand, chromium

from bot.reader.access import MemberAccess
from evaluation.web.reader import served
from retrieval.library import Library

sys.path.insert(0, str(Path(__file__).parents[1] / "retrieval"))
from test_scan import pdf_of_scans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.values.documents import Document

CITED = "封山育林12.3万亩"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("scans") / "河东县林业总结.pdf"
    made.write_bytes(pdf_of_scans())
    return made


@pytest.fixture
def gone(file: Path, scans: Stand) -> Iterator[None]:  # after the file was read
    kept = file.read_bytes()
    file.unlink()
    yield
    file.write_bytes(kept)


@pytest.fixture
def scans(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    home = tmp_path_factory.mktemp("home")
    with Library.open(home, embedder=None, write=True) as library:
        library.ingest([file])
        yield Stand(library)


def document_of(stand: Stand) -> Document:
    whole = stand.library.document(stand.library.documents()[-1].id)
    assert whole is not None
    return whole


def address(document: Document) -> str:
    start = document.text.index(CITED)
    return f"/d/{document.id}?c={start}-{start + len(CITED)}"


async def test_the_cited_lines_are_boxed_on_the_picture_of_their_page(scans: Stand) -> None:
    document = document_of(scans)
    async with scans.client() as client:
        page = (await client.get(address(document))).text
        picture = await client.get(f"/i/{document.id}/2")
    assert page.count("<rect ") == 2
    assert f'href="/i/{document.id}/2"' in page
    assert "第2页的扫描图" in page
    assert "以原件为准" in page
    assert "一字未改" not in page
    assert picture.headers["content-type"] == "image/jpeg"
    with Image.open(io.BytesIO(picture.content)) as drawn:
        assert drawn.size == (1100, 700)


@pytest.mark.usefixtures("gone")
async def test_it_is_told_where_the_file_is_not_at_hand(scans: Stand) -> None:
    document = document_of(scans)
    async with scans.client() as client:
        page = (await client.get(address(document))).text
        picture = await client.get(f"/i/{document.id}/2")
    assert "原文件已经移走或改动" in page
    assert f"/i/{document.id}" not in page
    assert picture.status_code == 404


async def test_no_other_file_and_no_other_page_is_shown(scans: Stand) -> None:
    document = document_of(scans)
    async with scans.client() as client:
        for path in (f"{document.id}/1", f"{document.id}/3", "nothing/2", f"{document.id}/-2", "../x/2"):
            assert (await client.get(f"/i/{path}")).status_code == 404


async def test_the_picture_of_a_private_text_is_private(scans: Stand) -> None:
    scans.members = MemberAccess(token="1:x", may_read=lambda _: False)
    async with scans.client() as client:
        assert (await client.get(f"/i/{document_of(scans).id}/2")).status_code == 403


def test_a_browser_shows_the_strip_around_the_lines(scans: Stand) -> None:
    document = document_of(scans)
    with served(scans.library) as base, chromium() as browser:
        page = browser.new_page(viewport={"width": 360, "height": 800}, locale="zh-CN")
        refused: list[str] = []
        page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
        page.goto(base + address(document))
        strip = page.locator("figure.scan svg").bounding_box()
        box = page.locator("figure.scan rect").first.bounding_box()
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        page.close()
    assert not refused
    assert not wide
    assert strip["y"] <= box["y"] <= strip["y"] + strip["height"]
    assert 0 < box["width"] <= strip["width"] <= 360


def test_a_whole_page_is_loaded_only_when_it_is_unfolded(scans: Stand) -> None:
    document = document_of(scans)
    with served(scans.library) as base, chromium() as browser:
        page = browser.new_page(viewport={"width": 360, "height": 800}, locale="zh-CN")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{base}/d/{document.id}")
        before = [one for one in asked if re.search(r"/i/", one)]
        page.get_by_text("第2页的扫描图").first.click()
        width = page.locator("img.scan").evaluate("img => img.decode().then(() => img.naturalWidth)")
        page.close()
    assert before == []
    assert width == 1100
