from __future__ import annotations

import json
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest
from town import SENTENCES, Town

from answering.values.answer import Answer, Computation, Outcome
from answering.values.trace import Call, Frame, Judged, SecondVote, Seen, Trace, Verdict
from bot.store.usage.answer_cache import StoredAnswers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def made(question: str = "停车位？") -> Answer:
    """Return an answer with every kind of value in its record."""
    trace = Trace(
        frames=(Frame(text=question, intent="lookup", places=("清河市",), years=(2021,)),),
        hits=(Seen(passage="p", place="清河市", year=2021, score=0.1 + 0.2, dense=0.87),),
        judged=(
            Judged(text="编的。", cited=(9,), verdict=Verdict.UNCITED),
            Judged(text="真的。", cited=(1,), second=SecondVote.DOUBTS),
        ),
        calls=(Call(purpose="answer", model="m", prompt_tokens=5, seconds=1.5),),
        way="model",
    )
    computed = (Computation(value=321.0, op="sum", of=(1.0, 320.0)),)
    return replace(
        Town().quoting(question, SENTENCES[1]), trace=trace, computed=computed, seconds={"total": 1.25}
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache.db"


@pytest.fixture
def cache(file: Path) -> Iterator[StoredAnswers]:
    ticks = count()
    opened = StoredAnswers.open(file, most=3, clock=lambda: float(next(ticks)))
    assert opened is not None
    yield opened
    opened.close()


def changed(file: Path, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement, values)


def keys(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        return {row[0] for row in connection.execute("SELECT key FROM cached")}


def test_an_answer_comes_back_as_it_was_put(cache: StoredAnswers) -> None:
    cache.put("a", made())
    assert cache.get("a") == made()
    assert cache.get("b") is None


def test_it_is_still_there_for_another_process(cache: StoredAnswers, file: Path) -> None:
    cache.put("a", made())
    again = StoredAnswers.open(file)
    assert again is not None
    assert again.get("a") == made()
    again.close()


def test_the_later_answer_takes_the_place_of_the_earlier(cache: StoredAnswers) -> None:
    cache.put("a", made("一"))
    cache.put("a", made("二"))
    assert cache.get("a") == made("二")


def test_what_was_not_used_for_the_longest_time_goes_first(cache: StoredAnswers, file: Path) -> None:
    for key in "abc":
        cache.put(key, made())
    cache.get("a")
    cache.put("d", made())
    assert keys(file) == {"a", "c", "d"}


@pytest.mark.parametrize(
    "answer",
    [replace(made(), outcome=Outcome.FAILED), replace(made(), notes=("note_model_away",))],
    ids=["failed", "noted"],
)
def test_what_failed_or_was_made_in_need_is_never_kept(
    cache: StoredAnswers, file: Path, answer: Answer
) -> None:
    cache.put("a", answer)
    assert not keys(file)


@pytest.mark.parametrize(
    "record",
    ["", "{", "[]", '{"question": "x"}', '{"question": "x", "outcome": "praised"}'],
)
def test_a_broken_record_is_a_miss_and_goes(cache: StoredAnswers, file: Path, record: str) -> None:
    cache.put("a", made())
    changed(file, "UPDATE cached SET record = ?", record)
    assert cache.get("a") is None
    assert not keys(file)


@pytest.mark.parametrize("change", ["lacks", "has more"])
def test_a_record_of_another_format_is_a_miss(cache: StoredAnswers, file: Path, change: str) -> None:
    cache.put("a", made())
    with closing(sqlite3.connect(file)) as connection:
        record = json.loads(connection.execute("SELECT record FROM cached").fetchone()[0])
    if change == "lacks":
        del record["trace"]["way"]
    else:
        record["mood"] = "fine"
    changed(
        file, "UPDATE cached SET record = ?", json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    )
    assert cache.get("a") is None


def test_a_file_that_is_no_database_is_begun_anew(file: Path) -> None:
    file.write_bytes(b"no database at all, " * 100)
    cache = StoredAnswers.open(file)
    assert cache is not None
    cache.put("a", made())
    assert cache.get("a") == made()
    cache.close()


def test_a_place_that_can_not_be_written_gives_no_cache_and_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    assert StoredAnswers.open(tmp_path / "file" / "cache.db") is None
    assert "cache of answers" in caplog.text


def test_a_table_that_is_gone_costs_a_line_in_the_log_and_no_error(
    cache: StoredAnswers, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    changed(file, "DROP TABLE cached")
    with caplog.at_level(logging.WARNING):
        cache.put("a", made())
        assert cache.get("a") is None
    assert "does not work" in caplog.text


def test_threads_may_ask_at_once(file: Path) -> None:
    cache = StoredAnswers.open(file, most=50)
    assert cache is not None

    def work(number: int) -> bool:
        cache.put(f"k{number % 10}", made(str(number % 10)))
        return cache.get(f"k{number % 10}") == made(str(number % 10))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(80)))
    cache.close()
