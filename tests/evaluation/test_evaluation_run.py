"""``python -m evaluation`` runs the parts it is asked for, and skips what has no material."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from evaluation.__main__ import main
from evaluation.datasets.material import MissingMaterialError, SharedMaterial
from evaluation.performance.speed import imported
from evaluation.reporting.tables import ResultTable
from evaluation.run import LONG, PARTS, chosen, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evaluation.harness.bench import Bench

NO_BENCH = cast("Bench", None)


def good(_bench: Bench) -> Iterator[ResultTable]:
    yield ResultTable(key="good", title="Good")


def bare(_bench: Bench) -> Iterator[ResultTable]:
    yield ResultTable(key="first", title="First")
    raise MissingMaterialError("eval/questions is not there")


def test_no_name_means_every_part() -> None:
    every = tuple(part for part in PARTS if part not in LONG)
    assert chosen([]) == chosen(["all"]) == every
    assert set(chosen(list(LONG))) == LONG


def test_names_and_groups_are_run_once_and_in_order() -> None:
    assert chosen(["cold", "bench", "answers"]) == ("answers", "speed", "cold", "store")


def test_an_unknown_part_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["answers", "nothing"]) == 2
    assert "nothing" in capsys.readouterr().err


def test_a_part_without_its_material_says_so_and_the_others_run() -> None:
    done = list(tables(["bare", "good"], NO_BENCH, known={"bare": bare, "good": good}))
    assert [one.key for one in done] == ["first", "skipped-bare", "good"]
    assert done[1].notes == ("skipped: eval/questions is not there",)


def test_a_part_is_skipped_in_a_line_where_no_shared_material_stands_but_for_what_ships(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--shared", str(tmp_path / "none"), "--home", str(tmp_path / "home")]) == 0
    shown = capsys.readouterr().out
    assert [part for part in chosen([]) if f"{part}: skipped" not in shown] == [
        *("register-names", "gates", "store", "reader")
    ]
    assert "Mutations of other reports: skipped" in shown or "data/gov_facts_passages.jsonl is not" in shown


def test_a_missing_part_of_the_material_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingMaterialError, match=r"eval/score\.py"):
        _ = SharedMaterial(folder=tmp_path).scorer


def test_import_times_are_added_up_by_root_package() -> None:
    log = (
        "import time: self [us] | cumulative | imported package\n"
        "import time:      1500 |       1500 |   chromadb.api\n"
        "import time:       500 |       2000 | chromadb\n"
        "import time:      1000 |       1000 | numpy.linalg\n"
        "some other line\n"
    )
    assert imported(log) == pytest.approx({"chromadb": 0.002, "numpy": 0.001})
