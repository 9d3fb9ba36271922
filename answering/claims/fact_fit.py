"""Which printed fact an assertion is about: by thing, unit, role, state, time and place, never by its number.

The facts of all sentences found compete, those of one sentence too; a claim whose number is that of another
fact is thereby refuted and not borne out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import log10
from typing import TYPE_CHECKING

import numpy as np

from answering.claims.value_match import in_unit, same_digits
from answering.judge.nearness import covered, expanded, grams, in_chinese
from answering.scoring.linear_score import LinearScore, OddsScore, read_odds, read_score
from retrieval.facts.figure_role import Direction, RoleKind
from retrieval.facts.name_similarity import core, opposed
from retrieval.places.table import COUNTRY
from retrieval.quantities.units import unit_class
from retrieval.quantities.values import Bound
from retrieval.text.normalize import fold, is_english
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from answering.claims.assertions import Assertion
    from answering.claims.printed_facts import PrintedFact
    from answering.lexicon.relevance import Terms
    from retrieval.places.gazetteer import Gazetteer

FILE = "claim_fact_weights.json"
FEATURES = (
    "thing_own", "thing_all", "own_thing", "own_clause", "own_sentence", "all_sentence", "all_heading", "opposed", "apart",
    "near_thing", "near_clause", "unit_same", "unit_open", "role_same", "role_apart", "way_same", "way_other", "level_end",
    "planned_same", "planned_missed", "planned_unasked", "year_same", "year_other", "year_open", "several_missed", "several_unasked",
    "average_unasked", "scope_other", "scope_named", "part_unasked", "share_unasked", "gap_unasked", "start_unasked", "score", "place_other", "stock", "size_other", "terms", "terms_lost",
    "lost_near", "bound_loose", "unit_word",
)  # fmt: skip
SIGNALS = (
    "thing_own", "thing_all", "own_thing", "own_clause", "own_sentence", "all_sentence", "opposed", "near_thing_whole", "near_clause_whole",
    "unit_same", "role_apart", "planned_missed", "planned_unasked", "year_other", "several_unasked", "scope_other", "place_other", "size_other", "is_rank", "terms", "terms_lost", "several_missed", "score", "near_clause",
    "top", "margin", "lost_near", "bound_loose", "unit_word", "way_other", "share_unasked", "gap_unasked", "average_unasked", "part_unasked",
)  # fmt: skip
_COUNTS = frozenset(("count", "people", "flow", "thing", ""))
_MEASURED = frozenset(("weight", "area", "length", "volume", "energy"))
_EMBEDDED = 14  # facts, the likeliest by their words, whose meaning is compared
_LEAST_NEAR, _SPREAD = (
    0.83,
    0.12,
)  # cosines of unlike names and how far alike ones are above, without an embedder
_FRAME = re.compile("目标|计划|打算|力争|争取|预期(?!寿命)|定的?")  # of what is planned, names no thing
_FACTOR = 0.5  # powers of ten that two values may be apart and be of one size
_FAR = -0.1  # what the others get, as a distance from the nearest
_APART = {
    frozenset(("level", "change")), frozenset(("level", "gap")), frozenset(("change", "gap")), frozenset(("share", "change")),
    frozenset(("share", "gap")), frozenset(("end", "change")), frozenset(("added", "end")), frozenset(("gap", "end")), frozenset(("change", "start")),
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class FactFit:
    """The facts that an assertion may be about, the likeliest first, and the odds that it is about the first."""

    facts: tuple[PrintedFact, ...]
    scores: tuple[float, ...]
    rows: NDArray[np.float64]  # of ``FEATURES``, in the order of ``facts``
    whole: tuple[tuple[float, float], ...]  # nearness of thing and clause, as cosines

    @property
    def best(self) -> PrintedFact:
        """The likeliest fact."""
        return self.facts[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSetting:
    """Of whom and when a message speaks, beside its words."""

    places: tuple[str, ...]  # it names, or those around them
    named: tuple[str, ...]  # it names
    newest: int | None  # year of the newest text that is asked of
    nearness: Callable[[str, Sequence[str]], tuple[float, ...] | None]
    terms: Callable[[str], Terms]  # of words that are folded
    gazetteer: Gazetteer


def may_be(one: Assertion, fact: PrintedFact) -> bool:
    """Tell whether a fact has the kind of number that is claimed, whatever it is of."""
    if one.rank or fact.kind == "rank":
        return one.rank and fact.kind == "rank"
    if one.value is None and one.beside:
        return fact.role is RoleKind.GAP
    if one.value is None:
        return fact.direction is not Direction.NONE and fact.role in (RoleKind.CHANGE, RoleKind.END)
    if (one.role is RoleKind.GAP) != (fact.role is RoleKind.GAP) and one.kind == "share":
        return False
    if (one.value == 0) != (fact.value == 0) and one.role is RoleKind.CHANGE:
        return False
    return _units_agree(one, fact)


def _units_agree(one: Assertion, fact: PrintedFact) -> bool:
    mine, theirs = one.kind, fact.kind
    if ("岁" in one.unit) != ("岁" in fact.unit):
        return not one.unit
    if mine == theirs or (one.unit == "倍" and not fact.unit):
        return True
    if not one.unit and theirs not in ("share", "time"):
        return True
    if mine in _COUNTS and theirs in _COUNTS:
        return True
    return "measure" in (mine, theirs) and bool({mine, theirs} & _MEASURED)


def fact_rows(
    one: Assertion, facts: Sequence[PrintedFact], setting: ClaimSetting
) -> tuple[NDArray[np.float64], list[tuple[float, float]]]:
    """Return a row for each fact, a column for each of ``FEATURES``, and how near thing and clause are as cosines."""
    words = _Words.of(one, setting)
    told = [_told(one, words, fact, facts, setting) for fact in facts]
    near = _nearness(one, facts, told, setting)
    for row, (thing, clause) in zip(told, near, strict=True):
        row["near_thing"] = 10 * max(_FAR, thing - max(n for n, _ in near))
        row["near_clause"] = 10 * max(_FAR, clause - max(n for _, n in near))
    return np.array([[row[name] for name in FEATURES] for row in told], dtype=np.float64), near


def _nearness(
    one: Assertion, facts: Sequence[PrintedFact], told: Sequence[dict[str, float]], setting: ClaimSetting
) -> list[tuple[float, float]]:
    order = sorted(
        range(len(facts)),
        key=lambda n: -(
            told[n]["thing_own"] + told[n]["own_clause"] + 0.5 * told[n]["all_sentence"] + 0.5 * told[n]["score"] + 0.3 * told[n]["unit_same"]
            - told[n]["place_other"] - told[n]["year_other"]
        ),
    )[:_EMBEDDED]  # fmt: skip
    asked = one.own.replace("|", " ")
    things = setting.nearness(asked, [facts[n].thing for n in order])
    clauses = setting.nearness(asked, [facts[n].clause for n in order])
    found = [(-1.0, -1.0)] * len(facts)
    for at, n in enumerate(order):
        thing = things[at] if things else _LEAST_NEAR + _SPREAD * told[n]["thing_own"]
        clause = clauses[at] if clauses else _LEAST_NEAR + _SPREAD * told[n]["own_clause"]
        found[n] = (thing, clause)
    return found


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of an assertion in Chinese, its own and all, as they are and with those that mean the same."""

    own: str
    whole: str
    wide: str
    wider: str
    terms: Terms

    @classmethod
    def of(cls, one: Assertion, setting: ClaimSetting) -> _Words:
        """Read an assertion's words."""
        own, whole = in_chinese(one.own), in_chinese(one.whole)
        told = own[len(one.own) :] if is_english(one.own) else own
        named = _FRAME.sub("|", told) if one.planned else told
        return cls(own, whole, expanded(own), expanded(whole), setting.terms(named))


