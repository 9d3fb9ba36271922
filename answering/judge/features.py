"""The comparison of a claim with its evidence as numbers, and the differences found, in the order they weigh."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from answering.judge.alignment import (
    alignments,
    certain_changes,
    placed_figures,
    word_for_word,
)
from answering.judge.assertion import denials, reversed_words
from answering.judge.binding import spoken_of, ties
from answering.judge.checks.asserted import compare_assertions
from answering.judge.checks.changes import alignment_features
from answering.judge.checks.circumstances import SLOTS, slot_faults
from answering.judge.checks.compared import (
    compare_beside,
    compare_doers,
    compare_occasions,
    compare_parts,
)
from answering.judge.checks.leads import told_apart
from answering.judge.checks.openings import opening, repeated_behind_opening
from answering.judge.claim_differences import HARD, Comparison, Difference
from answering.judge.content_words import compare_words
from answering.judge.nearness import bare, contrast, covered, expanded, in_chinese
from answering.judge.quantity_match import MatchLevel, comparable, computed, converted
from answering.judge.reading import read_text
from answering.judge.scope import (
    cumulative_as_annual,
    doer_exchanged,
    other_places,
    other_years,
    own_names,
    scope_lost,
)
from retrieval.facts.fact_state import FactState, tells_done
from retrieval.facts.figure_role import RoleKind
from retrieval.quantities import Bound as Limit
from retrieval.quantities import Sort
from retrieval.quantities.units import unit_kind
from retrieval.text.normalize import fold, is_english

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.judge.alignment import ClauseAlignment
    from answering.judge.binding import FactTie
    from answering.judge.nearness import Nearness
    from answering.judge.reading import Fact, TextReading
    from answering.judge.values import ClaimEvidence
    from retrieval.places.gazetteer import Gazetteer
    from retrieval.quantities import Figure

_SAME_THING = 0.75  # fit from which a printed figure is the claimed thing's own, and nothing needs computing
_COMPUTED = re.compile(
    "[多少高低快慢差]|增加|净增|减少|降|提高|缩小|合计|共|总|推算|计算|倍|翻|一半|gap|differ|more|less|fewer|higher|lower|faster|slower|total|by|double|triple|added"
)
SPOKEN = 0.3  # fit from which a printed figure is one of the claimed thing
_UNSURE, _SURE = 0.1, 0.25  # by how much a rival has to fit better, to count at all and to be the right one
_MARKS = "“”‘’\"'《》"
_FEW = 12  # small counts of a claim may count the evidence's own items
_UNTRUE = (
    "condition_denied",
    "place_exchanged",
    "list_part",
    "level_exchanged",
    "shifted",
    "multiple_wrong",
    "silent_wrong",
)  # never borne out
_SAYS = 5  # characters of a clause that are repeated by more than chance
_OF_TIME = ("when", "year", "per")
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_LISTED = re.compile("[、;；]|以?及|和|与")
_DONE_WORDS = frozenset(("已", "已经", "了", "完成了", "实现了"))


def compare(
    claim_text: str, evidence: Sequence[ClaimEvidence], nearness: Nearness, gazetteer: Gazetteer
) -> Comparison:
    """Return the comparison of a claim with all its evidence together."""
    parted = told_apart(claim_text)
    claim_text = parted.core or claim_text
    claim = read_text(claim_text, claim=True)
    sources = [read_text(item.quote, item.heading) for item in evidence]
    done = Comparison()
    done.features["english"] = float(is_english(claim_text))
    compare_beside(done, parted, claim, sources)
    beside = [] if done.features["english"] else _laid_beside(claim_text, evidence)
    bound = ties(claim, sources, nearness, placed_figures(beside))
    held = {t.said.figure.start for t in bound if t.match >= MatchLevel.ROUNDED and t.margin >= 0}
    done.features |= alignment_features(beside, _all_words(evidence), held)
    _figures(done, claim, sources, bound, nearness, own_names(evidence))
    _states(done, claim, sources, bound, own_names(evidence))
    _scopes(done, claim, evidence, bound, gazetteer)
    near = spoken_of(claim, sources, bound)
    compare_assertions(done, claim, evidence, near)
    _ranks(done, claim, sources)
    compare_doers(done, claim, evidence, bound, gazetteer)
    compare_occasions(done, claim, sources, bound)
    compare_parts(done, claim, sources, bound)
    compare_words(done, claim, evidence, nearness, gazetteer, near)
    done.untrue = any(tie.repeated and tie.match < MatchLevel.ROUNDED for tie in bound)
    done.untrue |= len(evidence) == 1 and any(d.kind == "place" for d in done.differences)
    done.untrue |= any(name in done.features for name in _UNTRUE)
    for change in certain_changes(beside) if len(evidence) == 1 else ():
        done.untrue = True
        done.differences.append(Difference(*change))
    done.features["verbatim_lost"] = done.features.get("lost_chars", 0.0) * float(
        done.features.get("apart", 0.0) == 0.0
    )
    done.repeated = word_for_word(beside) or repeated_behind_opening(claim_text, evidence)
    done.repeated &= not any(d.kind in HARD for d in done.differences)
    done.repeated &= not any(f"{slot}_other" in done.features for slot in SLOTS)
    if not parted.core and "silent_wrong" not in done.features:
        done.differences, done.untrue, done.repeated = [], False, True
    hard = sum(d.kind in HARD for d in done.differences)
    done.features["hard"] = min(3.0, float(hard))
    done.features["any_hard"] = float(hard > 0)
    done.features["mixed"] = float(hard > 0 and done.proved > 0)
    done.features["unproved"] = done.features["figures"] - done.features["proved"]
    if "plan_repeated" in done.features:
        done.differences.append(Difference("state", "done"))
    return done


def _laid_beside(claim: str, evidence: Sequence[ClaimEvidence]) -> list[ClauseAlignment]:
    return alignments(claim, [e.quote for e in evidence], own_names(evidence))


def _all_words(evidence: Sequence[ClaimEvidence]) -> str:
    return expanded(fold(" ".join(f"{e.quote} {e.heading} {e.document} {e.context}" for e in evidence)))


def _figures(
    done: Comparison,
    claim: TextReading,
    sources: Sequence[TextReading],
    bound: Sequence[FactTie],
    nearness: Nearness,
    names: Sequence[str],
) -> None:
    printed = [fact.figure for source in sources for fact in source.facts]
    for tie in bound:
        if tie.found is None:
            _missing(done, claim, sources, tie, printed)
            continue
        faults = [d for d in _faults(claim, sources, tie) if d is not None]
        if tie.wrong_role and {tie.said.role.role, tie.found.role.role} == {RoleKind.END, RoleKind.CHANGE}:
            done.add("end_as_change")
        for fault in faults:
            done.add(fault.kind)
            done.differences.append(fault)
        done.proved += not faults
        if tie.margin < -_UNSURE:
            done.add("unbound", min(1.0, -tie.margin * 2))
        if tie.match is MatchLevel.ROUNDED:
            done.add("rounded")
        _slots(done, claim, sources, tie)
        _subjects(done, claim, sources, tie, nearness, names)
    done.one_of_several = any(_is_one_of_several(claim, sources, tie) for tie in bound)
    done.fit = min((tie.fit for tie in bound), default=0.0)
    done.spoken = sum(tie.fit >= SPOKEN for tie in bound)
    done.features["figures"] = min(4.0, float(len(bound)))
    done.features["proved"] = min(4.0, float(done.proved))


def _slots(done: Comparison, claim: TextReading, sources: Sequence[TextReading], tie: FactTie) -> None:
    """Compare when, how averaged, on what condition and against whom a claimed figure and its printed one are told."""
    assert tie.found is not None  # the number is printed
    for slot, how in slot_faults(tie.said.marks, tie.found.marks).items():
        done.add(f"{slot}_{how}")
        if how == "other" and slot in _OF_TIME:
            around = _around(sources[tie.source], tie.found)
            done.differences.append(Difference("year", claim.text, around, tie.source))


def _faults(claim: TextReading, sources: Sequence[TextReading], tie: FactTie) -> Iterator[Difference | None]:
    """Give what is wrong with a claimed figure whose number is printed."""
    found, said = tie.found, tie.said.figure
    assert found is not None  # the number is printed
    words = _printed(claim, said.start, said.end)
    there = _printed(sources[tie.source], found.figure.start, found.figure.end)
    around = _around(sources[tie.source], found)
    if tie.match is MatchLevel.BOUND and not _is_every(claim, said, sources[tie.source], found.figure):
        yield Difference("bound", words, there, tie.source)
    if tie.margin < -_SURE and tie.rival is not None:
        other = sources[tie.rival_source]
        right = _printed(other, tie.rival.figure.start, tie.rival.figure.end)
        yield Difference("figure", words, right, tie.rival_source)
    if tie.wrong_role:
        yield Difference("role", words, around, tie.source)
    if tie.wrong_direction:
        yield Difference("direction", words, around, tie.source)


def _is_every(claim: TextReading, said: Figure, source: TextReading, found: Figure) -> bool:
    """Tell whether both say how often (每三年, every three years): 至少 beside them bounds what is done then."""
    before = (
        claim.folded[max(0, said.start - 6) : said.start],
        source.folded[max(0, found.start - 1) : found.start],
    )
    return (
        unit_kind(said.unit) == "time"
        and before[1] == "每"
        and before[0].rstrip().endswith(("每", "every", "隔"))
    )


def _subjects(
    done: Comparison,
    claim: TextReading,
    sources: Sequence[TextReading],
    tie: FactTie,
    nearness: Nearness,
    names: Sequence[str],
) -> None:
    """Compare the things that a claimed figure and its printed one count; ``names`` of places are left out."""
    said, found = tie.said, tie.found
    if done.features["english"] or found is None:
        return
    if word := reversed_words(f"{said.subject} {said.near}", f"{found.subject} {found.near}"):
        done.add("reversed")
        done.differences.append(Difference("words", word, found.subject, tie.source))
    there = expanded(f"{found.subject} {found.near} {found.segment}")
    subject = said.subject
    for name in names:
        subject = subject.replace(name, "")
    done.add("subject_lost", 1 - covered(subject, there) if subject else 0)
    done.add("subject_missing", 1 - covered(found.subject, expanded(claim.folded)) if found.subject else 0)
    clause = _with_next(sources[tie.source], found)
    words = bare(_masked(claim, said))
    for name in names:
        words = words.replace(name, "")
    whole = covered(words, expanded(" ".join(source.folded for source in sources)))
    done.most("away_clause", whole - covered(words, expanded(f"{found.subject} {found.listed} {clause}")))
    done.most("away_sentence", whole - covered(words, expanded(f"{found.subject} {found.segment} {clause}")))
    done.add("subject_far", max(0.0, 0.95 - nearness.cosine(said.subject, found.subject)) * 10)


def _with_next(source: TextReading, fact: Fact) -> str:
    """Return the clause of a fact and the one behind it (folded), which may go on with what it tells."""
    at = source.clauses.index(fact.clause)
    return source.folded[fact.clause.start : source.clauses[min(at + 1, len(source.clauses) - 1)].end]


def _masked(claim: TextReading, said: Fact) -> str:
    """Return the words of a claimed fact's clause without figures and what says when, folded."""
    words = claim.folded[said.clause.start : said.clause.end]
    for figure in reversed(claim.figures):
        if said.clause.start <= figure.start and figure.end <= said.clause.end:
            at = said.clause.start
            words = f"{words[: figure.start - at]} {words[figure.end - at :]}"
    return _YEAR.sub(" ", words)


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
    if tie.said.figure.value <= _FEW and tie.fit < _SAME_THING and _counts_items(claim, tie, sources):
        done.add("counted")
        done.proved += 1
        return
    of_time = unit_kind(tie.said.figure.unit) == "time"
    # How long something took is often told beside what is printed (五年间); how long it has to last is not.
    if of_time and tie.rival is None and tie.said.limit not in (Limit.ABOVE, Limit.BELOW):
        done.add("no_time")
        return
    if _is_name(tie.said.figure, sources):
        done.add("named")
        done.proved += 1
        return
    if tie.rival is not None and _leaves_open(tie.said, tie.rival):
        done.add("left_open")
        done.differences.append(Difference("absent", words, "", tie.source))
    elif tie.rival is not None and tie.fit > 0.35:
        done.add("other_value")
        right = _printed(sources[tie.rival_source], tie.rival.figure.start, tie.rival.figure.end)
        done.differences.append(Difference("value", words, right, tie.rival_source))
    else:
        done.add("no_value")
        if not any(_may_be_meant(tie.said.figure, one) for one in printed):
            done.add("unmeasured")
        done.differences.append(Difference("absent", words, "", tie.source))


