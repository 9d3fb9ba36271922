"""The comparison of a claim with its evidence as numbers, and the differences found, in the order they weigh."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from answering.judge.assertion import denials, modality, modality_fault, reversed_words, scopes, slots
from answering.judge.binding import ties
from answering.judge.nearness import content, contrast, covered, edits, expanded, in_chinese, uncovered
from answering.judge.quantity_match import MatchLevel, computed
from answering.judge.reading import read_text
from answering.judge.scope import cumulative_as_annual, doer_exchanged, other_places, other_years, scope_lost
from retrieval.facts.fact_state import FactState
from retrieval.quantities import Bound as Limit
from retrieval.quantities.units import unit_kind
from retrieval.text.normalize import fold, is_english, squash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.judge.binding import FactTie
    from answering.judge.nearness import Nearness
    from answering.judge.reading import Fact, TextReading
    from answering.judge.values import ClaimEvidence
    from retrieval.places.gazetteer import Gazetteer
    from retrieval.quantities import Figure
    from retrieval.text.sentences import Span

WEIGHT = (
    "place", "year", "value", "figure", "bound", "direction", "role", "state", "scope", "rank", "modality", "absent", "quote", "words", "content",
)  # fmt: skip
HARD = frozenset(WEIGHT) - {"content"}
_SAME_THING = 0.75  # fit from which a printed figure is the claimed thing's own, and nothing needs computing
_NEAREST = 2  # clauses of the evidence that a clause of the claim is compared with by meaning
_ALIGNED = 0.6  # share of a clause that stands in one of the evidence, from which the two say the same but for what differs
_COMPUTED = re.compile(
    "[多少高低快慢差]|增加|净增|减少|降|提高|缩小|合计|共|总|推算|计算|倍|翻|一半|gap|differ|more|less|fewer|higher|lower|faster|slower|total|by|double|triple|added"
)
SPOKEN = 0.3  # fit from which a printed figure is one of the claimed thing
_UNSURE, _SURE = 0.1, 0.25  # by how much a rival has to fit better, to count at all and to be the right one
_FEW = 12  # small counts of a claim may count the evidence's own items
_CODE = re.compile("[Ⅰ-ⅿ]+")
_QUOTES = (("“", "”"), ("「", "」"))


@dataclass(slots=True)
class Difference:
    """One way in which a claim differs from its evidence."""

    kind: str  # figure, bound, role, direction, state, place, year, words …
    said: str  # the claim's words
    right: str = ""  # the evidence's words
    source: int = 0


@dataclass(slots=True)
class Comparison:
    """Everything that was compared."""

    features: dict[str, float] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    proved: int = 0  # figures that hold
    fit: float = (
        0.0  # how much the evidence has the things that the claim's figures count, 0…1; the least of them
    )
    one_of_several: bool = False  # a figure said of several things (都) is that of one of them only
    spoken: int = 0  # figures of the claim of whose thing the evidence tells, whatever it says of it
    best: int = 0  # index of the nearest evidence

    @property
    def decisive(self) -> Difference | None:
        """The difference that weighs most."""
        return min(self.differences, key=lambda d: WEIGHT.index(d.kind), default=None)

    def add(self, name: str, value: float = 1.0) -> None:
        """Count something."""
        self.features[name] = self.features.get(name, 0.0) + value


def compare(
    claim_text: str, evidence: Sequence[ClaimEvidence], nearness: Nearness, gazetteer: Gazetteer
) -> Comparison:
    """Return the comparison of a claim with all its evidence together."""
    claim = read_text(claim_text, claim=True)
    sources = [read_text(item.quote, item.heading) for item in evidence]
    done = Comparison()
    done.features["english"] = float(is_english(claim_text))
    bound = ties(claim, sources, nearness)
    _figures(done, claim, sources, bound, nearness)
    _states(done, claim, sources, bound)
    _scopes(done, claim, evidence, bound, gazetteer)
    _assertions(done, claim, evidence)
    _ranks(done, claim, sources)
    _words(done, claim, evidence, nearness, gazetteer)
    done.features["verbatim_lost"] = done.features.get("lost_chars", 0.0) * float(
        done.features.get("apart", 0.0) == 0.0
    )
    hard = sum(d.kind in HARD for d in done.differences)
    done.features["hard"] = min(3.0, float(hard))
    done.features["any_hard"] = float(hard > 0)
    done.features["mixed"] = float(hard > 0 and done.proved > 0)
    done.features["unproved"] = done.features["figures"] - done.features["proved"]
    return done


def _figures(
    done: Comparison,
    claim: TextReading,
    sources: Sequence[TextReading],
    bound: Sequence[FactTie],
    nearness: Nearness,
) -> None:
    printed = [fact.figure for source in sources for fact in source.facts]
    for tie in bound:
        if tie.found is None:
            _missing(done, claim, sources, tie, printed)
            continue
        faults = [d for d in _faults(claim, sources, tie) if d is not None]
        for fault in faults:
            done.add(fault.kind)
            done.differences.append(fault)
        done.proved += not faults
        if tie.margin < -_UNSURE:
            done.add("unbound", min(1.0, -tie.margin * 2))
        if tie.match is MatchLevel.ROUNDED:
            done.add("rounded")
        _subjects(done, claim, tie, nearness)
    done.one_of_several = any(_is_one_of_several(claim, sources, tie) for tie in bound)
    done.fit = min((tie.fit for tie in bound), default=0.0)
    done.spoken = sum(tie.fit >= SPOKEN for tie in bound)
    done.features["figures"] = min(4.0, float(len(bound)))
    done.features["proved"] = min(4.0, float(done.proved))


def _faults(claim: TextReading, sources: Sequence[TextReading], tie: FactTie) -> Iterator[Difference | None]:
    """Give what is wrong with a claimed figure whose number is printed."""
    found, said = tie.found, tie.said.figure
    assert found is not None  # the number is printed
    words = _printed(claim, said.start, said.end)
    there = _printed(sources[tie.source], found.figure.start, found.figure.end)
    around = _around(sources[tie.source], found)
    if tie.match is MatchLevel.BOUND:
        yield Difference("bound", words, there, tie.source)
    if tie.margin < -_SURE and tie.rival is not None:
        other = sources[tie.rival_source]
        right = _printed(other, tie.rival.figure.start, tie.rival.figure.end)
        yield Difference("figure", words, right, tie.rival_source)
    if tie.wrong_role:
        yield Difference("role", words, around, tie.source)
    if tie.wrong_direction:
        yield Difference("direction", words, around, tie.source)


def _subjects(done: Comparison, claim: TextReading, tie: FactTie, nearness: Nearness) -> None:
    """Compare the things that a claimed figure and its printed one count."""
    said, found = tie.said, tie.found
    if done.features["english"] or found is None:
        return
    if word := reversed_words(f"{said.subject} {said.near}", f"{found.subject} {found.near}"):
        done.add("reversed")
        done.differences.append(Difference("words", word, found.subject, tie.source))
    there = expanded(f"{found.subject} {found.near} {found.segment}")
    done.add("subject_lost", 1 - covered(said.subject, there) if said.subject else 0)
    done.add("subject_missing", 1 - covered(found.subject, expanded(claim.folded)) if found.subject else 0)
    done.add("subject_far", max(0.0, 0.95 - nearness.cosine(said.subject, found.subject)) * 10)


def _is_one_of_several(claim: TextReading, sources: Sequence[TextReading], tie: FactTie) -> bool:
    """Tell whether a claim says one figure of things that the evidence deals different ones out to."""
    if tie.found is None or tie.rival is None or not re.search("都|均|both", claim.folded):
        return False
    source = sources[tie.source]
    return tie.rival.clause == tie.found.clause and "分别" in source.folded[: tie.found.figure.start]


def _missing(
    done: Comparison,
    claim: TextReading,
    sources: Sequence[TextReading],
    tie: FactTie,
    printed: Sequence[Figure],
) -> None:
    words = _printed(claim, tie.said.figure.start, tie.said.figure.end)
    hinted = _COMPUTED.search(claim.folded) is not None and tie.fit < _SAME_THING
    if hinted and computed(tie.said.figure, printed):
        done.add("computed")
        done.proved += 1
        return
    if tie.said.figure.value <= _FEW and tie.fit < _SAME_THING and _counts_items(tie, sources):
        done.add("counted")
        done.proved += 1
        return
    if unit_kind(tie.said.figure.unit) == "time" and tie.rival is None:
        done.add("no_time")
        return
    if tie.rival is not None and tie.fit > 0.35:
        done.add("other_value")
        right = _printed(sources[tie.rival_source], tie.rival.figure.start, tie.rival.figure.end)
        done.differences.append(Difference("value", words, right, tie.rival_source))
    else:
        done.add("no_value")
        done.differences.append(Difference("absent", words, "", tie.source))


def _counts_items(tie: FactTie, sources: Sequence[TextReading]) -> bool:
    """Tell whether a small plain count is that of what the evidence lists."""
    value = int(tie.said.figure.value)
    if tie.said.figure.bound is not Limit.EXACT or tie.said.figure.unit == "%" or value < 2:
        return False
    return any(source.folded.count("、") + 1 == value or len(source.facts) == value for source in sources)


def _states(
    done: Comparison, claim: TextReading, sources: Sequence[TextReading], bound: Sequence[FactTie]
) -> None:
    told = set(_figure_states(done, bound)) if bound else set(_clause_states(claim, sources))
    for fault, word in told:
        if fault:
            done.add(fault)
            done.differences.append(Difference("state", word))


def _figure_states(done: Comparison, bound: Sequence[FactTie]) -> Iterator[tuple[str, str]]:
    for tie in bound:
        near = tie.found or (tie.rival if "computed" not in done.features else None)
        if near is not None:
            yield _state_fault(tie.said.state, near.state)


def _clause_states(claim: TextReading, sources: Sequence[TextReading]) -> Iterator[tuple[str, str]]:
    for span, state in zip(claim.clauses, claim.states, strict=True):
        clause = claim.folded[span.start : span.end]
        found = None if denials(clause) else _nearest(clause, sources)
        if found is not None:
            yield _state_fault(state, found)


def _state_fault(said: FactState, found: FactState) -> tuple[str, str]:
    if found is FactState.PLANNED and said is FactState.DONE:
        return "plan_as_done", "done"
    if found is FactState.PLANNED and said is FactState.OPEN:
        return "plan_as_fact", "done"
    if found is FactState.DONE and said is FactState.PLANNED:
        return "done_as_plan", "planned"
    return "", ""


def _nearest(clause: str, sources: Sequence[TextReading]) -> FactState | None:
    best, state = 0.15, None
    words = in_chinese(clause)
    for source in sources:
        for span, one in zip(source.clauses, source.states, strict=True):
            share = covered(words, source.folded[span.start : span.end])
            if share > best:
                best, state = share, one
    return state


def _scopes(
    done: Comparison,
    claim: TextReading,
    evidence: Sequence[ClaimEvidence],
    bound: Sequence[FactTie],
    gazetteer: Gazetteer,
) -> None:
    for name in other_places(claim.text, evidence, gazetteer):
        done.add("place")
        done.differences.append(Difference("place", name, next((e.place for e in evidence if e.place), "")))
    if name := doer_exchanged(claim.text, evidence, bound, gazetteer):
        done.add("place")
        done.differences.append(Difference("place", name, name))
    for year in other_years(claim, evidence, bound) if "computed" not in done.features else ():
        done.add("year")
        right = next((str(e.year) for e in evidence if e.year), "")
        done.differences.append(Difference("year", f"{year}年", right))
    if words := cumulative_as_annual(claim, evidence, bound):
        done.add("cumulative")
        done.differences.append(Difference("year", f"{claim.years[0]}年", words))
    for name, source in scope_lost(claim, evidence, bound, gazetteer):
        done.add("scope")
        done.differences.append(Difference("scope", "", name, source))


def _assertions(done: Comparison, claim: TextReading, evidence: Sequence[ClaimEvidence]) -> None:
    sources = " ".join(fold(f"{e.quote}") for e in evidence)
    wide = sources + " " + " ".join(fold(e.heading) for e in evidence)
    mine, theirs, around = slots(claim.folded), slots(sources), slots(wide)
    for name in mine - around:
        done.add(f"adds_{name}")
        if name in ("must", "must_not", "cause", "repeat"):
            done.differences.append(Difference("words", name))
    for name in theirs - mine:
        done.add(f"drops_{name}")
    ranked = {"superlative"} & mine or claim.ranks
    if ranked and (extra := scopes(claim.folded) - scopes(wide)) and scopes(sources):
        done.add("rank_scope")
        done.differences.append(Difference("rank", min(extra)))
    if "finished" in mine - theirs and "begun" in theirs:
        done.add("begun_as_finished")
        done.differences.append(Difference("state", "done"))
    said, there = denials(claim.folded), denials(sources)
    if bool(said) != bool(there):
        done.add("denies" if said else "affirms")
    if word := reversed_words(in_chinese(claim.folded), wide):
        done.add("reversed")
        done.differences.append(Difference("words", word))
    _modalities(done, claim, evidence)
    _quotations(done, claim, evidence)


def _modalities(done: Comparison, claim: TextReading, evidence: Sequence[ClaimEvidence]) -> None:
    """Compare each clause's denial and modality with those of the clause of the evidence it speaks of."""
    pieces = [fold(p) for e in evidence for p in re.split("[，,；;。\n]", e.quote) if p.strip()]
    for part in re.split("[，,；;。]", claim.folded):
        words = in_chinese(part)
        near = max(pieces, key=lambda p: covered(words, p) + 0.2 * covered(p, words), default="")
        if covered(words, near) > _ALIGNED and bool(denials(part)) != bool(denials(near)):
            done.add("denial")
            done.differences.append(Difference("words", part, near))
        if part.strip() and (fault := modality_fault(part, near)):
            done.add(f"modality_{fault}")
            done.differences.append(Difference("modality", modality(part), near))


