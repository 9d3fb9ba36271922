"""A question that says what a text is called names it by its place, its year and the words of its title."""

from __future__ import annotations

import pytest

from answering.question.named_documents import named_documents
from answering.question.parser import Known, TitledDocument
from retrieval.places.gazetteer import Gazetteer
from retrieval.text.normalize import fold

HELD = (
    TitledDocument(id="s21", title="2021年随州市政府工作报告", place="随州市", year=2021),
    TitledDocument(id="s22", title="2022年随州市政府工作报告", place="随州市", year=2022),
    TitledDocument(id="h22", title="2022年黄山市政府工作报告", place="黄山市", year=2022),
    TitledDocument(id="lamp", title="黄山市户外灯光管理条例", place="黄山市", year=2018),
    TitledDocument(id="well", title="黄山市古井保护条例", place="黄山市", year=2020),
)
KNOWN = Known(
    gazetteer=Gazetteer(),
    places=("随州市", "黄山市"),
    newest={"随州市": 2022, "黄山市": 2022, "": 2022},
    documents=HELD,
)


@pytest.mark.parametrize(
    ("text", "places", "named"),
    [
        ("随州2021年的报告里怎么讲水库的", ("随州市",), {"s21"}),
        ("随州去年的报告分几块", ("随州市",), {"s21"}),
        ("随州的报告有几年的", ("随州市",), {"s21", "s22"}),
        ("黄山那个古井条例有几章", ("黄山市",), {"well"}),
        ("灯光条例什么时候施行", (), {"lamp"}),
        ("2022年的报告都有谁的", (), {"s22", "h22"}),
        ("随州2022年修了几座水库", ("随州市",), set()),
        ("报告里怎么说", (), set()),
        ("随州的灯光条例", ("随州市",), set()),
    ],
)
def test_documents_are_named_by_title_place_and_year(
    text: str, places: tuple[str, ...], named: set[str]
) -> None:
    """What the question says before 报告 or 条例 decides; another place's text is never named."""
    assert set(named_documents(fold(text), places, KNOWN)) == named


def test_a_year_of_another_clause_does_not_date_the_text() -> None:
    """The year of what is asked and the year of the text that is asked of are two things."""
    assert named_documents(fold("2021年修了几座桥，随州2022年的报告怎么说"), ("随州市",), KNOWN) == ("s22",)
