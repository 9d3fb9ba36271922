"""A claim's clauses laid beside the stretches of the evidence that they repeat, and what was changed between them.

A clause is a row of tokens: a figure is one, so is each word that raises, lowers, binds or forbids whatever its
form (提高, 上升 …), and each character of other words; dates, fillers and the place that the evidence is of are
left out, they are compared elsewhere. What is in one row and not in the other is an edit; its kind is told by
what its words do (deny, bind, raise, bound …), else by how much they say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from answering.judge.assertion import denials
from answering.judge.checks.limits import limit_of
from answering.judge.nearness import bare, covered
from answering.judge.quantity_match import MatchLevel, alike, comparable, match
from retrieval.quantities import Sort, figures, unit_class
from retrieval.text.normalize import clauses, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.quantities import Figure

FIGURE = "█"
_TO = "→"  # the figure is what is reached
_EACH = "∥"  # several figures are dealt out
_WINDOWS = 4  # stretches of the evidence that a clause is laid beside, the nearest by shared pairs
_SAME = 0.75  # nearness from which a figure of a clause speaks of the one in its place
_WHOLE = 0.99  # nearness of a clause that is repeated
_START = re.compile("[从由]█")  # what a claim may leave out that tells the end alone: 从38%提高到44%
_FEW = 2  # characters that a clause of a few tokens may leave out before it: 接续|奋斗15年
_SHORT = 4  # tokens below which a clause says too little for that
_LIKE = re.compile(
    r"(?P<up>(?<!新)增[长加幅]|上升|提[高升]|扩大|上[涨调]|涨幅?|增(?=\d|至|到)|升(?=\d|至|到))"
    r"|(?P<down>下[降调跌]|降[低幅]|减少|回落|缩[小短]|收窄|压[减降]|降(?=\d|至|到|了)|减(?=\d|至|到))"
    r"|(?P<must>应[当该]|必须|应(?=[由在按予自将依向为])|须(?!知))"
    r"|(?P<ban>不得(?!不)|禁止|严禁|不[准许能]|不(?:允许|可以))|(?P<may>可以|允许)"
    r"|(?P<each>分别)"
    r"|(?P<none>第[一二三四五六七八九十百\d]+条(?=\s)|了|的|同比|[比较]上年|[比较]去年|全[省市区县]|我[省市区县国])"
)
_LIKE_KEYS = {"up": "↑", "down": "↓", "must": "◎", "ban": "⊘", "may": "◇", "each": _EACH, "none": ""}
_REACHES = ("达到了", "达到", "到了", "完成了", "完成", "共计", "达", "到", "至", "为", "是", "有")
_LIST_MARK = re.compile("[、和与及]|以及")
_DEALT = re.compile(r"^(?P<things>[^，；。]*?)(?:同比|均|则)?分别(?P<verb>[^\d，；。]{0,8})")
KINDS: dict[str, re.Pattern[str]] = {
    "denial": re.compile("[不没未无非勿]|拒"),
    "modality": re.compile("[◎⊘◇]|应|必|许|鼓励|倡导|支持|要求|强制"),
    "direction": re.compile("[↑↓增减升降涨跌扩缩高低快慢多少]|收窄"),
    "role": re.compile("[→从至由占起]|到|达|比"),
    "bound": re.compile("超|近|约|余|以上|以下|以内|之内|不足|不到|至少|至多|左右|以前|以后"),
    "quantity": re.compile("全|所有|都|均|各|每|任何|部分|只|仅|唯一|一律|多数|大半|其中|之一"),
    "state": re.compile(
        "已|将|拟|计划|力争|争取|预计|预期|完成|建成|实现|目标|推[动进]|加快|启动|开工|获批|筹|在建|投[用产]|落成|正在|要"
    ),
    "rank": re.compile("第|首|最|前列|居|冠|榜|领先|率先|唯一"),
    "doer": re.compile("部门|机关|政府|财政|国家|单位|企业|个人|职工|雇主|患者|居民|业主|委员会|公安|学校"),
    "total": re.compile("总|合计|共"),
    "time": re.compile("[年月日天季周旬]|累计|期间|以来|之[前后]"),
    "condition": re.compile("因|得益|导致|如果|若|逾期|除|经|违反|但|情节|限期|拒不"),
}
_PART = re.compile("[增减升降新↑↓]|累计|其中|部分")  # before what is repeated, these make it another thing
TURNING = ("denial", "modality", "direction", "state", "rank", "quantity", "total")
_DENIAL = re.compile("没有?|未能?|不|无|并|能|必|需")
_FOR = re.compile("[为给][一-龥]{1,8}")  # for whom a thing is done: 为老楼|加装电梯530部
_LESS = re.compile("[不没未无非否拒停禁减]|消除|取消|清零")
_FROM = re.compile("[从由]")
_GOES_ON = re.compile("[↑↓]?[→到至]")
_EVERY = re.compile("每[年月日周季天]|年均|月均|日均|累计")
_WORD = re.compile(r"\w")
_HAN = re.compile("[一-龥]+")
_LONGEST_MODIFIER = 8  # characters that narrow a noun at most


@dataclass(frozen=True, slots=True)
class AlignedToken:
    """A character, a word of a class, or a figure, of a text."""

    key: str
    figure: Figure | None = None
    opens: bool = False  # right behind a mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change between a claim's clause and the evidence; ``mine`` and ``theirs`` are folded words."""

    mine: str
    theirs: str
    inner: bool  # between two stretches that both have, not at an end
    at_figure: bool  # right beside a figure
    pure: bool  # put in or cut, nothing exchanged
    narrows: bool = False  # cut from before a noun that goes on to a figure or an end: 规模以上|工业


