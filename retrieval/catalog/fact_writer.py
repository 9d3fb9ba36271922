"""The register in the catalogue: rows kept with their document, in its transaction, and read back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from retrieval.catalog.fact_tables import figures, measures, metric_grams, metrics
from retrieval.catalog.queries import chunks, note, read_wholes
from retrieval.catalog.tables import documents
from retrieval.facts.fact_state import FactState
from retrieval.facts.figure_role import Direction, RoleKind
from retrieval.facts.figures import figures_of
from retrieval.facts.models import FigureKind, FigureRow, MeasureRow
from retrieval.facts.name_similarity import grams
from retrieval.facts.policy_actions import measures_of
from retrieval.facts.sentence_reading import readings
from retrieval.quantities.numerals import plain
from retrieval.quantities.values import Bound
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection, Dialect, RowMapping, Table

    from retrieval.values.documents import Document, Passage

    Contents = Sequence[tuple[Document, Sequence[Passage]]]
    Reader = Callable[[Contents], "Rows"]

READER = 4  # raised when the same text would give other rows
_SAME = ("document", "passage", "start", "end", "place", "period", "year", "field")
# Looked up, and not called, for each of many thousand rows: an enumeration's call takes longest.
_BOUNDS = {one.value: one for one in Bound}
_KINDS = {one.value: one for one in FigureKind}
_ROLES = {one.value: one for one in RoleKind}
_DIRECTIONS = {one.value: one for one in Direction}
_STATES = {one.value: one for one in FactState}
_where = attrgetter("document", "passage", "start", "end")
_MANY = 20  # documents read at once when the register is filled anew


@dataclass(frozen=True, slots=True)
class Rows:
    """What the register is to hold of some documents."""

    figures: tuple[FigureRow, ...]
    measures: tuple[MeasureRow, ...]


def rows_of(contents: Contents) -> Rows:
    """Read the figures and the measures of documents."""
    held: list[FigureRow] = []
    done: list[MeasureRow] = []
    for document, cut in contents:
        for sentence in readings(document, cut):
            held += figures_of(sentence)
            done += measures_of(sentence)
    return Rows(figures=tuple(held), measures=tuple(done))


def keep(connection: Connection, rows: Rows) -> None:
    """Put rows beside those that are there; their documents have to be there already."""
    ids = _metric_ids(connection, {row.metric for row in rows.figures})
    _insert(connection, figures, [_figure(row, ids[row.metric]) for row in rows.figures])
    _insert(connection, measures, [_measure(row) for row in rows.measures])


def names_used(connection: Connection, source: str) -> set[int]:
    """Return the names that the figures of a source go by."""
    query = select(figures.c.metric).join(documents).where(documents.c.source == source)
    return set(connection.execute(query).scalars())


def forget(connection: Connection, names: Iterable[int]) -> None:
    """Drop those of some names that no figure goes by any more."""
    for some in chunks(names):
        used = select(figures.c.id).where(figures.c.metric == metrics.c.id).exists()
        gone = connection.execute(select(metrics).where(metrics.c.id.in_(some), ~used)).all()
        for name, words in gone:
            held = grams(fold(words))
            connection.execute(
                delete(metric_grams).where(metric_grams.c.gram.in_(held), metric_grams.c.metric == name)
            )
        connection.execute(delete(metrics).where(metrics.c.id.in_([name for name, _ in gone])))


def refill(connection: Connection) -> None:
    """Read all rows anew from the texts that are held, and note which reader it was."""
    for table in (figures, measures, metric_grams, metrics):
        connection.execute(delete(table))
    names = connection.execute(select(documents.c.id)).scalars().all()
    for at in range(0, len(names), _MANY):
        held = read_wholes(connection, names[at : at + _MANY])
        keep(connection, rows_of([(whole.document, whole.passages) for whole in held.values()]))
    note(connection, "register", str(READER))


def figure_of(row: RowMapping, metric: str) -> FigureRow:
    """Return the figure a row stands for."""
    return FigureRow(
        **{name: row[name] for name in _SAME},
        clause=(row["clause_start"], row["clause_end"]),
        sentence=(row["sentence_start"], row["sentence_end"]),
        metric=metric,
        value=_decimal(row["value"]),
        high=None if row["high"] is None else _decimal(row["high"]),
        unit=row["unit"],
        measure=row["measure"],
        bound=_BOUNDS[row["bound"]],
        kind=_KINDS[row["kind"]],
        role=_ROLES[row["role"]],
        direction=_DIRECTIONS[row["direction"]],
        start_value=None if row["start_value"] is None else _decimal(row["start_value"]),
        stock=row["stock"],
        part=row["part"],
        scope=row["scope"],
        rank=row["rank"],
        state=_STATES[row["state"]],
    )


def measure_of(row: RowMapping) -> MeasureRow:
    """Return the measure a row stands for."""
    return MeasureRow(
        **{name: row[name] for name in _SAME},
        sentence=(row["sentence_start"], row["sentence_end"]),
        action=row["action"],
        object=row["object"],
        kind=FigureKind(row["kind"]),
        figures=tuple(row["figures"]),
    )


def _metric_ids(connection: Connection, names: set[str]) -> dict[str, int]:
    """Return the numbers of names; those that are new get theirs, and what they are found by."""
    ids: dict[str, int] = {}
    for some in chunks(sorted(names)):
        found = connection.execute(select(metrics.c.name, metrics.c.id).where(metrics.c.name.in_(some)))
        ids.update((name, number) for name, number in found)
    fresh = sorted(names - ids.keys())
    if fresh:
        last = connection.execute(select(func.coalesce(func.max(metrics.c.id), 0))).scalar_one()
        made = {name: last + n for n, name in enumerate(fresh, 1)}
        _insert(connection, metrics, [(number, name) for name, number in made.items()])
        found_by = sorted((gram, number) for name, number in made.items() for gram in grams(fold(name)))
        _insert(connection, metric_grams, found_by)  # sorted as the table keeps them
        ids |= made
    return ids


def _insert(connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert many rows of plain values, past SQLAlchemy's own look at each of them, which takes longest.

    Their values stand in the order of the table's columns; the number that counts its rows may be left out.
    """
    if not rows:
        return
    statement, names = _inserting(table, connection.dialect, len(rows[0]))
    if names:
        connection.exec_driver_sql(statement, [dict(zip(names, row, strict=True)) for row in rows])
    else:
        connection.exec_driver_sql(statement, list(rows))


