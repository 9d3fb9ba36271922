"""Every figure of a claim stands in what is cited, with unit and bound, and counts the same thing there."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from answering.question.unit_classes import unit_class
from answering.verification.figure_context import END, STRONG, alike, beside, flat, same_words
from answering.verification.neutral_words import bar
from answering.verification.overlap import Words, is_short_for
from retrieval.quantities import Figure, Sort, agrees
from retrieval.text.normalize import squash
from retrieval.text.sentences import HAN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.lines import Line
    from answering.lexicon.thesaurus import Lexicon
    from answering.verification.claim import Claim, Scope

_NEAR = 6  # characters of content that tell what a figure counts
_NEAR_WORDS = 3
_FOUND = 0.6  # share of them that must stand beside the figure in the source
_OTHER = 2  # characters of content that name no thing of their own
_RIVAL = 0.15  # by how much another figure may fit better
_FEW = 12  # things that a sentence may count for itself
_OWN_COUNT = re.compile(
    r"(?:大|个|项|条|种|类|点|件)?(?:主要|具体|重点)?(?:方面|措施|举措|做法|工作|事|内容|特点|途径|方式|点|项|部分)"
)
_DENIED = re.compile(r"(?:不是|并非|而非|而不是|非)[^,;。]{0,4}$")
_ACTS = re.compile(
    r"^(?:[已均都全共并累还也]|得到|获得|完成|建成|下沉|参加|参与|进行|实现|受理|用于|投入|入驻|惠及|覆盖|成为|开展|推进|改造|提升|新增|达到|解决|整治|位居|居|占|以上|以下|左右|的)"
)
# What a figure of a class measures says nothing of which thing it measures.
_MEASURES = {
    "area": re.compile("总?面积|占地"),
    "money": re.compile("资金|金额|投资额|总?投资"),
    "length": re.compile("总?长度?|全长|里程"),
    "time": re.compile("时间|天数"),
}
_THERE = 0.75  # share of what a line holds of a claim that must stand near the figure
_ONE = re.compile(
    rf"(?<![十百千万亿第统逐同唯\d])一(?P<unit>次|处|条|户|家|场|件|座|人|名|位|个|项|种|支|篇|部)(?P<of>[{HAN}]{{2}})"
)
_ANY = frozenset("个项种件条位名支")  # measure words that a claim may use where its source has none
_HAN = re.compile(f"[{HAN}]")
_CONTENT = re.compile(rf"[{HAN}]+|[a-z0-9]+")


def fault(claim: Claim, scope: Scope, lines: Sequence[Line], asked: str) -> str:
    """Return the first figure of a stretch of the claim that ``lines`` do not bear out, or nothing.

    ``asked`` is the content of the question, which tells what a bare figure counts.
    """
    for figure in claim.figures:
        if scope.start <= figure.start < scope.end and not _exempt(figure, claim, lines):
            why = _fault(figure, claim, lines, asked)
            if why:
                return why
    return _article(claim.folded[scope.start : scope.end], lines)


def _exempt(figure: Figure, claim: Claim, lines: Sequence[Line]) -> bool:
    if figure.sort is Sort.DATE:
        return True  # the gate of time judges it
    if figure.sort is Sort.ORDINAL:
        return figure.start <= 1 and not figure.unit
    if _DENIED.search(claim.folded[: figure.start]):
        return any(agrees(figure, f) for f in claim.asserted) and not any(_any(figure, x) for x in lines)
    return counts_itself(figure, claim.folded)


def counts_itself(figure: Figure, folded: str) -> bool:
    """Tell whether the figure counts the members that the sentence goes on to list, and counts them right."""
    rest = folded[figure.start :]
    if figure.value > _FEW or not _OWN_COUNT.search(rest[:12]) or ":" not in rest:
        return False
    members = re.split(r"[、;]|以及|(?<=.)和", rest.partition(":")[2].strip("。; "))
    return len(members) == figure.value


def _fault(figure: Figure, claim: Claim, lines: Sequence[Line], asked: str) -> str:
    if figure.sort in (Sort.NAME, Sort.ORDINAL):
        known = any(squash(figure.text) in squash(x.text) or _any(figure, x) for x in lines)
        return "" if known else figure.text
    same = [(x, g) for x in lines for g in x.figures if agrees(figure, g)]
    if not same:
        return figure.text
    if any(_belongs(figure, g, claim, x, asked) for x, g in same):
        return ""
    return f"{figure.text} ≠ {same[0][1].text}"


def _any(figure: Figure, line: Line) -> bool:
    return any(agrees(figure, g) for g in line.figures)


def _article(text: str, lines: Sequence[Line]) -> str:
    """Return 一次 where the source has 一处: a different measure word before the same words."""
    for match in _ONE.finditer(text):
        near = re.compile(f"一[{HAN}]{{1,2}}{match['of']}")
        others = [m[0] for x in lines for m in near.finditer(x.folded)]
        if not any(match[0] in x.folded for x in lines) and (others or match["unit"] not in _ANY):
            return match[0]
    return ""


def _belongs(figure: Figure, found: Figure, claim: Claim, line: Line, asked: str) -> bool:
    """Tell whether a figure counts in the claim what it counts in the line."""
    if _cut_short(figure, found, claim.folded) or not _told_there(figure, found, claim, line):
        return False
    placed = same_words(figure, claim.folded, line.figures, line.folded)
    if placed < 0:
        return False
    anchors = _anchors(figure, claim)
    rivals = [g for g in line.figures if g is not found and alike(g, found)]
    if not anchors:
        return placed > 0 or not asked or _answers(asked, found, rivals, line, claim.lexicon)
    votes = [_vote(a, found, rivals, line, claim.lexicon) for a in anchors]
    return votes[0] >= 0 and (placed > 0 or any(v > 0 for v in votes))


def _cut_short(figure: Figure, found: Figure, folded: str) -> bool:
    """Tell whether a figure lost its unit to the word behind it: 3次生 where the source has 3处."""
    word = _HAN.match(folded, figure.end)
    return not figure.unit and bool(found.unit and word) and not folded.startswith(found.unit, figure.end)


def _told_there(figure: Figure, found: Figure, claim: Claim, line: Line) -> bool:
    """Tell whether the claim's clause rests on the line up to just behind its figure, not on what follows."""
    low = max((m.end() for m in STRONG.finditer(claim.folded, 0, figure.start)), default=0)
    stop = STRONG.search(claim.folded, figure.end)
    words = claim.words.part(low, stop.start() if stop else len(claim.folded))
    at = next((n for n, s in enumerate(line.clauses) if s.start <= found.start < s.end), 0)
    there = line.folded[: line.clauses[min(at + 1, len(line.clauses) - 1)].end] if line.clauses else ""
    wide = words.share(words.shared(line.folded))
    return words.size < _NEAR or words.share(words.shared(there)) >= wide * _THERE


