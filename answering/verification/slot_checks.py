"""Slots of a claim that a number alone does not hold: its period, its names, its measure, its whole, its cause.

Each check gives the words of the claim that the evidence does not bear out, and nothing where it does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.judge.nearness import covered, expanded
from answering.judge.reading import read_text
from answering.verification import assertion_checks
from retrieval.facts.fact_state import FactState
from retrieval.quantities import Bound
from retrieval.quantities.units import unit_kind
from retrieval.text.normalize import fold, squash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.judge.reading import Fact, TextReading
    from answering.judge.values import ClaimEvidence

_EVERY = re.compile(
    "每(?:隔|满)?(?:[一两二三四五六七八九十半\\d]{0,2}个?)(?:年度?|月|季度?|周|天|日|小时)|[年月日周](?=均)|半年|每?季度(?=[^一二三四])"
    "|(?<![a-z])(?:annual(?:ly)?|yearly|monthly|weekly|daily|quarterly|(?:every|each|per|an?) (?:year|month|week|day|quarter))(?![a-z])"
)
_PERIODS = (
    ("半年", re.compile("半年|half[- ]?year|six months")),
    ("季", re.compile("季|quarter")),
    ("两个月", re.compile("[两2二]个?月")),
    ("月", re.compile("月|month")),
    ("周", re.compile("周|week")),
    ("日", re.compile("[日天]|daily|day")),
    ("小时", re.compile("小时")),
    ("年", re.compile("年|annual|year")),
)
_SPLIT = re.compile("[，,；;。\n]")
_QUOTE = re.compile(r"[“「『]([^“”「」『』]{2,200})[”」』]|《([^《》]{2,60})》")
_CAUSE = re.compile(
    "(?:^|[，,；;])(?:使(?!用|命)得?|从而|因此|因而|由此|致使|导致)|(?:由于|因为|得益于|归功于)|(?<=[一-鿿]{2})使(?!用|命|馆|者)(?=[一-鿿]{2}[^，]*\\d)"
)
_BORNE = re.compile("使|让|从而|因此|因而|由此|促|推动|带动|导致|致使|由于|因|得益于|确保|保障|实现")
_ONE_YEAR = re.compile("年均|每年平均|平均每年|average annual|annual average|a year on average")
_SPAN = re.compile("以来|期间|[三四五六七八九十]年|十[三四五]五|[—–至到-]|since|between|over the")
_LIMIT = re.compile(
    "至少|最低|下限|最高|上限|以上|以内|不超过|不低于|区间|左右|约|at least|up to|more than|about|around|least"
)
_RANK = re.compile(
    "最(?![近后终初]|低工资|低生活|低标准|高法|高检)[一-鿿]|首位|首个|首次|唯一|率先|领先|前列|一流|榜首|冠军"
)
_ONE_SIDED = (Bound.MORE, Bound.LESS)
_FIRST = frozenset(("首位", "首个", "首次", "榜首", "冠军", "领先", "前列", "率先"))
_NOUN = 8  # characters behind a count in which its noun stands
_NAMED, _UNNAMED = 0.6, 0.35  # share of a noun's pairs that a claim which names it has, and one that doesn't
_HELD = 0.5  # share of an object's words that a claim needs to be said to name it
_NAME = 12  # characters up to which words in marks are a name, which is not paraphrased
_SAME = 0.7  # share of quoted words from which the marks, and not the words, are what is wrong


def faults(claim: str, evidence: Sequence[ClaimEvidence]) -> Iterator[tuple[str, str]]:
    """Give kind and words of each slot of ``claim`` that ``evidence`` does not bear out."""
    said = read_text(claim, claim=True)
    sources = [read_text(item.quote, item.heading) for item in evidence]
    checks = (
        ("period", _period(said, sources)),
        ("quote", _quotation(claim, evidence)),
        ("measure", _measure(said, sources)),
        ("range", _end_of_range(said, sources)),
        ("mean", _mean_of_one_year(said)),
        ("mean", _mean_without_a_word(said, sources)),
        ("value", _rounded_target(said, sources)),
        ("scope", _one_of_joint_objects(said, sources)),
        ("cause", _cause(said, sources)),
        ("rank", _superlative(said, evidence)),
        ("bound", _about_for_more(said, sources)),
        ("figure", _of_another_noun(said, sources)),
    )
    yield from ((kind, words) for kind, words in checks if words)
    yield from assertion_checks.faults(said, sources, evidence)


def _pieces(reading: TextReading) -> list[str]:
    return [piece for piece in _SPLIT.split(reading.folded) if piece.strip()]


def _unit(period: str) -> str:
    return next((name for name, words in _PERIODS if words.search(period)), period)


def _period(said: TextReading, sources: Sequence[TextReading]) -> str:
    """Return how often a clause says that something happens, where its text says so of something else."""
    theirs = [piece for source in sources for piece in _pieces(source)]
    for mine in _pieces(said):
        for match in _EVERY.finditer(mine):
            rest = mine.replace(match[0], "")
            if not any(_unit(m[0]) == _unit(match[0]) for one in theirs for m in _EVERY.finditer(one)):
                return "" if _unit(match[0]) == "年" and _annual(theirs, rest) else match[0]
            best = max(theirs, key=lambda one: covered(rest, one), default="")
            with_it = [
                one for one in theirs if any(_unit(m[0]) == _unit(match[0]) for m in _EVERY.finditer(one))
            ]
            near = max((covered(rest, one) for one in with_it), default=0.0)
            if _EVERY.search(best) and covered(rest, best) > near + 0.1:
                return match[0]
    return ""


def _annual(pieces: Sequence[str], rest: str) -> bool:
    """Tell whether the clause nearest to ``rest`` tells of a whole year in other words: 全年, 年度, 一年一次."""
    best = max(pieces, key=lambda one: covered(rest, one), default="")
    return bool(re.search("年(?:度|产|检|会|终)|全年|一年", best))


def _quotation(claim: str, evidence: Sequence[ClaimEvidence]) -> str:
    """Return a name or quotation in marks that is not in the evidence, its headings or titles."""
    held = squash(" ".join(f"{e.quote} {e.heading} {e.document} {e.context}" for e in evidence))
    for match in _QUOTE.finditer(claim):
        words = match[1] or match[2]
        if squash(words.strip("，。；、,.;")) in held:
            continue
        name = match[2] or (len(words) <= _NAME and not re.search(r"\d", words))
        if name or covered(fold(words), fold(held)) < _SAME:
            return words
    return ""


def _measure(said: TextReading, sources: Sequence[TextReading]) -> str:
    """Return a count of things whose number is one of people or households in the text."""
    for fact in said.facts:
        if unit_kind(fact.figure.unit) == "people" or fact.figure.unit.startswith("户"):
            continue
        same = [one for source in sources for one in source.facts if one.figure.value == fact.figure.value]
        if same and fact.figure.unit and all(_of_people(one) for one in same):
            return fact.figure.text
    return ""


def _of_people(fact: Fact) -> bool:
    unit = fact.figure.unit
    return unit.startswith(("户", "人", "家庭")) or unit in ("名", "位")


def _end_of_range(said: TextReading, sources: Sequence[TextReading]) -> str:
    """Return a figure told as the whole that is one end of a range."""
    printed = [fact.figure for source in sources for fact in source.facts]
    for fact in said.facts:
        figure = fact.figure
        near = said.folded[max(0, figure.start - 8) : figure.end + 8]
        if figure.high is not None or _LIMIT.search(near) or fact.end:
            continue
        ends = [one for one in printed if one.high is not None and figure.value in (one.value, one.high)]
        whole = [one for one in printed if one.high is None and one.value == figure.value]
        if ends and not whole and figure.unit == ends[0].unit:
            return figure.text
    return ""


def noun_behind(source: TextReading, fact: Fact) -> str:
    """Return the noun that a text puts behind a count, up to the next mark: 志愿者 of 21.56万名志愿者."""
    rest = source.folded[fact.figure.end : fact.figure.end + _NOUN]
    return re.split("[、，,；;。以和与及并的（(\\s]", rest)[0]


def names(noun: str, said: str) -> bool:
    """Tell whether a claim (folded) names what comes after a count."""
    return len(noun) > 1 and covered(noun, expanded(said)) >= _NAMED


def _of_another_noun(said: TextReading, sources: Sequence[TextReading]) -> str:
    """Return a count that the text has of one thing and the claim of another that the text counts beside it."""
    for fact in said.facts:
        for source in sources:
            same = [one for one in source.facts if one.figure.value == fact.figure.value]
            others = [one for one in source.facts if one.figure.value != fact.figure.value]
            if len(same) != 1 or len(noun_behind(source, same[0])) < 2 or len(said.facts) > 1:
                continue
            own = covered(noun_behind(source, same[0]), expanded(said.folded))
            if own < _UNNAMED and any(names(noun_behind(source, one), said.folded) for one in others):
                return fact.figure.text
    return ""


def _about_for_more(said: TextReading, sources: Sequence[TextReading]) -> str:
    """Return a figure told as about what the text says is more than that, or less."""
    for fact in said.facts:
        same = [one for source in sources for one in source.facts if one.figure.value == fact.figure.value]
        if fact.figure.bound is Bound.ABOUT and same and all(one.figure.bound in _ONE_SIDED for one in same):
            return fact.figure.text
    return ""


def _mean_of_one_year(said: TextReading) -> str:
    """Return a year that a mean over several is told of."""
    mean = _ONE_YEAR.search(said.folded)
    if mean is None or len(said.years) != 1:
        return ""
    rest = said.folded.replace(mean[0], "")
    return "" if _SPAN.search(re.sub(r"(?<!\d)\d++(?:\.\d++)?%?[—–-]\d+", "", rest)) else f"{said.years[0]}年"


def _mean_without_a_word(said: TextReading, sources: Sequence[TextReading]) -> str:
    """Return a year that a figure is told of which the text has only as a mean over several."""
    if len(said.years) != 1 or _ONE_YEAR.search(said.folded):
        return ""
    for fact in said.facts:
        same = [
            source.folded[one.clause.start : one.clause.end]
            for source in sources
            for one in source.facts
            if fact.figure.value in (one.figure.value, one.figure.high)
        ]
        if same and all(_ONE_YEAR.search(clause) for clause in same):
            return f"{said.years[0]}年"
    return ""


def _rounded_target(said: TextReading, sources: Sequence[TextReading]) -> str:
    """Return a figure told as a target whose very number no text has: targets are told as they were set."""
    printed = {x for source in sources for one in source.facts for x in (one.figure.value, one.figure.high)}
    for fact in said.facts:
        aimed = fact.state is FactState.PLANNED and unit_kind(fact.figure.unit) == "share"
        if aimed and fact.figure.value not in printed:
            return fact.figure.text
    return ""


def _one_of_joint_objects(said: TextReading, sources: Sequence[TextReading]) -> str:
    """Return a figure spent on several counted things together that is told of one of them."""
    for fact in said.facts:
        if unit_kind(fact.figure.unit) != "money":
            continue
        for source in sources:
            for one in source.facts:
                if one.figure.value == fact.figure.value and unit_kind(one.figure.unit) == "money":
                    named = [_named(x, said) for x in _objects(one, source)]
                    if len(named) > 1 and any(named) and not all(named):
                        return fact.figure.text
    return ""


def _objects(fact: Fact, source: TextReading) -> list[str]:
    """Return the things counted behind a sum in its clause, joined by 、 or 和."""
    stop = re.compile("[，,；;。]").search(source.folded, fact.figure.end)
    end = stop.start() if stop else len(source.folded)
    counted = [f for f in source.facts if fact.figure.end <= f.figure.start < end]
    bounds = [f.figure.end for f in counted]
    words = [
        re.split("[、和与及进]", source.folded[start : (bounds[n + 1] if n + 1 < len(bounds) else end)])[0]
        for n, start in enumerate(bounds)
    ]
    return [word for word in words if len(word) > 1]


def _named(thing: str, said: TextReading) -> bool:
    return covered(thing, said.folded) >= _HELD


def _cause(said: TextReading, sources: Sequence[TextReading]) -> str:
    """Return a word by which the claim makes one thing the cause of another, where no text does."""
    match = _CAUSE.search(said.folded)
    if match is None or any(_BORNE.search(source.folded) for source in sources):
        borne = "" if match is None else match[0].strip("，,；;")
        return borne if borne and not _joins(said, sources) else ""
    return match[0].strip("，,；;")


def _joins(said: TextReading, sources: Sequence[TextReading]) -> bool:
    """Tell whether a text has a causal word between the two things that the claim joins by one."""
    match = _CAUSE.search(said.folded)
    if match is None:
        return True
    head, tail = said.folded[: match.start()], said.folded[match.end() :]
    for source in sources:
        for found in _BORNE.finditer(source.folded):
            before, after = source.folded[: found.end()], source.folded[found.start() :]
            ahead = covered(head, before) if head.strip() else 1.0
            if ahead >= _HELD and covered(tail, after) >= _HELD and _close(tail, after):
                return True
    return False


def _close(tail: str, after: str) -> bool:
    """Tell whether what is caused is in the first clauses behind the causal word."""
    first = "，".join(_SPLIT.split(after)[:2])
    return covered(tail, first) >= _HELD


def _superlative(said: TextReading, evidence: Sequence[ClaimEvidence]) -> str:
    """Return a word by which a claim ranks a thing higher than any text does."""
    held = fold(" ".join(f"{e.quote} {e.heading}" for e in evidence))
    for match in _RANK.finditer(said.folded):
        ranked = match[0] in held or (match[0] in _FIRST and re.search("第一|首|榜首|唯一|最", held))
        limit = re.search(r"^.{0,4}\d", said.folded[match.end() :])
        if not ranked and not limit:
            return match[0]
    return ""
