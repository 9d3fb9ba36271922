"""What a question asks of each place, or of each of two things, when it asks several at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.places.gazetteer import Mention

_JOINT = re.compile(r"[\s、,|和与跟同及以的还有vsand]|分别|各自?|都|比|相比|对比")
_PAIR = re.compile(r"(.{2,24}?)(?:和|与|跟|以及|、|加上?(?!起来|在一|一?[块起])|还有)(.{2,})")
_THAN = re.compile(r"([^|,，。]{2,20}?)比([^|,，。]{2,20}?)(?:要)?(?:多|少|高|低|大)(?:出|了)?(?:多少|几)")
_ASKING = re.compile(r"[,，]|哪|谁|各|分别|合计|加|一共|总共|共|相差|差|多少|几|放一|比")
_ASKS = re.compile(
    r"多少|几|哪|什么|啥|谁|怎|如何|吗|呢[\s?？。!！]*$|\b(how|what|which|when|who|where|why)\b"
)
_STRONG = re.compile(r"[?？;；。!！]\s*|\. +")
_WEAK = re.compile(r"[,，]\s*(?:and |以及|还有|另外)?")
_THIN = 3  # characters besides frame words: a shorter piece only goes on with the one before
_FRAME = re.compile(
    r"多少|几|哪|什么|啥|谁|怎么|如何|吗|呢|的|了|是|有|个|分别|各|差|请|一共|总共|why|what|which|when|who|where|how|many|much|is|are"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is asked of one place; ``label`` tells two parts of the same place apart."""

    place: str | None  # None for texts of the whole country, or of all places
    content: str  # folded; frame words still in it are dropped by ``matching.terms``
    label: str = ""
    year: int | None = None  # asked of this year alone


def of_places(folded: str, mentions: Sequence[Mention], held: Sequence[str]) -> tuple[Part, ...]:
    """Give each place of a comparison the words that belong to it.

    Words before the first place belong to all. If words follow the first place before the next one, each
    place owns what follows it; else the places share what follows the last.
    """
    known = [m for m in mentions if m.place.name in held]
    if len({m.place.name for m in known}) < 2:
        return ()
    before = folded[: known[0].start]
    ends = [m.start for m in known[1:]] + [len(folded)]
    owned = [folded[m.end : end] for m, end in zip(known, ends, strict=True)]
    if all(_JOINT.sub("", text) for text in owned):
        drafts = [(m, f"{before}|{text}") for m, text in zip(known, owned, strict=True)]
    else:
        shared = before + "|" + "|".join(owned)
        drafts = [(m, shared) for m in known]
    joined: dict[str, str] = {}
    for mention, content in drafts:
        name = mention.place.name
        joined[name] = f"{joined[name]}|{content}" if name in joined and joined[name] != content else content
    return tuple(Part(place=name, content=content) for name, content in joined.items())


def things_of(content: str) -> tuple[tuple[str, str], ...]:
    """Part what is asked of one place into two things, each with the words that name it: (label, content)."""
    if than := _THAN.search(content):
        names = (than[1].strip("|的, "), than[2].strip("|的, "))
        return tuple((name, name) for name in names)
    pair = _PAIR.search(content)
    if pair is None:
        return ()
    first, second = pair.group(1), pair.group(2)
    asks = _ASKING.search(second)
    labels = first.strip("|的, "), second[: asks.start() if asks else None].strip("|的, ")
    return tuple(zip(labels, (first, second), strict=True)) if all(labels) else ()


def of_years(content: str, place: str | None, years: Sequence[int]) -> tuple[Part, ...]:
    """Part a question on several years of one place."""
    if len(years) < 2 or re.search(r"[到至—–-] *(20)?\d\d年|以来|期间", content):
        return ()
    bare = re.sub(r"(20)?\d\d年?(度)?", "|", content)
    return tuple(Part(place=place, content=bare, label=f"{year}年", year=year) for year in years)


def questions(text: str) -> tuple[str, ...]:
    """Part a message into the questions it asks; a piece that asks nothing goes with the next that does."""
    pieces = [piece for strong in _pieces(text, _STRONG) for piece in _pieces(strong, _WEAK)]
    out: list[str] = []
    held = ""
    for piece in pieces:
        asking = fold(piece)
        if not _ASKS.search(asking):
            held += piece
        elif out and not held and len(_FRAME.sub("", asking).strip(" ,，?？。|")) < _THIN:
            out[-1] += piece
        else:
            out.append(held + piece)
            held = ""
    if not out:
        return (text,)
    out[-1] += held
    return tuple(out)


def _pieces(text: str, separator: re.Pattern[str]) -> list[str]:
    ends = [m.end() for m in separator.finditer(text)]
    cuts = [0, *ends, len(text)]
    return [text[a:b] for a, b in pairwise(cuts) if text[a:b].strip()]
