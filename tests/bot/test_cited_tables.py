"""What is cited of a table or a scan is shown as such, in the answer and in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from answering.pipeline import Answerer
from answering.values.answer import CitedTable, Language
from bot.messages import messages
from bot.presentation.rendering import notes, plain
from bot.terminal.cited_tables import cited_sources
from retrieval import Library
from retrieval.values.documents import Source

if TYPE_CHECKING:
    from pathlib import Path

    from answering.values.answer import Answer

TABLE = """# 舟山市2031年码头改造情况

发布时间：2031年2月11日

| 码头 | 责任单位 | 泊位（个） | 投资（万元） |
|---|---|---|---|
| 东港码头 | 市港航局 | 12 | 860 |
| 西港码头 | 市渔业局 | 7 | 455 |
| 南港码头 | 市港航局 | 9 | 610 |
"""
SCAN = Source(
    key="scan.pdf",
    text="嘉兴市2031年植树情况\n全市植树41万株。\n养护绿地260公顷。",
    digest="0" * 64,
    media="application/pdf",
    metadata={"pages": "0:1 20:2", "ocr": "2"},
)
SAID = messages(Language.HANS)


def asked(folder: Path, question: str) -> Answer:
    (folder / "a.md").write_text(TABLE, encoding="utf-8")
    with Library.open(folder / "home", embedder=None, write=True) as library:
        library.ingest([folder / "a.md"])
        library.ingest_source(SCAN)
        return Answerer(library).answer_now(question)


def test_a_cited_row_comes_with_its_table(tmp_path: Path) -> None:
    answer = asked(tmp_path, "舟山西港码头投资多少万元？")
    assert answer.citations[0].table == CitedTable(
        columns=("码头", "责任单位", "泊位（个）", "投资（万元）"),
        rows=(
            ("东港码头", "市港航局", "12", "860"),
            ("西港码头", "市渔业局", "7", "455"),
            ("南港码头", "市港航局", "9", "610"),
        ),
        row=1,
    )
    shown = plain(cited_sources(answer, SAID)).split("\n")[2:]
    assert [line.split() for line in shown] == [
        ["码头", "责任单位", "泊位（个）", "投资（万元）"],
        ["东港码头", "市港航局", "12", "860"],
        [">", "西港码头", "市渔业局", "7", "455"],
        ["南港码头", "市港航局", "9", "610"],
    ]
    columns = {
        cell_len(line[: line.index(cell)]) for line, cell in zip(shown, ("泊", "12", "7", "9"), strict=True)
    }
    assert len(columns) == 1


def test_a_wide_table_is_shown_by_its_cited_row(tmp_path: Path) -> None:
    head = "|".join(f"第{n}项十分冗长的指标名称" for n in range(8))
    row = "|".join(f"{n}1" for n in range(1, 8))
    text = f"# 舟山市2031年情况\n\n|{head}|\n{'|---' * 8}|\n|东港片区|{row}|\n|西港片区|{row}|\n"
    (tmp_path / "b.md").write_text(text, encoding="utf-8")
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        library.ingest([tmp_path / "b.md"])
        answer = Answerer(library).answer_now("舟山西港片区第3项十分冗长的指标名称是多少？")
    assert "    第3项十分冗长的指标名称：31" in plain(cited_sources(answer, SAID)).split("\n")


@pytest.mark.parametrize(
    ("question", "page", "recognised"),
    [("嘉兴2031年植树多少万株？", 1, False), ("嘉兴养护绿地多少公顷？", 2, True)],
)
def test_a_page_and_a_scan_are_told(tmp_path: Path, question: str, page: int, recognised: bool) -> None:
    answer = asked(tmp_path, question)
    cited = answer.citations[0]
    assert (cited.page, cited.recognised) == (page, recognised)
    told = plain((*cited_sources(answer, SAID), *notes(answer, SAID)))
    assert f"第{page}页" in told
    assert ("OCR" in told) is recognised
    assert ("以原件为准" in told) is recognised
