"""A claim as the assertions it makes: of what, how much, where it goes, which rank, against what, for when, done or planned.

Readers tell figures loosely (三万来人, 快77岁, 一半还多, 零点三); each comes with what it leaves open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from answering.claims.spoken_figures import plainly
from answering.judge.reading import read_text
from retrieval.facts.figure_role import Direction, RoleKind
from retrieval.facts.name_similarity import opposed
from retrieval.quantities import years
from retrieval.quantities.numerals import parse_number
from retrieval.quantities.units import unit_kind
from retrieval.quantities.values import Bound
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.judge.reading import Fact

_RANKED = re.compile(
    r"(?:第|老)(?P<zh>[一二三四五六七八九十百\d]+)(?:[位名大]|(?=[,，。;；、了吗吧的]|$))|(?:世界|全国|全球|全省|排|居|列|位|从|到|至|由)(?:到|至)?(?P<bare>[一二三四五六七八九十\d]+)[位名](?!人)"
    r"|前(?P<top>[一二三四五六七八九十百\d]+)(?:[位名强]|(?=[,，。;；、了吗吧的]|$))|(?P<first>首位|榜首|头名|头把交椅|老大|(?:全国|世界|全球|全省|国内)[^,，。]{0,6}最(?:[长大高多快强]|好)|第一(?!产业|批|季|轮|次|个|时间))"
    r"|(?P<ordinal>first|second|third|fourth|fifth)(?= in the| nation| world|$)"
)
_ENGLISH_RANKS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
_ALL = re.compile("(?<![成首京古])都(?![市会是])|(?<![平人户年月日亩村])均(?![衡价值])|都是|both")
_AND = re.compile("、|和|与|跟|以及|及")
_UP = re.compile("快|高|多|大|强|好|领先|跑赢|赢|超过|增|涨|升|faster|higher|more|above")
_DOWN = re.compile("慢|低|少|小|差|落后|跑输|输|不如|比不上|slower|lower|fewer|less|below")
_NOT = re.compile("没有?|不|未")
_NATION = re.compile(
    "(?:(?:比|跟|和|与|较)(?:全国|全球|全省|世界)?|全国|全球|全省|世界|[高低快慢多少]于)平均(?:水平|数)?|(?:比|跑赢|跑输|不如|[高低快慢多少]于|超过|落后于?)(?:了)?(?:全国|全省)"
)
_OVER = re.compile(
    "(?:过去|近|这|前)?[三四五六七八九]年(?!级|前|第)|“?「?十[一二三四五]五|累计|年均|平均每年|平均下来|以来|five years"
)
_AVERAGE = re.compile("年均|平均每年|每年|平均下来|一年(?:增长|平均)")
_PLANNED = re.compile("目标|打算|计划(?!用|单列|生育)|定的|力争|争取|预期(?!寿命)|plan|target|aim")
_LEANS = re.compile(
    "(?<![需重主只还])要(?!求|素|是|不是|么)|将(?!近)|准备|安排|发放?[^,，。]{0,8}(?:补贴|国债)"
)
_TIME = re.compile(
    r"(?:(?:19|20)\d\d年?(?:底|末|初|那年)?|去年|今年|前年|上年|明年|目前|现在|[这近过前]?[一二三四五六七八九\d]{1,6}年(?:来|里|间|以来)?|那年|全年|年初|年底)"
)
_FILLER = re.compile(
    "听(?:人)?说|有人说|据说|都说|可我看到说|我记得|我看到|一下子|已经|反而|居然|竟然|真的?|就是|就(?!业)|才(?!能)|还|也|又|那边|那个|那(?!么)|这|的|了|吗|吧|呢|一共|总共|光(?=[一-龥]*就)"
)
_LEVELLED = re.compile(
    "(?:[涨升降增减加少调抬掉跌压提缩扩达]|下降|提高|增加|减少)(?:高|低|少|加|长)?(?:到|至)|达到|到了|只有|就有"
)
_CHANGED = re.compile(
    "(?P<down>[降跌减少掉]了?|下降|减少|下滑|回落|少了|变差|缩小|负增长)|(?P<up>[增涨升长]了?|增长|增加|提高|上升|多了|往上走|变好|扩大|提升)"
)
_UNCHANGED = re.compile("持平|没(?:怎么)?变|平的|没涨[^,，。]{0,4}没[降跌]|没有变化|原地踏步")
_GROWTH_ALONE = re.compile(
    r"(?:“?十[一二三四五]五”?|给?自己|全国|全省|计划|打算|实际|跑出来|每年|一年|定|目标|是|都|比|高|低|\||经济|年初|总|预期|个)*(?:增速|增长速度|增长目标|增长)(?:是|\||目标|比|实际|跑出来|高|低|定|了|达到?|到)*"
)
_ANY_SIDES = ("城乡", "城里乡下", "城镇农村", "城里农村")
_PAIR = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)(?:个?%)?对(\d+(?:\.\d+)?)(?!象)")
_MISSED = re.compile("没(?:有|能|按时)*(?:完成|实现|达到|办成|做到|达标)|未能?(?:完成|实现|达到)")
_FASTER = re.compile(
    "(?:还没|不如|没有?|比)(?P<other>[^,，;；。]{1,12}?)(?:涨得|涨|增长得?|来得|还|更|增得)?(?P<side>快|慢|高|低|多|少)"
)
_ANOTHER_TIME = re.compile("上年|前年|去年|(?:19|20)\\d\\d年|全国")
_THAN_BEFORE = re.compile(
    "(?:比(?:上年|前年|去年|前一年|(?:19|20)\\d\\d年))(?P<words>[^,，。]*)|(?P<more>还?(?:多|少|涨|降|增加|减少)了$)"
)
_EVERY = re.compile("(?:所有的?|全部的?|每一?个)(?P<thing>[一-龥]{1,8}?)(?:全都|都|全部|均)")
_PART_OF = re.compile("占|比重|占比|份额|比例")
_MOVED_BY = re.compile(  # by how much: 比重提高了3个百分点
    "(?:提高|提升|上升|升高|增加|扩大|增长|下降|降低|减少|缩小|回落|[增涨升降跌])了?(?:约|近|超)?$"
)
_COMES_FROM = re.compile("以?(?:上|下)?(?:都)?(?:出自|来自|产自)")
_BOUNDED = re.compile("[内上下外级]")
_GOES_ON = re.compile("(?:以?[内上下外]|级)?(?![和与及的])(?:(?![和与及])[一-龥]){2,16}[约近超]?\\d")
_RATE = re.compile("增速|增幅|涨幅|降幅|增长率")
_MORE_OR_LESS = re.compile("(?:多|少|增加|减少|增|减)了?$")
_ADDED = re.compile("新[修建增添上开设来招]|净[增进]|添了")
_VERBS_ALONE = re.compile(
    "(?:[要会能压控制定在到成涨降增减跌提升掉多少了只得花卖做有是达|]|计划|目标|下降|提高|增加|减少|增长|控制)+"
)
_SHORT = 3  # characters of own words below which a clause is of what the one before is of


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """One thing that a claim says of one thing; words are folded."""

    text: str  # its clause, with the head that says of whom and when
    own: str  # its own words, without figures
    whole: str  # all the words of its sentence, without figures
    value: Decimal | None = None  # None where only a direction or a rank is claimed
    high: Decimal | None = None
    unit: str = ""
    bound: Bound = Bound.EXACT
    tenths: bool = False  # told in tenths: 六成
    shown: str = ""  # the figure as the reader wrote it
    rank: bool = False  # the value is a rank
    role: RoleKind = RoleKind.OPEN  # OPEN: the claim leaves it open
    direction: Direction = Direction.NONE
    origin: Decimal | None = None  # what a change went from
    beside: bool = False  # told against the whole country, or an average
    other: str = ""  # the words of another thing that it is told against
    years: tuple[int, ...] = ()
    several: bool = False
    planned: bool = False
    open: bool = False  # its words leave open whether it is done or planned: 要, 会
    denied: bool = False
    exactly: bool = False  # 就是, 正好, 刚好

    @property
    def kind(self) -> str:
        """The class of its unit; "rank" for a rank, "" where its unit is left open."""
        return "rank" if self.rank else unit_kind(self.unit)


def assertions(text: str) -> list[Assertion]:
    """Return what a sentence of a claim asserts with a figure, a rank or a comparison; its years as written out."""
    plain = fold(plainly(text))
    found = [*_figures(plain), *_ranks(plain)]
    found += [] if found else _wholes(plain)
    found = [(at, _with_time(one, plain, at)) for at, one in found]
    found += [(at, _with_time(one, plain, at)) for at, one in _comparisons(plain, [a for a, _ in found])]
    found.sort(key=lambda pair: pair[0])
    made = _against(_spans([one for _, one in found]))
    return [part for one in made for part in _each(one)]


def _with_time(one: Assertion, plain: str, at: int) -> Assertion:
    clause = _clause(plain, at)
    before = plain[: clause[1]]
    named = years(plain[clause[0] : clause[1]]) or years(before)
    return replace(
        one,
        years=named[-1:] if len(named) < 3 else named,
        several=bool(_OVER.search(plain[: clause[1]])),
        planned=bool(_PLANNED.search(plain[: clause[1]])),
        open=bool(_LEANS.search(plain[: clause[1]])),
        denied=bool(_MISSED.search(plain)),
    )


def _clause(plain: str, at: int) -> tuple[int, int]:
    start = max(plain.rfind(mark, 0, at) for mark in ",，;；。、:：") + 1
    ends = [end for end in (plain.find(mark, at) for mark in ",，;；。、") if end >= 0]
    return start, min(ends, default=len(plain))


def _blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]}|{text[end:]}"
    return text


def _figures(plain: str) -> Iterator[tuple[int, Assertion]]:
    reading = read_text(plain, claim=True)
    pairs = [m.span() for m in _PAIR.finditer(plain)]
    facts = [
        f
        for f in reading.facts
        if not _is_time(plain, f)
        and not _in_rank(plain, f)
        and not _is_multiple(plain, f)
        and not any(a <= f.figure.start < b for a, b in pairs)
        and not _qualifies(plain, f)
    ]
    spans = [(f.figure.start, f.figure.end) for f in facts]
    whole = _bare(_blank(plain, spans))
    for n, fact in enumerate(facts):
        figure = fact.figure
        start, end = _clause(plain, figure.start)
        begin = max(start, spans[n - 1][1] if n else 0)
        stop = min(end, spans[n + 1][0] if n + 1 < len(spans) else len(plain))
        left, right = plain[begin : figure.start], plain[figure.end : stop]
        own = _bare(f"{left}|{right}")
        if len(own) < _SHORT or _VERBS_ALONE.fullmatch(own):
            before = (
                _bare(_blank(plain[: figure.start], spans[:n])[-24:]).removesuffix(_bare(left)).split("|")
            )
            own = "|".join([*(p for p in before if p and not opposed(p, own)), own])
        yield figure.start, Assertion(
            text=plain[start:end], own=own, whole=whole, value=figure.value, high=figure.high, unit=_unit(figure.unit),
            bound=_bound(fact, left, right), tenths="成" in figure.text, shown=figure.text,
            role=_role(fact, left, right), direction=_direction(fact, left),
            beside=bool(_NATION.search(left)) and figure.unit != "倍", denied=bool(re.search("没有?(?:实现|完成|达到|办成)", left + right)),
            exactly=bool(re.search("就是|正好|刚好|恰好|整整|exactly", left)),
        )  # fmt: skip


def _unit(unit: str) -> str:
    return {"个点": "%", "点": "%", "对": ""}.get(unit, unit)


def _is_time(plain: str, fact: Fact) -> bool:
    """Tell whether a length of time only says when; one that goes on, or that people live to, is a figure."""
    figure = fact.figure
    if unit_kind(figure.unit) != "time":
        return 1900 <= figure.value <= 2100 and not figure.unit
    if figure.unit in ("岁", "周岁"):
        return False
    before, after = plain[max(0, figure.start - 6) : figure.start], plain[figure.end : figure.end + 6]
    goes_on = re.search("连|拿了|干了|断流|用了|提前|缩短|延长|for $", before) or re.match(
        "(?:一起|都|增产|in a row|快于|后)", after
    )
    return not goes_on


def _in_rank(plain: str, fact: Fact) -> bool:
    return any(m.start() <= fact.figure.start < m.end() for m in _RANKED.finditer(plain))


def _qualifies(plain: str, fact: Fact) -> bool:
    """Tell whether a bounded figure only says of which kind the thing is that the next one counts: 50米内换乘比例达到91%."""
    told = plain[fact.figure.start : fact.figure.end + 2]
    return bool(_BOUNDED.search(told)) and _GOES_ON.match(plain, fact.figure.end) is not None


def _is_multiple(plain: str, fact: Fact) -> bool:
    """Tell whether a figure says how many times faster one thing grows than another: the comparison is judged."""
    start, _ = _clause(plain, fact.figure.start)
    return fact.figure.unit == "倍" and _FASTER.search(plain, start, fact.figure.start) is not None


def _bound(fact: Fact, left: str, right: str) -> Bound:
    if re.search("最[少低](?:要|得|也)|至少|起码|不少于|不低于", left):
        return Bound.ABOVE
    if re.search("上限|封顶|最[多高]|不超过|压[到在]|控制在", left) and fact.figure.bound is Bound.EXACT:
        return Bound.BELOW if re.search("最[多高]|不超过|上限|封顶", left) else Bound.EXACT
    if re.match("(?:还多|开外|出头|还不止)", right):
        return Bound.MORE
    return fact.limit


def _role(fact: Fact, left: str, right: str) -> RoleKind:
    role, share = fact.role.role, unit_kind(_unit(fact.figure.unit)) == "share"
    if role in (RoleKind.START, RoleKind.END, RoleKind.GAP, RoleKind.ADDED):
        return role
    if _NATION.search(left) and fact.figure.unit != "倍":
        return RoleKind.GAP
    return _role_of_share(left, right) if share else _role_of_count(role, left)


def _role_of_share(left: str, right: str) -> RoleKind:
    if _COMES_FROM.match(right) or (_PART_OF.search(left) and not _MOVED_BY.search(left)):
        return RoleKind.SHARE
    if _LEVELLED.search(left[-8:]):
        return RoleKind.END if _CHANGED.search(left[-8:]) else RoleKind.LEVEL
    changed = _CHANGED.search(left[-10:]) or _RATE.search(left)
    return RoleKind.CHANGE if changed else RoleKind.OPEN


def _role_of_count(role: RoleKind, left: str) -> RoleKind:
    if _ADDED.search(left[-10:]):
        return RoleKind.ADDED
    if _LEVELLED.search(left[-8:]):
        return RoleKind.END if _CHANGED.search(left[-8:]) else RoleKind.LEVEL
    changed = role is RoleKind.CHANGE or _MORE_OR_LESS.search(left[-4:])
    return RoleKind.CHANGE if changed else RoleKind.LEVEL


def _direction(fact: Fact, left: str) -> Direction:
    if _NATION.search(left) or fact.role.role is RoleKind.GAP:
        return _side(left)
    told = list(_CHANGED.finditer(left[-12:]))
    if told:
        return Direction.DOWN if told[-1]["down"] else Direction.UP
    return fact.role.direction


def _side(words: str) -> Direction:
    """Return on which side of what it is told against something lies: 没跑赢 is below."""
    up, down = list(_UP.finditer(words)), list(_DOWN.finditer(words))
    if not up and not down:
        return Direction.NONE
    last = max([*up, *down], key=lambda m: m.start())
    below = any(last is m for m in down)
    denied = _NOT.search(words[max(0, last.start() - 3) : last.start()]) and "不如" not in words
    return Direction.DOWN if below != bool(denied) else Direction.UP


def _ranks(plain: str) -> Iterator[tuple[int, Assertion]]:
    before: Decimal | None = None
    whole = _bare(_RANKED.sub("|", plain))
    for match in _RANKED.finditer(plain):
        word = match["zh"] or match["bare"] or match["top"]
        value = (
            Decimal(_ENGLISH_RANKS[match["ordinal"]])
            if match["ordinal"]
            else parse_number(word)
            if word
            else Decimal(1)
        )
        if word == "大" or value is None:
            continue
        if re.search("[从由][^,，。]{0,6}$", plain[: match.start() + 2]) and re.search(
            "[从由](?:世界|全国|全球|居|第|排)?[^,，。\\d]{0,4}$", plain[: match.start()]
        ):
            before = value
            continue
        start, end = _clause(plain, match.start())
        if len(plain[start : match.start()].strip("|全国世界增速排居第 ")) < 2 and start:
            start = _clause(plain, start - 2)[0]
        yield match.start(), Assertion(
            text=plain[start:end], own=_bare(_number_free(plain[start : match.start()]) + "|" + plain[match.end() : end]), whole=whole, value=value, rank=True,
            unit="位", bound=Bound.BELOW if match["top"] else Bound.EXACT, shown=match[0], origin=before,
        )  # fmt: skip
        before = None


def _wholes(plain: str) -> Iterator[tuple[int, Assertion]]:
    """Give what is said of all there are (所有的县都…) as a share of 100 %."""
    for match in _EVERY.finditer(plain):
        own = _bare(f"{plain[: match.start()]}|{match['thing']}|{plain[match.end() :]}")
        yield (
            match.start(),
            Assertion(
                text=match[0], own=own, whole=own, value=Decimal(100), unit="%", shown="100%", exactly=True
            ),
        )


def _number_free(words: str) -> str:
    return _blank(words, [(f.figure.start, f.figure.end) for f in read_text(words, claim=True).facts])


def _comparisons(plain: str, taken: Sequence[int]) -> Iterator[tuple[int, Assertion]]:
    """Give what is told with no figure: against the country, the year before, or another thing; or as unchanged."""
    for match in re.finditer("[^,，;；。]+", plain):
        start, end = match.span()
        if _UNCHANGED.search(match[0]) and not taken:
            yield (
                start,
                Assertion(
                    text=match[0],
                    own=_bare(_UNCHANGED.sub("|", plain)),
                    whole=_bare(plain),
                    value=Decimal(0),
                    unit="%",
                    role=RoleKind.CHANGE,
                ),
            )
            return
        if any(start <= at < end for at in taken):
            continue
        made = (
            _against_country(match[0], plain)
            or _against_another(match[0], plain, end)
            or _against_before(match[0], plain)
        )
        if made is not None:
            yield start, made


def _against_country(clause: str, plain: str) -> Assertion | None:
    way = _side(clause) if _NATION.search(clause) else Direction.NONE
    if way is Direction.NONE:
        return None
    own = _bare(_NATION.sub("|", clause))
    return Assertion(text=clause, own=own, whole=_bare(plain), role=RoleKind.GAP, direction=way, beside=True)


def _against_another(clause: str, plain: str, end: int) -> Assertion | None:
    """Return that one thing grows faster than another, with the two figures that may follow: 8.4对8."""
    found = _FASTER.search(clause)
    if found is None or _ANOTHER_TIME.search(found["other"]):
        return None
    up = found["side"] in "快高多"
    denied = clause[found.start()] in "还不没"
    pair = _PAIR.search(plain, end)
    values = [parse_number(n) for n in pair.groups()] if pair else [None, None]
    return Assertion(
        text=clause,
        own=_bare(clause[: found.start()]),
        whole=_bare(plain),
        direction=Direction.UP if up != denied else Direction.DOWN,
        other=_bare(found["other"]),
        role=RoleKind.CHANGE,
        value=values[0],
        origin=values[1],
        unit="%" if pair else "",
        shown=pair[0] if pair else "",
    )


def _against_before(clause: str, plain: str) -> Assertion | None:
    """Return that something is more or less than it was: 比前年多了."""
    found = _THAN_BEFORE.search(clause)
    if found is None:
        return None
    way = _side(found["words"]) if found["words"] else _first(found["more"] or "")
    if way is Direction.NONE:
        return None
    own = _bare(clause[: found.start()])
    return Assertion(text=clause, own=own, whole=_bare(plain), direction=way, role=RoleKind.CHANGE)


def _first(words: str) -> Direction:
    found = _CHANGED.search(words)
    return Direction.NONE if found is None else Direction.DOWN if found["down"] else Direction.UP


def _spans(found: list[Assertion]) -> list[Assertion]:
    """Join the start of a change with its end: 从235万户掉到174万户 is one assertion."""
    out: list[Assertion] = []
    for one in found:
        last = out[-1] if out else None
        if last is not None and last.role is RoleKind.START and not one.rank and one.value is not None:
            way = one.direction
            if way is Direction.NONE and last.value is not None:
                way = Direction.UP if one.value > last.value else Direction.DOWN
            out[-1] = replace(
                one, origin=last.value, own=last.own, role=RoleKind.END, direction=way, unit=one.unit or last.unit,
                shown=f"{last.shown}→{one.shown}",
            )  # fmt: skip
            continue
        out.append(one)
    return out


def _against(found: list[Assertion]) -> list[Assertion]:
    """Give a gap told without a figure the one that the next clause tells: 没跑赢全国，差了零点三."""
    out: list[Assertion] = []
    for one in found:
        last = out[-1] if out else None
        bare = _bare(one.text.replace(fold(one.shown), "|"))
        if (
            last is not None
            and last.beside
            and last.value is None
            and len(bare) < _SHORT
            and one.kind == "share"
        ):
            out[-1] = replace(one, own=last.own, role=RoleKind.GAP, direction=last.direction, beside=True)
            continue
        out.append(one)
    return out


def _each(one: Assertion) -> list[Assertion]:
    """Return an assertion of several things (都) as one of each."""
    if not _ALL.search(one.text):
        return [one]
    for pair in _ANY_SIDES:
        if pair in one.whole:
            half = len(pair) // 2
            return [
                replace(one, own=one.own.replace(pair, part) if pair in one.own else part + one.own)
                for part in (pair[:half], pair[half:])
            ]
    words = one.own if _AND.search(one.own) else one.whole
    found = _AND.search(words)
    if found is None:
        return [one]
    left, right = words[: found.start()], words[found.end() :]
    name = re.split("[|,，]", left)[-1]
    return [replace(one, own=f"{name}{_tail(right, name)}"), replace(one, own=right)]


def _tail(right: str, name: str) -> str:
    """Return the head noun that the last of joined things lends to the one before it: 食品和药品的抽检合格率."""
    first = re.split("[|,，都均]", right)[0]
    return first[-2:] if len(first) > len(name) + 1 else ""


def _named_economy(own: str) -> str:
    """Return words that name no thing but growth with what it is of: 今年定的增速 is the economy's."""
    return f"{own}|地区生产总值增长" if _GROWTH_ALONE.fullmatch(own) else own


def without_places(one: Assertion, names: Sequence[str]) -> Assertion:
    """Return an assertion without the names of the places that its message speaks of."""
    own, whole = one.own, one.whole
    for name in sorted(names, key=len, reverse=True):
        own, whole = own.replace(name, "|"), whole.replace(name, "|")
    own = re.sub(r"\|+", "|", own).strip("|")
    return replace(
        one, own=_named_economy(own) or one.own, whole=re.sub(r"\|+", "|", whole).strip("|") or one.whole
    )


def _bare(words: str) -> str:
    words = _TIME.sub("|", words)
    words = _FILLER.sub("", words)
    return re.sub(r"[,，。;；、:：?？!！“”「」\s]{0,9}\|[,，。;；:：\s|]*", "|", words).strip("|,，、 ")
