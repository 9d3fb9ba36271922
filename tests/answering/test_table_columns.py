"""Of the columns of a named row, the one that is asked for is given: a level is no growth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering.pipeline import Answerer
from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = """# 舟山市2030年渔业指标

2031年1月9日

| 品种 | 产量（万吨） | 产量比上年增长（%） | 产值绝对量（亿元） | 产值增长（%） |
|---|---|---|---|---|
| 带鱼 | 12.4 | 3.1 | 28.6 | -1.7 |
| 梭子蟹 | 5.8 | 9.2 | 17.3 | 6.4 |
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    folder = tmp_path_factory.mktemp("table")
    (folder / "a.md").write_text(TABLE, encoding="utf-8")
    with Library.open(folder / "home", embedder=None, write=True) as library:
        library.ingest([folder / "a.md"])
        yield Answerer(library)


@pytest.mark.parametrize(
    ("question", "cell"),
    [
        ("舟山2030年带鱼产量是多少？", "12.4万吨"),
        ("舟山2030年带鱼产量增长多少？", "3.1%"),
        ("舟山2030年梭子蟹产值是多少？", "17.3亿元"),
        ("舟山2030年梭子蟹产值增长了多少？", "6.4%"),
        ("舟山2030年带鱼产值同比变化多少？", "-1.7%"),
    ],
)
def test_the_column_asked_for_is_given(answerer: Answerer, question: str, cell: str) -> None:
    answer = answerer.answer_now(question)
    assert [one.quote.rstrip("。").endswith(cell) for one in answer.citations[:1]] == [True]
