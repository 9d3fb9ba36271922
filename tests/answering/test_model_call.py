"""Nobody waits too long for a model, asks it too often, or spends too much; and every token is put down."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from chat_server import NEVER, cuts, fails, hangs, page, say, serving, stalls, thinks

from answering.llm.budget import Tally, prompt_tokens
from answering.llm.circuit_breaker import Breaker
from answering.llm.clients import Endpoint
from answering.llm.guarded_model import Budgets, GuardedModel
from answering.llm.langchain_model import LangChainModel
from answering.llm.protocol import ChatMessage, Piece, Role, Usage
from answering.llm.timeouts import Limits
from answering.values.errors import (
    BudgetSpent,
    LedgerBroken,
    ModelBroken,
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelResting,
    ModelSlow,
)
from retrieval.text import tokens

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from answering.llm.protocol import ChatModel

ASKED = (ChatMessage(role=Role.USER, content="吉林市新增了多少停车位？"),)
PROMPT = prompt_tokens(ASKED)
# The limit that a test is about is short, the others are out of its way on a machine with much else to do.
AMPLE = Limits(first=60.0, gap=60.0, whole=120.0)
SOON = 30.0  # seconds for what is to be at once
LONG = "新建停车位2.8万余个。" * 100


class Clock:
    """A clock that a test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def guarded(url: str, **more: Any) -> GuardedModel:
    return GuardedModel(LangChainModel(Endpoint(model="m", base_url=url)), **{"limits": AMPLE} | more)


class Counted(LangChainModel):
    """A model that counts the pieces it told, thoughts among them."""

    def __init__(self, url: str) -> None:
        super().__init__(Endpoint(model="m", base_url=url))
        self.told = 0

    async def stream(self, messages: Any, *, limit: int) -> AsyncGenerator[Piece, None]:
        async with aclosing(super().stream(messages, limit=limit)) as pieces:
            async for piece in pieces:
                self.told += 1
                yield piece

    async def has_told(self, pieces: int) -> None:
        async with asyncio.timeout(SOON):
            while self.told < pieces:  # noqa: ASYNC110 - the stream's own task fills it
                await asyncio.sleep(0.01)


async def heard(model: ChatModel, *, limit: int = 100) -> tuple[str, Usage | None]:
    text, usage = "", None
    async with aclosing(model.stream(ASKED, limit=limit)) as pieces:
        async for piece in pieces:
            text += piece.text
            usage = piece.usage or usage
    return text, usage


async def begun(model: ChatModel) -> Any:
    """Return a stream of which one piece was heard."""
    stream = model.stream(ASKED, limit=100)
    await anext(stream)
    return stream


# -- time


@pytest.mark.parametrize(
    ("reply", "limits", "setting"),
    [
        (hangs(), replace(AMPLE, first=1.5), "CHAT_FIRST_TIMEOUT"),
        (say("好", first=NEVER), replace(AMPLE, first=1.5), "CHAT_FIRST_TIMEOUT"),
        (stalls("半"), replace(AMPLE, gap=0.4), "停了 0.4 秒"),
    ],
    ids=["mute", "slow first word", "stalled"],
)
async def test_a_model_that_keeps_silent_is_given_up_and_hung_up_on(
    reply: Any, limits: Limits, setting: str
) -> None:
    with serving(reply) as server:
        with pytest.raises(ModelSlow, match=setting):
            await heard(guarded(server.url, limits=limits))
        assert server.requests[0].gone.wait(SOON)
    assert len(server.requests) == 1  # who kept us waiting once is not waited for again


async def test_a_model_that_never_ends_is_given_up() -> None:
    with serving(say(LONG, size=1, pause=0.05, endless=True)) as server:
        began = time.monotonic()
        with pytest.raises(ModelSlow, match="CHAT_TIMEOUT"):
            await heard(guarded(server.url, limits=replace(AMPLE, whole=1.5)))
        assert time.monotonic() - began > 1.4
        assert server.requests[0].gone.wait(SOON)


