"""Scenes of checking: a source opened, read on, quoted, voted on; also when the texts have changed since."""

from __future__ import annotations

import pytest
from stage.people import Person, bold
from stage.proxy import parameters, shown
from stage.spec import units
from stage.texts import HEADINGS, SENTENCES, library_of

from bot.store import Store, VoteReason

GROUP = {"id": -1001234567890, "type": "supergroup", "title": "城建群"}
VOTES = ["👍", "👎"]
REASONS = ["数字不对", "出处不对", "没答全", "已过时"]


class Pages:
    """A reader's addresses."""

    def passage(self, passage: str) -> str:
        return f"https://read.example.org/p/{passage}"

    def citation(self, passage: str, *, answer: str, number: int, fragment: bool = True) -> str:
        return f"https://read.example.org/p/{passage}?a={answer}&n={number}" + "#cited" * fragment


@pytest.fixture
def cited(stage):
    """Answers rest on one clause of the first passage."""
    stage.answerer.script = lambda question: stage.library.quoted(question, "一万二千个")


async def opened(stage, room, *, mention=""):
    """Ask, and open the first source."""
    await room.says(f"{mention} 停车泊位建了多少？".strip())
    await room.hears()
    return await room.opens("[1]")


def replace_texts(stage, document_id, sentences):
    """Let the library hold other texts, as after a re-index."""
    new = library_of(document_id, sentences)
    stage.library.held[:], stage.library.cut[:] = new.held, new.cut


def buttons(message):
    return [one for row in message["reply_markup"]["inline_keyboard"] for one in row]


def the_button(message, label):
    (found,) = [one for one in buttons(message) if one["text"] == label]
    return found


def stored(stage):
    store = Store.open(stage.home / "bot.db")
    try:
        return store.votes.recent(7, limit=9), store.votes.total(7)
    finally:
        store.close()


# -- the card


async def test_a_card_has_ways_on_a_quotation_and_votes_and_no_full_text_without_a_reader(stage, cited):
    async with stage.running():
        card = await opened(stage, stage.room())
    assert shown(card) == [["[1]", "收起"], ["下一段 ▶"], ["📋 复制", *VOTES]]


async def test_the_full_text_opens_inside_telegram_in_private_and_by_link_in_groups(stage, cited):
    stage.parts["links"] = Pages()
    private, group = stage.room(), stage.room(chat=GROUP)
    async with stage.running():
        card = await opened(stage, private)
        url = the_button(card, "📖 全文")["web_app"]["url"]
        assert url.startswith("https://read.example.org/p/abcdefgh23-pppppp00?a=")
        assert url.endswith("&n=1")
        await private.taps("下一段 ▶", on=card)
        turned = await private.sees(card)
        assert (
            the_button(turned, "📖 全文")["web_app"]["url"]
            == "https://read.example.org/p/abcdefgh23-pppppp01"
        )
        card = await opened(stage, group, mention="@chengwen_test_bot")
        assert the_button(card, "📖 全文")["url"].endswith("&n=1#cited")


async def test_a_source_tapped_twice_opens_once_in_its_answer_and_folds_away_again(stage, cited):
    room = stage.room()
    stage.proxy.expected = "message is not modified"
    async with stage.running():
        await room.says("停车泊位建了多少？")
        answer = await room.hears()
        card = await room.opens("[1]")
        assert card["text"].startswith("一万二千个[1]\n[1] 清河市 · 《把一座城过成一家人》")
        await room.taps("[1]", on=card)
        await stage.proxy.until(lambda: len(stage.proxy.made("editMessageText")) == 2)
        folded = await room.opens("收起", on=card)
    assert len(room.said()) == 1
    assert [folded[name] for name in ("text", "entities")] == [answer[name] for name in ("text", "entities")]
    assert shown(folded)[0][0] == "[1]"


async def test_the_passage_is_folded_under_its_sentence_with_place_year_and_title(stage):
    room = stage.room()
    first, second, _ = SENTENCES
    stage.answerer.script = lambda question: stage.library.quoted(question, first[:12], second)
    async with stage.running():
        await room.says("停车泊位建了多少？")
        answer = await room.hears()
    where = "清河市 · 2021年 · 《把一座城过成一家人》"
    assert answer["text"].splitlines() == [
        f"{first[:12]}[1]",
        f"[1] {where}",
        first,
        f"{second}[2]",
        f"[2] {where}",
        second,
    ]
    assert [one["type"] for one in answer["entities"]].count("expandable_blockquote") == 2
    assert bold(answer) == [first[:12], second]
    assert shown(answer) == [["[1]", "[2]", "分享"]]


async def test_of_an_endless_passage_the_cited_words_are_shown_with_what_stands_around_them(stage):
    words = "这就是作答时引用的那几个字"
    stage.library = library_of(sentences=["路，" * 20_000 + words + "，" + "桥，" * 20_000 + "完。"])
    stage.answerer.script = lambda question: stage.library.quoted(question, words)
    async with stage.running():
        card = await opened(stage, stage.room())
    assert bold(card)[-1] == words
    assert units(card["text"]) <= 4096