@dataclass(slots=True, kw_only=True)
class ClauseAlignment:
    """A clause of a claim beside its stretch of the evidence."""

    source: int
    near: float = 0.0  # share of the clause's words that the stretch has
    exact: bool = False  # nothing but left out ends sets the two apart
    size: int = 0  # tokens of the clause
    edits: list[Edit] = field(default_factory=list)
    figure_pairs: list[tuple[Figure, Figure]] = field(default_factory=list)
    before: str = ""  # what the stretch has before what is repeated
    after: str = ""
    opened: bool = False  # what is repeated begins behind a mark

    @property
    def rank(self) -> float:
        """How well the stretch suits: by its words, then by its figures, then by how little it has beside."""
        agreed = sum(agrees(one, two) for one, two in self.figure_pairs)
        beside = len(self.before) + len(self.after)
        return self.near + 0.25 * agreed / max(1, len(self.figure_pairs)) - 0.002 * beside


def agrees(one: Figure, two: Figure) -> bool:
    """Tell whether two figures could be of one thing and say the same, rounded or not."""
    return comparable(one, two) and match(one, two) is not MatchLevel.NONE


@lru_cache(maxsize=16_384)
def _rows(text: str, names: tuple[str, ...] = ()) -> tuple[tuple[AlignedToken, ...], ...]:
    """Return the tokens of each clause of a text; ``names`` of places (folded) are compared elsewhere and left out."""
    folded = fold(text)
    for name in names:
        folded = folded.replace(name, " " * len(name))
    found = {f.start: f for f in figures(text) if f.sort in (Sort.QUANTITY, Sort.NAME, Sort.DATE)}
    counted = frozenset(at for at, f in found.items() if f.sort is Sort.QUANTITY)
    rows = []
    for span in clauses(text):
        row: list[AlignedToken] = []
        at = before = span.start
        for start in sorted(f for f in counted if span.start <= f < span.end):
            one = found[start]
            limit = limit_of(one, folded[before:start], folded[one.end : span.end])
            found[start], before = replace(one, bound=limit), one.end
        while at < span.end:
            size = len(row)
            opens = not row or not _WORD.match(folded[at - 1]) or folded[at - 1] in "和及与"
            at = _next(folded, at, found, counted, row)
            if opens and len(row) > size:
                row[size] = replace(row[size], opens=True)
        rows.append(tuple(row))
    return tuple(row for row in rows if row)


