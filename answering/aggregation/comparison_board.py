"""The figures of one thing in many places: those to be set against each other, and those that can't be."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.aggregation.entries import Entry, alike, best_of, entries_of, groups
from answering.extractive.subset_figures import of_some
from answering.question.subject import variants
from answering.question.unit_classes import fits
from retrieval.catalog.fact_query import Ask
from retrieval.facts.models import FigureKind
from retrieval.facts.name_similarity import core, opposed
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from retrieval.facts.models import FigureRow
    from retrieval.places.gazetteer import Gazetteer

SURE = 0.8  # likeness of the best name from which the register answers, and not a search
_BESIDE = 0.7  # share of the best likeness that another place's name must have
_ROWS = 3_000  # figures looked at for one thing
_CHANGES = ("增长", "下降", "上涨", "增速", "涨幅", "降幅", "增幅", "增产", "减产")


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureComparison:
    """What is told of one thing."""

    rows: tuple[Entry, ...]  # one a place
    apart: tuple[Entry, ...]
    more: tuple[Entry, ...]  # other figures of the same places and the same name
    silent: tuple[str, ...]
    other_years: tuple[Entry, ...] = ()  # of another year than the rows
    other_levels: tuple[Entry, ...] = ()  # of places of another level than the rows: a city among provinces


def like_with_like(board: FigureComparison, gazetteer: Gazetteer) -> FigureComparison:
    """Keep the rows of the commonest level of places and year, and set those of others apart.

    Where fewer than two rows would be left, all stay.
    """
    levels = {entry: _level(entry.place, gazetteer) for entry in board.rows}
    common = Counter(levels.values()).most_common(1)[0][0]
    same = [entry for entry in board.rows if levels[entry] == common]
    if len(same) < 2:
        return board
    year = Counter(entry.row.year for entry in same).most_common(1)[0][0]
    kept = [entry for entry in same if entry.row.year == year]
    kept = kept if len(kept) > 1 else same
    return replace(
        board,
        rows=tuple(kept),
        other_years=tuple(entry for entry in same if entry not in kept),
        other_levels=tuple(entry for entry in board.rows if levels[entry] != common),
    )


def _level(place: str, gazetteer: Gazetteer) -> str:
    """Return the level of a place by its province and the last character of its name."""
    found = gazetteer.resolve(place)
    if found is not None and found.province in (place, None):
        return "province"
    return "district" if place.endswith(("区", "县", "旗")) else "city"


def gather(
    desk: QuestionContext, thing: str, places: Sequence[str], *, years: Sequence[int], growth: bool
) -> list[Entry]:
    """Return the figures of a thing in these places, the likest first."""
    ask = Ask(places=tuple(places), things=variants(thing, desk.lexicon), years=tuple(years), limit=_ROWS)
    found = [
        one
        for one in desk.library.register.figures(ask)
        if _wanted(one.row, growth=growth) and not opposed(thing, fold(one.row.metric))
    ]
    entries = [e for e in entries_of(found, desk.library) if not _partial(e, thing, desk.question.folded)]
    if "新增" in desk.question.folded:
        entries = [replace(e, asked_added=True) for e in entries]
    fitting = [e for e in entries if not desk.question.want.named or fits(e.figure, desk.question.want)]
    return sorted(fitting or entries, key=lambda e: -e.likeness)


def _partial(entry: Entry, thing: str, asked: str) -> bool:
    before, after = map(fold, entry.around)
    return of_some(thing, entry.row.unit, before, after, asked)


def _wanted(row: FigureRow, *, growth: bool) -> bool:
    changes = row.kind is FigureKind.COMPARISON or row.metric.endswith(_CHANGES)
    return row.kind is not FigureKind.NAME and changes == growth


def lay(
    entries: Sequence[Entry], places: Sequence[str], *, aimed: bool, units: Sequence[str] = ()
) -> FigureComparison:
    """Choose an entry for each place so that as many as can be are set against each other."""
    near = [e for e in entries if e.likeness >= _BESIDE * entries[0].likeness]
    sets = sorted(groups(near), key=lambda s: (s[0].aimed != aimed, _other_unit(s, units), -_spread(s)))
    main = next((s for s in sets if _spread(s) > 1), sets[0])
    by_place: dict[str, list[Entry]] = defaultdict(list)
    for entry in main:
        by_place[entry.place].append(entry)
    chosen: list[Entry] = []
    for place in places:
        best = best_of(by_place.get(place, ()), chosen)
        if best is not None:
            chosen.append(best)
    told_of = {e.place for e in chosen}
    others = [e for e in near if e.place not in told_of and e.likeness >= SURE]
    apart = [next(e for e in others if e.place == place) for place in dict.fromkeys(e.place for e in others)]
    more = [e for one in chosen for e in by_place[one.place] if conflicts(e, one)]
    silent = tuple(p for p in places if p not in told_of and p not in {e.place for e in apart})
    return FigureComparison(rows=tuple(chosen), apart=tuple(apart), more=tuple(more), silent=silent)


def _spread(entries: Sequence[Entry]) -> int:
    return len({entry.place for entry in entries})


def _other_unit(entries: Sequence[Entry], units: Sequence[str]) -> bool:
    return bool(units) and entries[0].row.unit not in units


def conflicts(one: Entry, other: Entry) -> bool:
    """Tell whether two documents of one place give one thing of one year differently."""
    return (
        one.document.id != other.document.id
        and one.row.year == other.row.year
        and core(fold(one.row.metric)) == core(fold(other.row.metric))
        and alike(one, other)
        and one.row.value != other.row.value
    )
