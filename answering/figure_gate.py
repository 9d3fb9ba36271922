"""Every figure of a claim stands in what is cited, with unit and bound, and counts the same thing there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from answering.coverage import Words, is_short_for
from answering.neutral import bar
from answering.units import unit_class
from retrieval.chinese import squash
from retrieval.numerals import Figure, Sort, agrees
from retrieval.sentences import HAN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.claim import Claim, Scope
    from answering.evidence import Line
    from answering.lexicon import Lexicon

_STRONG = re.compile(r"[,;:。!?|]")
_WEAK = re.compile(r"[、/]|以及|和|与|及|并|\band\b")
_NEAR = 6  # characters of content that tell what a figure counts
_FOUND = 0.6  # share of them that must stand beside the figure in the source
_RIVAL = 0.15  # by how much another figure may fit better
_FEW = 12  # things that a sentence may count for itself
_OWN_COUNT = re.compile(
    r"(?:大|个|项|条|种|类|点|件)?(?:主要|具体|重点)?(?:方面|措施|举措|做法|工作|事|内容|特点|途径|方式|点|项|部分)"
)
_DENIED = re.compile(r"(?:不是|并非|而非|而不是|非)[^,;。]{0,4}$")
_ACTS = re.compile(
    r"^(?:[已均都全共并累还也]|得到|获得|完成|建成|下沉|参加|参与|进行|实现|受理|用于|投入|入驻|惠及|覆盖|成为|开展|推进|改造|提升|新增|达到|解决|整治|位居|居|占|以上|以下|左右|的)"
)
_CONTENT = re.compile(rf"[{HAN}]+|[a-z0-9]+")


class Beside(NamedTuple):
    """What stands before and after a figure, up to its neighbours that count the same kind of thing."""

    before: str
    after: str


def fault(claim: Claim, scope: Scope, lines: Sequence[Line], asked: str) -> str:
    """Return the first figure of a stretch of the claim that ``lines`` do not bear out, or nothing.

    ``asked`` is the content of the question, which tells what a bare figure counts.
    """
    for figure in claim.figures:
        if scope.start <= figure.start < scope.end and not _exempt(figure, claim):
            why = _fault(figure, claim, lines, asked)
            if why:
                return why
    return ""


def _exempt(figure: Figure, claim: Claim) -> bool:
    if figure.sort is Sort.DATE:
        return True  # the gate of time judges it
    if figure.sort is Sort.ORDINAL:
        return figure.start <= 1 and not figure.unit
    return bool(_DENIED.search(claim.folded[: figure.start])) or _counts_itself(figure, claim)


def _counts_itself(figure: Figure, claim: Claim) -> bool:
    """Tell whether the figure counts the members that the sentence goes on to list, and counts them right."""
    rest = claim.folded[figure.start :]
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
    if _quoted(figure, claim, lines) or any(_belongs(figure, g, claim, x, asked) for x, g in same):
        return ""
    return f"{figure.text} ≠ {same[0][1].text}"


def _any(figure: Figure, line: Line) -> bool:
    return any(agrees(figure, g) for g in line.figures)


def _quoted(figure: Figure, claim: Claim, lines: Sequence[Line]) -> bool:
    """Tell whether the figure with all that stands around it is the source's own words."""
    low = max((m.end() for m in _STRONG.finditer(claim.folded, 0, figure.start)), default=0)
    stop = _STRONG.search(claim.folded, figure.end)
    clause = claim.folded[low : stop.start() if stop else len(claim.folded)].replace(" ", "").strip("“”")
    return len(clause) > _NEAR + 2 and any(clause in squash(x.text) for x in lines)


def _belongs(figure: Figure, found: Figure, claim: Claim, line: Line, asked: str) -> bool:
    """Tell whether a figure counts in the claim what it counts in the line."""
    here = beside(figure, claim.figures, claim.folded)
    anchors = [a for a in _anchors(here, claim) if a]
    rivals = [g for g in line.figures if g is not found and _alike(g, found)]
    if not anchors:
        anchors, weak = [asked] if asked else [], True
    else:
        weak = False
    votes = [_vote(a, found, rivals, line, claim.lexicon) for a in anchors]
    if weak:
        return all(v >= 0 for v in votes)
    return any(v > 0 for v in votes) and not (votes[0] < 0)


def _alike(one: Figure, other: Figure) -> bool:
    kinds = unit_class(one.unit), unit_class(other.unit)
    counts = ("count", "people")
    return one.sort is Sort.QUANTITY and (kinds[0] == kinds[1] or (kinds[0] in counts and kinds[1] in counts))


def _anchors(here: Beside, claim: Claim) -> Iterator[str]:
    """Give the words nearest to a figure: those right after it, unless they are a verb, then those before."""
    after = here.after.lstrip()
    if after and not _ACTS.match(after):
        yield _content(after, claim)[:_NEAR]
    before = _content(here.before, claim)
    yield before[-_NEAR:] if not claim.english else before[-20:]


def _content(text: str, claim: Claim) -> str:
    spans = [(m.start, m.end) for m in claim.gazetteer.find(text)] if len(text) > 1 else []
    return "".join(_CONTENT.findall(bar(text, spans, english=claim.english)))


def _vote(anchor: str, found: Figure, rivals: Sequence[Figure], line: Line, lexicon: Lexicon) -> int:
    here = _held(anchor, beside(found, line.figures, line.folded), lexicon)
    best = max((_held(anchor, beside(g, line.figures, line.folded), lexicon) for g in rivals), default=0.0)
    if best >= _FOUND and best > here + _RIVAL:
        return -1
    if here >= _FOUND:
        return 1
    return 1 if not rivals and _held(anchor, Beside(line.context, line.folded), lexicon) >= _FOUND else 0


def _held(anchor: str, there: Beside, lexicon: Lexicon) -> float:
    text = f"{there.before}|{there.after}"
    words = Words(anchor, anchor, lexicon)
    share = words.share(words.shared(text))
    return 0.8 if share < 0.8 and is_short_for(anchor, text) else share


def beside(figure: Figure, among: Sequence[Figure], folded: str) -> Beside:
    """Return what stands beside a figure; text between two of a kind is parted where its clause ends."""
    rivals = [g for g in among if g.start != figure.start and _alike(g, figure)]
    low = max((g.end for g in rivals if g.end <= figure.start), default=0)
    high = min((g.start for g in rivals if g.start >= figure.end), default=len(folded))
    before, after = folded[low : figure.start], folded[figure.end : high]
    if low:
        before = before[_parting(before) :]
    if high < len(folded):
        after = after[: _parting(after)]
    return Beside(before, after)


def _parting(text: str) -> int:
    """Return where the text between two figures passes from the first to the second."""
    match = _STRONG.search(text) or _WEAK.search(text)
    return match.start() if match else 0
