"""Scenes of targets and results in a chat: pairs by place and year, each side a tap from its passage."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext

import pytest
from stage.people import Person, bold
from stage.proxy import shown

from bot.assembly.wiring import Wiring
from bot.config.settings import Settings
from retrieval.values.documents import Source

REPORTS = {
    2031: "德清县政府工作报告\n一、2030年工作回顾\n新建村级活动中心12个。\n二、2031年工作安排\n"
    "2031年的预期目标是：城镇新增就业6200人；城镇登记失业率控制在3%以内。改造老旧小区18个，新建口袋公园9个。"
    "新建农村公路46公里，新建充电桩80个。\n",
    2032: "德清县政府工作报告\n一、2031年工作回顾\n城镇新增就业6480人，城镇登记失业率为2.8%。"
    "改造老旧小区15个。\n二、2032年工作安排\n新建公园3个。\n",
}


@contextmanager
def county_in(home):
    """Fill a home with two reports of one county; words alone serve, to be quick."""
    wiring = Wiring(
        Settings.load({"CHENGWEN_HOME": str(home), "EMBEDDINGS": "none", "CHENGWEN_SHIPPED": "0"})
    )
    with wiring.library(write=True) as library:
        for year, text in REPORTS.items():
            library.ingest_source(
                Source(
                    key=f"{year}.txt",
                    digest=str(year),
                    media="text/plain",
                    encoding="utf-8",
                    text=text,
                    metadata={},
                ),
                options={"place": "德清县", "date": f"{year}-02-10", "title": f"{year}年德清县政府工作报告"},
            )
    with wiring.filled(lambda: nullcontext(lambda *_: None)) as library:
        yield wiring, library


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    with county_in(tmp_path_factory.mktemp("county")) as held:
        yield held


@pytest.fixture
def stage(stage, county):
    wiring, stage.library = county
    stage.answerer = wiring.answerer(stage.library)
    return stage


async def test_pairs_are_listed_with_their_state_and_open_both_passages(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/promises 德清 2031")
        listed = await room.hears()
        assert "德清县 · 2031" in listed["text"]
        assert "城镇新增就业6200人" in listed["text"]
        assert "城镇新增就业6480人" in listed["text"]
        assert "超过目标" in listed["text"]
        await room.taps("结果1", on=listed)
        card = await room.hears()
    assert any("6480" in words for words in bold(card))


async def test_pages_turn_and_words_limit_what_is_listed(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/promises 德清 2031")
        listed = await room.hears()
        assert shown(listed)[-1] == ["1/2", "▶"]
        await room.taps("▶", on=listed)
        listed = await room.sees(listed)
        assert "6. " in listed["text"]
        await room.says("/promises 德清 老旧小区")
        told = await room.hears()
    assert "改造老旧小区15个" in told["text"]
    assert "失业率" not in told["text"]


async def test_in_english_the_list_has_no_full_width_marks_of_its_own(stage):
    room = stage.room(person=Person(language_code="en"))
    async with stage.running():
        await room.says("/promises 德清 2031")
        head, counts, *_ = (await room.hears())["text"].splitlines()
    assert "Deqing" in head
    assert "; " in counts
    assert not set("，。；：（）") & set(counts)


async def test_a_place_without_two_reports_is_told_kindly(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/promises 德清 2015")
        told = await room.hears()
    assert "没有符合条件的" in told["text"]
