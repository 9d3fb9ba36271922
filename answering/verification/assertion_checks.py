"""What a claim asserts beside its figures, clause by clause: denial, state, comparison, members, scope, time.

Each check gives the words of the claim that the evidence does not bear out, and nothing where it does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from answering.judge.assertion import slots
from answering.judge.nearness import bare, covered, expanded
from answering.lexicon import thesaurus
from answering.verification.honest_limit import told_silent
from retrieval.facts.fact_state import FactState, claimed_state, heading_state, tells_done
from retrieval.quantities import Sort, figures, unit_class, years
from retrieval.text.normalize import fold, is_english

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.judge.reading import TextReading
    from answering.judge.values import ClaimEvidence

_SPLIT = re.compile("[，,；;。\n]")
_DENIED = re.compile("(?P<before>[一-鿿]{0,2})(?:[不未无]|没有?|并非)(?:再|曾|是)?(?P<what>[一-鿿]{1,2})")
_FIXED = re.compile(
    "不断|不仅|不但|不只|不光|不同|不少|不超过|不低于|不懈|不忘|不久|不论|不管|不得不|不文明|不良|未来|未成年|无障碍|无偿|无论|无人|无线|无缝|无数|不动产|不到|不足|不高于"
)
_SINCE = re.compile("年(?:以来|以后|之后|以前|之前|起|至今|后|开始)|since|before|after")
_AT_WORK = re.compile("正|迈进|争创|着力|推动|推进|努力|探索|加快|朝着|力争|致力|谋划|打造|构建|健全")
_TOLD_SPAN = re.compile("(?:经过|历时|奋斗|用了|长达)\\|$")
_SPAN = re.compile(r"^.{0,6}(?:19|20)\d\d年(?!以来)")
_REPORT = re.compile("报告|工作|计划|纲要|公报|条例|规定|办法")
_RELATIVE = (
    ("今年|本年|this year", re.compile("今年|本年|年内|全年")),
    ("去年|上年|上一年|last year", re.compile("去年|上年|上一年|比上|同比")),
    ("前年", re.compile("前年")),
    ("明年|next year", re.compile("明年|今年")),
)
_PRONOUN = re.compile("它们?|他们|她们")
_COUNTED = re.compile("[一二三四五六七八九十]大(?=[一-鿿“])")
_ALL = re.compile("所有|全部|一切|任何|全体|百分之百|all of|every")
_ALL_HELD = re.compile("所有|全部|一切|任何|全体|百分之百|均|都|每|凡")
_SCOPE = re.compile(
    "全[国省球]|世界|国际|国外|海外|国内|worldwide|nationwide|(?:in|of) the (?:whole )?(?:world|nation|country)|abroad"
)
_SCOPES = {
    "全国": "全国|国家|中国|我国",
    "全省": "全省|省",
    "全球": "全球|世界|国际",
    "世界": "世界|全球|国际",
    "国际": "国际|世界|全球|国外|境外|海外",
    "国外": "国外|海外|境外|国际",
    "海外": "海外|国外|境外",
    "国内": "国内|全国|我国|中国",
}
_EXACT = re.compile("根本(?!上)|彻底|完全|翻番|翻倍|倍增|多次|屡次")
_MADE_MORE = re.compile("[多少大小强优]于(?!\\s?\\d)|超过(?![\\d一二三四五六七八九十百千万全])")
_DEGREE = re.compile(
    "根本(?!上)|彻底|完全|极大|显著|大幅|迅速|巨大|空前|significantly|greatly|dramatically|doubl\\w+|tripl\\w+"
)
_DEGREES = re.compile("根本|彻底|完全|极大|显著|大幅|迅速|巨大|空前|翻|倍|明显|大大|全面|切实|大为")
_MEMBER = re.compile("[、]|(?<=.)(?:以及|和|与|及)(?=.)")
_OPENING = re.compile("^.*(?:了|建设|推进|打造|开展|实施|包括|如|创建|获评|推出|成功)")
_TAIL = re.compile("等.*$")
_ALIGNED = 0.4  # share of a clause that one of the evidence needs to be the one it speaks of
_NOUN = 4  # characters that the noun at the end of a member has
_NAME = 10  # characters of a member of an enumeration
_BARE = 0.15  # share of a clause's words below which nothing of the evidence speaks for it
_HALF = 0.5  # share of a Chinese word that stands for an English one
_SHORT = 5  # letters of an English word that may be any word
_CLAUSE = 5  # characters from which a clause says something by itself


def faults(
    said: TextReading, sources: Sequence[TextReading], evidence: Sequence[ClaimEvidence]
) -> Iterator[tuple[str, str]]:
    """Give kind and words of each assertion of a claim that its evidence does not bear out."""
    pieces = [piece for source in sources for piece in _SPLIT.split(source.folded) if piece.strip()]
    held = " ".join(source.folded for source in sources)
    wide = fold(" ".join(f"{e.quote} {e.heading} {e.document} {e.context} {e.place}" for e in evidence))
    checks = (
        ("direction", _denial(said.folded, held)),
        ("state", _state(said, sources)),
        ("year", _year(said, sources, evidence)),
        ("year", _relative(said.folded, held, evidence)),
        ("period", _duration(said, wide)),
        ("figure", _named_count(said.folded, wide)),
        ("words", _comparison(said, wide)),
        ("words", _strong(said.folded, wide)),
        ("content", _member(said.folded, wide)),
        ("content", _clause(said, pieces, wide)),
        ("content", _foreign(said.folded, wide)),
        ("pronoun", _pronoun(said.folded, sources)),
    )
    yield from ((kind, words) for kind, words in checks if words)


@lru_cache(maxsize=4096)
def _denials(folded: str) -> tuple[tuple[str, str], ...]:
    bare = _FIXED.sub("█", folded)
    return tuple((m["before"], m["what"]) for m in _DENIED.finditer(bare))


def _denial(said: str, held: str) -> str:
    """Return what a claim says yes to and the evidence no, or the other way round."""
    mine, theirs = _denials(said), _denials(held)
    for before, what in theirs:
        if (
            len(what) > 1
            and what in said
            and not any(w[:2] == what for _, w in mine)
            and not _stands(what, held)
        ):
            return what
        if len(before) > 1 and f"{before}{what[0]}" in said and f"{before}{what[0]}" not in held:
            return f"{before}{what[0]}"
    for _, what in mine:
        if len(what) > 1 and _stands(what, held) and not any(w == what for _, w in theirs):
            return what
    return ""


def _stands(word: str, held: str) -> bool:
    """Tell whether a word is in a text without a denial before it."""
    return any(
        not re.search("(?:[不未无]|没有?|并非)(?:再|曾|是)?$", held[: m.start()])
        for m in re.finditer(re.escape(word), held)
    )


def _state(said: TextReading, sources: Sequence[TextReading]) -> str:
    """Return a word by which a claim without a figure says that a thing is done which its text only works at.

    Likewise a word of a plan where the text tells of a result.
    """
    for span in said.clauses:
        clause = said.folded[span.start : span.end]
        state = claimed_state(clause)
        near, found = _nearest(clause, sources)
        if not near:
            continue
        if found is not FactState.DONE and not any(c.isdigit() for c in clause) and not tells_done(near):
            word = next((word for word in tells_done(clause) if _finishes(word)), "")
            if word and (_AT_WORK.search(near) or found is FactState.PLANNED):
                return word
        if state is FactState.PLANNED and found is not FactState.PLANNED and tells_done(near):
            return clause.strip()
    return ""


def _finishes(word: str) -> bool:
    """Tell whether a word says by itself that a thing is done: 建成, 已经; 了 alone does not."""
    return word != "了"


def _nearest(clause: str, sources: Sequence[TextReading]) -> tuple[str, FactState]:
    best, found = "", FactState.OPEN
    most = _ALIGNED
    for source in sources:
        for span, state in zip(source.clauses, source.states, strict=True):
            piece = source.folded[span.start : span.end]
            share = covered(clause, piece)
            if share > most:
                best, found, most = piece, state, share
    return best, found


def _year(said: TextReading, sources: Sequence[TextReading], evidence: Sequence[ClaimEvidence]) -> str:
    """Return a year of a claim where its sentence names another, or a 以来 of a year that no text names."""
    named = {year for source in sources for year in source.years}
    wide = named | {year for item in evidence for year in years(f"{item.heading} {item.document}")}
    for year in said.years:
        if year in wide or re.search(rf"{year}年?\s?[—–\-至到]|[—–\-至到]\s?{year}", said.text):
            continue
        since = re.search(rf"{year}{_SINCE.pattern}", said.folded)
        if since or not _heads(year, named, evidence):
            return f"{year}年"
    months = [one for one in figures(said.text) if one.sort is Sort.DATE and "月" in one.text]
    return next((one.text for one in months if not any(fold(one.text)[-3:] in x.folded for x in sources)), "")


def _heads(year: int, named: set[int], evidence: Sequence[ClaimEvidence]) -> bool:
    """Tell whether a year may be that of a sentence by its document: a report tells of its year and the one before.

    A speech tells its years itself, and so does a sentence that names one.
    """
    if any(_SPAN.search(e.quote) for e in evidence) and named:
        return False
    return any(
        e.year in (year, year + 1) and (_REPORT.search(e.document) or (e.heading and years(e.heading)))
        for e in evidence
    )


def _relative(said: str, held: str, evidence: Sequence[ClaimEvidence]) -> str:
    """Return a 去年 or 今年 that no text says; the plans of a report are of its own year."""
    for words, borne in _RELATIVE:
        match = re.search(words, said)
        if match is None or borne.search(held):
            continue
        planned = claimed_state(said) is FactState.PLANNED and any(
            heading_state(e.heading) in (FactState.PLANNED, FactState.OPEN) for e in evidence
        )
        if not (planned and match[0] in ("今年", "本年", "this year")):
            return match[0]
    return ""


def _duration(said: TextReading, wide: str) -> str:
    """Return a span of time that no text tells: 75年前 for 65年前."""
    there = {(one.value, one.unit) for one in figures(wide)}
    for one in figures(said.text):
        if one.sort is Sort.QUANTITY and one.unit in ("年", "个月") and (one.value, one.unit) not in there:
            before, after = said.folded[max(0, one.start - 3) : one.start], said.folded[one.end : one.end + 2]
            if _TOLD_SPAN.search(f"{before}|") or after[:1] in ("前", "后"):
                return one.text
    return ""


def _named_count(said: str, wide: str) -> str:
    return next((m[0] for m in _COUNTED.finditer(said) if m[0] not in wide), "")


def _comparison(said: TextReading, wide: str) -> str:
    """Return a comparison that no text makes; one whose both figures are told is proved by them."""
    if is_english(said.text) or "compare" not in slots(said.folded) or "compare" in slots(wide):
        return ""
    kinds = [unit_class(fact.figure.unit) for fact in said.facts]
    if len(kinds) > len(set(kinds)):
        return ""
    match = re.search("[高低快慢多少优好]于|比[^，。]{1,14}[高低快慢多少]", said.folded)
    return match[0] if match else ""


def _both_told(said: str) -> bool:
    """Tell whether a text holds two figures of one kind: what it compares is told."""
    kinds = [unit_class(one.unit) for one in figures(said) if one.sort is Sort.QUANTITY]
    return len(kinds) > len(set(kinds))


def _strong(said: str, wide: str) -> str:
    """Return a word that makes more of a fact than the texts do: its scope, its degree, 所有."""
    for scope in _SCOPE.finditer(said):
        if not re.search(_SCOPES.get(scope[0], "全国|世界|全球|国际|国外|海外"), wide):
            return scope[0]
    for pattern in (_EXACT, _MADE_MORE):
        made = pattern.search(said)
        if made and made[0] not in wide and not _both_told(said):
            return made[0]
    for pattern, borne in ((_ALL, _ALL_HELD), (_DEGREE, _DEGREES)):
        made = pattern.search(said)
        if made and made[0] not in wide and not borne.search(wide):
            return made[0]
    return ""


def _member(said: str, wide: str) -> str:
    """Return a member of an enumeration of which no text has a trace."""
    there = expanded(wide)
    for clause in _SPLIT.split(said):
        members = [_TAIL.sub("", _OPENING.sub("", one)).strip('“”"《》 ') for one in _MEMBER.split(clause)]
        if len(members) < 2:
            continue
        for at, member in enumerate(members):
            words = re.sub("[^一-鿿]", "", bare(member))
            words = words if at else words[-_NOUN:]  # a verb may stand before the first
            if 2 < len(words) <= _NAME and (_strange(words, there) or covered(words, there) < _BARE):
                return member
    return ""


def _strange(member: str, there: str) -> bool:
    """Tell whether a member has two neighbouring characters that no text has, alone or together."""
    return any(a not in there and b not in there for a, b in pairwise(member))


def _clause(said: TextReading, pieces: Sequence[str], wide: str) -> str:
    """Return a clause of a Chinese claim of which the texts have next to nothing."""
    if is_english(said.text):
        return ""
    there = expanded(wide)
    for span in said.clauses:
        text = said.folded[span.start : span.end]
        for one in sorted(said.figures, key=lambda x: -x.start):
            if span.start <= one.start < span.end:
                text = text[: one.start - span.start] + "█" + text[one.end - span.start :]
        words = re.sub("[^一-鿿]", "", text)
        speaks = covered(words, there) >= _BARE or any(covered(words, piece) >= _BARE for piece in pieces)
        if len(words) >= _CLAUSE and not speaks and told_silent(text) is None:
            return text.strip()
    return ""


def _foreign(said: str, wide: str) -> str:
    """Return an English word whose Chinese is in no text."""
    if not is_english(said):
        return ""
    words = thesaurus.load()
    for found in words.groups_in(said):
        others = {
            word
            for other in words.groups_in(said)
            if other.start < found.end and found.start < other.end
            for word in words.groups[other.group_id].chinese
        }
        if words.groups[found.group_id].general or not others or found.end - found.start <= _SHORT:
            continue
        if max(covered(word, wide) for word in others) < _HALF:
            return said[found.start : found.end]
    return ""


def _pronoun(said: str, sources: Sequence[TextReading]) -> str:
    """Return a pronoun whose noun is in a clause of the text that the claim leaves out."""
    match = _PRONOUN.search(said)
    if match is None:
        return ""
    for source in sources:
        clauses = [source.folded[span.start : span.end] for span in source.clauses]
        for before, clause in pairwise(clauses):
            if match[0] in clause and covered(before, said) < _ALIGNED:
                return match[0]
    return ""