def _quotations(done: Comparison, claim: TextReading, evidence: Sequence[ClaimEvidence]) -> None:
    for one, other in _QUOTES:
        for quoted in _inside(claim.text, one, other):
            if len(quoted) > 5 and squash(quoted) not in squash(" ".join(e.quote for e in evidence)):
                done.add("misquoted")
                done.differences.append(Difference("quote", quoted))


def _inside(text: str, one: str, other: str) -> list[str]:
    return [part.split(other)[0] for part in text.split(one)[1:] if other in part]


def _ranks(done: Comparison, claim: TextReading, sources: Sequence[TextReading]) -> None:
    there = [rank for source in sources for rank in source.ranks]
    for rank, at, before in claim.ranks:
        words = claim.text[at : at + 4]
        same = [r for r in there if r[0] == rank]
        if not same:
            done.add("other_rank" if there else "no_rank")
            done.differences.append(Difference("rank", words))
            continue
        context = expanded(before)
        worst = min((contrast(context, same[0][2], r[2]) for r in there if r[0] != rank), default=1.0)
        if worst < -0.1:
            done.add("rank_unbound", -worst)
            done.differences.append(Difference("rank", words))
        done.add("rank_lost", 1 - covered(_thing(before), expanded(same[0][2])))


def _thing(words: str) -> str:
    """Drop the verb and the scope before a rank: …排名全国."""
    return re.sub(
        "(?:稳?居|位[居列于]?|排名?|名列|跻身|成为|是|为|全[国省市球]|世界|总量|各省区){0,6}$", "", words
    )


