"""Figures that were recognised from a scan are marked wherever they are shown or written down."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from answering.pipeline import Answerer
from answering.values.answer import Language
from bot.api.serialization import figure_out
from bot.charts.pictures import sheet
from bot.messages import messages
from bot.operations.data_export import DATABASE, export
from bot.presentation.fact_records import comparison_record, figure_record
from bot.presentation.rendering import plain
from bot.telegram.views import fact_rows
from bot.telegram.views.fact_list import FactListKind, FactListQuery
from retrieval import Library
from retrieval.catalog.fact_query import Ask
from retrieval.values.documents import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SAID = messages(Language.HANS)
TEXTS = {
    "衢州市": ("全市新增公共停车位5120个。", {"pages": "0:1 14:2", "ocr": "2"}),
    "丽水市": ("全市新增公共停车位3760个。", {"pages": "0:1 14:2"}),
    "湖州市": ("全市新增公共停车位6045个。", {}),
}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "home", embedder=None, write=True) as opened:
        for place, (words, metadata) in TEXTS.items():
            head = f"{place}2031年工作总结"
            text = f"{head}\n2031年12月9日\n{words}"
            pages = {key: one.replace("14", str(text.index(words))) for key, one in metadata.items()}
            opened.ingest_source(
                Source(
                    key=f"{place}.pdf", text=text, digest="0" * 64, media="application/pdf", metadata=pages
                )
            )
        yield opened


def test_a_record_tells_the_page_and_whether_a_machine_recognised_it(library: Library) -> None:
    told = {}
    for one in library.register.figures(Ask(things=("停车位",))):
        document = library.document(one.row.document)
        assert document is not None
        record = figure_record(one, document)
        assert figure_out(one, document, None).recognised is record["recognised"]
        told[record["place"]] = record["page"], record["recognised"]
    assert told == {"衢州市": (2, True), "丽水市": (2, False), "湖州市": (None, False)}


def test_open_data_has_a_column_for_it(library: Library, tmp_path: Path) -> None:
    export(library, tmp_path / "open")
    with closing(sqlite3.connect(tmp_path / "open" / DATABASE)) as database:
        rows = database.execute("select place, page, recognised from facts where metric like '%停车位%'")
        assert set(rows) == {("衢州市", 2, 1), ("丽水市", 2, 0), ("湖州市", None, 0)}


def test_a_picture_and_a_comparison_name_the_figures_that_were_recognised(library: Library) -> None:
    answer = Answerer(library).answer_now("各市新增公共停车位排名")
    assert answer.chart is not None
    drawn = sheet(answer.chart, answer.citations, SAID)
    number = next(one.number for one in answer.citations if one.place == "衢州市")
    line = f"[{number}]由扫描件识别，以原件为准"
    assert line in [shape.text for shape in drawn.shapes if hasattr(shape, "text")]
    assert line in drawn.alt
    recorded = {one["name"]: one["recognised"] for one in comparison_record("停车位", answer)["rows"]}
    assert recorded == {"衢州市": True, "丽水市": False, "湖州市": False}


def test_a_list_in_telegram_marks_them_and_so_does_the_passage_that_it_opens(library: Library) -> None:
    look = FactListQuery(sort=FactListKind.FIGURES, words="停车位")
    shown = fact_rows.page(library, look, SAID)
    lines = [one for one in plain(shown.blocks).splitlines() if "停车位" in one and "个" in one]
    assert [one for one in lines if "扫描识别" in one] == [one for one in lines if "5120" in one]
    opened = [fact_rows.cited(library, row) for row in _taps(library, look)]
    assert {one.place: one.recognised for one in opened if one} == {
        "衢州市": True,
        "丽水市": False,
        "湖州市": False,
    }


def _taps(library: Library, look: FactListQuery) -> list[fact_rows.ButtonData]:
    found = library.register.figures(look.ask)
    return [fact_rows.ButtonData("x", (one.row.passage, *map(str, one.row.clause), "1")) for one in found]