async def test_a_model_that_thinks_has_begun() -> None:
    with (
        serving(thinks("想" * 4, "好[1]。", pause=NEVER)) as server,
        pytest.raises(ModelSlow, match=r"停了 0.5 秒"),
    ):
        await heard(guarded(server.url, limits=replace(AMPLE, gap=0.5)))


async def test_a_face_that_is_slow_to_show_costs_the_model_nothing() -> None:
    with serving(say("一二三", size=1)) as server:
        text, limits = "", replace(AMPLE, gap=1.0)
        async with aclosing(guarded(server.url, limits=limits).stream(ASKED, limit=9)) as pieces:
            async for piece in pieces:
                text += piece.text
                await asyncio.sleep(1.1)
    assert text == "一二三"


# -- tries


@pytest.mark.parametrize("fault", [fails(500), fails(503, html=True), fails(429, after=0), cuts("")])
async def test_what_may_work_again_is_tried_again(fault: Any) -> None:
    with serving(fault, fault, say("好")) as server:
        assert (await heard(guarded(server.url)))[0] == "好"
    assert len(server.requests) == 3


async def test_tries_come_to_an_end_and_the_last_error_is_told() -> None:
    with serving(fails(500), fails(429), fails(503)) as server, pytest.raises(ModelBroken, match="503"):
        await heard(guarded(server.url, retries=2))
    assert len(server.requests) == 3


async def test_none_is_tried_again_where_none_is_wanted() -> None:
    with serving(fails(500)) as server, pytest.raises(ModelBroken):
        await heard(guarded(server.url, retries=0))
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "fault",
    [fails(401), fails(404), fails(400), page(), fails(429, code="insufficient_quota")],
    ids=["key", "model", "request", "page", "quota"],
)
async def test_what_will_not_work_again_is_not_tried_again(fault: Any) -> None:
    with serving(fault) as server, pytest.raises(ModelError):
        await heard(guarded(server.url))
    assert len(server.requests) == 1


async def test_the_server_is_left_alone_for_as_long_as_it_asked() -> None:
    with serving(fails(429, after=2), say("好")) as server:
        assert (await heard(guarded(server.url)))[0] == "好"
    first, second = server.requests
    assert second.at - first.at >= 2.0


async def test_nobody_waits_for_a_server_that_asks_for_long() -> None:
    with serving(fails(429, after=600), say("好")) as server:
        began = time.monotonic()
        with pytest.raises(ModelBusy):
            await heard(guarded(server.url))
        assert time.monotonic() - began < SOON
    assert len(server.requests) == 1


async def test_pauses_grow() -> None:
    with serving(fails(500)) as server, pytest.raises(ModelBroken):
        await heard(guarded(server.url, retries=2))
    one, two, three = (asked.at for asked in server.requests)
    assert two - one >= 0.5
    assert three - two >= 1.0


async def test_after_a_first_word_nothing_is_tried_again() -> None:
    with serving(cuts("半句"), say("好")) as server:
        async with aclosing(guarded(server.url).stream(ASKED, limit=9)) as pieces:
            assert (await anext(pieces)).text == "半句"
            with pytest.raises(ModelBroken, match="断了"):
                await anext(pieces)
    assert len(server.requests) == 1


# -- rest


async def test_a_sick_server_is_left_alone_and_then_tried_by_one_call() -> None:
    clock = Clock()
    breaker = Breaker(failures=2, pause=30, clock=clock)
    with serving(fails(500), fails(500), fails(500), say("好")) as server:
        model = guarded(server.url, retries=0, breaker=breaker)
        for _ in range(2):
            with pytest.raises(ModelBroken):
                await heard(model)
        with pytest.raises(ModelResting, match="30 秒"):
            await heard(model)
        assert len(server.requests) == 2
        clock.now += 31  # half open: one call finds it still sick, and it rests again
        with pytest.raises(ModelBroken):
            await heard(model)
        with pytest.raises(ModelResting):
            await heard(model)
        clock.now += 31
        assert (await heard(model))[0] == "好"
        assert (await heard(model))[0] == "好"
    assert len(server.requests) == 5


