from __future__ import annotations

import pytest
from town import HEADING, SENTENCES, Scripted, Town, parking

from answering.values.answer import Answer, Language, Outcome, Turn
from bot.messages import messages
from bot.presentation.example_questions import examples
from bot.presentation.rendering import plain
from bot.terminal.repl import ReplConversation, welcome


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def answerer(town: Town) -> Scripted:
    return parking(town)


@pytest.fixture
def conversation(town: Town, answerer: Scripted) -> ReplConversation:
    return ReplConversation(answerer, town, Language.HANS)


async def said(conversation: ReplConversation, text: str) -> str:
    return plain((await conversation.hear(text)).blocks)


async def test_an_answer_is_shown_with_where_each_source_stands(conversation: ReplConversation) -> None:
    told = await said(conversation, "停车位？")
    assert told == f"{SENTENCES[1]}[1]\n\n[1] 清河市 2021-06-03 · {HEADING}"


async def test_a_later_question_is_asked_with_the_turns_before_it(
    conversation: ReplConversation, answerer: Scripted
) -> None:
    await conversation.hear("停车位？")
    await conversation.hear("写首诗")
    await conversation.hear("那志愿者呢？")
    assert answerer.histories[0] == ()
    assert answerer.histories[1] == (
        Turn(role="user", content="停车位？"),
        Turn(role="assistant", content=f"{SENTENCES[1]}[1]"),
    )
    assert [turn.content for turn in answerer.histories[2] if turn.role == "user"] == ["停车位？", "写首诗"]


async def test_only_the_last_turns_are_remembered(conversation: ReplConversation, answerer: Scripted) -> None:
    for number in range(20):
        await conversation.hear(f"停车 {number}")
    assert len(answerer.histories[-1]) == 12
    assert answerer.histories[-1][-2].content == "停车 18"


async def test_new_forgets_the_turns_and_the_sources(
    conversation: ReplConversation, answerer: Scripted
) -> None:
    await conversation.hear("停车位？")
    await conversation.hear("/new")
    assert "没有出处" in await said(conversation, "/sources")
    await conversation.hear("停车位？")
    assert answerer.histories[-1] == ()


@pytest.mark.parametrize("text", ["/open 1", "/open", "/OPEN 1", "/打开 [1]", "／open　１", " /open  1 "])
async def test_open_shows_the_passage_with_its_heading_and_neighbours(
    conversation: ReplConversation, text: str
) -> None:
    await conversation.hear("停车位？")
    told = await said(conversation, text)
    assert HEADING in told
    assert [told.index(sentence) for sentence in SENTENCES] == sorted(map(told.index, SENTENCES))


@pytest.mark.parametrize("text", ["/open 2", "/open x", "/open ²", "/open 99999999999999999999"])
async def test_open_tells_which_numbers_there_are(conversation: ReplConversation, text: str) -> None:
    await conversation.hear("停车位？")
    assert "有：1" in await said(conversation, text)


async def test_open_of_a_passage_that_is_gone_shows_what_was_quoted(
    conversation: ReplConversation, town: Town
) -> None:
    await conversation.hear("停车位？")
    town.held.clear()
    told = await said(conversation, "/open 1")
    assert "已经不在" in told
    assert SENTENCES[1] in told


@pytest.mark.parametrize("text", ["/open 1", "/sources"])
async def test_without_an_answer_there_are_no_sources(conversation: ReplConversation, text: str) -> None:
    assert "没有出处" in await said(conversation, text)
    await conversation.hear("写首诗")
    assert "没有出处" in await said(conversation, text)


async def test_cities_lists_the_texts(conversation: ReplConversation, town: Town) -> None:
    assert "清河市 把一座城过成一家人 2021-06-03" in await said(conversation, "/cities")
    town.held.clear()
    assert "没有材料" in await said(conversation, "/cities")


async def test_lang_changes_what_the_program_says_and_not_the_answers(conversation: ReplConversation) -> None:
    assert "/lang en" in await said(conversation, "/lang")
    assert "/lang en" in await said(conversation, "/lang fr")
    assert "English" in await said(conversation, "/lang EN")
    assert (await said(conversation, "停车位？")).startswith(SENTENCES[1])
    assert "用繁體中文" in await said(conversation, "/lang 繁")


async def test_help_tells_every_command(conversation: ReplConversation) -> None:
    told = await said(conversation, "/help")
    assert not [name for name in conversation.commands if name not in told]


async def test_an_unknown_command_is_named_and_an_empty_line_says_nothing(
    conversation: ReplConversation,
) -> None:
    assert "/nope" in await said(conversation, "/nope now")
    assert await said(conversation, "  ") == ""


async def test_a_failure_gives_an_id_and_the_conversation_goes_on(conversation: ReplConversation) -> None:
    told = await said(conversation, "坏了")
    assert "编号" in told
    assert "hunter2" not in told
    assert SENTENCES[1] in await said(conversation, "停车位？")


async def test_quit_ends(conversation: ReplConversation) -> None:
    reply = await conversation.hear("/quit")
    assert reply.ends
    assert not (await conversation.hear("停车位？")).ends


async def test_an_answer_is_framed_in_its_own_language(town: Town) -> None:
    abroad = Answer(
        question="x",
        outcome=Outcome.NOT_IN_CORPUS,
        language=Language.EN,
        reason="not_found",
        details={"places": "清河市"},
    )
    conversation = ReplConversation(Scripted(lambda _: abroad), town, Language.HANS)
    assert "I searched" in await said(conversation, "What?")


def test_the_greeting_names_the_places_and_gives_examples(town: Town) -> None:
    said = messages(Language.HANS)
    told = plain(welcome(town, examples(town, said), said))
    assert "清河市" in told
    assert "清河市登记在册的志愿者达多少人？" in told
    assert "清河市讲了哪几个部分？" in told
    assert "清河市在“从小事做起”方面做了什么？" in told


@pytest.mark.parametrize("language", list(Language))
def test_without_texts_the_greeting_says_so(language: Language) -> None:
    said = messages(language)
    told = plain(welcome(Town(held={}), examples(Town(held={}), said), said))
    assert "chengwen ingest" in told
