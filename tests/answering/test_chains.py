from __future__ import annotations

import asyncio
import re
import threading
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from pydantic import TypeAdapter

from answering import Answer, Outcome, Turn
from answering.langchain_chain import PassageRetriever, ProvedAnswers
from answering.runtime.sync_bridge import Background
from answering.values.events import Done, Said, Stage, Step
from bot.langchain_chain import told
from bot.presentation.passage_search import PassageSearcher

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence

    from answering import Answerer
    from answering.values.events import Event
    from retrieval import Library

QUESTION = "绍兴市新增停车位多少个？"


@pytest.fixture
def background() -> Iterator[Background]:
    background = Background()
    yield background
    background.close()


@pytest.fixture
def chain(answerer: Answerer, background: Background) -> ProvedAnswers:
    return ProvedAnswers(answerer, background)


@pytest.fixture
def retriever(library: Library) -> PassageRetriever:
    return PassageRetriever(finder=PassageSearcher(library))


# -- the retriever


def test_a_document_is_a_passage_with_where_it_stands(retriever: PassageRetriever, library: Library) -> None:
    found = retriever.invoke(QUESTION)[0]
    told = found.metadata
    assert (told["place"], told["year"], told["title"]) == ("绍兴市", 2022, "水城的日常")
    assert told["heading"] == ["二、护好老城"]
    whole = library.document(told["document"])
    assert whole is not None
    assert whole.text[told["start"] : told["end"]] == found.page_content
    assert "停车位近2万个" in found.page_content
    assert found.id == told["passage"]
    assert told["score"] > 0


def test_the_places_and_years_of_the_question_are_hard_limits(retriever: PassageRetriever) -> None:
    assert {one.metadata["place"] for one in retriever.invoke("绍兴市的停车位")} == {"绍兴市"}
    assert retriever.invoke("上海市的停车位") == []
    assert {one.metadata["year"] for one in retriever.invoke("2022年的停车位")} == {2022}


def test_limits_that_are_set_go_before_those_of_the_words(retriever: PassageRetriever) -> None:
    narrow = retriever.model_copy(update={"places": ("温州市",), "k": 1})
    assert [one.metadata["place"] for one in narrow.invoke("绍兴市的森林覆盖率")] == ["温州市"]
    assert retriever.model_copy(update={"years": (1999,)}).invoke(QUESTION) == []


def test_where_all_places_are_asked_of_each_has_its_share(retriever: PassageRetriever) -> None:
    found = retriever.model_copy(update={"k": 3}).invoke("哪个城市的停车位最多？")
    assert {one.metadata["place"] for one in found} == {"绍兴市", "宁波市", "温州市"}


async def test_it_works_in_an_event_loop_and_in_other_chains(retriever: PassageRetriever) -> None:
    assert await retriever.ainvoke(QUESTION) == retriever.invoke(QUESTION)
    both = {"question": RunnablePassthrough(), "context": retriever} | RunnableLambda(
        lambda given: (given["question"], given["context"][0].metadata["place"])
    )
    assert await both.ainvoke(QUESTION) == (QUESTION, "绍兴市")


def test_what_finds_is_neither_shown_nor_written_out(retriever: PassageRetriever) -> None:
    assert "PassageSearcher" not in repr(retriever)
    assert "finder" not in retriever.model_dump()


# -- the chain


def test_a_question_comes_to_its_answer(chain: ProvedAnswers) -> None:
    answer = chain.invoke(QUESTION)
    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.ANSWERED
    assert "近2万个" in answer.statements[0].text
    assert answer.citations[0].place == "绍兴市"


@pytest.mark.parametrize(
    "history",
    [
        [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "近2万个。"}],
        (Turn(role="user", content=QUESTION), Turn(role="assistant", content="近2万个。")),
        [SystemMessage("Be brief."), HumanMessage(QUESTION), AIMessage("近2万个。")],
    ],
    ids=["records", "turns", "messages"],
)
def test_a_follow_up_takes_what_it_lacks_from_the_history(chain: ProvedAnswers, history: object) -> None:
    answer = chain.invoke({"question": "那宁波市呢？", "history": history})
    assert "1.1万个" in answer.statements[0].text


