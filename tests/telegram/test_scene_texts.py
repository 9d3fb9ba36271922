"""Scenes of looking at the texts: which there are, what one is made of, what an answer was taken from."""

from __future__ import annotations

from dataclasses import replace

import pytest
from stage.proxy import shown
from stage.texts import library_of, quoting

from retrieval.values.documents import Section

HEADINGS = ("一、从小事做起", "（一）停车", "二、往深处走")


def many(count):
    """Return the library with texts of so many places, each of a heading with one below it, and another."""
    library = library_of()
    (one,) = library.held
    text = "".join(f"{heading}\n正文在此。\n" for heading in HEADINGS)
    starts = [text.index(heading) for heading in HEADINGS]
    titles = ("从小事做起", "停车", "往深处走")
    sections = tuple(
        Section(
            numeral="一", title=title, level=level, start=start, end=len(text), body=start + len(heading) + 1
        )
        for title, level, start, heading in zip(titles, (1, 2, 1), starts, HEADINGS, strict=True)
    )
    library.held = [
        replace(
            one,
            id=f"text{at:06d}",
            place=f"第{at}市",
            title=f"题目{at}",
            text=text,
            sections=sections,
            year=2021,
        )
        for at in range(count)
    ]
    return library


async def test_cities_lists_places_with_titles(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/cities")
        told = await room.hears()
    assert told["text"] == "现有1篇材料：\n• 清河市：《把一座城过成一家人》（2021）"
    assert shown(told) == []


async def test_cities_of_a_place_lists_its_texts_alone(stage):
    room = stage.room()
    stage.library = many(45)
    async with stage.running():
        await room.says("/cities 题目3")
        titled = await room.hears()
        assert shown(titled) == []
        await room.says("/cities 月球市")
        none = await room.hears()
    assert none["text"].startswith("没有叫“月球市”的地方的材料")
    assert "第3市：《题目3》" in titled["text"]
    assert "第4市" not in titled["text"]


async def test_cities_knows_a_place_by_its_short_name(stage):
    room = stage.room()
    stage.library = many(2)
    one, other = stage.library.held
    stage.library.held = [replace(one, place="台州市"), replace(other, place="延安市")]
    async with stage.running():
        await room.says("/cities 台州")
        told = await room.hears()
    assert told["text"] == "现有1篇材料：\n• 台州市：《题目0》（2021）"


async def test_many_cities_are_turned_page_by_page_also_after_a_restart(stage):
    room = stage.room()
    stage.library = many(45)
    async with stage.running():
        await room.says("/cities")
        told = await room.hears()
        assert shown(told) == [["1/3", "▶"]]
        assert "第19市" in told["text"]
        assert "第20市" not in told["text"]
    async with stage.running():
        await room.taps("▶", on=told)
        told = await room.sees(told)
        assert shown(told) == [["◀", "2/3", "▶"]]
        assert "第20市" in told["text"]
        stage.library.held = stage.library.held[:21]
        await room.taps("▶", on=told)
        told = await room.sees(told)
    assert "第20市" in told["text"]
    assert shown(told) == [["◀", "2/2"]]
    assert len(room.said()) == 1


async def test_the_outline_of_a_place_is_a_tree_of_its_headings_as_printed(stage):
    room = stage.room()
    stage.library = many(3)
    stage.library.held[1] = replace(stage.library.held[1], place="延安市")
    async with stage.running():
        await room.says("/outline 延安")
        told = (await room.hears())["text"]
    assert told.splitlines() == [
        "延安市 · 《题目1》（2021）",
        "一、从小事做起",
        "\u3000（一）停车",
        "二、往深处走",
    ]


async def test_an_outline_is_chosen_from_several_texts(stage):
    room = stage.room()
    stage.library = many(10)
    async with stage.running():
        await room.says("/outline")
        asked = await room.hears()
        assert len(shown(asked)) == 9
        await room.taps("▶", on=asked)
        asked = await room.sees(asked)
        await room.taps("第8市：《题目8》（2021）", on=asked)
        assert "第8市 · 《题目8》" in (await room.hears())["text"]
        stage.library.held = stage.library.held[:9]
        await room.taps("第9市：《题目9》（2021）", on=asked)
        await stage.proxy.until(lambda: len(stage.proxy.made("answerCallbackQuery")) == 3)
    assert "找不到" in stage.proxy.made("answerCallbackQuery")[-1].given["text"]


@pytest.mark.parametrize(("asked", "words"), [("哈尔滨", "没有叫“哈尔滨”"), ("清河市", "没有分部分")])
async def test_an_outline_that_there_is_not_is_said_to_be_missing(stage, asked, words):
    room = stage.room()
    async with stage.running():
        await room.says(f"/outline {asked}")
        assert words in (await room.hears())["text"]


async def test_an_outline_of_hundreds_of_headings_is_cut_to_its_upper_levels(stage):
    room = stage.room()
    (whole,) = many(1).held
    stage.library = many(1)
    below = tuple(replace(whole.sections[1], level=3) for _ in range(90))
    stage.library.held = [replace(whole, sections=(*whole.sections, *below))]
    async with stage.running():
        await room.says("/outline")
        told = (await room.hears())["text"]
    assert told.count("\n") == 4
    assert "第2层" in told


async def test_sources_shows_what_the_last_answer_was_taken_from(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/sources")
        assert "清河市" in (await room.hears())["text"]
        await room.says("停车泊位建了多少？")
        await room.hears()
        await room.says("/sources")
        told = (await room.hears())["text"]
    assert all(f"[{number}] 清河市" in told for number in (1, 2, 3))
    assert all(passage.text in told for passage in stage.library.cut)


async def test_without_any_text_each_of_these_says_so(stage):
    room = stage.room()
    stage.library.held = []
    stage.answerer = quoting(stage.library)
    async with stage.running():
        for command in ("/start", "/cities", "/outline", "/outline 延安", "/sources"):
            await room.says(command)
            assert (await room.hears())["text"]
