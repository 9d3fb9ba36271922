"""What is wanted of the register, read from words as a person gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.values.answer import Language
from bot.errors import InputError
from retrieval.catalog.fact_query import Ask
from retrieval.facts.models import FigureKind
from retrieval.facts.policy_fields import names as field_names
from retrieval.facts.sentence_reading import COUNTRY
from retrieval.text.normalize import to_traditional

_LETTERS = 0.7  # share of the characters of a thing's name that are letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.messages import Messages
    from bot.presentation.passage_search import PassageSearcher


def asked(
    searcher: PassageSearcher,
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
    known = {one.value: one for one in FigureKind}
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


def is_thing(words: str) -> bool:
    """Tell whether words may name a thing that is measured, and are no markup or code."""
    letters = sum(char.isalnum() for char in words)
    return (
        letters > 1 and letters >= _LETTERS * len("".join(words.split())) and not set(words) & set("<>{}=\\|")
    )


def compared(thing: str, places: Sequence[str], language: Language) -> str:
    """Return the question that sets a thing of these places side by side; of one place, through the years.

    It is put in the language in which it is to be answered.
    """
    if language is Language.EN:
        if len(places) == 1:
            return f"How has {thing} in {places[0]} changed over the years?"
        return f"What is the ranking of {' and '.join(places) or 'all the cities'} by {thing}?"
    if language is Language.HANT:
        thing = to_traditional(thing)
        return (
            f"請問{places[0]}歷年{thing}的變化"
            if len(places) == 1
            else f"請問{'、'.join(places) or '各地'}{thing}排名"
        )
    if len(places) == 1:
        return f"{places[0]}历年{thing}的变化"
    return f"{'、'.join(places) or '各地'}{thing}排名"