def _may_be_meant(said: Figure, one: Figure) -> bool:
    """Tell whether a claim may have a printed figure in mind: one of its measure, or its digits (46%, 46万人次)."""
    digits = said.value.normalize().as_tuple().digits
    alike = len(digits) > 1 and one.value.normalize().as_tuple().digits == digits
    return alike or comparable(said, one)


def _is_name(said: Figure, sources: Sequence[TextReading]) -> bool:
    """Tell whether a number is part of a name that the evidence has as well: “两项补贴”."""
    words = fold(said.text)
    named = [fold(f.text) for s in sources for f in s.figures if f.sort is Sort.NAME]
    return any(
        one.lstrip(_MARKS).startswith(words) and (said.value <= _FEW or one.strip(_MARKS) == words)
        for one in named
    )


def _leaves_open(said: Fact, rival: Fact) -> bool:
    """Tell whether a printed bound leaves a claimed number possible: 113万 where the text says 超百万."""
    value, _ = converted(rival.figure, said.figure)
    if value is None or rival.limit not in (Limit.ABOVE, Limit.MORE) or said.limit is not Limit.EXACT:
        return False
    return value < said.figure.value <= value * Decimal("1.5")


def _counts_items(claim: TextReading, tie: FactTie, sources: Sequence[TextReading]) -> bool:
    """Tell whether a small plain count is that of what the evidence lists, or the claim itself."""
    value = int(tie.said.figure.value)
    if tie.said.figure.bound is not Limit.EXACT or tie.said.figure.unit == "%" or value < 2:
        return False
    listed = re.search("[:：](.*)", claim.folded[tie.said.figure.end :])
    if listed and len(_LISTED.split(listed[1])) == value:
        return True
    return any(source.folded.count("、") + 1 == value or len(source.facts) == value for source in sources)


