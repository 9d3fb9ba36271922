"""Saved results can be read back, and a day's later run replaces only what it measured."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.reader.sharing.coverage import KindOfAnswer
from evaluation.reporting.saved_results import load, packaged, save
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound

if TYPE_CHECKING:
    from pathlib import Path


def table(key: str, value: float | None) -> ResultTable:
    figure = Measurement(
        name="x", value=value, unit=MeasureUnit.MS, target=2.0, bound=TargetBound.MOST, beside=(1.0, None)
    )
    return ResultTable(key=key, title=f"Table {key}", figures=(figure,), others=("A", "B"), notes=("n",))


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    tables = (table("a", 1.0), table("b", None))
    page = save(tables, tmp_path, date="2030-01-02")
    assert load(tmp_path / "2030-01-02.json") == tables
    assert "## Table a" in page.read_text(encoding="utf-8")


def test_a_later_run_of_the_day_replaces_what_it_measured_and_keeps_the_rest(tmp_path: Path) -> None:
    save([table("a", 1.0), table("b", 1.0)], tmp_path, date="2030-01-02")
    save([table("b", 3.0)], tmp_path, date="2030-01-02")
    kept = {one.key: one.figures[0].value for one in load(tmp_path / "2030-01-02.json")}
    assert kept == {"a": 1.0, "b": 3.0}


def test_answers_by_kind_are_written_as_the_reader_page_reads_them(tmp_path: Path) -> None:
    figures = tuple(
        Measurement(name=f"rules: {name}", value=value, unit=MeasureUnit.COUNT)
        for name, value in (("questions", 80.0), ("right", 0.5), ("misled", 0.25))
    )
    assert packaged([table("a", 1.0)], tmp_path, date="2030-01-02") is None
    path = packaged([ResultTable(key="kinds", title="x", figures=figures)], tmp_path, date="2030-01-02")
    assert path is not None
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["date"] == "2030-01-02"
    assert [KindOfAnswer(**one) for one in told["kinds"]] == [
        KindOfAnswer(kind="rules", questions=80, right=0.5, misled=0.25)
    ]


def test_what_was_skipped_is_not_saved(tmp_path: Path) -> None:
    save([ResultTable(key="skipped-answers", title="answers: skipped")], tmp_path, date="2030-01-02")
    assert load(tmp_path / "2030-01-02.json") == ()


def test_the_setting_is_told(tmp_path: Path) -> None:
    save([table("a", 1.0)], tmp_path, date="2030-01-02")
    kept = json.loads((tmp_path / "2030-01-02.json").read_text(encoding="utf-8"))
    assert {"Python", "system", "chromadb"} <= set(kept["setting"])


def test_nothing_is_loaded_where_nothing_is(tmp_path: Path) -> None:
    assert load(tmp_path / "none.json") == ()
