"""What a figure measures, in the words of its own clause: verb and object, at most twenty characters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval.facts.action_verbs import ACT, ACT_AT, ACTING, CHANGE, LEVEL, LEVELS
from retrieval.facts.periods import times
from retrieval.quantities.units import is_count, unit_kind

if TYPE_CHECKING:
    from retrieval.facts.figure_context import FigureSpot

LONGEST = 20  # characters of a metric
_EDGE = " \t\u3000、，,;；:：。.!！?？—-·的()（）"
_HEAD = re.compile(
    r"^(?:其中|同时|并且?|又|还|已经|已|现已|共计?(?![济享建同有富])|总共|累计|预计|全年共?|新的一年|我们|我市|我省|我区|我县|全市|全省|全区|全县|今年|目前|截至|到|使|将|把|对|为(?=\d|$)|让"
    r"|一是|二是|三是|四是|五是|六是|首先|其次|特别是|尤其是|力争|确保|努力|包括|约|近|达|持续|继续|深入|扎实|全面|大力|积极|加快(?=建)|统筹|成功|圆满|顺利|着力|切实|不断|有效)"
)
_ADVERB = r"(?:已经|已|(?<![平人])均|都|也|还|就|共|共计|总共|总计|合计|累计|分别|预计|大约|(?<![节大条公契合预签制特])约|近|超|仅|了|由|从|达|首次|全年|最多|每年|力争|要|将|拟按?|(?<![以用])按|再)"
_TAIL = re.compile(rf"(?:{_ADVERB}|(?!占$)(?:{LEVEL})|[到至在为于:：])$")
_TAIL_ENDS = frozenset("经已均都也还就共计约近超仅了由从达次年多争要将拟按再别到至在为于:：") | {
    word[-1] for word in LEVELS
}
_TAIL_ROOM = max(map(len, (*LEVELS, "多少"))) + 2
_CHANGED = re.compile(
    rf"(?:(?:{CHANGE})(?:幅度)?(?:了|约|近|超)*|(?:增速|涨幅|增幅|降幅|跌幅|增长率)(?:了|约|近|超|达|到|至|为|在|控制|保持|稳定|维持)*)$"
)
_GROWTH = re.compile(
    rf"(?P<subject>.*?)(?:同比|环比|年均|比上年|比去年|较上年|较去年|可比|平均){{0,4}}(?:分别)?(?:同比|平均)?(?P<verb>{CHANGE})"
    "(?:幅度|了|约|近|超|达|为|在|到|至|控制|保持|稳定|维持)*$"
)
_AGAINST = re.compile("占|高于|低于|快于|优于|比")
_NUMBERING = re.compile(r"^[(（][一二三四五六七八九十\d]+[)）]")
_TO = re.compile(f"^(?:对|用于|来|为|向|在|，)?(?:全市|全省|全区|全县)?(?:{ACT})?了?")
_SCOPE = re.compile("(?:为|对|向|在|给)?(?:全市|全省|全区|全县|全国|各地)?")
_WEAK = re.compile("(?:(?:年|月|日)?人?均|平均|每年|每月|每人|户均)?(?:提高|增加|增长|减少|下降|降低|上涨)?")
_ATTRIBUTIVE = re.compile(
    "上[云市线榜]|就业|创业|投产|通车|开工|竣工|参保|培训|种植|融资|治理|出口|进口|服务|经营|贷款|监测"
)
_GRADE = re.compile("^级(?:以上)?(?=的)?")
_PREDICATE = re.compile("(?:再|继续|持续|进一步|不断|稳步|逐年|全面|明显|显著|大幅|有效|得到|快速)")
_QUOTED = re.compile("[“《][^”》]{0,200}[”》]")
_SUM = re.compile("(?:金额|总额|总?产[量值]|收入|面积|[率比]重?)$")
MARK_PASSED = re.compile(
    "(?:的)?(?:历史)?新?(?:台阶|大关|关口|门槛)(?![^，。；、])"
)  # 跃上1.4万亿斤新台阶: no thing is counted
_PREPOSITION = re.compile("^(?:对|用于|以|向|给|在|由|用来|由于|把|将|从|比|并|且|而|等|及|和|与)")
_NO_THING = re.compile(  # what binds a figure to its sentence and names nothing
    "(?:[由有是至过共内外前后]|连续|实际|分别|平均|累计|其中|每[人月年天户]|https?|www|com|cn|html?|%[0-9a-fA-F]{2}|[^\\w\u4e00-\u9fff])+"
)
_IN_A_ROW = "连续"
_NO_SUBJECT = re.compile(rf"(?:{ACT}|开始|在|了)*")
_BARE_MONEY = re.compile("^(?:计划|完成|累计|总)?(?:投资|总投资|投入|资金|投入资金|投资额|投)$")
_SHARED_HEAD = re.compile(
    r"(?:居民)?(?:人均)?(?:可支配|纯)?收入$|(?:工业)?增加值$|(?:总)?产[值量]$|销[量售]额?$|吞吐量$|(?:起|人|次|件|户|台|笔)数$|(?:总)?面积$|总[量额]$"
    r"|投资$|支出$|[\u4e00-\u9fff]{2}率$|[占比]重?$|客[运流]量$|货运量$|贷款$|存款$|余额$|税收$|利润$|标准$|里程$|数量$|营业?收入?$|人次$|企业$|平台$|项目$|人才$"
)
_PARTS = re.compile("、|以及|和|与|及")


@dataclass(slots=True)
class PrecedingNames:
    """What the figures before in the same sentence leave to those that follow."""

    verb: str = ""  # that heads the list: 新增
    base: str = ""  # the thing last measured
    waiting: list[str] = field(default_factory=list)  # what 分别 deals out


def metric_of(spot: FigureSpot, memory: PrecedingNames) -> str:
    """Return what a figure measures; ``memory`` goes on from figure to figure of one sentence."""
    if spot.quote:
        return clipped(spot.quote)
    left = cleaned(spot.left)
    if _AGAINST.match(left) and memory.base:
        return clipped(memory.base + left.removesuffix("的"))
    if spot.joined and not left and memory.waiting:
        return clipped(memory.waiting.pop(0) if len(memory.waiting) > 1 else memory.waiting[0])
    memory.waiting.clear()
    growth = growing(spot.left)
    if growth and not _adds(growth, spot):
        return clipped(_of_growth(growth, spot, memory))
    if "分别" in spot.left:
        return clipped(_dealt(spot.left, memory))
    return clipped(_in_a_row(left, spot, memory) or _counted(left, spot, memory))


def _counted(left: str, spot: FigureSpot, memory: PrecedingNames) -> str:
    """Return what a figure counts, or a level is of: the words after it, before it, or those of the figure before."""
    if spot.figure.unit == "倍" and _NO_THING.fullmatch(left):
        left = ""  # 总量1.6亿户、是十年前的3倍: of what was told before
    right = _after(spot) or ("" if left or spot.right else cleaned(spot.beyond))
    if not right and _BARE_MONEY.fullmatch(left):
        return _spent_on(spot) + left
    found = _with_right(left, right, spot, memory) if right else _with_left(left, spot, memory)
    bare = ""
    if _NO_THING.fullmatch(found):
        bare, found, memory.base = found, "", ""
    return found or memory.base or _of_clause_before(spot) or cleaned(spot.right) or bare


def _in_a_row(left: str, spot: FigureSpot, memory: PrecedingNames) -> str:
    """Return what has been so for a length of time, "" where no words say what: 棉花产量连续4年占全国九成."""
    if unit_kind(spot.figure.unit) != "time" or not left.endswith(_IN_A_ROW):
        return ""
    thing = re.sub("[、，]?(?:并且?|且|也|又|再|已)?$", "", left.removesuffix(_IN_A_ROW))
    thing = "" if _NO_SUBJECT.fullmatch(thing) else thing
    if thing or spot.joined:
        memory.base = thing or memory.base
        return memory.base
    return ""


def _adds(growth: re.Match[str], spot: FigureSpot) -> bool:
    """Tell whether a verb of change stands before a number of things, and not behind what changes: 增加500万用户."""
    return not cleaned(growth["subject"]) and is_count(spot.figure.unit) and bool(_after(spot))


def growing(left: str) -> re.Match[str] | None:
    """Match words that tell of a change right before its figure: 全省生产总值增长."""
    return _GROWTH.fullmatch(left) if _CHANGED.search(left) else None


@lru_cache(maxsize=4_096)
def cleaned(words: str) -> str:
    """Strip what binds words to a figure but names nothing: times, adverbs, 达到, 共."""
    before, words = None, _NUMBERING.sub("", words.strip()).strip(_EDGE)
    while words != before:
        before = words
        for start, end in reversed(times(words)):
            if not words[:start].strip(_EDGE) or not words[end:].strip(_EDGE):
                words = (words[:start] + words[end:]).strip(_EDGE)
        if head := _HEAD.match(words):
            words = words[head.end() :].strip(_EDGE)
        if len(words) > 1 and words[-1] in _TAIL_ENDS and words not in ACTING:
            tail = _TAIL.search(words, max(0, len(words) - _TAIL_ROOM))
            words = words[: tail.start()].strip(_EDGE) if tail else words
    return "" if _SCOPE.fullmatch(words) else words


def clipped(words: str) -> str:
    """Shorten words to twenty characters, from the left and at a joint where there is one."""
    words = re.sub(r"\s+", "", words).strip(_EDGE)
    words = (
        words[words.find("”") + 1 :] if words.count("”") > words.count("“") and words.find("”") < 3 else words
    )
    if len(words) <= LONGEST:
        return words
    rest = len(words) - LONGEST
    joints = [m.start() for m in ACT_AT.finditer(words)] + [m.end() for m in re.finditer("[的、”》]", words)]
    fitting = [at for at in joints if rest <= at <= len(words) - 4]
    return words[min(fitting, default=rest) :].strip(_EDGE)


def _spent_on(spot: FigureSpot) -> str:
    """Return what money goes to, where the clause goes on to say it: 投资2亿元对16个小区进行改造."""
    words = spot.right if len(cleaned(_TO.sub("", spot.right))) > 1 and not spot.beyond else spot.beyond
    thing = cleaned(_TO.sub("", words))
    return "" if words.lstrip()[:1] in "、，,;；。" else _head_of(thing, LONGEST - 4)


def _after(spot: FigureSpot) -> str:
    """Return the words after a figure that name what it counts; "" where none do."""
    right, figure = spot.right.strip(), spot.figure
    if not right or right[0] in ")）(（—-,，;；:：。.!！?？、" or MARK_PASSED.match(right):
        return ""
    right = _GRADE.sub("", right)
    if right.startswith("的"):
        return _noun(right[1:], spot)
    if unit_kind(figure.unit) == "money":
        return ""
    if unit_kind(figure.unit) == "share":
        return right if re.match("用于|投入|被", right) else ""
    if _PREPOSITION.match(right) and not is_count(figure.unit):
        return ""
    return _noun(right, spot)


def _noun(right: str, spot: FigureSpot) -> str:
    """Cut the words after a figure where the next figure's own begin."""
    if spot.shared and (verb := ACT_AT.search(right, 2)):
        right = right[: verb.start()]
    if spot.shared and (verb := re.search(f"(?:{CHANGE}|{LEVEL})$", right)):
        right = right[: verb.start()]
    right = re.sub("[(（][^)）]*[)）]?", "", right).removesuffix("等").strip(_EDGE)
    return re.sub("(?:已经?|均|都|共|由)$", "", right)


