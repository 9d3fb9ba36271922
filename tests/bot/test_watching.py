from __future__ import annotations

import asyncio
import json
import logging
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from watched import QUESTION, Book, Model, written

from answering.values.answer import Answer, Outcome
from answering.values.events import Done, Said
from answering.values.trace import Judged, SecondVote
from bot.cli import run
from bot.config.settings import Settings
from bot.observability.logs import log_file, record_failure, start_log, stop_log
from bot.observability.observed_answerer import ObservedAnswerer
from bot.observability.question_log import QuestionEvent, QuestionLog, record
from bot.presentation.partial_answer import follow

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


async def through_answer(watched: ObservedAnswerer) -> Answer:
    return await watched.answer(QUESTION)


async def through_stream(watched: ObservedAnswerer) -> Answer:
    return await follow(watched, QUESTION, (), lambda _: None)


WAYS = pytest.mark.parametrize("way", [through_answer, through_stream])


@WAYS
async def test_an_answer_is_told_of_once_and_comes_through_as_it_is(way: Callable) -> None:
    book = Book()
    assert await way(ObservedAnswerer(Model(), [book])) == written()
    assert book.only.answer == written()
    assert (book.only.outcome, book.only.question) == ("answered", QUESTION)
    assert book.only.seconds > 0


@WAYS
async def test_a_failure_is_told_of_with_the_id_that_a_face_tells_a_person(
    way: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    book = Book()
    with pytest.raises(ValueError, match="bad") as caught:
        await way(ObservedAnswerer(Model(trouble=ValueError("bad")), [book]))
    assert book.only.outcome == "failed"
    assert book.only.error == "ValueError"
    assert record_failure(caught.value) == book.only.failure
    assert len([one for one in caplog.records if book.only.failure in one.getMessage()]) == 1


@WAYS
async def test_a_cancelled_question_is_told_of_as_cancelled(way: Callable) -> None:
    book, model = Book(), Model(slow=30)
    task = asyncio.create_task(way(ObservedAnswerer(model, [book])))
    await asyncio.sleep(0.05)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert (book.only.outcome, book.only.failure) == ("cancelled", "")
    assert model.ended


async def test_closing_the_stream_ends_the_work_within_and_counts_as_cancelled() -> None:
    book, model = Book(), Model(slow=30)
    async with aclosing(ObservedAnswerer(model, [book]).stream(QUESTION)) as events:
        async for event in events:
            if isinstance(event, Said):
                break
    assert model.ended
    assert book.only.outcome == "cancelled"


async def test_whoever_leaves_after_the_last_event_has_cancelled_nothing() -> None:
    book = Book()
    async with aclosing(ObservedAnswerer(Model(), [book]).stream(QUESTION)) as events:
        async for event in events:
            if isinstance(event, Done):
                break
    assert book.only.outcome == "answered"


async def test_a_watcher_that_fails_harms_neither_the_answer_nor_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def clumsy(_account: QuestionEvent) -> None:
        raise RuntimeError("dropped it")

    book = Book()
    assert await ObservedAnswerer(Model(), [clumsy, book]).answer(QUESTION) == written()
    assert book.only.outcome == "answered"
    assert "dropped it" in caplog.text


# -- the line in the log


def account(answer: Answer | None = None, **more: str) -> QuestionEvent:
    return QuestionEvent(id="1a2b", question=QUESTION, began=1e9, seconds=2.2345, answer=answer, **more)


def test_the_line_tells_how_the_answer_came_about() -> None:
    line = record(account(written()))
    assert line["outcome"] == "answered"
    assert (line["id"], line["chars"], line["language"], line["way"]) == ("1a2b", 13, "zh-Hans", "model")
    assert line["frames"] == [
        {
            "intent": "lookup",
            "want": "figure",
            "places": ["清河市"],
            "years": [2021],
            "completed": False,
            "rewritten": False,
        }
    ]
    assert (line["hits"], line["best"], line["cited"]) == (2, 0.9124, ["abcdefgh23-pppppp01"])
    assert line["dropped"] == {"uncited": 1, "figure": 2}
    assert line["tokens"] == {"prompt": 900, "completion": 80}
    assert [(one["purpose"], one["error"], one["ms"]) for one in line["calls"]] == [
        ("rewrite", "ModelBusy", 100),
        ("answer", "", 2000),
    ]
    assert line["ms"] == {"frame": 4, "search": 20, "rewrite": 100, "answer": 2000, "total": 2234}
    assert (line["cached"], line["notes"]) == (False, [])


def test_no_word_of_question_or_texts_is_in_the_line_unless_everything_is_logged() -> None:
    line = json.dumps(record(account(written())), ensure_ascii=False)
    assert not [word for word in (QUESTION, "停车", "泊位", "编出来") if word in line]
    assert record(account(written()), told=True)["question"] == QUESTION


def test_a_kept_answer_used_no_tokens_and_called_nobody_this_time() -> None:
    kept = written()
    line = record(account(replace(kept, trace=replace(kept.trace, cached=True))))
    assert (line["cached"], line["tokens"], line["calls"], line["dropped"]) == (
        True,
        {"prompt": 0, "completion": 0},
        [],
        {},
    )


def test_what_came_to_no_answer_has_a_line_as_well() -> None:
    assert record(account())["outcome"] == "cancelled"
    failed = record(account(failure="f00d42", error="ValueError"))
    assert (failed["outcome"], failed["failure"], failed["error"]) == ("failed", "f00d42", "ValueError")
    none = Answer(question=QUESTION, outcome=Outcome.NOT_IN_CORPUS, reason="other_place", notes=("note_x",))
    assert record(account(none))["reason"] == "other_place"


# -- what the log file never holds

KEY = "sk-nobody-sees-it"
TOKEN = "7712345678:" + "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"


def logged(home: Path, level: str, model: Model, question: str = QUESTION) -> str:
    """Return the log of one question under these settings."""
    settings = Settings(home=home, log_level=level, embeddings_api_key=KEY)
    handler = start_log(settings)
    assert handler is not None
    told = settings.words_logged
    try:
        watched = ObservedAnswerer(model, [QuestionLog(told=told)], told=told)
        with suppress(ValueError):
            asyncio.run(watched.answer(question))
    finally:
        stop_log(handler)
    return log_file(home).read_text(encoding="utf-8")


def lines(log: str) -> list[dict]:
    return [json.loads(one.split("bot.questions: ")[1]) for one in log.splitlines() if "bot.questions" in one]


def test_a_question_leaves_one_line_of_json(home: Path) -> None:
    (line,) = lines(logged(home, "info", Model()))
    assert line["outcome"] == "answered"


def test_a_failure_leaves_one_line_and_one_trace_under_the_same_id(home: Path) -> None:
    log = logged(home, "info", Model(trouble=ValueError("bad")))
    (line,) = lines(log)
    assert log.count(f"failure {line['failure']}") == 1
    assert "Traceback" in log


@pytest.mark.parametrize("question", [QUESTION, f"  {QUESTION}  ", "清河市新建了多少停車泊位呀"])
def test_the_words_of_a_question_are_in_no_log_not_even_in_the_trace_of_an_error(
    home: Path, question: str
) -> None:
    trouble = ValueError(f"can't read {question} or {QUESTION}, said the server to {KEY} of {TOKEN}")
    log = logged(home, "info", Model(trouble=trouble), question)
    assert "can't read" in log
    assert not [word for word in (question.strip(), QUESTION, "泊位", KEY, TOKEN) if word in log]


@pytest.mark.parametrize("level", ["info", "debug"])
def test_what_others_log_while_it_is_answered_has_none_of_its_words_either(home: Path, level: str) -> None:
    log = logged(home, level, Model(refusal=f"400 can't take “{QUESTION}”, {KEY}"))
    assert "it says: 400 can't take" in log
    assert (QUESTION in log) is (level == "debug")
    assert KEY not in log


def test_words_are_private_only_while_their_question_is_answered(home: Path) -> None:
    logged(home, "info", Model())
    settings = Settings(home=home)
    handler = start_log(settings)
    assert handler is not None
    logging.getLogger("later").warning("about %s", QUESTION)
    stop_log(handler)
    assert f"about {QUESTION}" in log_file(home).read_text(encoding="utf-8")


def test_where_everything_is_logged_the_question_is_and_secrets_still_are_not(home: Path) -> None:
    log = logged(home, "debug", Model(trouble=ValueError(f"{QUESTION} {KEY} {TOKEN}")))
    assert lines(log)[0]["question"] == QUESTION
    assert log.count(QUESTION) > 1
    assert not [secret for secret in (KEY, TOKEN) if secret in log]


def test_the_program_itself_logs_a_line_a_question_and_none_of_its_words(home: Path) -> None:
    env = {
        "CHENGWEN_HOME": str(home),
        "EMBEDDINGS": "none",
        "EMBEDDINGS_API_KEY": KEY,
        "TELEGRAM_BOT_TOKEN": TOKEN,
    }
    questions = ("吉林市新增了多少停车位？", "那台州呢？", "上海市有多少公园绿地？")
    for question in questions:
        assert run(["ask", question], env) == 0
    log = log_file(home).read_text(encoding="utf-8")
    assert [one["outcome"] for one in lines(log)] == ["answered", "asked_back", "not_in_corpus"]
    assert not [word for word in (*questions, KEY, TOKEN, "停车位", "公园绿地") if word in log]
    assert logging.getLogger().level  # the program sets it, so that the line is written at all


def test_the_line_counts_the_votes_of_a_second_model() -> None:
    answer = written()
    judged = (
        Judged(text="一句。", second=SecondVote.AGREES),
        Judged(text="另一句。", second=SecondVote.DOUBTS),
    )
    voted = replace(answer, trace=replace(answer.trace, judged=judged))
    assert record(account(voted))["second"] == {"agrees": 1, "doubts": 1}
    assert "second" not in record(account(answer))
