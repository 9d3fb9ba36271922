"""Open data: every row leads back to its text, in SQLite and in Parquet."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.errors import InputError
from bot.operations.data_export import DATABASE, SCHEMA, export
from bot.presentation.open_data import TABLES
from retrieval import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REPORTS = {
    2031: """---
place: 德清县
title: 2031年德清县政府工作报告
date: "2031-02-10"
genre: report
---

# 2031年德清县政府工作报告

## 一、2030年工作回顾

新建村级活动中心12个。

## 二、2031年工作安排

2031年的预期目标是：城镇新增就业6200人；改造老旧小区18个。
""",
    2032: """---
place: 德清县
title: 2032年德清县政府工作报告
date: "2032-02-11"
genre: report
---

# 2032年德清县政府工作报告

## 一、2031年工作回顾

城镇新增就业6480人，改造老旧小区17个。
""",
}


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    with Library.open(home, embedder=None, write=True) as library:
        for year, text in REPORTS.items():
            path = home.parent / f"{year}.md"
            path.write_text(text, encoding="utf-8")
            library.ingest([path])
        yield library


def test_each_row_leads_back_to_its_text(library: Library, tmp_path: Path) -> None:
    counts = export(library, tmp_path / "out")
    with closing(sqlite3.connect(tmp_path / "out" / DATABASE)) as database:
        wrong = database.execute(
            "SELECT count(*) FROM facts f JOIN documents d ON d.id = f.document "
            "WHERE substr(d.text, f.start + 1, f.end - f.start) <> f.span"
        ).fetchone()
        quoted = database.execute(
            "SELECT p.target_quote, substr(d.text, p.target_start + 1, p.target_end - p.target_start), "
            "p.state FROM promises p JOIN documents d ON d.id = p.target_document"
        ).fetchall()
    assert wrong == (0,)
    assert counts["promises"] == len(quoted) == 2
    assert all(ours == theirs for ours, theirs, _ in quoted)
    assert sorted(state for *_, state in quoted) == ["exceeded", "short"]


def test_the_schema_names_every_column(library: Library, tmp_path: Path) -> None:
    export(library, tmp_path)
    page = (tmp_path / SCHEMA).read_text(encoding="utf-8")
    assert all(f"| {column.name} |" in page for table in TABLES for column in table.columns)


def test_parquet_holds_the_same_rows(library: Library, tmp_path: Path) -> None:
    from pyarrow import parquet

    counts = export(library, tmp_path)
    for name, many in counts.items():
        assert parquet.read_table(tmp_path / f"{name}.parquet").num_rows == many


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(library: Library, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="写不了"):
        export(library, tmp_path / "file" / "out")