def _with_right(left: str, right: str, spot: FigureSpot, memory: PrecedingNames) -> str:
    verb = _verb(left) or (memory.verb if spot.joined else "")
    memory.verb = verb or ("" if not spot.joined else memory.verb)
    room = LONGEST - len(verb)
    if len(right) > room:
        right = _head_of(right, room)
    measured = unit_kind(spot.figure.unit) in ("money", "share", "measure")
    if measured and left and not _BARE_MONEY.match(left) and left != verb:
        memory.base = left
        return left if spot.right.startswith("的") else left + right
    if not (spot.left or spot.joined) and spot.figure.start > spot.clause.start:  # 301户611人全部脱贫
        right = memory.base.removesuffix(right) + right
    memory.base = verb + right
    if _BARE_MONEY.match(left):
        return right + left
    return verb + right


def _head_of(right: str, room: int) -> str:
    """Keep the first words of a long phrase, up to a joint."""
    joints = [m.start() for m in re.finditer("、|和|及|并|进行|的", right[: room + 1]) if m.start() >= 4]
    verbs = [m.start() for m in ACT_AT.finditer(right[:room]) if m.start() >= 4]
    at = max(joints + verbs, default=room)
    return right[:at]


def _with_left(left: str, spot: FigureSpot, memory: PrecedingNames) -> str:
    verb = _verb_first(left)
    if verb and not (spot.joined and _ATTRIBUTIVE.match(verb)):
        memory.verb = verb
    elif spot.joined and memory.verb and left and not _SUM.search(left):
        left = memory.verb + left
    elif not spot.joined:
        memory.verb = ""
    memory.base = left or memory.base
    return left


