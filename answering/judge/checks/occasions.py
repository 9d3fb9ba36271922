"""When and how often, on what condition: what a rule or a report ties its figures to."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from answering.judge.checks.circumstances import circumstances, slot_faults
from answering.judge.nearness import contrast, covered, expanded
from answering.judge.quantity_match import MatchLevel
from retrieval.facts.figure_role import RoleKind
from retrieval.quantities import parse_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.judge.binding import FactTie
    from answering.judge.reading import TextReading

_EVERY = re.compile(
    r"每隔?(?P<half>半)?(?P<many>[一两二三四五六七八九十\d]{0,3})个?(?P<unit>年|季度?|月|周|星期|日|天)(?!度计)"
    r"|(?P<year>一年|半年)(?=[^，,。；;]{0,6}[一两二三四\d]次)|every (?P<english>\w+ )?(?P<span>year|quarter|month|week|day)"
)
_DAYS = {
    "年": 360, "季": 90, "季度": 90, "月": 30, "周": 7, "星期": 7, "日": 1, "天": 1,
    "year": 360, "quarter": 90, "month": 30, "week": 7, "day": 1,
}  # fmt: skip
_ENGLISH = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_CONDITION = re.compile(
    "情节(?:特别|较为|较)?[严轻][重微]|逾期|拒不|仍不|期满|再次|[两二三]次以上|[两二三]次(?=处罚|受|被)|造成[^，]{0,8}后果|构成犯罪|经[^，]{1,14}(?:批准|同意|许可)"
)
_CONDITION_SAID = re.compile(
    "情节|严重|逾期|拒不|不改|到期|期满|超过?期|再次|[两二三几]次|后果|犯罪|批准|同意|许可|经过|if|when|fail|miss|after|once|refus|serious|until|without"
)
_AT_ONCE = re.compile(
    "直接|立即|立刻|一律|一经|马上|一次性|straight away|right away|immediately|at once|in all cases"
)
_SEVERAL_YEARS = re.compile('[三四五六]年来|过去[三四五]年|[“"]?十[一二三四]五[”"]?')
_ONE_YEAR = re.compile(r"\d{4}年|过去一年|一年来|去年|上年")
_REPEATS = 0.6  # share of a clause's words that one of the evidence has which it repeats
_SEGMENTS = re.compile("[；;。\n]")
_ITEMS = re.compile("[；;。\n]|[（(][一二三四五六七八九十]+[)）]")
_DOUBLED = re.compile(
    r"翻了?(?P<times>[一两二三])番|翻番|(?P<plus>增加|增长|扩大)了?(?:一倍|1倍)|(?P<half>减半|减少?了?一半|降低?了?一半|halved)|(?P<double>doubled|twofold)|(?P<triple>tripled)"
)


def frequency_fault(claim: str, sources: Sequence[str]) -> str:
    """Return a claim's words (folded) on how often, where the clause it speaks of says another; "" where none does."""
    parts = [p for s in sources for p in re.split("[，,；;。\n]", s) if _EVERY.search(p)]
    for clause in re.split("[，,；;。]", claim):
        said = _EVERY.search(clause)
        if said is None or not parts:
            continue
        rest = _EVERY.sub("", clause)
        near = max(parts, key=lambda p: covered(rest, p))
        if covered(rest, near) > 0.3 and _days(said) not in {_days(m) for m in _EVERY.finditer(near)}:
            return said[0]
    return ""


def _days(found: re.Match[str]) -> float:
    if found["year"]:
        return 180 if found["year"] == "半年" else 360
    if found["span"]:
        return float(_DAYS[found["span"]] * _ENGLISH.get((found["english"] or "").strip(), 1))
    many = parse_number(found["many"]) if found["many"] else 1
    return float(_DAYS[found["unit"]] * (many or 1)) * (0.5 if found["half"] else 1)


