"""The mark in a catalogue of what serves on a server: all who share the catalogue see one and the same."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.index.sync.generations import GenerationMark

if TYPE_CHECKING:
    from retrieval.catalog.catalog import Catalogue

CHROMA = "chroma"  # the name under which it is noted


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingMark(GenerationMark):
    """A mark with the moment since which its collection serves."""

    since: float = 0.0  # seconds since the epoch, by the clock of whoever switched


class CatalogueMark:
    """The mark that stands in one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def mark(self) -> ServingMark | None:
        """Return the mark; None where there is none that can be read."""
        return parsed(self._catalogue.noted(CHROMA))


def parsed(noted: str | None) -> ServingMark | None:
    """Return the mark that is noted; None where there is none that can be read."""
    try:
        return ServingMark(**json.loads(noted or ""))
    except (ValueError, TypeError):
        return None
