from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pytest

from answering.cache.cache_key import Ground, code_digest, ground_of, keepable, key_of, recalled
from answering.evidence.context import known_of
from answering.question.follow_up import readings
from answering.question.scope import plain
from answering.values.answer import Answer, Outcome, Turn
from answering.values.trace import Seen, Trace

if TYPE_CHECKING:
    from retrieval import Library

GROUND = Ground(library="one", version=3, embedder="e5", model="some-model", prompts="1f0c2d", code="c0de")
QUESTION = "绍兴市新增停车位多少个？"
FOLLOWS = "那宁波市呢？"


@pytest.fixture
def key(library: Library):
    """Return what gives the key of a question, read as the pipeline reads it."""

    def made(question: str = QUESTION, *before: str, ground: Ground = GROUND) -> str:
        history = tuple(
            Turn(role="user" if at % 2 == 0 else "assistant", content=one) for at, one in enumerate(before)
        )
        frames = readings(plain(question), history, known=known_of(library))
        return key_of(question, frames, history, ground=ground)

    return made


def test_the_same_question_has_the_same_key(key) -> None:
    assert key() == key()
    assert len(key()) == 64


@pytest.mark.parametrize(
    "dressed",
    [
        f"请问{QUESTION}谢谢",
        f"  {QUESTION} ",
        "绍兴市新增停车位 多少个?",
        "您好，绍兴市新增停车位多少个？",
    ],
)
def test_courtesies_width_and_white_space_change_nothing(key, dressed: str) -> None:
    assert key(dressed) == key()


@pytest.mark.parametrize(
    "other",
    [
        "宁波市新增停车位多少个？",
        "绍兴市新增停车位多吗？",
        "绍兴市新增步道多少公里？",
        "紹興市新增停車位多少個？",
    ],
)
def test_another_question_has_another_key_and_so_has_another_language(key, other: str) -> None:
    assert key(other) != key()


@pytest.mark.parametrize("name", [field.name for field in fields(Ground)])
def test_whatever_the_answer_rests_on_changes_the_key(key, name: str) -> None:
    other = {"version": 4}.get(name, "another")
    assert key(ground=replace(GROUND, **{name: other})) != key()


def test_a_question_that_takes_something_from_the_conversation_depends_on_it(key) -> None:
    after_parking = key(FOLLOWS, QUESTION, "近2万个。")
    assert after_parking != key(FOLLOWS)
    assert after_parking != key(FOLLOWS, "绍兴市改造老旧小区多少个？", "42个。")
    assert after_parking == key(FOLLOWS, f" {QUESTION}", " 近2万个。")


def test_all_that_was_said_within_reach_counts(key) -> None:
    near = key(FOLLOWS, "绍兴市有多少古桥？", "18座。", QUESTION, "近2万个。")
    assert near != key(FOLLOWS, QUESTION, "近2万个。")
    assert near != key(FOLLOWS, "绍兴市有多少古桥？", "没有说。", QUESTION, "近2万个。")
    far = ("绍兴市有多少古桥？", "18座。") * 5
    assert key(FOLLOWS, "最早的一句", "好。", *far) == key(FOLLOWS, "另外的一句", "好。", *far)


def test_the_code_is_known_by_its_files_and_read_once() -> None:
    assert len(code_digest()) == 64
    assert Ground(library="one", version=1).code == code_digest()
    asked = "from answering.cache.cache_key import code_digest; print(code_digest())"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert told.strip() == code_digest()


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (Answer(question="x", outcome=Outcome.ANSWERED), True),
        (Answer(question="x", outcome=Outcome.NOT_IN_CORPUS), True),
        (Answer(question="x", outcome=Outcome.FAILED), False),
        (Answer(question="x", outcome=Outcome.ANSWERED, notes=("note_model_away",)), False),
    ],
)
def test_what_failed_or_was_made_in_need_is_not_kept(answer: Answer, wanted: bool) -> None:
    assert keepable(answer, embedder="e5") is wanted


def test_an_answer_searched_by_words_alone_is_not_kept_where_vectors_belong() -> None:
    blind = Trace(hits=(Seen(passage="a-1", place=None, year=None, score=1.0, words=2.0),))
    seeing = Trace(hits=(*blind.hits, Seen(passage="a-2", place=None, year=None, score=0.5, dense=0.9)))
    answer = Answer(question="x", outcome=Outcome.ANSWERED)
    assert not keepable(replace(answer, trace=blind), embedder="e5")
    assert keepable(replace(answer, trace=blind))
    assert keepable(replace(answer, trace=seeing), embedder="e5")


def test_a_recalled_answer_says_so_and_answers_the_question_as_it_was_put() -> None:
    answer = Answer(question="x", outcome=Outcome.ANSWERED, seconds={"total": 9.0})
    again = recalled(answer, "请问x")
    assert (again.question, again.trace.cached, again.seconds) == ("请问x", True, {})


def test_two_libraries_of_the_same_version_are_told_apart(library: Library, tmp_path) -> None:
    from retrieval import Library as Opened

    with Opened.open(tmp_path / "other", embedder=None) as other:
        assert ground_of(other, None).library == other.identity
        assert ground_of(other, None) != ground_of(library, None)
        assert other.identity != library.identity
        assert other.identity
        assert other.embedder == ""
