"""What is wanted of the register, read from words as a person gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import InputError
from retrieval.fields import names as field_names
from retrieval.readings import COUNTRY
from retrieval.register_ask import Ask
from retrieval.register_rows import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.messages import Messages
    from bot.searching import Searcher


def asked(
    searcher: Searcher,
    said: Messages,
    *,
    places: Sequence[str] = (),
    fields: Sequence[str] = (),
    years: Sequence[int] = (),
    kinds: Sequence[str] = (),
) -> Ask:
    """Return what limits the rows. Raises InputError for a place, field or kind that is none."""
    for name in fields:
        if name not in field_names():
            raise InputError(said.say("field_unknown", field=name, fields="、".join(field_names())))
    known = {one.value: one for one in Kind}
    for name in kinds:
        if name not in known:
            raise InputError(said.say("kind_unknown", kind=name, kinds="、".join(known)))
    named = searcher.places(tuple(one for one in places if one != COUNTRY), said)
    return Ask(
        places=named + ((COUNTRY,) if COUNTRY in places else ()),
        fields=tuple(fields),
        years=tuple(years),
        kinds=tuple(known[name] for name in kinds),
    )


def compared(thing: str, places: Sequence[str]) -> str:
    """Return the question that sets a thing of these places side by side; of one place, through the years."""
    if len(places) == 1:
        return f"{places[0]}历年{thing}的变化"
    return f"{'、'.join(places) or '各地'}{thing}排名"
