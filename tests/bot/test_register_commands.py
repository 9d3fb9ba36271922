"""``chengwen figures`` and ``chengwen measures`` over the real parts."""

from __future__ import annotations

import json
import os
import zipfile
from typing import TYPE_CHECKING

import pytest

from bot.cli import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Shell = Callable[..., tuple[int, str, str]]

FIELDS = {"place", "value", "unit", "bound", "metric", "kind", "period", "text"}


@pytest.fixture
def shell(home: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    def called(*arguments: str) -> tuple[int, str, str]:
        env = {"PATH": os.environ["PATH"], "CHENGWEN_HOME": str(home), "EMBEDDINGS": "none"}
        code = run(arguments, env)
        said = capsys.readouterr()
        return code, said.out, said.err

    return called


def test_figures_are_told_as_records_of_one_line_each(shell: Shell) -> None:
    code, out, _ = shell("figures", "--metric", "停车泊位", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert {(row["place"], row["value"], row["bound"]) for row in rows} == {
        ("吉林市", 50000, "approx_less"),
        ("萍乡市", 28000, "approx_more"),
    }
    assert all(set(row) >= FIELDS and row["span"] in row["text"] for row in rows)


def test_figures_go_into_sheets_with_their_sentence_and_a_link(shell: Shell, tmp_path: Path) -> None:
    csv, xlsx = tmp_path / "a.csv", tmp_path / "a.xlsx"
    code, _, err = shell("figures", "--place", "延安", "--csv", str(csv), "--xlsx", str(xlsx))
    assert code == 0
    assert "写了" in err
    text = csv.read_text(encoding="utf-8-sig")
    assert "53.07" in text
    assert "file://" in text
    with zipfile.ZipFile(xlsx) as book:
        assert "xl/worksheets/sheet1.xml" in book.namelist()


def test_measures_are_filtered_by_place_and_field(shell: Shell) -> None:
    code, out, _ = shell("measures", "--place", "萍乡", "--field", "文化", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert rows
    assert {(row["place"], row["field"]) for row in rows} == {("萍乡市", "文化")}


@pytest.mark.parametrize(
    "wrong", [("--field", "天文"), ("--kind", "maybe"), ("--sort", "colour"), ("--place", "火星")]
)
def test_a_limit_that_is_none_is_told_in_a_sentence(shell: Shell, wrong: tuple[str, str]) -> None:
    code, out, err = shell("figures", *wrong)
    assert code == 1
    assert out == ""
    assert len(err.strip().splitlines()) >= 1


def test_nothing_found_is_said(shell: Shell) -> None:
    assert "没有符合的条目" in shell("figures", "--metric", "航天飞机")[1]


def test_compare_says_what_is_missing_and_answers_nothing_on_what_nobody_tells_of(shell: Shell) -> None:
    code, out, err = shell("compare", " ")
    assert code == 1
    assert "没有写要比什么" in out + err
    code, out, _ = shell("compare", "飞船")
    assert code == 1
    assert "[1]" not in out


def test_a_screen_tells_the_kind_of_a_row_in_its_own_language(shell: Shell) -> None:
    _, out, _ = shell("figures", "--place", "吉林", "--kind", "done")
    assert "已做" in out
    assert "done" not in out


def test_a_sheet_that_cannot_be_written_is_told_without_the_systems_numbers(
    shell: Shell, tmp_path: Path
) -> None:
    code, _, err = shell("figures", "--xlsx", str(tmp_path / "none" / "a.xlsx"))
    assert code == 1
    assert "写不了" in err
    assert "Errno" not in err


def test_a_row_of_a_comparison_tells_the_time_it_was_done_in(shell: Shell) -> None:
    _, out, _ = shell("compare", "停车位", "--json")
    assert [row["period"] for row in json.loads(out)["rows"]] == ["2018年以来", ""]


def test_compare_sets_places_side_by_side(shell: Shell) -> None:
    code, out, _ = shell("compare", "停车位")
    assert code == 0
    assert "吉林市最多（近5万个）" in out
    assert "萍乡市" in out
    assert "[1]" in out


@pytest.mark.parametrize("thing", ["<script>alert(1)</script>", "{{7*7}}", "=1+1", "?!"])
def test_nothing_is_compared_for_what_is_no_thing(shell: Shell, thing: str) -> None:
    code, out, err = shell("compare", thing)
    assert code == 1
    assert out == ""
    assert "不是可比较的指标" in err
