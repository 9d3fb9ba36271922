"""Read what a clause refers to: 第十五条第一款第三项、第四项; 前款; 本条第二款; 第一至三项."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrieval.provisions.bylaw import Reference
from retrieval.quantities import parse_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.provisions.bylaw import Article, ByLaw, Provision

_NUMERAL = "[一二三四五六七八九十百零〇\\d]{1,7}"
_ATOM = re.compile(
    rf"第[（(]?({_NUMERAL})[）)]?(?:[条款项]?[至到]第?[（(]?({_NUMERAL})[）)]?)?([条款项])|本(条)|前(两|二|三)?([条款])"
)
_JOINT = frozenset(["", "、", "和", "或", "或者", "及", "以及", "与", "，", "或者第", "规定、", "规定和"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Origin:
    """Where a clause stands, and what its lead-in refers to."""

    article: int
    paragraph: int
    base: Reference | None = None


@dataclass
class _Chain:
    """The references read so far, and the part that the next one may leave out."""

    base: Reference
    found: list[Reference]
    fresh: tuple[Reference, ...] = ()  # found by the last atom: refined when a finer one follows directly

    def put(self, references: Sequence[Reference], *, refines: bool) -> None:
        if refines:
            self.found = [r for r in self.found if r not in self.fresh]
        self.fresh = tuple(references)
        self.found.extend(r for r in references if r not in self.found)
        self.base = references[-1]


def references(
    words: str, *, article: int, paragraph: int, base: Reference | None = None
) -> tuple[Reference, ...]:
    """Return what ``words`` refer to in their own by-law; they stand in this article and paragraph.

    ``base`` is what the lead-in of a list refers to, for an item that names paragraphs or items alone.
    """
    origin = _Origin(article=article, paragraph=paragraph, base=base)
    start = base or Reference(article=article)
    chain = _Chain(base=start, found=[])
    end = -1
    foreign = False
    for match in _ATOM.finditer(words):
        gap = words[end : match.start()] if end >= 0 else None
        joined = gap in _JOINT
        if not joined:
            chain.base, chain.fresh = start, ()
        foreign = (foreign and joined) or words[: match.start()].endswith("》")
        if not foreign:
            _read(chain, match, origin, refines=gap == "")
        end = match.end()
    return tuple(chain.found)


def _read(chain: _Chain, match: re.Match[str], origin: _Origin, *, refines: bool) -> None:
    if match[4]:
        chain.base, chain.fresh = Reference(article=origin.article), ()
        return
    if match[6]:
        chain.put(_former(match[5], match[6], origin), refines=False)
        return
    first, last = _range(match)
    level = match[3]
    numbers = range(first, min(last, first + 30) + 1)
    if level == "条":
        chain.put([Reference(article=n) for n in numbers], refines=False)
    elif level == "款":
        base = Reference(article=chain.base.article)
        chain.put([replace(base, paragraph=n) for n in numbers], refines=refines and not chain.base.paragraph)
    else:
        finer = refines and not chain.base.item
        chain.put([replace(chain.base, item=n) for n in numbers], refines=finer)


def _range(match: re.Match[str]) -> tuple[int, int]:
    first = int(parse_number(match[1]) or 0)
    last = int(parse_number(match[2]) or first) if match[2] else first
    return first, max(first, last)


def _former(many: str | None, level: str, origin: _Origin) -> list[Reference]:
    count = 3 if many == "三" else 2 if many else 1
    if level == "条":
        return [Reference(article=max(1, origin.article - n)) for n in range(count, 0, -1)]
    return [
        Reference(article=origin.article, paragraph=n)
        for n in range(max(1, origin.paragraph - count), max(2, origin.paragraph))
    ]


def resolve(reference: Reference, bylaw: ByLaw) -> tuple[Provision, ...]:
    """Return the provisions that a reference means; none where the by-law lacks them."""
    article = bylaw.article(reference.article)
    if article is None:
        return ()
    inside = _inside(bylaw, article)
    if reference.paragraph is not None:
        inside = [p for p in inside if p.paragraph.numeral == reference.paragraph] or inside
    if reference.item is None:
        return tuple(inside)
    named = [p for p in inside if p.item is not None and p.item.numeral == reference.item]
    return tuple(named)


def _inside(bylaw: ByLaw, article: Article) -> list[Provision]:
    return [p for p in bylaw.provisions if p.article.numeral == article.numeral]
