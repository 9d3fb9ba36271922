"""What a by-law can answer with: an act and what follows it, a provision, or a whole list."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import log
from typing import TYPE_CHECKING

from retrieval.provisions import Clause, Consequence, Provision, ProvisionGraph, read_graph
from retrieval.quantities import Sort, figures
from retrieval.text.normalize import bigrams, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.quantities import Figure

_MOST = 64  # by-laws whose candidates are kept ready
_OPENING, _CLOSING = 0.2, 0.75  # shares of a by-law's articles
_LENGTHY = 200.0  # characters of a long provision
_TERM = re.compile("所称的?([^，,、：:（(。；;]{1,16}?)(?:，|,|：|:|是?指|包括)")
_LIST = 2  # items from which a list is one


@dataclass(frozen=True, eq=False)
class RuleCandidate:
    """One possible answer of a by-law; either ``consequence`` or ``provision`` leads it."""

    provision: Provision  # the act's duty, the provision, or a list's lead-in
    consequence: Consequence | None = None
    listed: tuple[Provision, ...] = ()  # the items of a list

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """What an answer would cite: act, sanction, lead-in, items."""
        found: list[Clause] = []
        if self.consequence is not None:
            if self.provision.start != self.consequence.source.start:
                found.append(self.provision)
            if self.consequence.head is not None:
                found.append(self.consequence.head)
            found.append(self.consequence.source)
        else:
            if self.provision.head is not None:
                found.append(self.provision.head)
            found.append(self.provision)
            found.extend(self.listed)
        return tuple(found)


@dataclass(frozen=True, eq=False)
class CandidateText:
    """The words of a candidate, as questions are compared with them."""

    own: frozenset[str]  # runs of one and two characters of the act and the provision
    act: frozenset[str]  # of the act as its sanction words it; of the provision where there is none
    sanction: frozenset[str]  # of what follows the act
    near: frozenset[str]  # of what stands around: lead-in, the rest of the article
    words: str  # the provision's own words, folded
    terms: tuple[str, ...]  # that they define
    figures: tuple[Figure, ...]  # quantities in them
    repeated: bool  # whether they say what follows when an act is done again
    traits: tuple[float, ...]


TRAITS = (
    "consequence", "fined", "period", "number", "authority", "defines", "list", "permits", "forbids",
    "in_force", "excepts", "applies", "obliges", "item", "official", "shared", "first", "opening", "closing", "long",
)  # fmt: skip


class RuleCandidates:
    """The candidates of one by-law, with the rarity of their words in it."""

    def __init__(self, graph: ProvisionGraph) -> None:
        self.graph = graph
        self.bylaw = graph.bylaw
        self.all = tuple(_candidates(graph))
        self.texts = tuple(self._text(c) for c in self.all)
        self._place = {id(candidate): n for n, candidate in enumerate(self.all)}
        held = Counter(g for text in self.texts for g in text.own)
        self._count = len(self.texts)
        self.rarity = {g: log(1.0 + self._count / n) for g, n in held.items()}

    @property
    def rarest(self) -> float:
        """The weight of a word that the by-law lacks."""
        return log(1.0 + 2.0 * max(self._count, 1))

    def text_of(self, candidate: RuleCandidate) -> CandidateText:
        """Return the words of one of the candidates."""
        return self.texts[self._place[id(candidate)]]

    def _text(self, candidate: RuleCandidate) -> CandidateText:
        text = self.bylaw.text
        provision, consequence = candidate.provision, candidate.consequence
        parts = [provision.of(text), *(one.of(text) for one in candidate.listed)]
        act, sanction = parts[0], ""
        if consequence is not None:
            act = consequence.act.of(text)
            sanction = consequence.sanction.of(text)
            parts.append(act)
        around = [provision.article.of(text)]
        if provision.head is not None:
            around.append(provision.head.of(text))
        words = fold(" ".join(parts))
        return CandidateText(
            own=frozenset(bigrams(words)),
            act=frozenset(bigrams(fold(act))),
            sanction=frozenset(bigrams(fold(sanction))),
            near=frozenset(bigrams(fold(" ".join(around)))),
            words=words,
            terms=tuple(_TERM.findall(words)),
            figures=tuple(f for f in figures(words) if f.sort in (Sort.QUANTITY, Sort.ARTICLE)),
            repeated=consequence is not None and consequence.sanction.repeated(text),
            traits=(*_traits(candidate, words), *self._placed(candidate), min(len(words) / _LENGTHY, 1.0)),
        )

    def _placed(self, candidate: RuleCandidate) -> tuple[float, float]:
        """Tell whether a candidate stands among the first articles, or among the last."""
        at = candidate.provision.article.numeral / max(self.bylaw.articles[-1].numeral, 1)
        return float(at <= _OPENING), float(at >= _CLOSING)


@lru_cache(maxsize=_MOST)
def rule_candidates(text: str) -> RuleCandidates:
    """Return the candidates of a by-law's text; none where it has no articles."""
    return RuleCandidates(read_graph(text))


def _candidates(graph: ProvisionGraph) -> Iterator[RuleCandidate]:
    units = graph.bylaw.provisions
    for unit in units:
        leads = unit.item is None and len(unit.paragraph.items) >= _LIST
        items = tuple(u for u in units if u.head is not None and u.head.start == unit.start) if leads else ()
        yield RuleCandidate(unit, listed=items)
    for consequence in graph.consequences:
        for duty in consequence.duties or (consequence.source,):
            yield RuleCandidate(duty, consequence=consequence)


def _traits(candidate: RuleCandidate, words: str) -> tuple[float, ...]:
    consequence = candidate.consequence
    found = figures(words)
    lead = words[:60]
    flags = (
        consequence is not None,
        consequence is not None and consequence.sanction.fined,
        any(f.sort is Sort.QUANTITY and _is_period(f.unit) for f in found)
        or "日内" in words
        or "期限" in words,
        any(f.sort is Sort.QUANTITY for f in found),
        "负责" in words or "主管" in lead or "部门" in lead,
        "是指" in words or "所称" in words or "包括" in words,
        bool(candidate.listed),
        "可以" in words or "有权" in words or "鼓励" in words,
        any(w in words for w in ("不得", "禁止", "严禁", "不能")),
        "起施行" in words or "起实施" in words,
        any(w in words for w in ("除外", "不适用", "参照", "但", "免")),
        any(w in words for w in ("申请", "材料", "办理", "报", "提交", "提出")),
        "应当" in words or "必须" in words,
        candidate.provision.item is not None,
        "工作人员" in words or "主管人员" in words,
        any(w in words for w in ("各自职责", "协助", "配合")),
        candidate.provision.paragraph.numeral == 1,
    )
    return tuple(float(flag) for flag in flags)


def _is_period(unit: str) -> bool:
    return any(unit.endswith(word) for word in ("日", "天", "月", "年", "时", "周", "分钟"))
