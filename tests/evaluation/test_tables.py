"""A table shows each figure with its target, and whether it was reached."""

from __future__ import annotations

import pytest

from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound, markdown


@pytest.mark.parametrize(
    ("value", "target", "bound", "met"),
    [
        (0.9, 0.85, TargetBound.LEAST, True),
        (0.85, 0.85, TargetBound.LEAST, True),
        (0.849, 0.85, TargetBound.LEAST, False),
        (40.0, 40.0, TargetBound.MOST, True),
        (40.1, 40.0, TargetBound.MOST, False),
        (4.0, 4.0, TargetBound.EXACT, True),
        (5.0, 4.0, TargetBound.EXACT, False),
        (None, 0.5, TargetBound.LEAST, False),
        (0.9, None, TargetBound.LEAST, None),
    ],
)
def test_a_figure_knows_whether_its_target_is_reached(
    value: float | None, target: float | None, bound: TargetBound, met: bool | None
) -> None:
    assert Measurement(name="x", value=value, target=target, bound=bound).met is met


def test_a_figure_just_short_of_its_target_is_not_rounded_up_to_it() -> None:
    shown = markdown(
        ResultTable(key="t", title="T", figures=(Measurement(name="x", value=0.99951, target=1.0),))
    )
    assert "NO" in shown


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        (MeasureUnit.SHARE, "0.123"),
        (MeasureUnit.COUNT, "0"),
        (MeasureUnit.CHARS, "0"),
        (MeasureUnit.MS, "0.1 ms"),
        (MeasureUnit.SECONDS, "0.12 s"),
        (MeasureUnit.TIMES, "0.12 ×"),
    ],
)
def test_values_are_shown_in_their_unit(unit: MeasureUnit, shown: str) -> None:
    assert unit.show(0.1234) == shown
    assert unit.show(None) == "–"


def test_markdown_holds_every_column_in_every_row() -> None:
    table = ResultTable(
        key="t",
        title="Two stacks",
        figures=(
            Measurement(name="R@1", value=0.98, target=0.97, beside=(0.9, None)),
            Measurement(name="query", value=12.0, unit=MeasureUnit.MS),
        ),
        others=("One", "Two"),
        notes=("a note",),
    )
    lines = markdown(table).splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert lines[0] == "## Two stacks"
    assert {row.count("|") for row in rows} == {7}
    assert [cell.strip() for cell in rows[2].split("|")[1:-1]] == [
        "R@1",
        "0.980",
        "0.900",
        "–",
        "≥ 0.970",
        "yes",
    ]
    assert [cell.strip() for cell in rows[3].split("|")[1:-1]] == ["query", "12.0 ms", "–", "–", "", ""]
    assert "- a note" in lines


def test_a_table_without_figures_shows_its_notes_alone() -> None:
    shown = markdown(ResultTable(key="t", title="T", notes=("skipped: no material",)))
    assert "|" not in shown
    assert "- skipped: no material" in shown
