"""A figure of a part, or one that belongs to a name, is never told as how much there is of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering import Answerer
from answering.values.answer import Outcome
from retrieval import Library
from retrieval.values.documents import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from answering.values.answer import Answer

TOLD = {
    "清河市": "1958年，212名青年医生奔赴青石岭，在那里建起卫生院。"
    "全市布局“七强”路径，推动乡镇企业做强、特色种植做优。深入开展“五大清风行动”。绿化覆盖率达到41%，12345热线受理诉求8000件，办结率达到98%。",
    "临水市": "全市医生达到3.2万名，注册护士有4.1万名。",
}


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    home = tmp_path_factory.mktemp("part")
    with Library.open(home, embedder=None, write=True) as library:
        for place, words in TOLD.items():
            text = f"{place}的经验\n\n一、主要做法\n\n{words}"
            library.ingest_source(
                Source(key=place, digest=place, media="text/plain", encoding="utf-8", text=text, metadata={}),
                options={"place": place, "date": "2022", "genre": "speech"},
            )
        yield Answerer(library)


def shown(answer: Answer) -> str:
    return "\n".join(one.text for one in answer.statements)


@pytest.mark.parametrize("question", ["清河市有多少医生？", "清河市有多少名医生？", "清河市的医生有多少"])
def test_some_who_did_something_are_not_all_there_are(answerer: Answerer, question: str) -> None:
    answer = answerer.answer_now(question)
    assert answer.outcome is Outcome.NOT_IN_CORPUS
    assert "212名" in shown(answer)
    assert answer.statements[0].citations == (1,)


def test_who_asks_for_those_that_did_it_is_told(answerer: Answerer) -> None:
    assert "212名青年医生" in shown(answerer.answer_now("清河市有多少医生奔赴青石岭？"))
    assert "3.2万名" in shown(answerer.answer_now("临水市有多少医生？"))


def test_part_and_whole_are_not_ranked(answerer: Answerer) -> None:
    told = shown(answerer.answer_now("各城市医生数量排名"))
    assert "3.2万名" in told
    assert "212" not in told


def test_the_number_in_a_name_counts_only_what_the_name_is_of(answerer: Answerer) -> None:
    assert not answerer.answer_now("清河市有多少乡镇企业？").outcome.is_answer
    assert "五大清风行动" in shown(answerer.answer_now("清河市开展了几大清风行动？"))


@pytest.mark.parametrize("question", ["清河市的森林覆盖率是多少？", "清河市垃圾分类覆盖率达到多少？"])
def test_another_rate_is_no_answer_to_a_rate(answerer: Answerer, question: str) -> None:
    assert not answerer.answer_now(question).outcome.is_answer


def test_a_rate_is_found_where_its_name_is_told_apart(answerer: Answerer) -> None:
    assert "41%" in shown(answerer.answer_now("清河市的绿化覆盖率是多少？"))
    assert "办结率达到98%" in shown(answerer.answer_now("清河市的热线办结率是多少？"))
    both = shown(answerer.answer_now("清河市的绿化覆盖率和热线办结率分别是多少？"))
    assert "41%" in both
    assert "98%" in both