def _told(
    one: Assertion,
    words: _Words,
    fact: PrintedFact,
    facts: Sequence[PrintedFact],
    setting: ClaimSetting,
) -> dict[str, float]:
    own, whole, wide, wider = words.own, words.whole, words.wide, words.wider
    thing, document = core(fact.thing), fact.line.document
    heading = fold("|".join(fact.line.passage.heading))
    role = {one.role.value, fact.role.value}
    years = one.years or ((setting.newest - 1, setting.newest) if setting.newest and setting.places else ())
    held = f"{fact.clause} {fact.thing}"
    lost = words.terms.missing(f"{fact.line.folded} {heading}")
    lost_near = words.terms.missing(held)
    place = document.place or (COUNTRY.name if document.genre is Genre.REPORT else "")
    wanted = one.planned
    return {
        "thing_own": covered(thing, wide),
        "thing_all": covered(thing, wider),
        "own_thing": covered(own, expanded(fact.thing)),
        "own_clause": covered(own, expanded(fact.clause)),
        "own_sentence": covered(own, expanded(fact.line.folded)),
        "all_sentence": covered(whole, expanded(fact.line.folded)),
        "all_heading": covered(whole, heading),
        "opposed": float(opposed(own, fact.thing)),
        "apart": _apart(fact, facts, wide),
        "near_thing": 0.0,
        "near_clause": 0.0,
        "unit_same": float(unit_class(one.unit) == unit_class(fact.unit) and bool(one.unit)),
        "unit_open": float(not one.unit or not fact.unit),
        "role_same": float(one.role is fact.role and one.role is not RoleKind.OPEN),
        "role_apart": float(
            frozenset(role) in _APART and not (one.role is RoleKind.CHANGE and fact.origin is not None)
        ),
        "way_same": float(one.direction is fact.direction is not Direction.NONE),
        "way_other": float(Direction.NONE not in (one.direction, fact.direction) and one.direction is not fact.direction),
        "level_end": float(one.role is RoleKind.LEVEL and fact.role is RoleKind.END),
        "planned_same": float(wanted and fact.planned),
        "planned_missed": float(wanted and not fact.planned),
        "planned_unasked": float(fact.planned and not wanted),
        "year_same": float(bool(one.years) and fact.year in years),
        "year_other": float(bool(years) and fact.year is not None and fact.year not in years and not _reaches(one, fact)),
        "year_open": float(fact.year is None),
        "several_missed": float(one.several and not fact.several and fact.role is not RoleKind.END),
        "several_unasked": float(fact.several and not one.several),
        "average_unasked": float(fact.average and not one.several),
        "scope_other": float(bool(fact.scope) and not _named(fact.scope, setting.places, whole)),
        "scope_named": float(bool(fact.scope) and _named(fact.scope, setting.places, whole)),
        "part_unasked": float(fact.part and "其中" not in one.text),
        "share_unasked": float(fact.role is RoleKind.SHARE and one.role is not RoleKind.SHARE),
        "gap_unasked": float(fact.role is RoleKind.GAP and not one.beside),
        "start_unasked": float(fact.role is RoleKind.START),
        "score": fact.line.score,
        "place_other": float(_is_elsewhere(place, setting.places)),
        "stock": float(fact.stock),
        "size_other": _size_apart(one, fact),
        "terms": words.terms.coverage(held, fact.line.folded, heading),
        "terms_lost": sum(t.weight for t in lost) / (words.terms.total or 1.0),
        "lost_near": sum(t.weight for t in lost_near) / (words.terms.total or 1.0),
        "bound_loose": float(one.bound is Bound.EXACT is not fact.bound),
        "unit_word": float(bool(one.unit) and one.unit == fact.unit),
    }  # fmt: skip