def _next(
    folded: str, at: int, found: dict[int, Figure], counted: frozenset[int], row: list[AlignedToken]
) -> int:
    """Add the token that begins at an offset, if any, and return where the next one begins."""
    figure = found.get(at)
    if figure is not None:
        if figure.sort is Sort.QUANTITY:
            row.append(AlignedToken(FIGURE, figure))
        elif figure.sort is Sort.NAME:
            row += [AlignedToken(c) for c in folded[at : figure.end] if _WORD.match(c)]
        return max(figure.end, at + 1)
    reached = next((w for w in _REACHES if folded.startswith(w, at) and at + len(w) in counted), "")
    if reached:
        if row and (row[-1].key in "↑↓" or any(t.key in "从由" for t in row)):
            row.append(AlignedToken(_TO))
        return at + len(reached)
    like = _LIKE.match(folded, at)
    key = _LIKE_KEYS[like.lastgroup or ""] if like else folded[at] if _WORD.match(folded[at]) else ""
    row += [AlignedToken(key)] if key else []
    return like.end() if like else at + 1


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What a clause may repeat: tokens, their words, and the thing it is of where a list deals figures out."""

    row: tuple[AlignedToken, ...]
    text: str
    thing: str = ""


@lru_cache(maxsize=4_096)
def _stretches(quote: str, names: tuple[str, ...]) -> tuple[_Stretch, ...]:
    """Return the rows that a clause may repeat: clauses, neighbours together, lists dealt out."""
    rows = _rows(quote, names)
    plain = [*rows, *(one + two for one, two in pairwise(rows))]
    return (*(_Stretch(row, _words_of(row)) for row in plain if row), *_dealt_out(quote))


def _words_of(row: Sequence[AlignedToken]) -> str:
    return "".join(token.key for token in row)


def _dealt_out(quote: str) -> Iterator[_Stretch]:
    """Give a list that deals figures out (甲、乙分别增长1%、2%) as one statement for each thing: 甲增长1%, 乙增长2%."""
    things: list[str] = []
    counted = [f for f in figures(quote) if f.sort is Sort.QUANTITY]
    for span in clauses(quote):
        clause = fold(quote[span.start : span.end])
        match_ = _DEALT.match(clause)
        if match_ is None:
            continue
        if match_["things"].strip(" ，、"):
            things = [t for t in _LIST_MARK.split(match_["things"].strip(" ，、")) if t]
        given = [f for f in counted if span.start <= f.start < span.end]
        given = [f for f in given if f.start - span.start >= match_.end("verb") - 1]
        if len(things) < 2 or len(given) != len(things):
            continue
        verb = [t for row in _rows(match_["verb"]) for t in row]
        ends = [AlignedToken(_TO)] if verb and verb[-1].key in "↑↓" and match_["verb"][-1] in "到至" else []
        verb = [t for t in verb if t.key not in ("到", "至", "达", "为")] + ends
        for thing, figure in zip(things, given, strict=True):
            for words in _whole_names(thing, things[-1]):
                named = [t for part in _rows(words) for t in part]
                row = (*named, *verb, AlignedToken(FIGURE, figure))
                yield _Stretch(row, _words_of(row), thing[:2] if thing == things[-1] else thing)


def _whole_names(thing: str, last: str) -> Iterator[str]:
    """Give a listed thing with what the last one of its list may end in for all: 城镇、农村居民收入 → 城镇居民收入."""
    yield thing
    if thing == last:
        return
    for cut in {2, len(thing) - 1, len(thing), len(thing) + 1}:
        if 0 < cut < len(last):
            yield thing + last[cut:]


def alignments(claim: str, quotes: Sequence[str], names: Sequence[str]) -> list[ClauseAlignment]:
    """Lay each clause of a claim beside the nearest stretch of the evidence; ``names`` (folded) are left out."""
    names = tuple(names)
    stretches = [(n, one) for n, quote in enumerate(quotes) for one in _stretches(quote, names)]
    out = []
    for mine in _rows(claim, names):
        said = "".join(t.key for t in mine)
        numbers = [t.figure for t in mine if t.figure is not None]
        able = (one for one in stretches if one[1].thing in said)
        ranked = sorted(able, key=lambda one: -_promise(said, numbers, one[1].row, one[1].text))
        made = [_aligned(mine, said, n, one.row, one.text) for n, one in ranked[:_WINDOWS]]
        if made:
            out.append(max(made, key=lambda one: one.rank))
    return out


def _promise(said: str, numbers: Sequence[Figure], row: Sequence[AlignedToken], text: str) -> float:
    shared = covered(said, text) - 0.001 * len(text)
    if not numbers:
        return shared
    values = {t.figure.value for t in row if t.figure is not None}
    return shared + 0.2 * sum(f.value in values for f in numbers) / len(numbers)


def _aligned(
    mine: Sequence[AlignedToken], said: str, source: int, theirs: Sequence[AlignedToken], text: str
) -> ClauseAlignment:
    found = [
        ClauseAlignment(
            source=source, near=1.0, exact=True, size=len(said),
            figure_pairs=_figure_pairs(mine, theirs[at : at + len(said)]), before=text[:at], after=text[at + len(said) :],
            opened=theirs[at].opens or (len(said) < _SHORT and any(t.opens for t in theirs[max(0, at - _FEW) : at])),
        )
        for at in _places(said, text)
    ]  # fmt: skip
    if found:
        return max(found, key=lambda one: one.rank)
    codes = SequenceMatcher(None, text, said, autojunk=False).get_opcodes()
    same = [code for code in codes if code[0] == "equal"]
    if not same:
        return ClauseAlignment(source=source, size=len(said), before=text)
    one = ClauseAlignment(source=source, size=len(said), before=text[: same[0][1]], after=text[same[-1][2] :])
    first, last = codes.index(same[0]), codes.index(same[-1])
    for n, (kind, a, b, c, d) in enumerate(codes):
        inner = first < n < last
        if kind == "equal":
            one.figure_pairs += _figure_pairs(mine[c:d], theirs[a:b])
        elif c < d or inner:
            if kind == "replace":
                one.figure_pairs += _loose_pairs(mine[c:d], theirs[a:b])
            beside = FIGURE in said[max(0, c - 1) : c] + said[d : d + 1]
            old = text[a:b] if inner else ""
            narrows = kind == "delete" and inner and _is_modifier(old, text[b : codes[n + 1][2]])
            edit = Edit(
                mine=said[c:d],
                theirs=old,
                inner=inner,
                at_figure=beside,
                pure=kind != "replace",
                narrows=narrows,
            )
            one.edits.append(edit)
    kept = sum(code[4] - code[3] for code in same)
    one.near = kept / (kept + sum(len(bare(edit.mine)) for edit in one.edits))
    if _EACH in text and said.count(FIGURE) < text.count(FIGURE):
        one.figure_pairs = []
    return one


def _is_modifier(cut: str, behind: str) -> bool:
    """Tell whether words that a claim leaves out may narrow the noun behind them: no verb that goes on, no figure."""
    return len(behind) > 1 and _HAN.fullmatch(cut) is not None and 1 < len(bare(cut)) <= _LONGEST_MODIFIER


def _places(said: str, text: str) -> Iterator[int]:
    at = text.find(said)
    while at >= 0:
        yield at
        at = text.find(said, at + 1)


def _figure_pairs(
    mine: Sequence[AlignedToken], theirs: Sequence[AlignedToken]
) -> list[tuple[Figure, Figure]]:
    return [
        (one.figure, two.figure)
        for one, two in zip(mine, theirs, strict=False)
        if one.figure is not None and two.figure is not None
    ]


def _loose_pairs(mine: Sequence[AlignedToken], theirs: Sequence[AlignedToken]) -> list[tuple[Figure, Figure]]:
    ours, others = ([t for t in row if t.figure is not None] for row in (mine, theirs))
    return _figure_pairs(ours, others) if len(ours) == len(others) else []


def placed_figures(found: Sequence[ClauseAlignment]) -> dict[int, tuple[int, int]]:
    """Return of the figures of repeated clauses (by start) which one of the evidence is in their place.

    Each is told by the index of its item and its start there.
    """
    return {
        said.start: (one.source, there.start)
        for one in found
        if one.exact and one.size >= _SHORT
        for said, there in one.figure_pairs
    }


def word_for_word(found: Sequence[ClauseAlignment]) -> bool:
    """Tell whether every clause is the evidence's own, whole from its beginning, with the same figures."""
    return bool(found) and all(
        one.near >= _WHOLE
        and (one.opened or not bare(one.before) or _leaves_out_for_whom(one))
        and not _PART.search(one.before)
        and all(
            not _says(edit.mine) and (not edit.theirs or _START.fullmatch(edit.theirs)) for edit in one.edits
        )
        and all(agrees(said, there) for said, there in one.figure_pairs)
        for one in found
    )