def _states(
    done: Comparison,
    claim: TextReading,
    sources: Sequence[TextReading],
    bound: Sequence[FactTie],
    names: Sequence[str],
) -> None:
    found = _figure_states(done, claim, sources, bound) if bound else _clause_states(claim, sources, names)
    told = set(found)
    for fault, word in told:
        if fault:
            done.add(fault)
            done.differences.append(Difference("state", word))


def _figure_states(
    done: Comparison, claim: TextReading, sources: Sequence[TextReading], bound: Sequence[FactTie]
) -> Iterator[tuple[str, str]]:
    for tie in bound:
        near = tie.found or (tie.rival if "computed" not in done.features else None)
        if (
            near is not None
            and near.state is not FactState.DONE
            and _says_done(tie.said, near, claim, sources[tie.source])
        ):
            done.add("done_put")
            if near.state is FactState.PLANNED:
                yield "plan_as_done", "done"
                continue
        if near is None:
            continue
        if tie.repeated and tie.said.state is near.told and near.state is not FactState.PLANNED:
            continue
        copied = tie.repeated and _is_copied(tie.said, claim, sources[tie.source])
        if copied and tie.said.state is FactState.OPEN and near.state is FactState.PLANNED:
            done.add("plan_repeated")  # its words are the plan's own: nothing is told as done
            continue
        yield _state_fault(tie.said.state, near.state)


