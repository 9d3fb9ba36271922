"""The colours of a picture, by day and by night; text stands 4.5 : 1 and more against its ground."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bot.charts.shapes import Ink

if TYPE_CHECKING:
    from collections.abc import Mapping


class ChartTheme(StrEnum):
    """By day or by night."""

    LIGHT = "light"
    DARK = "dark"


COLOURS: Mapping[ChartTheme, Mapping[Ink, str]] = {
    ChartTheme.LIGHT: {
        Ink.GROUND: "#ffffff",
        Ink.TEXT: "#1b1f24",
        Ink.FAINT: "#5f6873",
        Ink.RULE: "#d7dce2",
        Ink.TRACK: "#eef1f4",
        Ink.FIRST: "#2563c9",
        Ink.SECOND: "#b4540a",
        Ink.THIRD: "#0f766e",
        Ink.FOURTH: "#8a3ab9",
        Ink.ON_FIRST: "#ffffff",
        Ink.SOFT: "#9dbcf0",
    },
    ChartTheme.DARK: {
        Ink.GROUND: "#17212b",
        Ink.TEXT: "#f1f4f7",
        Ink.FAINT: "#a6b3bf",
        Ink.RULE: "#33424f",
        Ink.TRACK: "#22303c",
        Ink.FIRST: "#6aa5f5",
        Ink.SECOND: "#f0a35e",
        Ink.THIRD: "#4fc2b5",
        Ink.FOURTH: "#cf9df0",
        Ink.ON_FIRST: "#0d1620",
        Ink.SOFT: "#3c5f8f",
    },
}


def mixed(ink: str, ground: str, strength: float) -> str:
    """Return a colour thinned over a ground: 1 is the colour itself, 0 the ground."""
    pairs = zip(_parts(ink), _parts(ground), strict=True)
    return "#" + "".join(f"{round(a * strength + b * (1 - strength)):02x}" for a, b in pairs)


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