def _leaves_out_for_whom(one: ClauseAlignment) -> bool:
    """Tell whether a repeated clause lacks only for whom a count of things was done, which opens it in the evidence."""
    counted = any(unit_class(there.unit) not in ("", "share") for _, there in one.figure_pairs)
    plain = not any(words.search(one.before) for words in KINDS.values())
    return one.exact and counted and plain and _FOR.fullmatch(one.before) is not None


def _says(mine: str) -> bool:
    """Tell whether words that a claim puts in claim anything: by themselves, or by what they do to the rest."""
    return bool(bare(mine)) or any(KINDS[name].search(mine) for name in TURNING)


def certain_changes(found: Sequence[ClauseAlignment]) -> Iterator[tuple[str, str, str, int]]:
    """Give what makes a repeated clause untrue whatever else it says: kind, its words, the evidence's, the item."""
    for one in found:
        if one.near < _SAME or one.size < _SHORT:
            continue
        other = bool(one.figure_pairs) and not any(agrees(*pair) for pair in one.figure_pairs)
        for edit in () if other else one.edits:  # beside other figures it is another clause
            turned = _denies(edit, one) or words_turned(edit.mine, edit.theirs)
            if turned or _takes_start(edit, one):
                yield "words" if turned else "role", edit.mine, edit.theirs, one.source
        for said, there in one.figure_pairs:
            if said.value == there.value and _units_differ(said.unit, there.unit):
                yield "value", said.text, there.text, one.source


