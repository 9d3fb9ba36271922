"""Which places tell of a thing: all of them by name, each with its own sentence, and nobody else."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from answering import Answerer
from answering.scoring.place_presence import PRESENCE_FEATURES
from answering.values.answer import Outcome
from retrieval import Library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from answering.values.answer import Answer

SAID = {
    "湖州市": "办好太湖龙舟公开赛，扩建渔人码头。推进综合保税区二期。",
    "嘉兴市": "龙舟进校园活动覆盖八十所学校。",
    "金华市": "木雕小镇开园，新建山地骑行道九十公里。",
    "衢州市": "扩种柑橘三万亩，橘农收入增长一成。",
    "丽水市": "香菇产业链不断延长。支持龙舟制作技艺传承。",
}


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    home = tmp_path_factory.mktemp("places")
    for name, words in SAID.items():
        text = (
            f"2031年{name}政府工作报告\n一、2030年工作回顾\n过去一年，全市上下一心，各项事业都有进展。\n"
            f"二、2031年工作安排\n{words}\n修好城乡道路，办好民生实事。\n"
        )
        (home / f"2031年{name}政府工作报告.txt").write_text(text, encoding="utf-8")
    with Library.open(home / "home", embedder=None, write=True) as library:
        library.ingest(sorted(home.glob("*.txt")))
        yield Answerer(library)


def said(answer: Answer) -> str:
    return "\n".join(f"{s.lead} {s.text}" for s in answer.statements)


def test_every_place_that_tells_of_it_is_named_with_its_sentence(answerer: Answerer) -> None:
    told = answerer.answer_now("哪些地方的报告里提到龙舟")
    assert told.outcome.is_answer
    assert {c.place for c in told.citations} == {"湖州市", "嘉兴市", "丽水市"}
    assert "太湖龙舟公开赛" in said(told)
    assert "金华市" not in said(told)


def test_the_places_are_counted_by_code(answerer: Answerer) -> None:
    told = answerer.answer_now("提到龙舟的有几个地方？")
    assert told.outcome is Outcome.COMPUTED
    assert "共3个地方提到" in said(told)


def test_quoted_words_are_told_only_where_they_stand(answerer: Answerer) -> None:
    told = answerer.answer_now("哪些地方的报告提到“龙舟公开赛”？")
    assert {c.place for c in told.citations} == {"湖州市"}


def test_what_no_place_tells_of_is_told_of_none(answerer: Answerer) -> None:
    assert not answerer.answer_now("哪些地方提到捕鲸船队").outcome.is_answer


def test_the_weights_that_ship_are_those_of_the_features() -> None:
    told = json.loads(files("answering").joinpath("data/place_weights.json").read_text("utf-8"))
    assert set(told["features"]) == set(PRESENCE_FEATURES)
