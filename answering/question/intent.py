"""What a question is after: the work it asks for, and the kind of thing that would answer it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from retrieval.quantities.units import CHINESE_UNIT, fits

if TYPE_CHECKING:
    from answering.lexicon.thesaurus import Lexicon


class Intent(StrEnum):
    """The work that a question asks for."""

    LOOKUP = "lookup"  # one fact
    LIST = "list"  # all that was done, or how
    OUTLINE = "outline"  # the parts of a text
    SECTION = "section"  # what the n-th part says
    TITLE = "title"
    CORPUS = "corpus"  # what there is: places, occasion, speakers, dates
    COMPARE = "compare"
    SUPERLATIVE = "superlative"
    DIFFERENCE = "difference"
    SUM = "sum"
    WHICH = "which"  # which places say this


@dataclass(frozen=True, slots=True)
class ExpectedAnswer:
    """The kind of thing that would answer: a figure in certain units, a name, a time, a person."""

    kind: str = ""  # "figure", or a kind of the lexicon that is told in words: "name", "date", "manner" …
    units: tuple[str, ...] = ()  # measure words that such a figure bears
    named: bool = False  # the question itself names the unit: 几条

    @property
    def asks(self) -> bool:
        """Whether the question says what it wants."""
        return bool(self.kind)


_NUMERAL = "[一二三四五六七八九十两0-9]"
_DOCUMENT = (
    r"(摘编|材料|文件|文档|文章|语料|资料|汇编|库|文集|合集|document|corpus|collection|material|compilation)"
)
_CITIES = r"(城市|市|地方|地区|省|cit(y|ies)|places?)"

_RULES: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        Intent.CORPUS,
        re.compile(
            rf"{_DOCUMENT}.{{0,12}}(哪|几|多少|什么|which|what|how many|four).{{0,8}}{_CITIES}(的|里的)?(发言|讲话|报告|材料)?[?？。]*$"
            rf"|(哪|几|多少|什么|which|what|how many).{{0,10}}{_CITIES}.{{0,24}}({_DOCUMENT}|收录|收了|收进|入选|included|in here)"
            rf"|(你|这里|库里|目前|现在)(都|能|可以)?(有|知道|查|收录了?|收了)(哪|几|多少).{{0,4}}{_CITIES}"
            rf"|^(这里|这儿|库里|目前|现在|你|都|总共|一共|收录|材料){{0,3}}(有|收录了?)哪(些|几个?){_CITIES}(的)?(发言|讲话|报告|材料|数据)?[?？。]*$"
            r"|(谁|哪些人|哪位|什么人)(来)?(的|作|做)?(的)?(政府工作)?(发言|讲话|报告)|(作|做|讲|念)(的)?(政府工作)?(发言|讲话|报告)(的)?(人)?是?(谁|哪位)|(发言|讲话|报告)(人|的[^,，。]{0,14})?是(谁|哪位)|(什么|哪个?|哪一?次|哪场|啥)(的)?(会议?|活动|培训班|场合|大会)(上|里|中)?"
            r"|(发言|讲话|材料|摘编|培训班|会议|活动).{0,6}(什么时候|哪一?年|何时|哪天|日期)|(什么时候|哪一?年|何时).{0,6}(举办|召开|开会|发言|讲话|讲的|办会|办班)的?[?？]*$"
            r"|编者|摘编.{0,4}第几|(为什么|为啥|为何|目的).{0,8}(摘编|编|汇编|收)|摘编.{0,10}(为什么|为了|目的)"
            r"|\b(at|on) (what|which) (event|meeting|occasion|conference|training)|(what|which) (event|meeting|training|occasion)"
            r"|when (was|were|did).{0,20}(speech|meeting|training|event)"
        ),
    ),
    (
        Intent.SECTION,
        re.compile(
            rf"第{_NUMERAL}+(个)?(大)?(大标题|小标题|标题|部分|章|节|方面|板块|块|条|段|大点|点|项)|最后一?(个)?(部分|章|节)|\b(first|second|third|fourth|last) (part|section)"
        ),
    ),
    (
        Intent.OUTLINE,
        re.compile(
            rf"({_NUMERAL}|几|哪几|哪|各)(个|大)?(大)?(部分|板块|章节|大点|篇章)|提纲|大纲|框架|目录|纲要|脉络|结构"
            r"|(几|各|大|小|分|级)(个|条)?(大|小)?标题|(发言|讲话|报告|材料|文章).{0,6}(讲了|分|写了|谈了|说了)(些)?(哪|几|什么|啥)|(概括|概述|总结|归纳|梳理).{0,12}(发言|讲话|报告|主题|内容)"
            r"|\b(outline|main (points|parts|sections|themes|headings)|structure of|section (titles|headings)|summar(y|ise|ize))"
        ),
    ),
    (
        Intent.TITLE,
        re.compile(
            r"(题目|标题|题名|篇名|名头|主标题)|题为|以.{0,2}(什么|啥)为题|叫什么题|\b(titled|headline)\b|title of .{0,40}(speech|report|talk|text)|(speech|report)'?s? .{0,20}title"
        ),
    ),
    (
        Intent.DIFFERENCE,
        re.compile(
            r"(相)?差(了|距)?(多少|几|多大)|比.{1,14}(多|少|高|低|大).{0,6}(多少|几)|(多|少|高|低|大)(出|了)?(多少|几)(?=[个条处项万倍户人家座分?？]|$)|差额|差值|相差|\bdifference|how many more|how much more|by how (much|many)"
        ),
    ),
    (
        Intent.SUPERLATIVE,
        re.compile(
            r"最(多|少|高|低|大|小|长|短|早|晚|快|广)(?!具|限)|(谁|哪个|哪座|哪一?个?(城市|市|省|地方))(的|家)?.{0,16}(更|比较|要|较)?(多|少|高|低|大|长|早)(一些|些|点)?[?？]*$"
            r"|(谁|哪个|哪边|哪家|哪座城市|哪个(城市|市))(家)?(做|改|建|拆|办|投|修|新增|清|做得|改得|建得)?(得)?(更)?(多|少|高|低|大)|排(名|序|第一)|第一名"
            r"|\b(most|highest|largest|biggest|fewest|lowest|least|more)\b(?! than)"
        ),
    ),
    (
        Intent.SUM,
        re.compile(
            r"(一共|总共|合计|加起来|总和|总计|加在一起|加一?(块|起)|拢共|共计|累计|之和|总数|加(?=[^以快强大速急]{1,12}(共|多少|几))|\btotal\b|altogether|combined|in all|sum)"
        ),
    ),
    (
        Intent.WHICH,
        re.compile(
            rf"(哪|几|多少|有没有|谁)(些|几个?|两个?|个|座|一个)?{_CITIES}|(有)?几(个|座|家)?(市|城市)?(讲|提|说|写)(到|了)|(有谁|谁家|谁)(在|也|都)?(提|说|讲|写|用|搞|做|建|拿|获|办|把|是|有)|^(which|what|how many) ({_CITIES})".replace(
                "({_CITIES})", _CITIES
            )
            + rf"|\b(which|how many)( of the)?( four)? {_CITIES}"
        ),
    ),
)

_LIST = re.compile(
    r"哪些|哪几|有什么|(都|分别|各)?(有|做|搞|出|用|采取|推出|开展|实施|建立|获得|拿)了?(哪|些什么|啥|几招)|怎么(做|搞|办|抓|推|安排|治|管|建|开展|落实|保障|解决|提升|弄|样)"
    r"|怎样|如何|什么(措施|做法|办法|举措|经验|机制|招|动作|行动|成效|成绩|荣誉|活动|变化|进展|手段|内容|方式|法规|制度|品牌)|靠(什么|啥)|通过(什么|哪)|几招|列(出|举)|分别(是|指)|包括"
    r"|怎么.{1,14}的|动作|做法|举措|措施|\b(how (do|does|did|is|are|was|were|has|have)|what (measures|steps|actions|mechanisms|programmes|programs|activities|titles|awards|kinds?)|list)\b"
)
_FIGURE_ASKED = re.compile(
    r"多少|(?<!哪)几(?!乎|经|招|样|方面)|率(是|为|达|有)?(多|几|呢|[?？]|$)|数(量|目)|总数|人数|[个的]数字?(是|有|呢|[?？]|$)"
    r"|多大(?!的?[程范力事问岁年])|how (many|much|large|big|long|high)"
)
_LATELY = re.compile(r"[这近前后头那]几(个)?[年天月]")
_OFTEN = re.compile(
    r"多久.{0,12}一?(次|回|轮|趟|遍)|隔多久|多(长|少)时间.{0,8}一(次|回)|几(个月|天|年).{0,8}一(次|回)|频率|频次|\bhow often\b"
)
_QUOTED = re.compile(r"[“《][^”》]{0,200}[”》]")
_RANK = re.compile(
    r"(?<!安)(?:排|位居|位列)[^,，。?？]{0,6}?(?:第?几(?![个家])|多少(?:[位名]|(?=[?？。呢啊]*$))|哪[一儿]?位|什么位|老几|位次|名次)|(什么|哪个)(位置|名次|位次)|\bwhat rank\b"
)
_HEIGHT = re.compile(r"多(高|深|宽)(?!的?(水平|质量))|\bhow (tall|high|deep|wide)\b")
_POINTS = re.compile(r"(几|多少)(个)?(百分)?点|(涨|增|降|跌)了?(几|多少)成")
_SUMS = re.compile(r"(几|多少)(个)?(万亿|千亿|百亿|亿|千万|百万)(元|块|钱|[?？了]|$)")
_COINS = re.compile(r"(?:多少|几[十百千万亿]?)块(?=钱|[?？。!！,，了呢啊吗吧的]*$)")
# A number that names one of several, and counts nothing: 第几届, 几号线, 几级.
_LABEL = re.compile(r"第几个?(届|批|期|次|轮|代|级|类)|几(号(?:线|楼|院|文|门|机)|级)")
_SCALE = re.compile(r"^[十百千万亿余]+(?=.)")  # the unit of 47万人 is 人
_SCALED_THING = re.compile(
    r"(?:几|多少)个?[十百千万亿]+(?=[一-鿿])(?![元块钱美港欧日了左以资投经])"
)  # 几亿游客 are no money
_MEASURED = re.compile(rf"(?:多少|几)[十百千万亿]*(?P<unit>{CHINESE_UNIT})")
_PLAIN = (
    (_OFTEN, ExpectedAnswer("frequency")),
    (_RANK, ExpectedAnswer("rank")),
    (_HEIGHT, ExpectedAnswer("figure", ("米", "公里"))),
    (_POINTS, ExpectedAnswer("figure", ("%", "百分点", "个百分点"))),
    (_SUMS, ExpectedAnswer("figure", ("元", "万元", "亿元"))),
    (_COINS, ExpectedAnswer("figure", ("元",))),
)
_WHICH_ONES = re.compile(r"哪(几|些|[一二两三四五六七八九十])")
_PRIORITY = (
    "company",
    "organisation",
    "date",
    "figure",
    "person",
    "name",
    "place",
    "city",
    "reason",
    "manner",
)
_WORDS_ONLY = frozenset(_PRIORITY) - {"figure"}


def want_of(text: str, lexicon: Lexicon) -> ExpectedAnswer:
    """Return what would answer the question ``text`` (folded)."""
    text = _LATELY.sub("", _QUOTED.sub("", text))
    if plain := next((want for pattern, want in _PLAIN if pattern.search(text)), None):
        return plain
    if label := _LABEL.search(text):
        return ExpectedAnswer("figure", (label[1] or label[2],), named=True)
    wanted = lexicon.wanted_in(text)
    kinds = {w.kind if w.kind in _WORDS_ONLY else "figure" for w in wanted}
    if _FIGURE_ASKED.search(text):
        kinds.add("figure")
    kind = next((k for k in _PRIORITY if k in kinds), "")
    if kind != "figure":
        return ExpectedAnswer(kind or ("manner" if _LIST.search(text) else ""))
    if _WHICH_ONES.search(text) and not _FIGURE_ASKED.search(text):
        return ExpectedAnswer("manner")
    measured = [w for w in wanted if w.kind not in _WORDS_ONLY]
    if _SCALED_THING.search(text):
        measured = [w for w in measured if w.kind != "money"]
    named = tuple(_SCALE.sub("", w.unit) for w in measured if w.unit)
    units = named or tuple(dict.fromkeys(u for w in measured for u in w.units))
    unit = None if units else _MEASURED.search(text)
    if unit is not None and fits(unit["unit"], text[unit.end() :][:1]):
        return ExpectedAnswer("figure", (unit["unit"],), named=True)
    return ExpectedAnswer("figure", units, bool(named))


def intent_of(text: str, want: ExpectedAnswer, *, places: int, everywhere: bool) -> Intent:
    """Return the work that the question ``text`` (folded) asks for, given what it wants and how many places it names."""
    several = places > 1 or everywhere
    for intent, pattern in _RULES:
        needs_several = intent in (Intent.DIFFERENCE, Intent.SUPERLATIVE, Intent.SUM, Intent.WHICH)
        if needs_several and not several:
            continue
        if intent is Intent.WHICH and places:
            continue
        if pattern.search(text):
            return intent
    if several:
        return Intent.COMPARE
    asks_list = want.kind == "manner" or (_LIST.search(text) and not _FIGURE_ASKED.search(text))
    return Intent.LIST if asks_list else Intent.LOOKUP
