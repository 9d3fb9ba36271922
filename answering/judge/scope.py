"""Whom and when a claim speaks of, against whom and when its evidence does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.judge.checks.occasions import of_several_years
from answering.judge.quantity_match import MatchLevel
from retrieval.facts.fact_state import FactState, heading_state
from retrieval.facts.figure_role import RoleKind
from retrieval.quantities import years
from retrieval.text.normalize import fold, is_english

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.judge.binding import FactTie
    from answering.judge.reading import TextReading
    from answering.judge.values import ClaimEvidence
    from retrieval.places.gazetteer import Gazetteer


_OF_ALL = ("全国", "我国", "中国")  # whom a national text is of
_PLANS = {"十一五": 2010, "十二五": 2015, "十三五": 2020, "十四五": 2025, "十五五": 2030}
_SEVERAL = re.compile(
    '累计|[三四五六七八九十]年(?:来|间|共|累)|年均|平均每年|每年平均|以来|[“"]?十[二三四五]五'
)
_SPAN = re.compile(r"(?P<low>(?:19|20)\d\d)年?\s?[—–\-至到~]+\s?(?P<high>(?:19|20)\d\d)")
_COUNTS = re.compile(r"\d|[一二三四五六七八九十百千万亿两][个家项户条座所名人次万亿]")
_TAIL = re.compile("(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|自治州|省|市|区|县|盟|旗)$")


def short_name(name: str) -> str:
    """Return a place's name (folded) without its rank: 临江市 → 临江."""
    short = _TAIL.sub("", name)
    return short if len(short) > 1 else name


def own_names(evidence: Sequence[ClaimEvidence]) -> list[str]:
    """Return the names (folded) of the places that the evidence is of, the longest first."""
    places = {fold(e.place) for e in evidence if e.place}
    return sorted({*places, *map(short_name, places), *_OF_ALL}, key=len, reverse=True)


def other_places(claim: str, evidence: Sequence[ClaimEvidence], gazetteer: Gazetteer) -> list[str]:
    """Return the places that a claim names and its evidence does not speak of."""
    there = fold(" ".join(f"{e.quote} {e.place} {e.heading} {e.document} {e.context}" for e in evidence))
    known = tuple(e.place for e in evidence if e.place)
    held = {m.place.name for m in gazetteer.find(there, prefer=known)}
    found = []
    for mention in gazetteer.find(claim, prefer=known):
        name = mention.place.name
        if not mention.certain and name not in known:
            continue
        if name in held or short_name(fold(name)) in there or fold(mention.surface) in there:
            continue
        if any(_holds(name, mention.place.kind, e) for e in evidence):
            continue
        found.append(mention.surface)
    return found


def _holds(name: str, kind: str, item: ClaimEvidence) -> bool:
    """Tell whether a named place is the one an item speaks for; a wider one is not."""
    if kind == "country":
        return item.place in ("", "全国", "中国", "国家")
    return name == item.place


def doer_exchanged(
    claim: str, evidence: Sequence[ClaimEvidence], bound: Sequence[FactTie], gazetteer: Gazetteer
) -> str:
    """Return the place that a claim makes the doer where its evidence makes it the receiver; "" for none."""
    own = {e.place for e in evidence}
    for tie in bound:
        clause = claim[tie.said.clause.start : tie.said.clause.end]
        named = [m.place.name for m in gazetteer.find(clause) if m.place.name not in own]
        if tie.found is not None and len(set(named)) > 1:
            begin = evidence[tie.source].quote[tie.found.clause.start : tie.found.figure.start]
            first = next(iter(gazetteer.find(begin)), None)
            if (
                first is not None
                and first.place.name in named[1:]
                and first.place.name != named[0]
                and short_name(named[0]) not in begin
            ):
                return named[0]
    return ""


def place_of_other(
    claim: str, evidence: Sequence[ClaimEvidence], bound: Sequence[FactTie], gazetteer: Gazetteer
) -> str:
    """Return the place that a claim gives a figure to which only another place's evidence prints; "" for none."""
    places = {e.place for e in evidence if e.place}
    if len(places) < 2:
        return ""
    named = [m for m in gazetteer.find(claim, prefer=tuple(places)) if m.place.name in places]
    for tie in bound:
        if tie.found is None or tie.match is MatchLevel.NONE:
            continue
        before = [m for m in named if m.start < tie.said.figure.start]
        if before and before[-1].place.name != evidence[tie.source].place:
            return before[-1].surface
    return ""


def other_years(claim: TextReading, evidence: Sequence[ClaimEvidence], bound: Sequence[FactTie]) -> list[int]:
    """Return the years that a claim names and its evidence can't be of.

    A figure's year is compared with the item that the figure is found in, any other year with all items.
    """
    by_item = [allowed_years(item) for item in evidence]
    every = set().union(*by_item) if by_item else set()
    if not every or any(not years_ for years_ in by_item):
        return []
    wrong = {year for year in claim.years if year not in every and not _is_span(claim, year, every)}
    for tie in bound:
        told = set(tie.said.years) if len(tie.said.years) == 1 else set()
        if tie.found is not None and told and tie.match is not MatchLevel.NONE:
            wrong |= {y for y in told if y not in by_item[tie.source] and not _is_span(claim, y, every)}
            wrong |= told if told <= _start_years(tie, evidence) else set()
    return sorted(wrong)