def condition_faults(
    claim: TextReading, sources: Sequence[TextReading], bound: Sequence[FactTie]
) -> tuple[int, int]:
    """Return of how many figures the claim leaves out the condition that the text sets, and adds one it doesn't set."""
    left, added = 0, 0
    stated = bool(_CONDITION_SAID.search(claim.folded))
    hard = bool(_CONDITION.search(claim.folded))
    for tie in bound:
        if tie.found is None or tie.match is MatchLevel.NONE:
            continue
        segment = (
            tie.found.segment + sources[tie.source].folded[tie.found.figure.start : tie.found.clause.end]
        )
        there = bool(_CONDITION.search(segment))
        left += there and not stated
        added += hard and not there
    return left, added


def clause_faults(claim: TextReading, sources: Sequence[TextReading]) -> list[str]:
    """Return the slots of time in which a clause without figures differs from the one of the evidence it repeats."""
    found: list[str] = []
    counted = {fact.clause for fact in claim.facts}
    there = [s.folded[c.start : c.end] for s in sources for c in s.clauses]
    for span in claim.clauses:
        clause = claim.folded[span.start : span.end]
        if span in counted or not there:
            continue
        near = max(there, key=lambda one: covered(clause, one))
        if covered(clause, near) > _REPEATS:
            faults = slot_faults(circumstances(clause, clause, ""), circumstances(near, near, ""))
            found += [slot for slot, how in faults.items() if how == "other"]
    return found


def far_from_segment(tie: FactTie, sources: Sequence[TextReading]) -> float:
    """Return by how much a claim has rather the words of another segment (a rule, a sentence) than its figure's own, 0…1."""
    found = tie.found
    if found is None:
        return 0.0
    own = found.segment
    head = expanded(tie.said.segment)
    parts = {part.strip() for source in sources for part in _SEGMENTS.split(source.folded)}
    others = [part for part in parts if part and part not in own and not part.startswith(own)]
    return max((-contrast(head, own, other, both=True) for other in others), default=0.0)


def split_rule(claim: str, sources: Sequence[TextReading]) -> bool:
    """Tell whether a claim (folded) gives a case (…的，) the consequence that the text gives another case."""
    parts = [p for s in sources for p in _ITEMS.split(s.folded) if p.strip()]
    clauses = [c for c in re.split("[，,；;。]", claim) if len(c) > 3]
    for case, then in pairwise(clauses):
        if not case.endswith("的"):
            continue
        cases = {n for n, p in enumerate(parts) if covered(case, expanded(p)) > _REPEATS}
        consequences = {n for n, p in enumerate(parts) if covered(then, expanded(p)) > _REPEATS}
        if cases and consequences and not cases & consequences:
            return True
    return False


def at_once(claim: str) -> bool:
    """Tell whether a claim (folded) says that no condition has to be met: 直接罚款."""
    return _AT_ONCE.search(claim) is not None


def of_several_years(heading: str) -> bool:
    """Tell whether the innermost heading that names a time names several years, and no single one."""
    for one in reversed(heading.split("/")):
        several, single = _SEVERAL_YEARS.search(one), _ONE_YEAR.search(one)
        if several or single:
            return bool(several) and not single
    return False


def multiple_fault(claim: str, sources: Sequence[TextReading]) -> float | None:
    """Return 0 where the start and end that the evidence prints bear out a claim's 翻番 or 减半, 1 where none does.

    None where the claim (folded) says no such word, or the evidence has no start and end.
    """
    said = _DOUBLED.search(claim)
    if said is None:
        return None
    wanted = _multiple(said)
    if any(_multiple(found) == wanted for s in sources for found in _DOUBLED.finditer(s.folded)):
        return 0.0
    ratios = [ratio for source in sources for ratio in _ratios(source)]
    return float(all(abs(ratio - wanted) > 0.08 * wanted for ratio in ratios)) if ratios else None


def _multiple(found: re.Match[str]) -> float:
    if found["half"]:
        return 0.5
    return 3.0 if found["triple"] else 2.0 ** _times(found)


def _ratios(source: TextReading) -> Iterator[float]:
    """Give end over start of each 从…到… of a text."""
    start = None
    for fact in source.facts:
        if fact.role.role is RoleKind.START:
            start = fact.figure
        elif start is not None and fact.figure.unit == start.unit and start.value:
            yield float(fact.figure.value / start.value)
            start = None


def _times(found: re.Match[str]) -> int:
    return {"一": 1, "两": 2, "二": 2, "三": 3}.get(found["times"] or "一", 1)
