"""Scenes of /check: the words after it, or the message replied to, get a verdict with its proof."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from bot.assembly.wiring import Wiring
from bot.config.settings import Settings
from retrieval.values.documents import Source

REPORT = "望城县政府工作报告\n一、2030年工作回顾\n新建村级卫生室38个，改造危房620户。\n"


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """A home with one report; words alone serve, to be quick."""
    home = tmp_path_factory.mktemp("county")
    wiring = Wiring(
        Settings.load({"CHENGWEN_HOME": str(home), "EMBEDDINGS": "none", "CHENGWEN_SHIPPED": "0"})
    )
    source = Source(key="r.txt", digest="r", media="text/plain", encoding="utf-8", text=REPORT, metadata={})
    with wiring.library(write=True) as library:
        library.ingest_source(source, options={"place": "德清县", "date": "2031-02-10"})
    with wiring.filled(lambda: nullcontext(lambda *_: None)) as library:
        yield wiring, library


@pytest.fixture
def stage(stage, county):
    wiring, stage.library = county
    stage.answerer = wiring.answerer(stage.library)
    return stage


async def test_what_stands_after_the_command_is_checked(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/check 德清县2030年改造危房650户")
        heard = await room.hears()
        assert "与原文不符" in heard["text"]
        assert "620户" in heard["text"]


async def test_the_bare_command_asks_for_the_claim(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/check")
        assert "核实什么" in (await room.hears())["text"]