def _units_differ(one: str, other: str) -> bool:
    return bool(one and other) and unit_class(one) != unit_class(other) and not alike(one, other)


def _takes_start(edit: Edit, one: ClauseAlignment) -> bool:
    """Tell whether an edit makes the start of a change what was reached: 为2.5:1 of 从2.5:1缩小到2.2:1."""
    return (
        edit.at_figure
        and not edit.mine
        and _FROM.fullmatch(edit.theirs) is not None
        and bool(_GOES_ON.match(one.after))
    )


def _denies(edit: Edit, one: ClauseAlignment) -> bool:
    """Tell whether an edit does nothing but deny what the evidence says, or drops its denial."""
    said, there = denials(edit.mine), denials(edit.theirs)
    if bool(said) == bool(there) or not edit.pure:
        return False
    words = edit.mine if said else edit.theirs
    return not _DENIAL.sub("", bare(words)) and not _LESS.search(one.before + one.after)


def words_turned(mine: str, theirs: str) -> bool:
    """Tell whether a claim forbids, lowers or times what the evidence allows, raises or times otherwise."""
    for one, other in (("↑", "↓"), ("⊘", "◇"), ("⊘", "◎")):
        if (one in mine and other in theirs) or (other in mine and one in theirs):
            return True
    said, there = set(_EVERY.findall(mine)), set(_EVERY.findall(theirs))
    return bool(said and there and not said & there)