@pytest.mark.parametrize(
    "given",
    [
        {"history": []},
        {"question": 7},
        {"question": "x", "mood": "fine"},
        {"question": "x", "history": [{"role": "system", "content": "y"}]},
        {"question": "x", "history": "y"},
        None,
    ],
)
def test_what_is_no_question_is_refused(chain: ProvedAnswers, given: object) -> None:
    with pytest.raises(ValueError, match="Asked"):
        chain.invoke(given)


@pytest.mark.parametrize(
    "given",
    [
        {"messages": [HumanMessage(QUESTION), AIMessage("近2万个。"), HumanMessage("那宁波市呢？")]},
        {"messages": [("user", QUESTION), ("assistant", "近2万个。"), ("user", "那宁波市呢？")]},
        [HumanMessage(QUESTION), AIMessage("近2万个。"), HumanMessage("那宁波市呢？")],
    ],
    ids=["messages", "pairs", "bare"],
)
def test_messages_are_a_question_with_its_conversation(chain: ProvedAnswers, given: object) -> None:
    assert "1.1万个" in chain.invoke(given).text


def test_an_answer_has_text_and_goes_through_a_parser(answerer: Answerer, background: Background) -> None:
    chain = ProvedAnswers(answerer, background, told)
    assert "近2万个" in chain.invoke(QUESTION).text
    assert (chain | StrOutputParser()).invoke(QUESTION) == chain.invoke(QUESTION).text
    silent = chain.invoke("上海市有多少人？")
    assert silent.outcome is Outcome.NOT_IN_CORPUS
    assert "上海" in silent.text


async def test_a_tool_gives_the_text_with_its_sources(answerer: Answerer, background: Background) -> None:
    tool = ProvedAnswers(answerer, background, told).as_tool()
    assert set(tool.args) == {"question"}
    said = tool.invoke({"question": QUESTION})
    assert "近2万个" in said
    assert "[1] 《水城的日常》（2022）" in said
    assert await tool.ainvoke({"question": QUESTION}) == said


def test_a_call_may_ask_for_fewer_passages(retriever: PassageRetriever) -> None:
    assert len(retriever.invoke("停车位", k=2)) == 2


def test_the_agent_of_the_docs_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    docs = (Path(__file__).parents[2] / "docs" / "chains.md").read_text(encoding="utf-8")
    code = next(
        block for block in re.findall(r"```python\n(.*?)```", docs, re.DOTALL) if "langgraph" in block
    )
    monkeypatch.setenv("CHENGWEN_HOME", str(tmp_path))
    monkeypatch.setenv("EMBEDDINGS", "none")
    exec(compile(code, "docs/chains.md", "exec"), {"__name__": "docs"})
    assert re.search(r"停车.*\d.*\[1\]", capsys.readouterr().out, re.DOTALL)


def test_a_batch_keeps_its_order_and_knows_no_event_loop(chain: ProvedAnswers) -> None:
    outcomes = [one.outcome for one in chain.batch([QUESTION, "你好", "上海市有多少人？"])]
    assert outcomes == [Outcome.ANSWERED, Outcome.OUT_OF_SCOPE, Outcome.NOT_IN_CORPUS]


async def test_within_an_event_loop_everything_works_as_well(chain: ProvedAnswers) -> None:
    first, second = await chain.abatch([QUESTION, "你好"])
    assert (first.outcome, second.outcome) == (Outcome.ANSWERED, Outcome.OUT_OF_SCOPE)
    assert (await chain.ainvoke(QUESTION)).statements == first.statements
    assert chain.invoke(QUESTION).statements == first.statements  # as a notebook does


async def test_a_stream_ends_with_the_answer(chain: ProvedAnswers) -> None:
    events = [event async for event in chain.astream(QUESTION)]
    assert events[0] == Step(stage=Stage.SEARCHING)
    assert isinstance(events[-1], Done)
    assert events[-1].answer.outcome is Outcome.ANSWERED
    assert [type(event) for event in chain.stream(QUESTION)] == [type(event) for event in events]


