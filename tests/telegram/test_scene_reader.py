"""Scenes with the reader page: the button under a source opens it, served by the bot itself, words marked."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import httpx
import pytest
from stage.emulator import free_port

from answering.values.answer import Language
from bot.presentation.page_links import PageLinks
from bot.reader.reader_library import ReaderLibrary
from bot.reader.site import ReaderSite
from bot.store import Store

URL = "https://read.example.org/read"


@pytest.fixture
def reading(stage):
    """A polling bot with a reader page over its own texts and store; gives its port."""
    port = free_port()
    stage.more |= {"READER_URL": URL, "TELEGRAM_WEBHOOK_PORT": str(port)}
    store = Store.open(stage.home / "bot.db")

    def recall(name):
        kept = store.talks.answer(name)
        return kept.answer if kept else None

    shelf = ReaderLibrary(texts=stage.library, find=lambda words: (), recall=recall)
    stage.site = [ReaderSite(shelf, Language.HANS, URL).mount()]
    stage.parts["links"] = PageLinks(URL)
    yield port
    store.close()


async def test_full_text_opens_the_page_with_the_cited_words_marked(stage, reading):
    room = stage.room()
    async with stage.running(), httpx.AsyncClient() as browser:
        await room.says("停车泊位建了多少？")
        await room.hears()
        card = await room.opens("[1]")
        rows = card["reply_markup"]["inline_keyboard"]
        (url,) = [one["web_app"]["url"] for row in rows for one in row if one["text"] == "📖 全文"]
        assert url.startswith(URL)
        parts = urlsplit(url)
        page = await browser.get(f"http://127.0.0.1:{reading}{parts.path}?{parts.query}")
    assert page.status_code == 200
    (quote,) = re.findall(r'<mark id="cited"[^>]*>(.*?)</mark>', page.text)
    assert quote in stage.library.held[0].text
    assert f'<blockquote lang="zh-Hans">{quote}</blockquote>' in page.text
