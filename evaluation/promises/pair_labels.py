"""Pairs that were judged by reading, as places in the shared texts and none of their words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from answering.evidence.report_parts import ReportParts
from answering.ledger.indicators import Indicator, indicators
from answering.ledger.pair_features import Rarity, comparable, features
from retrieval.catalog.fact_query import Ask

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from retrieval.library import Library

LABELS = Path(__file__).parents[1] / "data" / "promise_labels.tsv"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLabel:
    """One pair that was judged, with its features; ``group`` is the pair of documents it is from."""

    group: tuple[str, str]
    target: Indicator
    result: Indicator
    features: tuple[float, ...]
    same: bool


def pair_labels(library: Library, path: Path = LABELS) -> Iterator[PairLabel]:
    """Give the judged pairs whose documents a library holds."""
    held = _figures(library)
    for group, targets in _judged(path).items():
        aimed = {one.row.start: one for one in held.get(group[0], ()) if one.aimed}
        told = {one.row.start: one for one in held.get(group[1], ()) if not one.aimed}
        rarity = Rarity.of((*aimed.values(), *told.values()))
        for (target, result), same in targets.items():
            one, other = aimed.get(target), told.get(result)
            if one is not None and other is not None and comparable(one, other):
                values = features(one, other, rarity)
                yield PairLabel(group=group, target=one, result=other, features=values, same=same)


def _judged(path: Path) -> Mapping[tuple[str, str], dict[tuple[int, int], bool]]:
    judged: dict[tuple[str, str], dict[tuple[int, int], bool]] = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            aimed, target, told, same, other = line.split("\t")
            for words, value in ((same, True), (other, False)):
                judged[aimed, told] |= {(int(target), int(result)): value for result in words.split()}
    return judged


def _figures(library: Library) -> dict[str, list[Indicator]]:
    """Return the figures of each document by the name of its file."""
    found = {}
    for head in library.documents():
        document = library.document(head.id)
        if document is not None:
            rows = [one.row for one in library.register.figures(Ask(documents=(head.id,)))]
            found[Path(head.source).name] = list(
                indicators(ReportParts(document), sorted(rows, key=lambda row: row.start))
            )
    return found
