"""Which figure of the evidence a figure of a claim speaks of: by its thing, its role and its number."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.judge.checks.circumstances import agreement, slot_faults
from answering.judge.nearness import contrast, covered, expanded, in_chinese
from answering.judge.quantity_match import MatchLevel, comparable, match
from retrieval.facts.action_verbs import CHANGE
from retrieval.facts.figure_role import Direction, RoleKind
from retrieval.quantities import Bound, unit_class
from retrieval.quantities.units import unit_kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from answering.judge.nearness import Nearness
    from answering.judge.reading import Fact, TextReading

_PASSED = re.compile("台阶|大关|关口")  # behind a mark that was passed, no figure of the thing
_SEGMENT = (
    0.12  # by how much a claim has rather the words of another rule than of the one whose clause it repeats
)
_SENTENCE = re.compile("[^。；;\n]+")
_SPOKEN_OF = 0.2  # share of a clause's words that a sentence has which it speaks of
_OCCASION = 0.5  # of a circumstance (第一季度, 情节严重) that the claim tells and only one of two facts has
_VERB = re.compile(f"(?:{CHANGE})$")
_NEUTRAL, _SPREAD = 0.86, 0.05  # mean and spread of cosines between short names of one field
_ROLES_APART = {
    frozenset((RoleKind.LEVEL, RoleKind.CHANGE)),
    frozenset((RoleKind.END, RoleKind.CHANGE)),
    frozenset((RoleKind.LEVEL, RoleKind.START)),
    frozenset((RoleKind.END, RoleKind.START)),
    frozenset((RoleKind.CHANGE, RoleKind.START)),
    frozenset((RoleKind.GAP, RoleKind.LEVEL)),
    frozenset((RoleKind.GAP, RoleKind.CHANGE)),
    frozenset((RoleKind.SHARE, RoleKind.CHANGE)),
    frozenset((RoleKind.GAP, RoleKind.SHARE)),
    frozenset((RoleKind.SHARE, RoleKind.START)),
    frozenset((RoleKind.ADDED, RoleKind.END)),
    frozenset((RoleKind.ADDED, RoleKind.START)),
    frozenset((RoleKind.ADDED, RoleKind.SHARE)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTie:
    """A claimed fact tied to the printed one that speaks of the same thing.

    ``rival`` is the printed one it would have to be, where that has another number.
    """

    said: Fact
    found: Fact | None
    source: int  # index of the evidence
    match: MatchLevel
    fit: float  # how alike the things are
    rival: Fact | None = None
    rival_source: int = 0
    margin: float = 0.0  # how much better the found one fits than the best rival
    repeated: bool = False  # its clause is the evidence's own but for figures

    @property
    def wrong_role(self) -> bool:
        """Whether a level is told as a change, a start as an end, an addition as a stock."""
        return self.found is not None and not self.repeated and roles_differ(self.said, self.found)

    @property
    def wrong_direction(self) -> bool:
        """Whether a rise is told as a fall, or the other way round."""
        if self.found is None or self.repeated:
            return False
        one, other = self.said.role.direction, self.found.role.direction
        return Direction.NONE not in (one, other) and one is not other


def roles_differ(said: Fact, found: Fact) -> bool:
    """Tell whether two facts give their figure roles that exclude each other."""
    one, other = said.role, found.role
    if frozenset((one.role, other.role)) in _ROLES_APART:
        if RoleKind.LEVEL in (one.role, other.role) and RoleKind.CHANGE in (one.role, other.role):
            return _change_is_sure(said, found)
        return True
    return (one.role is RoleKind.ADDED and other.stock) or (
        one.stock and other.role in (RoleKind.ADDED, RoleKind.CHANGE)
    )


def _change_is_sure(said: Fact, found: Fact) -> bool:
    """Tell whether a level and a change exclude each other: a count may be told as either (改造45项)."""
    share = "%" in (said.figure.unit, found.figure.unit)
    level = said if said.role.role is RoleKind.LEVEL else found
    return share or level.role.stock or found.role.role is RoleKind.CHANGE


def ties(
    claim: TextReading,
    sources: Sequence[TextReading],
    nearness: Nearness,
    placed: Mapping[int, tuple[int, int]],
) -> list[FactTie]:
    """Tie each fact of a claim to the facts of the evidence; ``placed`` says which is in whose place."""
    printed = [(n, fact) for n, source in enumerate(sources) for fact in source.facts]
    used = [(n, f) for n, f in printed if any(comparable(one.figure, f.figure) for one in claim.facts)]
    spoken = [claim.folded[f.clause.start : f.clause.end] for f in claim.facts]
    nearness.prepare([_name(claim, f) for f in claim.facts] + spoken)
    nearness.prepare([w for n, f in used for w in (_name(sources[n], f), f.subject)])
    made = []
    for fact in claim.facts:
        tie = _placed(fact, printed, placed.get(fact.figure.start))
        if tie is None or _of_other_segment(tie, printed):
            tie = _tie(claim, fact, printed, sources, nearness)
        made.append(tie)
    return [_of_two(_paired(tie, made, claim, nearness), made) for tie in made]


def _of_two(tie: FactTie, made: Sequence[FactTie]) -> FactTie:
    """Let a claim's start and end (从…增长到…) be levels that two items tell of two years."""
    ends = {t.said.role.role: t for t in made if t.found is not None and t.found.role.role is RoleKind.LEVEL}
    start, end = ends.get(RoleKind.START), ends.get(RoleKind.END)
    if start is None or end is None or start.source == end.source or tie not in (start, end):
        return tie
    return replace(tie, said=replace(tie.said, role=replace(tie.said.role, role=RoleKind.LEVEL)))