def test_both_types_are_told_as_schemas(chain: ProvedAnswers) -> None:
    asked = chain.get_input_jsonschema()
    assert {"type": "string"} in asked["anyOf"]
    assert set(asked["$defs"]["Asked"]["properties"]) == {"question", "history"}
    told = chain.get_output_jsonschema()
    assert {"statements", "citations", "outcome", "trace"} <= set(told["$defs"]["Answer"]["properties"])
    adapter = TypeAdapter(Answer)
    answer = chain.invoke(QUESTION)
    assert adapter.validate_json(adapter.dump_json(answer)) == answer


async def test_the_next_step_of_a_chain_gets_the_answer_however_the_chain_is_run(
    chain: ProvedAnswers,
) -> None:
    counted = chain | RunnableLambda(lambda answer: len(answer.statements))
    assert counted.invoke(QUESTION) == 1
    assert await counted.ainvoke(QUESTION) == 1
    assert list(counted.stream(QUESTION)) == [1]
    assert [count async for count in counted.astream(QUESTION)] == [1]
    asking = RunnableLambda(lambda city: f"{city}新增停车位多少个？") | counted
    assert asking.invoke("绍兴市") == 1


async def test_a_chain_around_it_hears_of_its_events(chain: ProvedAnswers) -> None:
    counted = chain | RunnableLambda(lambda answer: len(answer.statements))
    heard = [event async for event in counted.astream_events(QUESTION, version="v2")]
    ours = [one["data"] for one in heard if one["event"] == "on_custom_event" and one["name"] == "chengwen"]
    assert ours[0] == Step(stage=Stage.SEARCHING)


# -- work that is stopped, and work that fails


class Slow:
    """Says something at once, then thinks for a long time, in one task or not at all."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.trouble = trouble
        self.ended = threading.Event()

    async def stream(self, question: str, history: Sequence[Turn] = ()) -> AsyncGenerator[Event, None]:
        try:
            async with asyncio.timeout(30):
                yield Step(stage=Stage.SEARCHING)
                if self.trouble is not None:
                    raise self.trouble
                yield Step(stage=Stage.WRITING)
                await asyncio.sleep(29)
        finally:
            self.ended.set()


async def test_closing_a_stream_ends_the_work(background: Background) -> None:
    slow = Slow()
    async with aclosing(ProvedAnswers(slow, background).astream(QUESTION)) as events:
        async for event in events:
            if event == Step(stage=Stage.WRITING):
                break
    assert slow.ended.is_set()


async def test_cancelling_a_question_ends_the_work(background: Background) -> None:
    slow = Slow()
    task = asyncio.create_task(ProvedAnswers(slow, background).ainvoke(QUESTION))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert slow.ended.is_set()


def test_leaving_a_stream_without_an_event_loop_ends_the_work_as_well(background: Background) -> None:
    slow = Slow()
    events = ProvedAnswers(slow, background).stream(QUESTION)
    next(events)
    events.close()
    assert slow.ended.wait(5)


def test_what_runs_when_the_door_is_closed_is_ended() -> None:
    background, slow = Background(), Slow()
    events = ProvedAnswers(slow, background).stream(QUESTION)
    next(events)
    background.close()
    assert slow.ended.is_set()


async def test_an_error_comes_through_as_it_is(background: Background) -> None:
    chain = ProvedAnswers(Slow(LookupError("gone")), background)
    with pytest.raises(LookupError, match="gone"):
        chain.invoke(QUESTION)
    with pytest.raises(LookupError, match="gone"):
        await chain.ainvoke(QUESTION)
    with pytest.raises(LookupError, match="gone"):
        list(chain.stream(QUESTION))
    with pytest.raises(LookupError, match="gone"):
        assert not [event async for event in chain.astream(QUESTION) if isinstance(event, Said)]