def _words(
    done: Comparison,
    claim: TextReading,
    evidence: Sequence[ClaimEvidence],
    nearness: Nearness,
    gazetteer: Gazetteer,
) -> None:
    known = tuple(e.place for e in evidence if e.place)
    bars = [(m.start, m.end) for m in gazetteer.find(claim.text, prefer=known)]
    bars += [(f.start, f.end) for f in claim.figures]
    marks = content(claim.folded, bars)
    sources = [fold(f"{e.quote} {e.heading} {e.document} {e.context} {e.place}") for e in evidence]
    quotes = [fold(e.quote) for e in evidence]
    clauses = [claim.folded[c.start : c.end].strip() for c in claim.clauses]
    spans = [
        quotes[n][c.start : c.end].strip()
        for n, e in enumerate(evidence)
        for c in read_text(e.quote, e.heading).clauses
    ]
    english = done.features["english"]
    spans = spans if english else _likely(clauses, spans)
    nearness.prepare([claim.folded, *clauses, *spans, *quotes])
    whole = max((nearness.cosine(claim.folded, q) for q in quotes), default=0.0)
    done.best = max(
        range(len(quotes)),
        key=lambda n: nearness.cosine(claim.folded, quotes[n]) + covered(claim.folded, quotes[n]),
        default=0,
    )
    by_clause = [
        max((nearness.cosine(c, s) for s in (*spans, *quotes)), default=0.0) for c in clauses if len(c) > 3
    ]
    done.features["cosine"] = (whole - 0.9) * 10
    done.features["cosine_least"] = (min(by_clause, default=whole) - 0.88) * 10
    if english:
        done.features["cosine_english"] = (whole - 0.85) * 10
        return
    wide = expanded(" | ".join(sources))
    codes = set(_CODE.findall(claim.text)) - {c for e in evidence for c in _CODE.findall(e.quote)}
    if codes:
        done.add("code")
        done.differences.append(Difference("words", min(codes)))
    runs = uncovered(claim.folded, marks, wide)
    size = max(1, sum(marks))
    lost = sum(len(r) for r in runs)
    done.features["lost"] = lost / size
    done.features["lost_most"] = min(1.0, max((len(r) for r in runs), default=0) / 8)
    done.features["lost_chars"] = min(2.0, lost / 10)
    shares = [_share(claim, c, marks, wide) for c in claim.clauses if sum(marks[c.start : c.end]) > 2]
    done.features["share_least"] = min(shares, default=1.0)
    done.features["clauses"] = min(4.0, len(shares))
    masked = _masked(claim.folded, bars)
    changed(done, [masked[c.start : c.end].strip() for c in claim.clauses], spans)
    done.features["bare"] = float(not claim.facts)
    done.features["bare_lost"] = done.features["bare"] * lost / size
    for run in runs:
        if len(run) > 3:
            done.differences.append(Difference("content", run))