def _reaches(one: Assertion, fact: PrintedFact) -> bool:
    """Tell whether a fact of several years that began earlier (2020年以来) may be meant by a claim that names no year."""
    written = fact.line.document.year
    return (
        not one.years
        and fact.several
        and not fact.average
        and written is not None
        and fact.year is not None
        and fact.year < written
    )


def _size_apart(one: Assertion, fact: PrintedFact) -> float:
    """Return by how many powers of ten two values are apart, beyond a factor of about three: no nearer one is told by it."""
    if one.value is None or one.rank or not one.value or not fact.value:
        return 0.0
    grown = one.role is RoleKind.CHANGE and fact.origin is not None
    theirs = in_unit(
        fact.value - fact.origin if grown and fact.origin is not None else fact.value, fact.unit, one
    )
    slip = bool(one.unit and fact.unit) and same_digits(fact.value, one.value)
    if theirs is None or not theirs or slip:
        return 0.0
    return min(2.0, max(0.0, abs(log10(abs(float(one.value / theirs)))) - _FACTOR))


def _is_elsewhere(place: str, places: Sequence[str]) -> bool:
    return place not in places if places else place not in ("", COUNTRY.name)


def _named(scope: str, places: Sequence[str], words: str) -> bool:
    return scope in places or scope.rstrip("市省区县") in words