def _placed(said: Fact, printed: Sequence[tuple[int, Fact]], place: tuple[int, int] | None) -> FactTie | None:
    """Tie a fact to the one that is in its place in a repeated clause; None where none can be compared."""
    if place is None:
        return None
    source, start = place
    fact = next((f for n, f in printed if n == source and f.figure.start == start), None)
    if fact is None or not comparable(said.figure, fact.figure):
        return None
    level = _matched(said, fact)
    if level is MatchLevel.NONE:
        return FactTie(
            said=said, found=None, source=source, match=level, fit=1.0, rival=fact, rival_source=source,
            margin=-1.0, repeated=True,
        )  # fmt: skip
    return FactTie(said=said, found=fact, source=source, match=level, fit=1.0, margin=1.0, repeated=True)


def _of_other_segment(tie: FactTie, printed: Sequence[tuple[int, Fact]]) -> bool:
    """Tell whether a figure stands in a repeated clause (处五千元罚款) of another rule than the claim speaks of."""
    mine = tie.found or tie.rival
    if mine is None or tie.found is None:
        return False
    head = tie.said.segment
    return any(
        fact.segment != mine.segment
        and not mine.segment.startswith(fact.segment)
        and not fact.segment.startswith(mine.segment)
        and contrast(expanded(head), mine.segment, fact.segment, both=True) <= -_SEGMENT
        for _, fact in printed
        if fact is not mine and comparable(tie.said.figure, fact.figure)
    )


def _paired(tie: FactTie, made: Sequence[FactTie], claim: TextReading, nearness: Nearness) -> FactTie:
    """Weigh a rival that another fact of the claim speaks of by the pair, which may be exchanged."""
    if tie.found is None or tie.rival is None:
        return tie
    other = next((t for t in made if t.found is tie.rival and t is not tie), None)
    if other is None or other.found is None:
        return tie

    return replace(
        tie, margin=(tie.margin + _margin(claim, other.said, other.found, tie.found, nearness)) / 2
    )


def _tie(
    claim: TextReading,
    said: Fact,
    printed: Sequence[tuple[int, Fact]],
    sources: Sequence[TextReading],
    nearness: Nearness,
) -> FactTie:
    scored = [
        (
            fit(claim, said, sources[n], fact, nearness) + _bonus(said, fact),
            _matched(said, fact),
            n,
            fact,
        )
        for n, fact in printed
        if comparable(said.figure, fact.figure)
    ]
    same = max(
        (s for s in scored if s[1] is not MatchLevel.NONE), key=lambda s: s[0] + 0.1 * s[1], default=None
    )
    rivals = [
        s for s in scored if s[1] is MatchLevel.NONE and _rivals(said, s[3]) and not _PASSED.search(s[3].near)
    ]
    if same is not None and same[3].end:
        rivals = [s for s in rivals if s[3].clause != same[3].clause]
    if same is None:
        other = max(rivals, key=lambda s: s[0], default=None)
        return FactTie(
            said=said, found=None, source=other[2] if other else 0, match=MatchLevel.NONE, fit=other[0] if other else 0.0,
            rival=other[3] if other else None, rival_source=other[2] if other else 0, margin=-other[0] if other else 0.0,
        )  # fmt: skip
    margins = [
        (_margin(claim, said, same[3], one, nearness), n) for n, one in enumerate(s[3] for s in rivals)
    ]
    margin, at = min(margins, default=(1.0, -1))
    return FactTie(
        said=said, found=same[3], source=same[2], match=same[1], fit=same[0],
        rival=rivals[at][3] if at >= 0 else None, rival_source=rivals[at][2] if at >= 0 else 0, margin=margin,
    )  # fmt: skip


