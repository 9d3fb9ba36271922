"""The shapes a picture is made of, in CSS pixels; inks are names of roles, not colours."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ink(StrEnum):
    """What a shape is drawn with; a palette gives each a colour."""

    GROUND = "ground"
    TEXT = "text"
    FAINT = "faint"
    RULE = "rule"
    TRACK = "track"
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"
    ON_FIRST = "on-first"
    SOFT = "soft"


TAIL, APART = 11.0, 3.0  # size of a tail, and its distance


class TextAnchor(StrEnum):
    """Which end of a label stands at its x."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLabel:
    """Words on a baseline."""

    x: float
    y: float
    text: str
    size: float = 14
    ink: Ink = Ink.TEXT
    anchor: TextAnchor = TextAnchor.START
    bold: bool = False
    tail: str = ""  # in small and faint right behind: [1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectangle:
    """A filled rectangle with round corners; ``strength`` thins its ink, 0…1."""

    x: float
    y: float
    width: float
    height: float
    ink: Ink
    radius: float = 0
    strength: float = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Polyline:
    """A line through points, or the area within them."""

    points: tuple[tuple[float, float], ...]
    ink: Ink
    width: float = 1
    filled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Disc:
    """A disc, or a ring around the ground."""

    x: float
    y: float
    radius: float
    ink: Ink
    hollow: bool = False


Shape = TextLabel | Rectangle | Polyline | Disc


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartDrawing:
    """A picture as it is laid out, with the words for those who can't see it."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    title: str
    alt: str
    language: str
