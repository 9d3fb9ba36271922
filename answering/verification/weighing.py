"""Whether evidence carries a claim, as the judge compares them: what fails, the right value, and a plan told as one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.judge.claim_differences import HARD
from answering.judge.decision import MEANING, decide
from answering.judge.judge import compared
from answering.judge.nearness import covered
from answering.judge.reading import read_text
from answering.judge.reasons import right_of
from answering.verification.slot_checks import faults, names, noun_behind
from answering.verification.untold_plans import leaves_plan_untold
from retrieval.facts.fact_state import FactState, claimed_state, tells_done
from retrieval.text.normalize import fold, is_english

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from answering.judge.claim_differences import Comparison, Difference
    from answering.judge.nearness import Nearness
    from answering.judge.values import ClaimEvidence
    from retrieval.places.gazetteer import Gazetteer


@dataclass(frozen=True, slots=True)
class Floors:
    """What the judge's probability has to reach; ``bare`` and ``bare_doubted`` for claims without figures."""

    figures: float  # where all its words are in the evidence
    own_words: float
    doubted: float
    bare: float
    bare_doubted: float


# Checks of one slot each that compare words (a clause, a rank, how often, 所有) meet true paraphrases as often as
# lies: they raise what is needed. Those of _FIRM refuse. Where meaning is compared, the floors are chosen on the
# pairs that the judge learns from, each judged by weights that had not seen its place: an untrue claim shown
# counts as three true ones dropped.
_OF_WORDS = Floors(0.55, 0.62, 0.75, 0.38, 0.75)
_OF_MEANING = Floors(0.57, 0.57, 0.71, 0.45, 0.75)
_OWN = 0.1  # share of its words from which a claim says more in words of its own
# In English, whose words are compared through a thesaurus: on 221 pairs judged by trees that had not seen their
# place, none of the 39 untrue ones that differ in a slot reaches 0.6, and 15 of 41 true ones do. Without a figure
# there is little that could speak against an untrue one.
_FOREIGN_DOUBTED, _FOREIGN_BARE = 0.62, 0.8
_FIRM = {
    "quote", "range", "measure", "scope", "value", "figure", "mean", "cause", "direction", "state", "year", "bound",
    "pronoun",
}  # fmt: skip
_MUCH = 0.3  # share of words of its own that a claim without figures may have
_PASSED = re.compile("跨越|突破|迈上|站上|越过|台阶")
_NEARLY = re.compile("接近|将近|超过|多于|近(?=.{0,4}$)|nearly|almost|over|more than")
_RENEWED = re.compile("(?:改造|整治|优化|巩固|完善)提升|提升改造")  # 提升 that changes no number
_REACHED = re.compile("增[加至到长]|新增|提高|升至|达到?")
_SINCE = re.compile("since|from|以来|起", re.IGNORECASE)
_CLAUSE = re.compile("[，,；;。\n]")
_OFTEN = re.compile("一次|一回|once")
_NAMES = {
    "bound": ("bound",),
    "absent": ("no_value", "no_time"),
    "role": ("role",),
    "year": ("cumulative",),
}  # features that a difference counts in
_AIMED = re.compile("确保|力争|争取|预期|预计|目标|拟|计划")
_PLANNED = {True: "Planned: ", False: "计划"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """How a claim fares: ``kind`` of what is wrong, empty where it holds, its words, and the right ones."""

    kind: str = ""
    why: str = ""
    right: str = ""
    score: float = 0.0
    planned: bool = False  # what it tells is planned in the text, and the claim does not say so

    @property
    def stands(self) -> bool:
        """Whether the claim may be shown."""
        return not self.kind


def weigh(
    claim: str, evidence: Sequence[ClaimEvidence], nearness: Nearness, gazetteer: Gazetteer
) -> Weighing:
    """Weigh a claim against evidence, all items together; a plan told without a word of it is marked so."""
    found = _weigh(claim, evidence, nearness, gazetteer)
    if found.stands:
        return replace(found, planned=leaves_plan_untold(claim, evidence))
    if found.kind == "state" and not (_claims_done(claim, evidence) or _says_planned(claim, evidence)):
        told = _weigh(f"{_PLANNED[is_english(claim)]}{claim}", evidence, nearness, gazetteer)
        if told.stands:
            return Weighing(score=told.score, planned=True)
    return found


def _claims_done(claim: str, evidence: Sequence[ClaimEvidence]) -> bool:
    """Tell whether a claim says in words of its own that a thing is done."""
    folded = fold(claim)
    if claimed_state(folded) is FactState.DONE:
        return True
    pieces = [piece for item in evidence for piece in _CLAUSE.split(fold(item.quote))]
    for clause in _CLAUSE.split(folded):
        near = max(pieces, key=lambda piece: covered(clause, piece), default="")
        if any(word not in near for word in tells_done(clause)):
            return True
    return False


def _says_planned(claim: str, evidence: Sequence[ClaimEvidence]) -> bool:
    """Tell whether the text calls a figure planned in words that the claim has left out."""
    if not read_text(claim, claim=True).facts:
        return False
    values = {fact.figure.value for fact in read_text(claim, claim=True).facts}
    for item in evidence:
        for fact in read_text(item.quote, item.heading).facts:
            clause = fold(item.quote)[fact.clause.start : fact.clause.end]
            if fact.figure.value in values and _AIMED.search(clause):
                return True
    return False


def _weigh(
    claim: str, evidence: Sequence[ClaimEvidence], nearness: Nearness, gazetteer: Gazetteer
) -> Weighing:
    comparison = compared(claim, evidence, nearness, gazetteer)
    _, score = decide(comparison)
    if _soften(comparison, claim, evidence):
        score = max(score, decide(comparison)[1])
    hard = [one for one in comparison.differences if one.kind in HARD]
    doubts = list(faults(claim, evidence))
    needed = _needed(comparison, doubted=bool(hard or doubts))
    firm = next((kind for kind, _ in doubts if kind in _FIRM), "")
    if not (comparison.untrue or firm or score < needed or _says_more(comparison, score)):
        return Weighing(score=score)
    if hard:
        worst = next((one for one in hard if one.kind != "state"), hard[0])
        right = worst.right or right_of(comparison)
        return Weighing(kind=worst.kind, why=worst.said, right=right, score=score)
    if doubts:
        return Weighing(kind=doubts[0][0], why=doubts[0][1], score=score)
    lost = next((one for one in comparison.differences if one.said), None)
    return Weighing(kind="content", why=lost.said if lost else "", score=score)


def _says_more(comparison: Comparison, score: float) -> bool:
    """Tell whether a claim without figures has much that the evidence lacks, and little else speaks for it."""
    features = comparison.features
    floors = _floors(comparison)
    return not features.get("figures") and score < floors.figures and features.get("lost", 0.0) > _MUCH


def _needed(comparison: Comparison, *, doubted: bool) -> float:
    """Return the probability that a claim needs to be shown: more where a check of one slot speaks against it."""
    features, floors = comparison.features, _floors(comparison)
    if doubted and features.get("english"):
        return _FOREIGN_DOUBTED if features.get("figures") else _FOREIGN_BARE
    if not features.get("figures"):
        return floors.bare_doubted if doubted else floors.bare
    if doubted:
        return floors.doubted
    own = features.get("lost", 0.0) > _OWN or features.get("english")
    return floors.own_words if own else floors.figures


def _floors(comparison: Comparison) -> Floors:
    return _OF_MEANING if MEANING in comparison.features else _OF_WORDS


def _soften(comparison: Comparison, claim: str, evidence: Sequence[ClaimEvidence]) -> bool:
    """Take out of a comparison what is a difference of wording alone; tell whether there was any."""
    soft = [one for one in comparison.differences if _soft(one, claim, evidence)]
    if not soft:
        return False
    features = comparison.features
    for one in soft:
        comparison.differences.remove(one)
        for name in _NAMES.get(one.kind, ()):
            features[name] = max(0.0, features.get(name, 0.0) - 1)
        comparison.proved += 1
    hard = sum(one.kind in HARD for one in comparison.differences)
    features["proved"] = min(4.0, float(comparison.proved))
    features["unproved"] = features["figures"] - features["proved"]
    features["hard"] = min(3.0, float(hard))
    features["any_hard"] = float(hard > 0)
    features["mixed"] = float(hard > 0 and comparison.proved > 0)
    return True


def _soft(difference: Difference, claim: str, evidence: Sequence[ClaimEvidence]) -> bool:
    """Tell whether a difference of a slot is only one of wording."""
    test = _WORDINGS.get(difference.kind)
    return test is not None and test(difference, claim, evidence)


def _soft_absence(difference: Difference, claim: str, evidence: Sequence[ClaimEvidence]) -> bool:
    """Tell whether a figure that no text has only says how often, or over what time."""
    if _OFTEN.fullmatch(difference.said.strip()):
        return True
    if not difference.said.endswith(("年", "个月")):
        return False
    around = " ".join(f"{e.heading} {e.context} {e.document}" for e in evidence)
    after = claim[claim.find(difference.said) + len(difference.said) :][:1]
    return difference.said in around or after in ("间", "来", "里", "内", "共", "累")


def _soft_bound(difference: Difference, claim: str, evidence: Sequence[ClaimEvidence]) -> bool:
    """Tell whether a bound is told in other words: 接近全国的三成, 跨越9万亿."""
    at = claim.find(difference.said)
    right = difference.right.strip()
    clauses = [c for item in evidence for c in _CLAUSE.split(item.quote) if right and right in c]
    return bool(_NEARLY.search(claim[max(0, at - 6) : at])) or any(_PASSED.search(one) for one in clauses)


def _soft_role(difference: Difference, claim: str, _: Sequence[ClaimEvidence]) -> bool:
    """Tell whether a count was taken for a change or a start, or a start for a level: 改造提升74个, 较…的9323亿元增加."""
    if re.search(f"从[^，,。；;]*{re.escape(difference.said)}", claim) and re.search(
        f"[较比][^，,。；;]*{re.escape(difference.said)}(?=[增减提下上降])", difference.right
    ):
        return True
    if re.search(f"从[^到至]*中[^到至]*{re.escape(difference.said)}", difference.right):
        return True
    return bool(_RENEWED.search(difference.right)) and not _REACHED.search(claim)


def _soft_year(difference: Difference, claim: str, _: Sequence[ClaimEvidence]) -> bool:
    """Tell whether a claim says itself that its figure is one of several years."""
    return "以来" in difference.right and bool(_SINCE.search(claim))


def _named_behind(difference: Difference, claim: str, evidence: Sequence[ClaimEvidence]) -> bool:
    """Tell whether a claim names the very noun that its text puts behind the count, and not the rival's."""
    said = fold(claim)
    for item in evidence:
        source = read_text(item.quote, item.heading)
        own = [one for one in source.facts if fold(difference.said) in fold(one.figure.text)]
        rival = [one for one in source.facts if fold(difference.right) in fold(one.figure.text)]
        if (
            own
            and rival
            and names(noun_behind(source, own[0]), said)
            and not names(noun_behind(source, rival[0]), said)
        ):
            return True
    return False


_WORDINGS: Mapping[str, Callable[[Difference, str, Sequence[ClaimEvidence]], bool]] = {
    "absent": _soft_absence,
    "bound": _soft_bound,
    "role": _soft_role,
    "figure": _named_behind,
    "year": _soft_year,
}