def _margin(claim: TextReading, said: Fact, found: Fact, rival: Fact, nearness: Nearness) -> float:
    """Return by how much the claim speaks of the thing of ``found`` rather than of that of ``rival``."""
    clause = claim.folded[said.clause.start : said.clause.end]
    contexts = (f"{said.subject} {said.near}", f"{said.segment} {clause}", claim.folded)
    levels = (
        (_thing(found), _thing(rival)),
        (_local(found), _local(rival)),
        (found.listed, rival.listed),
        (found.segment, rival.segment),
    )
    lexical = 0.0
    for n, (one, other) in enumerate(levels):
        for context in contexts:
            lexical = contrast(expanded(in_chinese(context)), one, other, both=n > 0)
            if lexical:
                break
        if lexical:
            break
    mine = said.subject if len(said.subject) > 3 else clause
    near = nearness.cosine(mine, found.subject) - nearness.cosine(mine, rival.subject)
    roles = (roles_differ(said, rival) - roles_differ(said, found)) * 0.25
    told = _OCCASION * agreement(said.marks, found.marks, rival.marks)
    return lexical + 4 * max(-0.08, min(0.08, near)) + roles + told


def _thing(fact: Fact) -> str:
    """Return the subject of a fact without its verb of change: what rises and what falls is told apart elsewhere."""
    return _VERB.sub("", fact.subject) or fact.subject


def _local(fact: Fact) -> str:
    return f"{fact.subject} {fact.near}"


def _matched(said: Fact, found: Fact) -> MatchLevel:
    limits = (said.limit, found.limit)
    if said.limit is found.shared or (said.limit is Bound.EXACT and found.shared is not None):
        limits = (said.limit, said.limit)
    if (found.end or said.end) and {said.limit, found.limit} != {Bound.ABOVE, Bound.BELOW}:
        limits = (said.limit, said.limit)
    return match(said.figure, found.figure, limits)


def _rivals(said: Fact, found: Fact) -> bool:
    """Tell whether a printed figure could be taken for a claimed one: its unit is the same, or says nothing."""
    one, other = said.figure.unit, found.figure.unit
    return (
        unit_class(one) == unit_class(other)
        or bool({one, other} & _LOOSE)
        or unit_kind(one) not in ("count", "people")
    )


_LOOSE = frozenset(("", "个", "项", "处", "件"))


def _bonus(said: Fact, found: Fact) -> float:
    """Return what a printed fact loses where its role or a circumstance is another than the claimed one's."""
    others = sum(how == "other" for how in slot_faults(said.marks, found.marks).values())
    return -0.25 * roles_differ(said, found) - 0.25 * others


def fit(claim: TextReading, said: Fact, source: TextReading, found: Fact, nearness: Nearness) -> float:
    """Return how alike the things of two facts are, about 0…1."""
    mine = in_chinese(f"{said.subject} {said.near}")
    wide = in_chinese(claim.folded[said.clause.start : said.clause.end])
    theirs = f"{found.subject} {found.near}"
    there = source.folded[found.clause.start : found.clause.end]
    lexical = (
        0.45 * covered(found.subject, expanded(mine))
        + 0.15 * covered(found.subject, expanded(wide))
        + 0.3 * covered(mine, expanded(theirs))
        + 0.1 * covered(mine, there)
    )
    near = (nearness.cosine(_name(claim, said), _name(source, found)) - _NEUTRAL) / _SPREAD
    return lexical + 0.15 * max(-1.0, min(2.0, near))


def _name(text: TextReading, fact: Fact) -> str:
    """Return the words that name the thing of a fact, as an embedder reads them."""
    words = fact.subject if len(fact.subject) > 3 else f"{fact.subject} {fact.near}"
    return words.strip() or text.folded[fact.clause.start : fact.clause.end]


def spoken_of(claim: TextReading, sources: Sequence[TextReading], bound: Sequence[FactTie]) -> str:
    """Return the sentences of the evidence (folded) that a claim speaks of, by its figures and by its words."""
    parts = [(n, m) for n, s in enumerate(sources) for m in _SENTENCE.finditer(s.folded) if m[0].strip()]
    chosen: set[int] = set()
    for tie in bound:
        fact = tie.found or tie.rival
        at = tie.source if tie.found else tie.rival_source
        for n, (source, part) in enumerate(parts):
            if fact is not None and source == at and part.start() <= fact.figure.start < part.end():
                chosen.add(n)
    for span in claim.clauses:
        words = in_chinese(claim.folded[span.start : span.end])
        shares = [covered(words, part[0]) for _, part in parts]
        if shares and max(shares) > _SPOKEN_OF:
            chosen.add(max(range(len(parts)), key=shares.__getitem__))
    return " ".join(parts[n][1][0] for n in sorted(chosen)) or " ".join(s.folded for s in sources)
