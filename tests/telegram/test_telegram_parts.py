"""The parts of the bot that can be seen without Telegram: lanes, buttons, store, what errors mean."""

from __future__ import annotations

import asyncio

import httpx
import pytest
import telegram.error
from hypothesis import given, settings
from hypothesis import strategies as st
from stage.texts import library_of

from answering.values.answer import Language
from bot.messages import messages
from bot.telegram.formatting import keyboards
from bot.telegram.sending.send_errors import MEANINGS, SendOutcome, meaning
from bot.telegram.updates.queue import SerialLanes

ids = st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=1)


# -- lanes


async def test_lanes_keep_order_within_and_run_side_by_side_up_to_their_width():
    done, running, most, all_done = [], set(), [], asyncio.Event()

    async def work(job):
        running.add(job)
        most.append(len(running))
        await asyncio.sleep(0)
        running.discard(job)
        done.append(job)
        if len(done) == 50:
            all_done.set()

    lanes = SerialLanes(work, width=3)
    for number in range(10):
        for lane in "abcde":
            lanes.put(lane, (lane, number))
    await asyncio.wait_for(all_done.wait(), 10)
    for lane in "abcde":
        assert [number for name, number in done if name == lane] == list(range(10))
    assert max(most) == 3


async def test_closed_lanes_end_what_was_begun_and_begin_nothing_more():
    gate, done = asyncio.Event(), []

    async def work(job):
        await gate.wait()
        done.append(job)

    lanes = SerialLanes(work, width=8)
    for job in range(3):
        lanes.put("a", job)
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(gate.set)
    assert await lanes.close(seconds=10) == 2
    assert done == [0]


async def test_closed_lanes_break_off_what_takes_too_long():
    async def work(job):
        await asyncio.Event().wait()

    lanes = SerialLanes(work, width=8)
    lanes.put("a", 1)
    lanes.put("b", 2)
    await asyncio.sleep(0)
    assert await lanes.close(seconds=0) == 2
    assert await SerialLanes(work, width=1).close(seconds=0) == 0


# -- buttons


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from("spr"),
    ids.filter(lambda text: len(text) <= 16),
    st.integers(1, 9999),
    ids.filter(lambda text: len(text) <= 40),
)
def test_what_a_button_carries_is_read_again_and_fits(act, answer, number, passage):
    source = keyboards.SourceRef(answer=answer, number=number, passage=passage)
    tap = source.tap(act)
    assert len(tap.data.encode()) <= 64
    assert keyboards.read(tap.data) == tap
    assert keyboards.SourceRef.read(tap) == source


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=64))
def test_anything_may_come_as_data_of_a_tap(data):
    tap = keyboards.read(data)
    assert tap is None or tap.data == data


def test_a_button_that_could_not_carry_its_data_is_not_made():
    with pytest.raises(ValueError, match="64 bytes"):
        _ = keyboards.SourceRef(answer="a" * 16, number=9999, passage="p" * 48).tap("p").data


@pytest.mark.parametrize(("count", "rows"), [(0, []), (1, [1]), (7, [7]), (8, [7]), (250, [7])])
def test_sources_take_one_row_in_which_a_dot_stands_for_the_rest(count, rows):
    citation = library_of().cite(1, "一万二千个")
    markup = keyboards.under("a", [citation] * count, offers={}, share=None)
    assert [len(row) for row in markup.inline_keyboard] == rows if markup else rows == []


def test_an_answer_has_two_rows_of_buttons_however_many_sources_and_questions_there_are():
    citation = library_of().cite(1, "一万二千个")
    offers = {"甲？": "1", "乙？": "2"}
    markups = [
        keyboards.under("a", [citation] * count, offers=offers, share="分享") for count in (1, 98, 100)
    ]
    for markup in markups:
        first, second = markup.inline_keyboard
        assert (first[0].text, first[-1].text) == ("[1]", "分享")
        assert [button.text for button in second] == ["甲？"]


# -- errors and words


def test_every_error_of_the_library_has_a_meaning():
    known = {
        kind
        for kind in vars(telegram.error).values()
        if isinstance(kind, type) and issubclass(kind, telegram.error.TelegramError)
    }
    assert known == set(MEANINGS)


@pytest.mark.parametrize(
    ("cause", "means"),
    [
        (httpx.ConnectError("x"), SendOutcome.LATER),
        (httpx.ConnectTimeout("x"), SendOutcome.LATER),
        (httpx.PoolTimeout("x"), SendOutcome.LATER),
        (httpx.ReadTimeout("x"), SendOutcome.UNSURE),
        (httpx.WriteTimeout("x"), SendOutcome.UNSURE),
        (httpx.ReadError("x"), SendOutcome.UNSURE),
        (httpx.RemoteProtocolError("x"), SendOutcome.UNSURE),
        (None, SendOutcome.UNSURE),
    ],
)
def test_a_call_that_never_left_may_be_made_again_and_one_that_left_may_not(cause, means):
    for kind in (telegram.error.TimedOut, telegram.error.NetworkError):
        error = kind("x")
        error.__cause__ = cause
        assert meaning(error) is means


def test_the_bots_own_messages_say_the_same_things_in_every_language():
    tables = [messages(language) for language in Language]
    for key in tables[0].texts:
        assert {table.names(key) for table in tables} == {tables[0].names(key)}
