from __future__ import annotations

import json
from dataclasses import replace

import pytest
from town import SENTENCES, Town

from answering.values.answer import Answer, Computation, Outcome, Turn
from bot.errors import InputError
from bot.presentation.answer_records import (
    answer_record,
    cleaned,
    hits_record,
    json_line,
    question,
    questions,
)
from retrieval.values.documents import Hit


def test_a_line_becomes_a_question_with_its_conversation() -> None:
    history = [{"role": "user", "content": "甲"}, {"role": "assistant", "content": "乙"}]
    asked = question(json.dumps({"id": 7, "question": "那台州呢？", "history": history, "more": 1}))
    assert (asked.id, asked.question) == ("7", "那台州呢？")
    assert asked.history == (Turn(role="user", content="甲"), Turn(role="assistant", content="乙"))


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"question": "x"}',
        '{"id": "", "question": "x"}',
        '{"id": true, "question": "x"}',
        '{"id": "1"}',
        '{"id": "1", "question": ["x"]}',
        '{"id": "1", "question": "x", "history": "y"}',
        '{"id": "1", "question": "x", "history": ["y"]}',
        '{"id": "1", "question": "x", "history": [{"role": "system", "content": "y"}]}',
        "[" * 100_000,
    ],
)
def test_a_bad_line_is_told_with_its_number_and_the_others_still_come(line: str) -> None:
    good = '{"id": "a", "question": "x"}'
    first, bad, last = questions([f"\ufeff{good}", line, good])
    assert not isinstance(first, InputError)
    assert isinstance(bad, InputError)
    assert str(bad).startswith("第 2 行")
    assert not isinstance(last, InputError)


def test_empty_lines_are_passed_over_and_counted() -> None:
    (bad,) = questions(["\n", "   ", "{"])
    assert str(bad).startswith("第 3 行")


def test_the_record_of_an_answer_has_the_fields_that_scores_read() -> None:
    answer = Town().quoting("停车？", SENTENCES[1])
    answer = replace(answer, computed=(Computation(value=3, op="sum", of=(1, 2)),))
    record = answer_record("q1", answer, "文字[1]", seconds=0.123456)
    assert record == {
        "id": "q1",
        "answer": "文字[1]",
        "abstained": False,
        "citations": [
            {
                "marker": 1,
                "city": "清河市",
                "section": "一",
                "point": None,
                "quote": SENTENCES[1],
                "page": None,
                "recognised": False,
            }
        ],
        "computed": [{"value": 3, "op": "sum", "of": [1, 2]}],
        "verdict": None,
        "seconds": 0.1235,
    }


@pytest.mark.parametrize("outcome", [one for one in Outcome if not one.is_answer])
def test_whatever_is_no_answer_is_abstained_without_citations(outcome: Outcome) -> None:
    answer = Answer(question="", outcome=outcome, citations=(Town().cite("停车"),))
    record = answer_record("q", answer, "不知道", seconds=0)
    assert (record["abstained"], record["citations"]) == (True, [])


def test_a_computed_answer_is_an_answer() -> None:
    assert not answer_record("q", Answer(question="", outcome=Outcome.COMPUTED), "", seconds=0)["abstained"]


def test_the_record_of_a_search_tells_all_of_a_hit_and_an_empty_one_has_an_empty_list() -> None:
    whole, passages = Town().held["abcdefgh23"]
    hit = Hit(passage=passages[1], document=whole, score=0.5, dense=0.9, words=None)
    record = hits_record("q", [hit], seconds=0.1)
    assert record["hits"] == [
        {
            "passage_id": passages[1].id,
            "document": whole.id,
            "title": whole.title,
            "place": "清河市",
            "year": 2021,
            "section": "一",
            "point": None,
            "start": passages[1].start,
            "end": passages[1].end,
            "text": SENTENCES[1],
            "score": 0.5,
        }
    ]
    assert hits_record("q", (), seconds=0) == {"id": "q", "hits": [], "seconds": 0}


def test_broken_characters_never_reach_an_answerer_or_a_file() -> None:
    asked = question('{"id": "1", "question": "a\\ud800b\\udc80"}')
    assert asked.question.encode("utf-8").decode("utf-8").startswith("a")
    assert cleaned("城问😀") == "城问😀"
    assert json.loads(json_line({"a": "城\n问"})) == {"a": "城\n问"}
    assert "\n" not in json_line({"a": "城\n问"})