async def test_while_one_call_tries_a_sick_server_no_other_does() -> None:
    clock = Clock()
    with serving(fails(500), say(LONG, pause=0.02, endless=True), say("好")) as server:
        model = guarded(server.url, retries=0, breaker=Breaker(failures=1, pause=30, clock=clock))
        with pytest.raises(ModelBroken):
            await heard(model)
        clock.now += 31
        trial = await begun(model)
        with pytest.raises(ModelResting):
            await heard(model)
        await trial.aclose()  # given up: it told nothing, and the next one may try
        assert (await heard(model))[0] == "好"


@pytest.mark.parametrize(
    "fault", [fails(401), fails(400, "maximum context length"), say("好", finish="content_filter")]
)
async def test_a_server_that_answers_no_is_not_sick(fault: Any) -> None:
    with serving(fault) as server:
        model = guarded(server.url, retries=0, breaker=Breaker(failures=2))
        for _ in range(4):
            with pytest.raises(ModelError) as raised:
                await heard(model)
            assert not isinstance(raised.value, ModelResting)


async def test_failures_count_only_in_a_row() -> None:
    with serving(fails(500), say("好"), fails(500), say("好")) as server:
        model = guarded(server.url, retries=0, breaker=Breaker(failures=2))
        for well in (False, True, False, True):
            if well:
                assert (await heard(model))[0] == "好"
            else:
                with pytest.raises(ModelBroken):
                    await heard(model)


# -- what it costs


async def test_the_servers_own_count_is_put_down() -> None:
    ledger = Tally()
    with serving(say("好", usage=(500, 20))) as server:
        _, usage = await heard(guarded(server.url, ledger=ledger))
    assert usage == Usage(prompt=500, completion=20)
    assert ledger.spent() == 520


async def test_a_server_that_does_not_count_is_counted_for() -> None:
    ledger = Tally()
    with serving(say("新建停车位2.8万余个。")) as server:
        model = LangChainModel(Endpoint(model="m", base_url=server.url, stream_usage=False))
        _, usage = await heard(GuardedModel(model, ledger=ledger))
    assert usage is not None
    assert usage.counted == tokens.method()
    assert usage.prompt == PROMPT
    assert usage.completion == tokens.count("新建停车位2.8万余个。")
    assert ledger.spent() == usage.total


async def test_the_usage_comes_last_and_texts_before_it() -> None:
    with serving(thinks("想一想想一想", "好的", size=1)) as server:
        async with aclosing(guarded(server.url).stream(ASKED, limit=9)) as pieces:
            got = [piece async for piece in pieces]
    assert got[:-1] == [Piece(text="好"), Piece(text="的")]
    assert (got[-1].text, got[-1].usage is not None) == ("", True)


async def test_a_cancelled_call_is_put_down_with_what_was_heard() -> None:
    ledger = Tally()
    with serving(say(LONG, size=5, pause=0.02, endless=True)) as server:
        model = Counted(server.url)
        task = asyncio.create_task(heard(GuardedModel(model, limits=AMPLE, ledger=ledger)))
        await model.has_told(5)
        assert ledger.spent() == PROMPT + 100  # reserved while under way
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert server.requests[0].gone.wait(SOON)
    assert PROMPT < ledger.spent() < PROMPT + 1000
    assert ledger.spent() != PROMPT + 100


async def test_a_call_cancelled_before_a_word_costs_its_prompt() -> None:
    ledger = Tally()
    with serving(hangs()) as server:
        task = asyncio.create_task(heard(guarded(server.url, ledger=ledger)))
        while not server.requests:  # noqa: ASYNC110 - another thread fills it
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert ledger.spent() == PROMPT


async def test_a_closed_stream_is_hung_up_on_and_put_down_before_it_is_closed() -> None:
    ledger = Tally()
    with serving(say(LONG, pause=0.02, endless=True)) as server:
        stream = await begun(guarded(server.url, ledger=ledger))
        await stream.aclose()
        assert server.requests[0].gone.wait(SOON)
    assert PROMPT < ledger.spent() < PROMPT + 50


