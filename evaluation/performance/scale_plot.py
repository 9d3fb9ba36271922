"""The figures of growth as drawings: seconds by stage, the wait for a search, memory and disk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from evaluation.performance.scale_queries import ScaleMeasurement

_STAGES = ("read", "parse", "register", "catalogue", "words", "vectors", "graph")


def plots(sizes: Sequence[ScaleMeasurement], folder: Path) -> Path:
    """Draw the sizes into one SVG under ``folder``, and return its path."""
    mpl.rcParams["svg.hashsalt"] = "chengwen"  # the same figures, the same file
    figure = Figure(figsize=(10, 7), layout="constrained")
    axes = figure.subplots(2, 2)
    _filling(axes[0, 0], sizes)
    _asking(axes[0, 1], sizes)
    _lines(axes[1, 0], sizes, {"memory at most": [one.filled.memory for one in sizes]}, "MB")
    _lines(axes[1, 1], sizes, _disk(sizes), "MB on disk")
    path = folder / f"{datetime.now(UTC).date().isoformat()}-scale.svg"
    figure.savefig(path, metadata={"Date": None})
    return path


def _filling(axes: Axes, sizes: Sequence[ScaleMeasurement]) -> None:
    parts = {"embed": [one.filled.passages / one.filled.embedding for one in sizes]}
    for stage in _STAGES:
        parts[stage] = [one.filled.passages / max(one.filled.seconds.get(stage, 0), 1e-3) for one in sizes]
    _lines(axes, sizes, parts, "passages a second")
    axes.set_yscale("log")


def _asking(axes: Axes, sizes: Sequence[ScaleMeasurement]) -> None:
    parts = {}
    for part in (0.5, 0.95, 0.99):
        parts[f"p{100 * part:.0f}"] = [one.free.at("search", part) for one in sizes]
        parts[f"p{100 * part:.0f} in a place"] = [one.inside.at("search", part) for one in sizes]
    _lines(axes, sizes, parts, "ms a search, embedding aside")


def _disk(sizes: Sequence[ScaleMeasurement]) -> dict[str, list[float]]:
    return {part: [one.filled.disk[part] for one in sizes] for part in sizes[0].filled.disk}


def _lines(axes: Axes, sizes: Sequence[ScaleMeasurement], lines: dict[str, list[float]], told: str) -> None:
    passages = [one.filled.passages for one in sizes]
    for name, values in lines.items():
        axes.plot(passages, values, marker="o", markersize=3, linewidth=1, label=name)
    axes.set_xscale("log")
    axes.set_xlabel("passages")
    axes.set_ylabel(told)
    axes.legend(fontsize="x-small")
