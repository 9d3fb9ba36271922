"""The tools, through the SDK's own client: in process, over standard streams and over HTTP with keys."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from answering import Answerer
from answering.values.answer import Language
from bot.api.mcp_tools import PATH, over_http, tools
from bot.api.routes import ApiServices
from bot.presentation.passage_search import PassageSearcher
from bot.server.app import serving
from retrieval import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT = """---
place: 昆明市
date: "2025"
---

# 2025年昆明市政府工作报告

## 一、2024年工作回顾

新建口袋公园42个，改造公厕近300座。

## 二、2025年主要目标

新建绿道120公里。
"""
NAMES = {"ask", "check_claim", "search", "open_passage", "list_documents", "figures", "promises"}
KEY = "k" * 32


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mcp")
    (folder / "昆明市.md").write_text(TEXT, encoding="utf-8")
    with Library.open(folder / "home", embedder=None, write=True) as writer:
        writer.ingest([folder / "昆明市.md"])
    return folder / "home"


@pytest.fixture
def desk(home: Path) -> Iterator[ApiServices]:
    with Library.open(home, embedder=None) as library:
        yield ApiServices(
            library=library,
            searcher=lambda: PassageSearcher(library),
            answerer=Answerer(library),  # type: ignore[arg-type]
            language=Language.HANS,
            links=None,
        )


async def called(client: Client, name: str, **given: Any) -> dict[str, Any]:
    result = await client.call_tool(name, given)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    told = result.structured_content
    return told.get("result", told)


async def test_every_tool_answers_in_process(desk: ApiServices) -> None:
    async with Client(tools(desk)) as client:
        assert {one.name for one in (await client.list_tools()).tools} == NAMES
        answer = await called(client, "ask", question="昆明市新建了多少口袋公园？")
        assert "42个" in answer["text"]
        passage = answer["citations"][0]["passage"]
        assert "42个" in (await called(client, "open_passage", passage_id=passage))["text"]
        resource = await client.read_resource(f"passage://{passage}")
        assert "42个" in resource.contents[0].text  # type: ignore[union-attr]
        assert (await called(client, "check_claim", claim="昆明市新建口袋公园50个"))["verdict"] == "false"
        assert (await called(client, "search", query="绿道", k=1))["hits"]
        assert (await called(client, "list_documents"))["count"] == 1
        assert (await called(client, "figures", places=["昆明"]))["count"] > 0
        assert "promises" in await called(client, "promises")


async def test_an_unknown_passage_is_told(desk: ApiServices) -> None:
    async with Client(tools(desk)) as client:
        result = await client.call_tool("open_passage", {"passage_id": "none"})
    assert result.is_error


async def test_over_http_a_key_is_asked_for(desk: ApiServices) -> None:
    server = tools(desk)
    app = over_http(server, (KEY,), host="127.0.0.1", rate=60)
    async with server.session_manager.run(), serving(app, host="127.0.0.1", port=0, settings="x") as port:
        url = f"http://127.0.0.1:{port}{PATH}"
        async with httpx2.AsyncClient() as bare:
            assert (await bare.post(url, json={})).status_code == 401
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {KEY}"}) as known,
            Client(streamable_http_client(url, http_client=known)) as client,
        ):
            answer = await called(client, "ask", question="昆明市改造了多少公厕？")
    assert "300座" in answer["text"]


async def test_over_standard_streams(home: Path) -> None:
    env = {**os.environ, "CHENGWEN_HOME": str(home), "EMBEDDINGS": "none", "CHENGWEN_SHIPPED": "0"}
    given = StdioServerParameters(command=sys.executable, args=["-m", "bot", "mcp"], env=env)
    async with asyncio.timeout(90), Client(stdio_client(given)) as client:
        answer = await called(client, "ask", question="昆明市新建了多少口袋公园？")
    assert "42个" in answer["text"]