@lru_cache(maxsize=64)
def _inserting(table: Table, dialect: Dialect, width: int) -> tuple[str, tuple[str, ...]]:
    """Return the words that insert a row, and the names of its values where the engine wants them by name."""
    names = table.columns.keys()[-width:]
    compiled = insert(table).compile(dialect=dialect, column_keys=names)
    assert compiled.positiontup in (None, names), "values go in the order of the columns"
    return str(compiled), () if compiled.positional else tuple(names)


def _figure(row: FigureRow, metric: int) -> tuple[object, ...]:
    return (
        *_where(row),
        *row.clause,
        *row.sentence,
        row.place,
        metric,
        float(row.value),
        None if row.high is None else float(row.high),
        row.unit,
        row.measure,
        row.bound.value,
        row.kind.value,
        row.role.value,
        row.direction.value,
        None if row.start_value is None else float(row.start_value),
        row.stock,
        row.part,
        row.scope,
        row.rank,
        row.state.value,
        row.period,
        row.year,
        row.field,
    )


def _measure(row: MeasureRow) -> tuple[object, ...]:
    told = json.dumps(row.figures, ensure_ascii=False) if row.figures else "[]"
    done = (row.action, row.object, row.kind.value, row.period, row.year, told)
    return (*_where(row), *row.sentence, row.place, row.field, *done)


def _decimal(value: float) -> Decimal:
    return plain(Decimal(repr(value)))
