"""A real library of a few texts, the reader over it, and a real browser to look at it."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from answering.values.answer import Answer, Citation, Language, Outcome, Statement
from bot.presentation.passage_search import PassageSearcher
from bot.reader.reader_library import ReaderLibrary
from bot.reader.site import ReaderSite
from bot.server.app import assembled
from bot.server.health import HealthChecks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.applications import Starlette

    from bot.reader.access import MemberAccess
    from bot.reader.sharing.corrections import CorrectionDesk
    from retrieval.library import Library
    from retrieval.values.documents import Document

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
HOSTILE = """---
place: 清河市
title: <script>alert(1)</script> & “善治”
year: 2022
---

# <script>alert(1)</script> & “善治”

开头一段里有 <img src=x onerror="document.title='broken'"> 和 &amp; 和 &lt;b&gt;，原样照录，一个字也不改。

## 一、<svg onload=alert(2)> 做法

老城区新建停车泊位321个，</p></article><style>body{display:none}</style> 停车难有了缓解。{{ 7*7 }} {% raw %}
"""
PLAIN_CHROMIUM = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
)


def long_text(sections: int = 60) -> str:
    """A report of some 60,000 characters."""
    body = "全年新建公园{0}个，修复河道{1}公里，新增停车泊位{2}个，群众看得见、摸得着。"
    parts = ["---\nplace: 长河市\ntitle: 长河市政府工作报告\nyear: 2023\n---\n\n# 长河市政府工作报告\n"]
    for number in range(1, sections + 1):
        parts.append(f"\n## {number}. 第{number}项工作\n")
        parts += ["".join(body.format(number, at, at * 3) for at in range(1, 12)) + "\n" for _ in range(2)]
    return "\n".join(parts)


@dataclass
class Stand:
    """A library with the reader before it."""

    library: Library
    answers: dict[str, Answer] = field(default_factory=dict)
    url: str = ""
    members: MemberAccess | None = None
    desk: CorrectionDesk | None = None

    def shelf(self) -> ReaderLibrary:
        searcher = PassageSearcher(self.library)
        return ReaderLibrary(
            texts=self.library, find=lambda words: searcher.fitting(words, k=20), recall=self.answers.get
        )

    def app(self) -> Starlette:
        site = ReaderSite(self.shelf(), Language.HANS, self.url, self.members, self.desk)
        return assembled(HealthChecks({}), [site.mount()])

    def client(self, **given: object) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app(), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://reader.test", **given)

    def speech(self, name: str) -> Document:
        """Return the text of a place, or of a source."""
        found = next(
            one for one in self.library.documents() if name == one.place or one.source.endswith(f"/{name}")
        )
        whole = self.library.document(found.id)
        assert whole is not None
        return whole

    def cite(self, name: str, quote: str, place: str = "吉林市") -> Citation:
        """Keep an answer that cites these words, and return its citation."""
        document = self.speech(place)
        start = document.text.index(quote)
        passage = next(
            one for one in self.library.passages(document.id) if one.start <= start and quote in one.text
        )
        citation = Citation(
            number=1,
            document=document.id,
            passage=passage.id,
            start=start,
            end=start + len(quote),
            quote=quote,
            title=document.title,
            place=document.place,
            year=document.year,
            date=document.date,
            section=passage.section,
            point=passage.point,
            heading=passage.heading,
        )
        self.keep(name, citation)
        return citation

    def keep(self, name: str, citation: Citation) -> None:
        self.answers[name] = Answer(
            question="问",
            outcome=Outcome.ANSWERED,
            statements=(Statement(text=citation.quote, citations=(citation.number,)),),
            citations=(citation,),
        )

    def moved(self, name: str, citation: Citation, **changes: object) -> None:
        """Keep the answer as one that was given before the text changed."""
        self.keep(name, replace(citation, **changes))


@contextmanager
def chromium() -> Iterator[object]:
    """A real browser, or a skip where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(PLAIN_CHROMIUM))
        yield browser
        browser.close()