def _apart(fact: PrintedFact, facts: Sequence[PrintedFact], wide: str) -> float:
    """Return how much more of what sets a fact apart from its sentence's others is claimed, than of what sets them apart."""
    mine = grams(fact.thing)
    said = grams(wide)
    worst = 1.0
    for other in facts:
        if other is fact or other.line is not fact.line:
            continue
        theirs = grams(other.thing)
        own, others = mine - theirs, theirs - mine
        if not own or not others:
            continue
        worst = min(
            worst, sum(g in said for g in own) / len(own) - sum(g in said for g in others) / len(others)
        )
    return worst


def fitted(one: Assertion, facts: Sequence[PrintedFact], setting: ClaimSetting) -> FactFit | None:
    """Return the facts that an assertion may be about, ranked; None where there are none of its kind."""
    held = [fact for fact in facts if may_be(one, fact)]
    if not held:
        return None
    rows, near = fact_rows(one, held, setting)
    scores = fact_score().of(rows)
    order = sorted(range(len(held)), key=lambda n: -float(scores[n]))
    return FactFit(
        facts=tuple(held[n] for n in order),
        scores=tuple(float(scores[n]) for n in order),
        rows=rows[order],
        whole=tuple(near[n] for n in order),
    )


def fit_signals(found: FactFit) -> list[float]:
    """Return what tells that an assertion is about the first fact, by ``SIGNALS``."""
    told = dict(zip(FEATURES, found.rows[0].tolist(), strict=True))
    told["near_thing_whole"], told["near_clause_whole"] = (10 * (x - 0.85) for x in found.whole[0])
    others = [
        score
        for fact, score in zip(found.facts, found.scores, strict=True)
        if fact is not found.best and (fact.value, fact.unit) != (found.best.value, found.best.unit)
    ]
    told["is_rank"] = float(found.best.kind == "rank")
    told["top"] = found.scores[0]
    told["margin"] = min(5.0, found.scores[0] - max(others, default=found.scores[0] - 5.0))
    return [told[name] for name in SIGNALS]


def fit_odds(found: FactFit) -> float:
    """Return the log-odds that an assertion is about the likeliest fact."""
    odds = fact_odds()
    return odds.bias + float(odds.score.of(np.array([fit_signals(found)]))[0])


@cache
def fact_score() -> LinearScore:
    """Return the weights that choose a fact."""
    return read_score(FILE, FEATURES)


@cache
def fact_odds() -> OddsScore:
    """Return the weights that tell whether the chosen one is meant."""
    return read_odds(FILE, SIGNALS, "signals")