def _answers(asked: str, found: Figure, rivals: Sequence[Figure], line: Line, lexicon: Lexicon) -> bool:
    """Tell whether a bare figure stands in the line for what the question asks."""
    vote = _vote(asked, found, rivals, line, lexicon)
    return vote > 0 or (vote == 0 and _held(asked, line.folded, lexicon) >= _FOUND)


def _anchors(figure: Figure, claim: Claim) -> tuple[str, ...]:
    """Return the words nearest to a figure: those behind it, unless they are a verb, then those before."""
    here = beside(figure, claim.figures, claim.folded)
    bare = claim.words.bare
    after = END.split(flat(here.after), maxsplit=1)[0]
    act = _ACTS.match(after.lstrip())
    skipped = len(after) - len(after.lstrip()) + act.end() if act else 0
    behind = _near(bare[figure.end + skipped : figure.end + len(after)], claim, first=True)
    measure = _MEASURES.get(unit_class(figure.unit))
    spoken = bare[figure.start - len(here.before) : figure.start]
    before = _near(measure.sub("|", spoken) if measure else spoken, claim, first=False)
    return tuple(filter(None, (before,) if act and before else (behind, before)))


def _near(bare: str, claim: Claim, *, first: bool) -> str:
    content = _CONTENT.findall(flat(bare))
    if claim.english:
        return " ".join(content[:_NEAR_WORDS] if first else content[-_NEAR_WORDS:])
    words = "".join(content)
    return words[:_NEAR] if first else words[-_NEAR:]


def _vote(anchor: str, found: Figure, rivals: Sequence[Figure], line: Line, lexicon: Lexicon) -> int:
    """Tell whether the line says what the anchor says of this figure (1), of another (-1), of neither (0)."""
    here = _fits(anchor, found, line, lexicon)
    best = max((_fits(anchor, g, line, lexicon) for g in rivals), default=0.0)
    if best >= _FOUND and best > here + _RIVAL:
        return -1
    if here >= _FOUND:
        return 1
    return 0


def _fits(anchor: str, figure: Figure, line: Line, lexicon: Lexicon) -> float:
    """Return how much of the anchor stands in the figure's clause, or before it if that names nothing."""
    there = beside(figure, line.figures, line.folded)
    before, after = STRONG.split(there.before)[-1], END.split(flat(there.after))[0]
    near = flat(f"{before}|{after}").replace(" ", "")
    held = _held(anchor, near, lexicon)
    if held >= _FOUND:
        return held
    bare = _bare(line)
    own = bare[figure.start - len(before) : figure.start] + "|" + bare[figure.end : figure.end + len(after)]
    words = Words(own, own, lexicon)
    other = words.size * (1 - words.share(words.shared(anchor)))
    if other > _OTHER and not anchor.isascii():
        return held
    return _held(anchor, f"{there.before}|{there.after}", lexicon)


@lru_cache(maxsize=256)
def _bare(line: Line) -> str:
    """Return a line with its figures and neutral words barred out."""
    return bar(line.folded, [(g.start, g.end) for g in line.figures], english=False)


def _held(anchor: str, text: str, lexicon: Lexicon) -> float:
    words = Words(anchor, anchor, lexicon)
    share = words.share(words.shared(text))
    return 0.8 if share < 0.8 and is_short_for(anchor, text) else share