async def test_a_stream_that_was_cut_costs_what_was_heard_and_a_refused_call_nothing() -> None:
    ledger = Tally()
    with serving(fails(429), fails(401)) as server:
        with pytest.raises(ModelRefused):
            await heard(guarded(server.url, ledger=ledger))
        assert (ledger.spent(), len(server.requests)) == (0, 2)
    with serving(cuts("半句话")) as server, pytest.raises(ModelBroken):
        await heard(guarded(server.url, ledger=ledger))
    assert ledger.spent() == PROMPT + tokens.count("半句话")


async def test_thoughts_of_a_cut_call_count_too() -> None:
    ledger = Tally()
    with serving(thinks("想" * 400, "好", pause=NEVER)) as server:
        model = Counted(server.url)
        task = asyncio.create_task(heard(GuardedModel(model, limits=AMPLE, ledger=ledger)))
        await model.has_told(95)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert ledger.spent() >= PROMPT + 90  # a hundred pieces of thought


# -- budgets


async def test_all_calls_of_a_question_draw_on_one_budget() -> None:
    budgets = Budgets(question=PROMPT * 2 + 150)
    with serving(say("好", usage=(PROMPT, 100))) as server:
        model = guarded(server.url, budgets=budgets)
        question = model.for_question()
        await heard(question, limit=100)
        with pytest.raises(BudgetSpent, match="CHAT_QUESTION_TOKENS") as raised:
            await heard(question, limit=100)
        assert raised.value.note == "note_budget_question"
        await heard(model.for_question(), limit=100)  # another question has its own
    assert len(server.requests) == 2


async def test_the_last_call_of_a_question_may_be_shorter() -> None:
    with serving(say("好")) as server:
        await heard(guarded(server.url, budgets=Budgets(question=PROMPT + 80)).for_question(), limit=500)
    assert server.requests[0].body["max_tokens"] == 80


async def test_a_day_has_its_budget_and_no_call_may_pass_it() -> None:
    ledger = Tally()
    with serving(say("好", usage=(PROMPT, 50))) as server:
        model = guarded(server.url, ledger=ledger, budgets=Budgets(day=PROMPT * 2 + 120))
        await heard(model, limit=60)
        await heard(model, limit=60)
        with pytest.raises(BudgetSpent, match="CHAT_DAY_TOKENS") as raised:
            await heard(model, limit=60)
        assert raised.value.note == "note_budget_day"
    assert ledger.spent() == 2 * (PROMPT + 50)
    assert len(server.requests) == 2


async def test_calls_at_once_do_not_pass_the_budget_together() -> None:
    with serving(say("好", first=0.3)) as server:
        model = guarded(server.url, budgets=Budgets(day=3 * (PROMPT + 60)))
        got = await asyncio.gather(*(heard(model, limit=60) for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(one, BudgetSpent) for one in got) == 5
    assert len(server.requests) == 3


async def test_a_spent_budget_does_not_pass_for_a_sick_server() -> None:
    with serving(say("好")) as server:
        model = guarded(server.url, budgets=Budgets(day=1), breaker=Breaker(failures=1))
        for _ in range(3):
            with pytest.raises(BudgetSpent):
                await heard(model)


class Torn(Tally):
    """A ledger that breaks where it is told to."""

    def __init__(self, *, torn: str) -> None:
        super().__init__()
        self._torn = torn

    def reserve(self, model: str, planned: Usage, *, within: int) -> int | None:
        if self._torn == "reserve":
            raise LedgerBroken("记录读不了。")
        return super().reserve(model, planned, within=within)

    def settle(self, number: int, usage: Usage) -> None:
        raise LedgerBroken("记录写不了。")


async def test_what_can_not_be_put_down_beforehand_is_not_spent() -> None:
    with serving(say("好")) as server, pytest.raises(LedgerBroken):
        await heard(guarded(server.url, ledger=Torn(torn="reserve")))
    assert not server.requests


async def test_an_answer_that_is_there_is_not_lost_for_a_torn_ledger() -> None:
    with serving(say("好")) as server:
        assert (await heard(guarded(server.url, ledger=Torn(torn="settle"))))[0] == "好"