def _start_years(tie: FactTie, evidence: Sequence[ClaimEvidence]) -> set[int]:
    """Return the first year of a span whose end a claimed figure is: 2020年到2025年，从…提高到…."""
    found = tie.found
    if found is None or found.role.role is not RoleKind.END:
        return set()
    named = years(evidence[tie.source].quote[found.clause.start : found.clause.end])
    named = named or years(evidence[tie.source].quote[: found.clause.end])[-2:]
    return {min(named)} if len(named) > 1 else set()


def cumulative_as_annual(
    claim: TextReading, evidence: Sequence[ClaimEvidence], bound: Sequence[FactTie]
) -> str:
    """Return the words by which a figure is one of several years that the claim tells of one; "" for none."""
    if len(claim.years) != 1 or _SEVERAL.search(claim.folded):
        return ""
    for tie in bound:
        if tie.found is None or tie.match is MatchLevel.NONE:
            continue
        quote = fold(evidence[tie.source].quote)
        own = quote[tie.found.clause.start : tie.found.clause.end]
        before = "" if years(own) else _leading(tie.found.segment)
        if re.search(
            "全年|年内|当年|去年|上年|今年", before + quote[tie.found.clause.start : tie.found.figure.start]
        ):
            continue
        words = _SEVERAL.search(before + own)
        if words:
            return words[0]
        if of_several_years(evidence[tie.source].heading) and not years(evidence[tie.source].quote):
            return evidence[tie.source].heading.split("/")[-1].strip()
    return ""


def _leading(segment: str) -> str:
    """Return the words (folded) before a figure but for the sums of other figures: 累计 is said of its own alone."""
    return "，".join(
        part for part in re.split("[，,、]", segment) if "累计" not in part or not _COUNTS.search(part)
    )


def allowed_years(item: ClaimEvidence) -> set[int]:
    """Return the years that a sentence may tell of, by its words, its heading and its document."""
    text = f"{item.quote} {item.heading}"
    named = set(years(item.quote)) | {year for name, year in _PLANS.items() if name in text}
    return named | _told_of(item)


def _told_of(item: ClaimEvidence) -> set[int]:
    """Return the years an item's own heading and year leave open."""
    if item.year is None:
        return set()
    if "明年" in item.quote:
        return _in_force(item) | {item.year + 1}
    return _in_force(item)


def _in_force(item: ClaimEvidence) -> set[int]:
    assert item.year is not None  # asked of items that have one
    named = years(item.heading)
    state = heading_state(item.heading)
    if named:
        return {*named, item.year - 1 if state is FactState.DONE else item.year}
    if state is FactState.DONE:
        return {item.year - 1, *({item.year} if "今年" in item.quote else ())}
    if state is FactState.PLANNED:
        return {item.year, *({item.year - 1} if re.search("去年|上年", item.quote) else ())}
    return {item.year, item.year - 1}


def _is_span(claim: TextReading, year: int, allowed: set[int]) -> bool:
    """Tell whether a year only begins, ends or lies within a span that the evidence is in: 2021—2025年."""
    near = any(abs(year - a) <= 5 for a in allowed)
    spans = [(int(m["low"]), int(m["high"])) for m in _SPAN.finditer(claim.text)]
    if any(low < year < high and {low, high} <= allowed for low, high in spans):
        return True
    return near and any(year in span for span in spans)


def scope_lost(
    claim: TextReading, evidence: Sequence[ClaimEvidence], bound: Sequence[FactTie], gazetteer: Gazetteer
) -> Iterator[tuple[str, int]]:
    """Give the narrower places and parts that the evidence says its figures of and the claim leaves out."""
    named = {m.place.name for m in gazetteer.find(claim.text)}
    for tie in bound:
        if tie.found is None:
            continue
        item = evidence[tie.source]
        text = fold(item.quote)
        clause = text[tie.found.clause.start : tie.found.figure.start]
        for mention in gazetteer.find(clause):
            inner = (
                mention.certain
                and mention.place.name != item.place
                and mention.place.kind in ("city", "county")
            )
            if (
                inner
                and mention.place.name not in named
                and short_name(fold(mention.place.name)) not in claim.folded
                and mention.surface not in claim.folded
            ):
                yield mention.surface, tie.source
        if (
            tie.found.role.part
            and not is_english(claim.text)
            and "其中" not in claim.folded
            and not _named(tie.found.subject, claim.folded)
        ):
            yield tie.found.subject, tie.source


def _named(subject: str, folded: str) -> bool:
    pairs = [subject[i : i + 2] for i in range(len(subject) - 1)]
    return bool(pairs) and sum(p in folded for p in pairs) / len(pairs) > 0.15
