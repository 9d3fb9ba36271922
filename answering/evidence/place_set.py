"""The places that a question over several is put to: those named, or all of the level that it speaks of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext

_PLACES = 48  # places told in one answer
_PROVINCE = re.compile("(?:[各哪几两三四五六七八九十]|多少|哪些)个?省|省份|各省|所有省")
_CITY = re.compile("城市|(?:[各哪几两三四五六七八九十]|多少)个?市")
_COUNTRY = "全国"  # whom rows of a report of the whole country speak for


def asked_of(desk: QuestionContext) -> tuple[str, ...]:
    """Return the places a question is put to; a level that only one place is of is taken for any place."""
    if desk.question.places:
        return desk.question.places[:_PLACES]
    if desk.question.national and not desk.question.all_places:
        return (_COUNTRY,)
    held = tuple(desk.library.places())
    chosen = provinces(desk) or _cities(desk, held)
    return (chosen if len(chosen) > 1 else held)[:_PLACES]


def provinces(desk: QuestionContext) -> tuple[str, ...]:
    """Return the provinces that there are texts of where the question speaks of provinces."""
    held = desk.library.places()
    if not desk.question.places and _PROVINCE.search(desk.question.folded):
        known = {name: desk.library.gazetteer.resolve(name) for name in held}
        return tuple(name for name, place in known.items() if place and place.kind == "province")
    return ()


def _cities(desk: QuestionContext, held: tuple[str, ...]) -> tuple[str, ...]:
    if _CITY.search(desk.question.folded):
        return tuple(name for name in held if name.endswith("市") and desk.library.gazetteer.resolve(name))
    return ()