def _is_copied(said: Fact, claim: TextReading, source: TextReading) -> bool:
    """Tell whether a claim's clause is the evidence's own, with no place or year put before it."""
    return claim.folded[said.clause.start : said.clause.end].strip(" ,，。；;") in source.folded


def _says_done(said: Fact, near: Fact, claim: TextReading, source: TextReading) -> bool:
    """Tell whether a claim's clause has a word for done that the clause of the evidence lacks."""
    mine = claim.folded[said.clause.start : said.clause.end]
    theirs = source.folded[near.clause.start : near.clause.end]
    return any(word not in theirs for word in tells_done(mine) if word in _DONE_WORDS)


def _clause_states(
    claim: TextReading, sources: Sequence[TextReading], names: Sequence[str]
) -> Iterator[tuple[str, str]]:
    for span, state in zip(claim.clauses, claim.states, strict=True):
        clause = claim.folded[span.start : span.end]
        found = None if denials(clause) else _nearest(clause, sources)
        if found is not None:
            lead = opening(clause, names)
            words = clause[lead.end :].strip(" ,，。；;")
            copied = len(words) > _SAYS and any(words in source.folded for source in sources)
            own = FactState.OPEN if copied and found is FactState.DONE and not lead.planned else state
            yield _state_fault(own, found)


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


def _printed(text: TextReading, start: int, end: int) -> str:
    return text.text[start:end]


def _around(text: TextReading, fact: Fact) -> str:
    clause = fact.clause
    return text.text[clause.start : clause.end].strip(" ，。；")
