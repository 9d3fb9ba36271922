"""What the register is asked: figures and measures by place, field, thing, year, unit and kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from retrieval.catalog.fact_query import Ask, FoundFigure
from retrieval.catalog.fact_tables import figures, measures, metric_grams, metrics
from retrieval.catalog.fact_writer import figure_of, measure_of
from retrieval.catalog.tables import documents
from retrieval.facts.name_similarity import core, grams, likeness
from retrieval.quantities.units import spellings
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Select, Table

    from retrieval.catalog.catalog import Catalogue
    from retrieval.facts.models import FigureRow, MeasureRow

_NEAR = 400  # names looked at for one thing asked for
_BATCH = 40  # of these, whose figures are fetched together


class Register:
    """The figures and measures of a catalogue, for readers in any thread."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def figures(self, ask: Ask) -> tuple[FoundFigure, ...]:
        """Return the figures asked for: the likest names first, and in the order of the texts."""
        with self._catalogue.reading() as connection:
            names = _names(connection, ask) if ask.things else None
            if names is not None and not names:
                return ()
            return tuple(_figures(connection, ask, names))

    def figure_at(self, document: str, start: int) -> FigureRow | None:
        """Return the figure that begins at an offset of a document; None where none was read there."""
        query = select(figures, metrics.c.name.label("name")).join(metrics)
        query = query.where(figures.c.document == document, figures.c.start == start)
        with self._catalogue.reading() as connection:
            row = connection.execute(query).mappings().first()
        return figure_of(row, row["name"]) if row else None

    def measures(self, ask: Ask) -> tuple[MeasureRow, ...]:
        """Return the measures asked for in the order of the texts."""
        query = _limited(select(measures), measures, ask)
        words = [measures.c.action.concat(measures.c.object).contains(thing) for thing in ask.things]
        if words:
            query = query.where(or_(*words))
        ordered = query.join(documents).order_by(documents.c.source, documents.c.ordinal, measures.c.id)
        with self._catalogue.reading() as connection:
            return tuple(measure_of(row) for row in connection.execute(ordered.limit(ask.limit)).mappings())

    def common(self, ask: Ask) -> tuple[tuple[str, int], ...]:
        """Return the things that figures of several places tell of, with how many places; the most first.

        Asked for one place, they are those it tells of in several years, with how many years.
        """
        told = figures.c.year if len(ask.places) == 1 else figures.c.place
        many = func.count(told.distinct())
        query: Select[Any] = select(metrics.c.name, many).select_from(figures.join(metrics))
        query = _limited(query, figures, ask).where(figures.c.kind.in_(("done", "state")))
        grouped = query.group_by(metrics.c.name).having(many > 1).order_by(many.desc(), metrics.c.name)
        with self._catalogue.reading() as connection:
            rows = connection.execute(grouped.limit(ask.limit)).all()
        return tuple((row[0], row[1]) for row in rows)

    def count(self) -> tuple[int, int]:
        """Return how many figures and how many measures there are."""
        with self._catalogue.reading() as connection:
            counts = (select(func.count()).select_from(table) for table in (figures, measures))
            one, other = (connection.execute(query).scalar_one() for query in counts)
            return one, other


def _names(connection: Connection, ask: Ask) -> dict[int, tuple[str, float]]:
    """Return the names that are like one of the things asked for, each with its likeness."""
    folded = [fold(thing) for thing in ask.things]
    wanted = tuple(dict.fromkeys(gram for thing in folded for gram in grams(core(thing))))
    if not wanted:
        return {}
    shared = func.count().label("shared")
    nearest = (
        select(metric_grams.c.metric, shared)
        .where(metric_grams.c.gram.in_(wanted))
        .group_by(metric_grams.c.metric)
        .order_by(shared.desc())
        .limit(_NEAR)
        .subquery()
    )
    query = select(metrics.c.id, metrics.c.name).join(nearest, nearest.c.metric == metrics.c.id)
    found = {}
    for number, name in connection.execute(query):
        alike = max(likeness(thing, fold(name)) for thing in folded)
        if alike >= ask.floor:
            found[number] = (name, alike)
    return found


def _figures(
    connection: Connection, ask: Ask, names: dict[int, tuple[str, float]] | None
) -> Sequence[FoundFigure]:
    query = select(figures, metrics.c.name.label("name")).join(metrics)
    query = _limited(query, figures, ask)
    if ask.units:
        query = query.where(figures.c.unit.in_({word for unit in ask.units for word in spellings(unit)}))
    if names is None:
        ordered = query.join(documents).order_by(documents.c.source, documents.c.ordinal, figures.c.id)
        rows = connection.execute(ordered.limit(ask.limit)).mappings()
        return [FoundFigure(row=figure_of(row, row["name"])) for row in rows]
    found: list[FoundFigure] = []
    likest = sorted(names, key=lambda number: -names[number][1])
    for at in range(0, len(likest), _BATCH):
        if len(found) >= ask.limit:
            break
        rows = connection.execute(query.where(figures.c.metric.in_(likest[at : at + _BATCH]))).mappings()
        found += [
            FoundFigure(row=figure_of(row, row["name"]), likeness=names[row["metric"]][1]) for row in rows
        ]
    found.sort(key=lambda one: (-round(one.likeness, 2), one.row.document, one.row.start))
    return found[: ask.limit]


def _limited(query: Select[Any], table: Table, ask: Ask) -> Select[Any]:
    limits: tuple[tuple[ColumnElement[object], Sequence[object]], ...] = (
        (table.c.place, ask.places),
        (table.c.field, ask.fields),
        (table.c.year, ask.years),
        (table.c.kind, [kind.value for kind in ask.kinds]),
        (table.c.document, ask.documents),
    )
    for column, values in limits:
        if values:
            query = query.where(column.in_(values))
    return query