async def test_a_link_opens_a_passage_by_itself_to_be_read_on_and_quoted(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/start s_abcdefgh23-pppppp01")
        card = await room.hears()
        assert card["text"].endswith(SENTENCES[1])
        assert card["text"].startswith("清河市 · 《把一座城过成一家人》")
        assert shown(card) == [["◀ 上一段", "下一段 ▶"], ["📋 复制"]]
        await room.taps("下一段 ▶", on=card)
        card = await room.sees(card)
        assert card["text"].endswith(SENTENCES[2])
        assert the_button(card, "📋 复制")["copy_text"]["text"].startswith(f"“{SENTENCES[2]}”")
        await room.says("/start s_abcdefgh23-gone")
        assert "找不到" in (await room.hears())["text"]
    assert stage.answerer.asked == []


@pytest.mark.parametrize("payload", ["s_" + 60 * "x", "s_a:b", "s_", "c__1", "c_" + 50 * "x" + "_1", "s_一"])
async def test_a_link_of_another_form_leads_nowhere_and_the_person_is_told(stage, payload):
    room = stage.room()
    async with stage.running():
        await room.says(f"/start {payload}")
        assert "找不到" in (await room.hears())["text"]


# -- quoting


async def test_a_quotation_tells_where_its_words_stand_and_can_be_copied(stage, cited):
    stage.parts["links"] = Pages()
    room = stage.room()
    async with stage.running():
        card = await opened(stage, room)
    where = "清河市《把一座城过成一家人》（2021-06-03），" + "，".join(HEADINGS)
    assert the_button(card, "📋 复制")["copy_text"] == {"text": f"“一万二千个”\n——{where}"}
    assert "web_app" in the_button(card, "📖 全文")


async def test_a_neighbour_that_was_turned_to_is_quoted_itself(stage, cited):
    room = stage.room()
    async with stage.running():
        card = await opened(stage, room)
        card = await room.opens("下一段 ▶", on=card)
    assert the_button(card, "📋 复制")["copy_text"]["text"].startswith(f"“{SENTENCES[1]}”")


async def test_a_quotation_too_long_for_a_button_comes_as_a_message(stage):
    stage.library = library_of(sentences=["好" * 300 + "。"])
    stage.answerer.script = lambda question: stage.library.quoted(question, "好" * 300)
    room = stage.room()
    async with stage.running():
        card = await opened(stage, room)
        await room.taps("❝ 引用", on=card)
        quoted = await room.hears()
    assert quoted["text"].startswith("好" * 300)
    assert shown(quoted) == []


# -- votes


async def test_a_vote_counts_once_can_be_changed_and_shows_how_it_stands(stage, cited):
    room = stage.room()
    async with stage.running():
        card = await opened(stage, room)
        await room.taps("👍", on=card)
        card = await room.sees(card)
        assert shown(card)[-1][-2:] == ["👍 ✓", "👎"]
        await room.taps("👍 ✓", on=card)
        await stage.proxy.until(lambda: len(stage.proxy.made("answerCallbackQuery")) == 3)
        assert stage.proxy.made("answerCallbackQuery")[-1].given["text"] == "已经记过了。"
        await room.taps("👎", on=card)
        card = await room.sees(card)
        assert [shown(card)[-2][-2:], shown(card)[-1]] == [["👍", "👎 ✓"], REASONS]
        await room.taps("数字不对", on=card)
        card = await room.sees(card)
        assert shown(card)[-1] == ["数字不对 ✓", *REASONS[1:]]
        assert [one.reason for one in stored(stage)[0]] == [VoteReason.FIGURE]
        await room.taps("已过时", on=card)
        card = await room.sees(card)
        assert shown(card)[-1] == [*REASONS[:3], "已过时 ✓"]
        votes, tally = stored(stage)
        assert [(one.citation, one.is_up, one.reason) for one in votes] == [(1, False, VoteReason.OUTDATED)]
        assert (tally.up, tally.down) == (0, 1)
        await room.taps("👍", on=card)
        assert shown(await room.sees(card))[-1][-2:] == ["👍 ✓", "👎"]


async def test_a_vote_stands_under_the_neighbours_too_and_after_a_restart(stage, cited):
    room = stage.room()
    async with stage.running():
        card = await opened(stage, room)
        await room.taps("👍", on=card)
        card = await room.sees(card)
    async with stage.running():
        await room.taps("下一段 ▶", on=card)
        card = await room.sees(card)
        assert shown(card)[-1][-2:] == ["👍 ✓", "👎"]
        await room.taps("👎", on=card)
        card = await room.sees(card)
        assert SENTENCES[1] in card["text"]
        assert shown(card)[:2] == [["[1]", "收起"], ["◀ 上一段", "下一段 ▶"]]
    assert stored(stage)[1].down == 1


async def test_in_a_group_votes_are_counted(stage, cited):
    room, other = stage.room(chat=GROUP), stage.room(chat=GROUP, person=Person(first_name="旁人"))
    async with stage.running():
        card = await opened(stage, room, mention="@chengwen_test_bot")
        for one, label in ((room, "👍"), (other, "👍 1")):
            await one.taps(label, on=card)
            card = await room.sees(card)
        assert shown(card)[-1][-2:] == ["👍 2", "👎"]
        await other.taps("👎", on=card)
        card = await room.sees(card)
        assert [shown(card)[-2][-2:], shown(card)[-1]] == [["👍 1", "👎 1"], REASONS]


# -- texts that have changed


async def test_a_passage_cut_anew_is_found_by_its_words_in_the_same_text(stage, cited):
    stage.parts["links"] = Pages()
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        replace_texts(stage, "abcdefgh23", ("新加的开头。", SENTENCES[0] + SENTENCES[1], SENTENCES[2]))
        stage.library.cut[:] = [
            type(one)(**{name: getattr(one, name) for name in one.__slots__} | {"id": one.id + "x"})
            for one in stage.library.cut
        ]
        card = await room.opens("[1]")
    assert "\n材料更新过，这段话现在在这里：\n[1] 清河市" in card["text"]
    assert bold(card)[-1] == "一万二千个"
    assert shown(card)[1] == ["◀ 上一段", "下一段 ▶"]
    assert "abcdefgh23-pppppp00?a=" in the_button(card, "📖 全文")["web_app"]["url"]


async def test_words_that_went_to_another_text_are_shown_there(stage, cited):
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        replace_texts(stage, "zyxwvuts77", SENTENCES)
        stage.library.held[0] = type(stage.library.held[0])(
            id="zyxwvuts77", source="x", text="".join(SENTENCES), title="转载", place="清河市"
        )
        card = await room.opens("[1]")
        assert "\n原来的材料已经撤下，这段话现在见于这一篇：\n[1] 清河市 · 《转载》" in card["text"]
        assert bold(card)[-1] == "一万二千个"
        await room.taps("下一段 ▶", on=card)
        card = await room.sees(card)
        assert SENTENCES[1] in card["text"]
        await room.taps("[1]", on=card)
        assert "转载" in (await room.sees(card))["text"]


async def test_a_sentence_that_was_changed_is_shown_as_it_reads_now(stage):
    stage.parts["links"] = Pages()
    stage.answerer.script = lambda question: stage.library.quoted(question, SENTENCES[0])
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        replace_texts(stage, "zyxwvuts77", ("全市新建停车泊位一万三千个，老城区停车难有了缓解。",))
        card = await room.opens("[1]")
    assert "\n材料更新过，这句话改动了" in card["text"]
    assert "一万三千个" in card["text"]
    assert bold(card)[-1] == "老城区停车难有了缓解"
    assert the_button(card, "📖 全文")["web_app"]["url"].endswith("/p/zyxwvuts77-pppppp00")


async def test_words_that_stand_nowhere_any_more_are_told_to_be_gone_and_can_still_be_quoted(stage, cited):
    stage.parts["links"] = Pages()
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        replace_texts(stage, "zyxwvuts77", ("别的话。",))
        card = await room.opens("[1]")
        assert "已经不在原处" in card["text"]
        assert "一万二千个" in card["text"]
        assert shown(card) == [["[1]", "收起"], ["📋 复制", *VOTES]]
    assert the_button(card, "📋 复制")["copy_text"]["text"].startswith("“一万二千个”\n——清河市")


async def test_a_source_speaks_the_language_of_its_answer_and_a_tap_is_thanked_in_the_persons(stage, cited):
    room = stage.room(person=Person(language_code="en"))
    async with stage.running():
        card = await opened(stage, room)
        await room.taps("👎", on=card)
        card = await room.sees(card)
    assert [one for one in shown(card)[0] if not one.startswith("[")] == ["收起"]
    assert shown(card)[-1] == ["数字不对", "出处不对", "没答全", "已过时"]
    assert stage.proxy.made("answerCallbackQuery")[-1].given["text"].startswith("Noted")


async def test_a_tap_with_data_that_is_none_of_ours_is_told_so(stage, cited):
    room = stage.room()
    async with stage.running():
        card = await opened(stage, room)
        for data in ("sv:u", "sv:z:x:1", "sv:u::0:abc", "sc:x", "sm:x", "sq:x", "sv", "s:::::"):
            the_button(card, "👍")["callback_data"] = data
            before = len(stage.proxy.made("answerCallbackQuery"))
            await room.taps("👍", on=card)
            await stage.proxy.until(lambda: len(stage.proxy.made("answerCallbackQuery")) > before)  # noqa: B023
            told = stage.proxy.made("answerCallbackQuery")[-1]
            assert "找不到" in told.given["text"]
            assert parameters(told, "show_alert") is True
    assert len(room.said()) == 1