def _masked(folded: str, bars: Sequence[tuple[int, int]]) -> str:
    """Hide the places and figures of a claim, at the same length: they are compared elsewhere."""
    for start, end in bars:
        folded = folded[:start] + "█" * (end - start) + folded[end:]
    return folded


def _likely(clauses: Sequence[str], spans: Sequence[str]) -> list[str]:
    """Return of each clause of the claim the few of the evidence that share most with it."""
    found: dict[str, None] = {}
    for clause in clauses:
        wide = expanded(clause)
        found |= dict.fromkeys(sorted(spans, key=lambda s: -covered(s, wide) - covered(clause, s))[:_NEAREST])
    return list(found)


def changed(done: Comparison, clauses: Sequence[str], spans: Sequence[str]) -> None:
    """Compare each clause with the one nearest to it letter by letter: what was put in place of what, left out, put in."""
    for clause in clauses:
        best = max(spans, key=lambda s: covered(clause, s) + 0.5 * covered(s, clause), default="")
        near = covered(clause, best)
        if near < 0.3:
            done.add("apart", 1.0)
            continue
        for kind, mine, theirs in edits(clause, best):
            if kind == "replace":
                done.add("replaced", near)
                done.add("replaced_far", near * (1 - covered(mine, expanded(theirs))))
                done.differences.append(Difference("content", mine, theirs))
            elif kind == "insert":
                done.add("inserted", near * min(len(mine), 8) / 8)
            else:
                done.add("left_out", near * min(len(theirs), 12) / 12)


def _share(claim: TextReading, span: Span, marks: Sequence[bool], sources: str) -> float:
    text = claim.folded[span.start : span.end]
    part = list(marks[span.start : span.end])
    size = sum(part)
    return 1 - min(size, sum(len(r) for r in uncovered(text, part, sources))) / size


def _printed(text: TextReading, start: int, end: int) -> str:
    return text.text[start:end]


def _around(text: TextReading, fact: Fact) -> str:
    clause = fact.clause
    return text.text[clause.start : clause.end].strip(" ，。；")