def _verb(left: str) -> str:
    """Return the verb that governs what follows ``left``: the last one, or the one a list of things hangs on."""
    left = _QUOTED.sub("", left)
    words = re.sub("(?:了|全市|全省|全区|全县|各地|各类|各级|近|约|一批){1,9}$", "", left)
    found = list(ACT_AT.finditer(words))
    if not found:
        return ""
    adjacent = found[-1].end() == len(words) and not words.endswith("、")
    listed = not adjacent and (words.endswith("等") or "、" in words)
    last = found[0] if listed else found[-1]
    together = re.search(f"(?:{ACT})+$", words[: last.end()])
    near = listed or len(words) - last.end() <= 2
    return (together[0] if together else last[0])[-6:] if near else ""


def _verb_first(left: str) -> str:
    match = re.match(f"(?:省市县|市区两级|各地|新)?(?P<verb>(?:{ACT})+)了?", left)
    return match["verb"] if match and match.end() < len(left) else ""


def _of_growth(growth: re.Match[str], spot: FigureSpot, memory: PrecedingNames) -> str:
    subject, verb = growth["subject"], growth["verb"]
    if "分别" in growth[0]:
        return _dealt(growth[0], memory)
    subject = cleaned(subject)
    if _WEAK.fullmatch(subject) or subject.startswith("比"):
        subject = (memory.base or _of_clause_before(spot)) + subject
    memory.base = subject
    return subject + verb


def _of_clause_before(spot: FigureSpot) -> str:
    """Return what the clause before tells of, for one that has no noun of its own: …率再创新高，达到98.5%."""
    words = cleaned(spot.before)
    end = _PREDICATE.search(words)
    return words[: end.start()] if end and end.start() > 1 else words


def _dealt(left: str, memory: PrecedingNames) -> str:
    """Deal what stands before 分别 out to this figure and those that follow."""
    subject, _, rest = left.rpartition("分别")
    change = growing("它" + rest)
    verb = change["verb"] if change else ""
    whole = cleaned(re.sub("(?:同比|环比|年均)$", "", subject)) or memory.base
    parts = [part for part in _PARTS.split(whole) if part]
    if len(parts) > 1:
        head = _SHARED_HEAD.search(parts[-1])
        parts = [part if not head or _SHARED_HEAD.search(part) else part + head[0] for part in parts]
    elif whole.startswith("城乡"):
        parts = [f"{half}{whole[2:]}" for half in ("城镇", "农村")]
    memory.base = whole
    named = [part + verb for part in parts] or [verb]
    memory.waiting[:] = named[1:] or named
    return named[0]
