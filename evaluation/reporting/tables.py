"""Tables of figures, each beside the target it should reach and beside what other stacks reached."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MeasureUnit(StrEnum):
    """What a figure counts, which decides how it is printed."""

    SHARE = "share"
    COUNT = "count"
    CHARS = "characters"
    MS = "ms"
    SECONDS = "s"
    TIMES = "times"
    RATE = "a second"

    def show(self, value: float | None) -> str:
        """Return a value as it is printed, a dash for none."""
        if value is None:
            return "–"
        shapes = {
            MeasureUnit.SHARE: "{:.3f}",
            MeasureUnit.COUNT: "{:.0f}",
            MeasureUnit.CHARS: "{:.0f}",
            MeasureUnit.TIMES: "{:.2f} ×",
            MeasureUnit.RATE: "{:.1f}",
        }
        return shapes.get(
            self, "{:.1f} " + self.value if self is MeasureUnit.MS else "{:.2f} " + self.value
        ).format(value)


class TargetBound(StrEnum):
    """On which side of its target a figure should lie."""

    LEAST = "≥"
    MOST = "≤"
    EXACT = "="


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One measured figure; ``beside`` holds the same figure of each other column."""

    name: str
    value: float | None
    unit: MeasureUnit = MeasureUnit.SHARE
    target: float | None = None
    bound: TargetBound = TargetBound.LEAST
    beside: tuple[float | None, ...] = ()

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where there is no target."""
        if self.target is None:
            return None
        if self.value is None:
            return False
        if self.bound is TargetBound.EXACT:
            return self.value == self.target
        return self.value >= self.target if self.bound is TargetBound.LEAST else self.value <= self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultTable:
    """Figures that were measured together."""

    key: str
    title: str
    figures: tuple[Measurement, ...] = ()
    others: tuple[str, ...] = ()  # names of the columns that ``Measurement.beside`` fills
    notes: tuple[str, ...] = ()


def markdown(table: ResultTable) -> str:
    """Return a table as Markdown that is also readable as it stands."""
    rows = [
        ["figure", "chengwen", *table.others, "target", "reached"],
        *(_row(one, table) for one in table.figures),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rule = ["-" * width for width in widths]
    body = [_line(row, widths) for row in (rows[0], rule, *rows[1:])] if table.figures else []
    notes = [f"- {note}" for note in table.notes]
    return "\n".join([f"## {table.title}", "", *body, *([""] if body and notes else []), *notes, ""])


def _row(figure: Measurement, table: ResultTable) -> list[str]:
    beside = [*figure.beside, *[None] * (len(table.others) - len(figure.beside))]
    target = "" if figure.target is None else f"{figure.bound} {figure.unit.show(figure.target)}"
    verdict = {None: "", True: "yes", False: "NO"}[figure.met]
    return [figure.name, figure.unit.show(figure.value), *map(figure.unit.show, beside), target, verdict]


def _line(cells: list[str], widths: list[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"
