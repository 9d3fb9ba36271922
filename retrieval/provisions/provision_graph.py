"""Join sanctions to the provisions they punish the breach of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from retrieval.provisions.articles import read_articles
from retrieval.provisions.references import references, resolve
from retrieval.provisions.sanctions import Sanction, sanctions
from retrieval.text.normalize import bigrams, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrieval.provisions.bylaw import ByLaw, Clause, Provision, Reference

_PUNISHES = ("罚", "责令", "警告", "没收", "吊销", "处分", "收缴", "扣", "依法处理", "予以处理", "法规处理")
_CONDITIONS = ("违反", "的，", "的,", "行为之一", "情形之一")
_SHARED = 0.3  # of the act's pairs of characters, from which a norm is its ground
_NORMS = ("应当", "不得", "禁止", "严禁", "必须", "可以", "负责")


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """One act with what follows it.

    ``source`` is the provision that sets the sanction; ``act`` are its own words on the act (an item of its
    list, or the clause before the measures); ``duties`` are the provisions whose breach it punishes, those it
    refers to or, where it refers to none in particular, the one that reads most alike.
    """

    source: Provision
    act: Clause
    sanction: Sanction
    head: Clause | None = None  # the lead-in of the list that ``act`` is an item of
    duties: tuple[Provision, ...] = ()
    referred: bool = False  # the duties are those the text itself names


@dataclass(frozen=True)
class ProvisionGraph:
    """A by-law with its consequences joined to the acts."""

    bylaw: ByLaw
    consequences: tuple[Consequence, ...]

    @cached_property
    def punished(self) -> dict[int, list[Consequence]]:
        """The consequences by the start of the provision whose breach they punish, or that states the act."""
        found: dict[int, list[Consequence]] = defaultdict(list)
        for consequence in self.consequences:
            for duty in consequence.duties:
                found[duty.start].append(consequence)
            found[consequence.source.start].append(consequence)
            if consequence.head is not None:
                found[consequence.act.start].append(consequence)
        return dict(found)


def read_graph(text: str) -> ProvisionGraph:
    """Return the graph of a by-law's text; it has no articles where the text is none."""
    bylaw = read_articles(text)
    made = tuple(_joined(one, bylaw) for one in _consequences(bylaw))
    return ProvisionGraph(bylaw=bylaw, consequences=made)


def _consequences(bylaw: ByLaw) -> Iterator[Consequence]:
    seen: set[tuple[int, int]] = set()
    for unit in bylaw.provisions:
        if unit.item is None and unit.paragraph.items:
            key = (unit.article.numeral, unit.paragraph.numeral)
            if key not in seen:
                seen.add(key)
                yield from _listed(unit, bylaw)
        elif unit.item is None:
            yield from _stated(unit, bylaw.text)


def _stated(unit: Provision, text: str) -> Iterator[Consequence]:
    if not _penal(unit.of(text)):
        return
    for sanction in sanctions(unit, text):
        yield Consequence(source=unit, act=sanction.act, sanction=sanction)


def _penal(words: str) -> bool:
    """Tell whether a sentence sets a sanction on an act, and does not merely speak of one."""
    return any(w in words for w in _PUNISHES) and any(w in words for w in _CONDITIONS)


def _listed(lead: Provision, bylaw: ByLaw) -> Iterator[Consequence]:
    """Give the consequences of a list: of each item, whose sanction stands in the lead-in or in itself."""
    text = bylaw.text
    if not _penal(lead.of(text)):
        return
    shared = sanctions(lead, text)
    for unit in bylaw.provisions:
        if unit.item is None or unit.head is None or unit.head.start != lead.start:
            continue
        own = sanctions(unit, text) if _penal(unit.of(text)) else ()
        for sanction in own or shared[-1:]:
            act = sanction.act if own else unit
            yield Consequence(source=unit, act=act, sanction=sanction, head=lead)


def _joined(one: Consequence, bylaw: ByLaw) -> Consequence:
    named = tuple(_referred(one, bylaw))
    duties = tuple(dict.fromkeys(p for r in named for p in resolve(r, bylaw) if p.start != one.source.start))
    found = duties or tuple(_alike(one, bylaw))
    return Consequence(
        source=one.source,
        act=one.act,
        sanction=one.sanction,
        head=one.head,
        duties=found,
        referred=bool(duties),
    )


def _referred(one: Consequence, bylaw: ByLaw) -> Iterable[Reference]:
    at = (one.source.article.numeral, one.source.paragraph.numeral)
    words = one.act.of(bylaw.text)
    if one.head is None:
        return references(words, article=at[0], paragraph=at[1])
    lead = references(one.head.of(bylaw.text), article=at[0], paragraph=at[1])
    base = lead[-1] if lead else None
    own = references(words, article=at[0], paragraph=at[1], base=base)
    return own or lead


def _alike(one: Consequence, bylaw: ByLaw) -> Iterator[Provision]:
    """Give the norm that shares most with the act's own words, where it shares enough to be its ground."""
    text = bylaw.text
    act = frozenset(g for g in bigrams(fold(one.act.of(text))) if len(g) > 1)
    if not act:
        return
    best, most = None, 0.0
    for unit in bylaw.provisions:
        if unit.start == one.source.start or _penal(unit.of(text)):
            continue
        words = unit.of(text) if unit.head is None else unit.head.of(text) + unit.of(text)
        if not any(norm in words for norm in _NORMS):
            continue
        shared = len(act & frozenset(bigrams(fold(unit.of(text))))) / len(act)
        if shared > most:
            best, most = unit, shared
    if best is not None and most >= _SHARED:
        yield best
