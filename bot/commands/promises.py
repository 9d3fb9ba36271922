"""``chengwen promises``: targets with the results that later texts tell, as lines, records or a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from answering.ledger.promise import Promise, PromiseState
from answering.ledger.promise_ledger import PromiseLedger
from bot.commands.fact_lists import (
    Csv,
    FactOutput,
    FactRecord,
    Json,
    Place,
    Xlsx,
    Year,
    tell,
)
from bot.commands.session import of
from bot.errors import InputError
from bot.presentation.fact_query import asked
from bot.presentation.fact_records import DocumentReader, link
from bot.presentation.promise_records import promise_record
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from bot.commands.session import CommandSession

COLUMNS = (
    *("place", "year", "metric", "promise_state"),
    *("target_quote", "target_value", "target_unit", "target_doc", "target_link"),
    *("result_quote", "result_value", "result_unit", "result_doc", "result_link"),
    *("promise_note",),
)
SHOWN = ("place", "year", "metric", "target_figure", "result_figure", "promise_state")


def promises(  # noqa: PLR0913 - as long as the command line is
    context: typer.Context,
    *,
    place: Place = None,
    year: Year = None,
    state: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STATE",
            help="met 做到、exceeded 超过、short 没做到、not_comparable 口径不同、not_told 没有写到 · state",
        ),
    ] = None,
    metric: Annotated[
        list[str] | None, typer.Option(metavar="WORDS", help="目标里的词，可写几次 · words of the target")
    ] = None,
    as_json: Json = False,
    csv: Csv = None,
    xlsx: Xlsx = None,
) -> None:
    """列出说过的目标和后来的结果，两边都指到原文。List targets with the results told later."""
    session = of(context)
    way = FactOutput(sort="text", as_json=as_json, csv=csv, xlsx=xlsx, columns=COLUMNS, shown=SHOWN)
    states = _states(session, state or ())
    with session.library() as library:
        wanted = asked(
            session.wiring.searcher(library), session.messages, places=place or (), years=year or ()
        )
        texts = DocumentReader(library)
        found = PromiseLedger(library).promises(places=wanted.places, years=wanted.years)
        entries = [
            FactRecord(promise_record(one), _beside(one, texts, session))
            for one in found
            if (not states or one.state in states) and named(one, metric or ())
        ]
    tell(session, entries, way)


def named(promise: Promise, words: list[str] | tuple[str, ...]) -> bool:
    """Tell whether a promise is named by one of these words, or its quotations hold it; true for no words."""
    sides = (side.quote for side in (promise.target, promise.result) if side is not None)
    told = fold("|".join((promise.metric, *sides)))
    return not words or any(fold(word) in told for word in words)


def _states(session: CommandSession, names: list[str] | tuple[()]) -> frozenset[PromiseState]:
    known = {one.value: one for one in PromiseState}
    for name in names:
        if name not in known:
            raise InputError(session.messages.say("state_unknown", state=name, states="、".join(known)))
    return frozenset(known[name] for name in names)


def _beside(promise: Promise, texts: DocumentReader, session: CommandSession) -> dict[str, Any]:
    """Return what a sheet and the screen hold beside the record: both sides in columns of their own."""
    told: dict[str, Any] = {"promise_state": promise.state.value, "promise_note": ""}
    if promise.note:
        told["promise_note"] = session.messages.say(f"promise_note_{promise.note}")
    for name, side in (("target", promise.target), ("result", promise.result)):
        told |= {
            f"{name}_quote": side.quote if side else None,
            f"{name}_value": side.value if side else None,
            f"{name}_unit": side.unit if side else None,
            f"{name}_figure": (side.figure or side.quote) if side else None,
            f"{name}_doc": side.source if side else None,
            f"{name}_link": link(texts.of(side.document), side.quote) if side else None,
        }
    return told
