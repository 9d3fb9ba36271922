"""The parts of the bot that can be seen without Telegram: lanes, buttons, store, what errors mean."""

from __future__ import annotations

import asyncio
import sqlite3

import httpx
import pytest
import telegram.error
from hypothesis import given, settings
from hypothesis import strategies as st
from stage.texts import library_of

from answering.answer import Answer, Language, Outcome, Statement
from bot.messages import messages
from bot.store import Part, Received, Store, StoreError, Talk
from bot.telegram import keyboards
from bot.telegram.errors import MEANINGS, Meaning, meaning
from bot.telegram.lanes import Lanes

TALK = Talk(bot=7, chat=1, person=2)
ids = st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=1)


@pytest.fixture
def store(home):
    store = Store.open(home / "bot.db")
    yield store
    store.close()


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

    lanes = Lanes(work, width=3)
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

    lanes = Lanes(work, width=8)
    for job in range(3):
        lanes.put("a", job)
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(gate.set)
    assert await lanes.close(seconds=10) == 2
    assert done == [0]


async def test_closed_lanes_break_off_what_takes_too_long():
    async def work(job):
        await asyncio.Event().wait()

    lanes = Lanes(work, width=8)
    lanes.put("a", 1)
    lanes.put("b", 2)
    await asyncio.sleep(0)
    assert await lanes.close(seconds=0) == 2
    assert await Lanes(work, width=1).close(seconds=0) == 0


# -- buttons


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from("spr"),
    ids.filter(lambda text: len(text) <= 16),
    st.integers(1, 9999),
    ids.filter(lambda text: len(text) <= 40),
)
def test_what_a_button_carries_is_read_again_and_fits(act, answer, number, passage):
    source = keyboards.Source(answer=answer, number=number, passage=passage)
    tap = source.tap(act)
    assert len(tap.data.encode()) <= 64
    assert keyboards.read(tap.data) == tap
    assert keyboards.Source.read(tap) == source


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=64))
def test_anything_may_come_as_data_of_a_tap(data):
    tap = keyboards.read(data)
    assert tap is None or tap.data == data


def test_a_button_that_could_not_carry_its_data_is_not_made():
    with pytest.raises(ValueError, match="64 bytes"):
        _ = keyboards.Source(answer="a" * 16, number=9999, passage="p" * 48).tap("p").data


@pytest.mark.parametrize(("count", "rows"), [(0, []), (1, [1]), (8, [8]), (9, [8, 1]), (250, [8] * 12 + [4])])
def test_a_row_has_at_most_eight_buttons_and_a_keyboard_a_hundred(count, rows):
    citation = library_of().cite(1, "一万二千个")
    markup = keyboards.sources("a", [citation] * count)
    assert [len(row) for row in markup.inline_keyboard] == rows if markup else rows == []


# -- store


def test_an_update_is_new_once_and_waits_until_it_is_finished(store):
    came = [Received(update_id=number, payload=f'{{"n":{number}}}') for number in (3, 1, 2)]
    assert store.inbox.receive(7, came) == tuple(came)
    assert store.inbox.receive(7, came) == ()
    assert store.inbox.receive(8, came[:1]) == (came[0],)
    store.inbox.begin(7, 1)
    store.inbox.finish(7, 2)
    assert [(one.update_id, one.attempts) for one in store.inbox.waiting(7)] == [(1, 1), (3, 0)]
    assert store.inbox.receive(7, came) == ()


def test_what_was_written_is_forgotten_when_it_is_dealt_with_and_the_update_in_time(store, home):
    store.inbox.receive(7, [Received(update_id=1, payload="secret words")])
    store.inbox.put_part(7, 1, 0, Part(state="sent", message_id=5))
    store.inbox.finish(7, 1)
    with sqlite3.connect(home / "bot.db") as database:
        assert database.execute("select payload from inbox").fetchall() == [("",)]
    database.close()
    store.inbox.prune(0)
    assert store.inbox.part(7, 1, 0) == Part(state="sent", message_id=5)
    store.inbox.prune(1e12)
    assert store.inbox.part(7, 1, 0) is None
    assert store.inbox.receive(7, [Received(update_id=1, payload="{}")])


def test_a_part_becomes_what_it_was_noted_as_last(store):
    assert store.inbox.part(7, 1, 0) is None
    for part in (Part(state="sending"), Part(state="sent", message_id=9)):
        store.inbox.put_part(7, 1, 0, part)
        assert store.inbox.part(7, 1, 0) == part
    assert store.inbox.part(7, 1, 1) is None


def test_an_answer_is_kept_whole_and_found_by_its_id_and_its_update(store):
    library = library_of()
    answer = library.quoted("问", "一万二千个", "三千余处")
    kept = store.talks.keep(answer, talk=TALK, update_id=5, said="说")
    assert store.talks.answer(kept.id) == store.talks.answer_to(7, 5) == kept
    assert kept.answer == answer
    assert store.talks.answer("nothing") is None
    assert store.talks.answer_to(7, 6) is None


def test_history_tells_the_last_answers_of_the_open_conversation_in_order(store):
    for number in range(9):
        answer = Answer(
            question=f"问{number}",
            outcome=Outcome.ANSWERED,
            language=Language.EN,
            statements=(Statement(text="x"),),
        )
        store.talks.keep(answer, talk=TALK, update_id=number, said=f"答{number}")
    turns = store.talks.history(TALK, answers=2)
    assert [turn.content for turn in turns] == ["问7", "答7", "问8", "答8"]
    assert [turn.role for turn in turns] == ["user", "assistant"] * 2
    assert store.talks.history(Talk(bot=7, chat=1, thread=4, person=2)) == ()
    store.talks.renew(TALK)
    assert store.talks.history(TALK) == ()


def test_what_is_stored_is_there_when_the_store_is_opened_again(store, home):
    store.inbox.receive(7, [Received(update_id=1, payload="{}")])
    kept = store.talks.keep(library_of().quoted("问", "一万二千个"), talk=TALK, update_id=1, said="说")
    other = Store.open(home / "bot.db")
    assert other.talks.answer(kept.id) == kept
    assert [one.update_id for one in other.inbox.waiting(7)] == [1]
    other.close()


def test_a_file_that_is_no_store_is_told_in_a_sentence(home):
    (home / "bot.db").write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(StoreError, match="CHENGWEN_HOME"):
        Store.open(home / "bot.db")


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
        (httpx.ConnectError("x"), Meaning.LATER),
        (httpx.ConnectTimeout("x"), Meaning.LATER),
        (httpx.PoolTimeout("x"), Meaning.LATER),
        (httpx.ReadTimeout("x"), Meaning.UNSURE),
        (httpx.WriteTimeout("x"), Meaning.UNSURE),
        (httpx.ReadError("x"), Meaning.UNSURE),
        (httpx.RemoteProtocolError("x"), Meaning.UNSURE),
        (None, Meaning.UNSURE),
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
