"""Scenes of the register in a chat: figures and measures by place and field, each a tap from its passage."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from stage.inline import Field
from stage.people import Person, bold
from stage.proxy import shown
from stage.texts import library_of

from bot.assembly.wiring import Wiring
from bot.config.settings import Settings
from bot.telegram.views.inline_results import InlineFigureFinder, InlinePassageFinder
from retrieval.facts.policy_fields import names
from retrieval.values.documents import Source


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    """A home with the reports of five invented cities; words alone serve, to be quick."""
    home = tmp_path_factory.mktemp("towns")
    wiring = Wiring(
        Settings.load({"CHENGWEN_HOME": str(home), "EMBEDDINGS": "none", "CHENGWEN_SHIPPED": "0"})
    )
    cities = ("吉林市", "台州市", "延安市", "萍乡市", "洛阳市")
    with wiring.library(write=True) as library:
        for at, city in enumerate(cities, 1):
            text = (
                f"{city}政府工作报告\n一、2025年工作回顾\n城镇新增就业{at}.5万人。新建停车位{at}200余个。"
                f"改造老旧小区{at}0个，惠及居民近{at}万户。\n二、2026年工作安排\n新建公园{at}个。\n"
            )
            library.ingest_source(
                Source(
                    key=f"{at}.txt",
                    digest=str(at),
                    media="text/plain",
                    encoding="utf-8",
                    text=text,
                    metadata={},
                ),
                options={"place": city, "date": "2026-01-20", "title": f"2026年{city}政府工作报告"},
            )
    with wiring.filled(lambda: nullcontext(lambda *_: None)) as library:
        yield wiring, library


@pytest.fixture
def stage(stage, towns):
    wiring, stage.library = towns
    stage.answerer = wiring.answerer(stage.library)
    return stage


async def test_figures_are_listed_and_each_number_opens_its_passage_with_the_words_in_bold(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/figures 吉林 停车位")
        listed = await room.hears()
        assert "吉林市" in listed["text"].splitlines()[0]
        assert "1. 吉林市 新建停车位 1200余个" in listed["text"]
        await room.taps("1", on=listed)
        card = await room.hears()
    assert "新建停车位1200余个" in card["text"].replace(" ", "")
    assert any("1200余个" in words for words in bold(card))


async def test_a_place_and_a_field_are_chosen_by_buttons_also_after_a_restart(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/figures")
        listed = await room.hears()
        assert shown(listed)[-1] == ["地方：全部", "领域：全部"]
        assert shown(listed)[1] == ["1/4", "▶"]
    async with stage.running():
        await room.taps("▶", on=listed)
        listed = await room.sees(listed)
        assert "9. " in listed["text"]
        await room.taps("地方：全部", on=listed)
        choice = await room.sees(listed)
        assert {"全部", "吉林市", "洛阳市"} <= {label for row in shown(choice) for label in row}
        await room.taps("洛阳市", on=choice)
        listed = await room.sees(choice)
        assert all("洛阳市" in one for one in listed["text"].splitlines() if one[:1].isdigit())
        assert shown(listed)[-1][0] == "地方：洛阳市"
        await room.taps("领域：全部", on=listed)
        choice = await room.sees(listed)
        assert {label for row in shown(choice) for label in row} == {"全部", *names()}


async def test_measures_are_listed_with_what_is_planned_told_apart(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/measures 延安")
        listed = await room.hears()
    lines = [one for one in listed["text"].splitlines() if one[:1].isdigit()]
    assert any("新建公园3个" in one and "目标" in one for one in lines)
    assert any("改造老旧小区30个" in one and "目标" not in one for one in lines)


async def test_what_is_not_there_is_said_kindly(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/figures 太空电梯")
        told = await room.hears()
    assert "没有符合条件的" in told["text"]
    assert shown(told)[-1] == ["地方：全部", "领域：全部"]


async def test_compare_answers_with_all_places_side_by_side(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/compare 停车位")
        answer = await room.hears()
    assert "洛阳市5200余个" in answer["text"]
    assert "[1]" in shown(answer)[0]


async def test_compare_answers_in_the_language_of_whoever_asks(stage):
    english = stage.room(person=Person(language_code="en"))
    async with stage.running():
        await english.says("/compare parking")
        told = await english.hears()
        await english.says("/compare 老旧小区")
        by_chinese = await english.hears()
    assert "Luoyang (洛阳市) has the most (5200余个)" in told["text"]
    assert "Luoyang (洛阳市) has the most (50个)" in by_chinese["text"]


async def test_compare_alone_offers_what_can_be_compared(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/compare")
        offered = await room.hears()
        assert ["城镇新增就业"] in shown(offered)
        await room.taps("城镇新增就业", on=offered)
        answer = await room.hears()
    assert "洛阳市5.5万人" in answer["text"]


async def test_where_nothing_is_told_alike_compare_says_how_to_name_a_thing(stage):
    stage.library = library_of()
    room = stage.room()
    async with stage.running():
        await room.says("/compare")
        offered = await room.hears()
    assert "如 /compare 停车位" in offered["text"]


async def test_an_answer_over_several_places_is_drawn_also_after_a_restart(stage):
    room = stage.room()
    async with stage.running():
        await room.says("各城市停车位排名")
        answer = await room.hears()
    async with stage.running():
        await room.taps("📊 画成图", on=answer)
        picture = await room.hears()
    assert picture["photo"][0]["width"] == 1080
    assert picture["caption"] == "停车位（个）"


async def test_an_answer_without_figures_side_by_side_has_no_such_button(stage):
    room = stage.room()
    async with stage.running():
        await room.says("吉林市新建停车位多少个？")
        answer = await room.hears()
    assert not any("📊" in label for row in shown(answer) for label in row)


async def test_a_row_whose_text_changed_says_so(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/figures 吉林 停车位")
        listed = await room.hears()
    stage.library = library_of()
    async with stage.running():
        await room.taps("1", on=listed)
        await stage.proxy.until(lambda: stage.proxy.made("answerCallbackQuery"))
    assert "原文已有变化" in stage.proxy.made("answerCallbackQuery")[-1].given["text"]


async def test_inline_mode_finds_figures_before_passages(stage, towns):
    wiring, library = towns
    stage.parts["finders"] = (
        InlineFigureFinder(library),
        InlinePassageFinder(wiring.searcher(library).fitting),
    )
    async with stage.running():
        found = await Field(stage.proxy, Person()).asks("吉林 停车位")
    titles = [one["title"] for one in found["results"]]
    assert titles[1] == "吉林市 新建停车位 1200余个"  # after the question itself
    assert len(titles) > 2
