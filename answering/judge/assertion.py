"""What a sentence asserts beside its figures: negation, modality, quantifiers, superlatives, cause, condition.

Each class of words is a slot; what a claim has in a slot the evidence must have as well.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Words with 不, 未, 无, 非 in them that deny nothing.
_WHOLE = re.compile(
    "不变价|无锡|无为[市县]|无极县|无棣|不丹|不断|不仅|不但|不只|不光|不同|不[得能可应宜准许]?(?:超过|超出|低于|少于|高于|多于|大于|小于)|不少|不足|不懈|不忘|不久|不论|不管|不到|不得不|不文明|不良|不是.{0,8}而是|不动产|未成年|未来|无障碍|无偿|无论|无人机|无线|无缝|无数|无害|非遗|非常|非机动|非公|非物质|非法|非化石|除非|区别|特别|分别|级别|个别|类别|性别|no more than|not more than|no less than|not only"
)
_NOT = re.compile(
    r"并未|没有|从未|尚未|不再|禁止|严禁|不|未|没|无(?=需|须|[^\s]{1,3})|(?<![a-z])(?:never|not|no|without|neither|nor|n't)(?![a-z])"
)
_CLASSES: dict[str, re.Pattern[str]] = {
    "must": re.compile(
        r"应当|(?<![供适响反相对照呼效顺感回])应(?![急用对收届聘邀变答援诉验力激征酬有])|必须|须|务必|强制|一律|要求|shall|must|(?<![a-z])ha(?:s|ve) to|required|obliged|mandatory|compulsory"
    ),
    "must_not": re.compile(
        r"(?:不得|不能|不准|不许|不可(?!或))(?!超过|超出|低于|少于|高于|多于|大于|小于)|禁止|严禁|不允许|must not|may not|shall not|cannot|prohibited|forbidden|banned"
    ),
    "may": re.compile(
        r"(?<!不)可以?(?![持比再靠支见行观穿])|(?<!不)允许|有权|(?<![a-z])(?:may(?! not)|can(?!not)|allowed|permitted)(?![a-z])"
    ),
    "encourage": re.compile("鼓励|倡导|提倡|支持|引导|encourag|support"),
    "all": re.compile(
        r"所有|全部|一律|都(?![市会])|均(?![衡价值])|每[个位名户家一]?|任何|凡|全体|全覆盖|百分之百|100%|各(?![类项界级])|(?<![a-z])(?:all|every|each|entire|any|whole)(?![a-z])"
    ),
    "only": re.compile(r"只(?![读有])|仅(?!仅)|唯一|(?<![a-z])(?:only|sole|solely)(?![a-z])"),
    "superlative": re.compile(
        r"最(?!近|[高多长低少短]\s?[\d一二两三四五六七八九十百千]|后|终|低工资|低生活|低标准|高法|高检)|首[个位次家批创]|第一(?!产业|书记|批|季|轮|次|时间)|榜首|居首|领先|纪录|历史新高|率先|名列前茅|(?<![a-z])(?:most|largest|highest|biggest|lowest|best|first|record|leading|ranks?|ranked)(?![a-z])"
    ),
    "cause": re.compile(
        r"因为|由于|得益于|归因|因此|因而|所以|导致|使得|原因|主要靠|靠着|(?<![a-z])(?:because|due to|thanks to|owing to|driven by|caused?|result of|led to)(?![a-z])"
    ),
    "exception": re.compile(r"除外|例外|另有规定|但是?(?=[^，。]{0,20}除)|except|unless|other than|exclud"),
    "condition": re.compile(
        r"逾期|拒不|情节严重|情节较重|造成.{0,8}后果|经.{1,14}(?:批准|同意|许可|审批)|如果|若(?!干)|符合.{0,10}条件|的[,，](?:由|处|可|应|责|予|不)|期满|届满|前提|(?<![a-z])(?:if|when|once|provided|fail\w*|subject to|after approval)(?![a-z])"
    ),
    "compare": re.compile(
        r"高于|低于|快于|慢于|超过全[国省]|比.{1,14}[高低快慢多少]|好于|优于|不如|than(?! \d)|outpac|exceed(?:ed|ing|s)? (?:the )?(?:national|average)"
    ),
    "repeat": re.compile(r"再次|两次|二次|屡|连续|第二次|又一次|again|repeated|second time|consecutive"),
    "cumulative": re.compile(
        r"累计|五年来?|以来|三年来?|年均|十[二三四五]五|期间|cumulative|five years|since|over the (?:past|last)|annual average|a year on average"
    ),
    "part": re.compile(
        r"其中|部分|大部分|之一|多数|一些|(?<![a-z])(?:some|part|including|of which|among)(?![a-z])"
    ),
    "finished": re.compile(
        r"建成|完工|竣工|投用|投入使用|投产|投运|通车|开通|运营|落成|全面完成|设立|开始办理|正式|completed|opened|in operation|finished|put into use"
    ),
    "begun": re.compile(
        r"开工|启动|推进|加快|动工|在建|开展|筹建|谋划|前期|获批|批复|签约|争创|申报|under construction|started|launched|began|approved|preparing"
    ),
}
_OPPOSITES = tuple(
    (re.compile(a), re.compile(b))
    for a, b in (
        (
            "增|上升|提高|提升|扩大|涨|上调|升至|升到|rose|increas|grew|grow|rais|expand",
            "减|降|缩小|缩短|回落|下调|收窄|压缩|跌|fell|fall|decreas|declin|drop|reduc|narrow|cut",
        ),
        ("撤销|取消|废除|关闭|停止|abolish|cancel", "保留|成立|设立|建立|开设"),
        ("拆除|demolish", "新建|建成|安装|建设"),
        ("关停|停产|淘汰|shut down", "新上|上马|投产|新建"),
        ("快于|高于|多于|优于|好于|领先|faster|higher|above", "慢于|低于|少于|落后|逊于|slower|lower|below"),
        ("以前|之前|before", "以后|之后|after"),
        ("最高|highest", "最低|lowest"),
        ("出口|export", "进口|import"),
        ("流入|迁入|净流入", "流出|迁出|净流出"),
        ("有偿|收费|付费", "无偿|免费|free"),
        ("城镇|城市|urban", "农村|乡村|农民|rural"),
        ("每月|月均|monthly|per month|a month", "每年|年均|全年|annual|per year|a year"),
        ("全部|所有|全面|(?<![a-z])all(?![a-z])", "部分|多数|一半|(?<![a-z])some(?![a-z])|partly"),
        ("登记", "调查"),
        ("出口|export", "进口|import"),
        ("以上|不低于|不少于|至少|at least", "以下|以内|不超过|不高于|至多|at most"),
    )
)


@lru_cache(maxsize=8_192)
def slots(folded: str) -> frozenset[str]:
    """Return the classes of assertion whose words a text (folded) has."""
    found = {name for name, words in _CLASSES.items() if words.search(folded)}
    return frozenset(found)


_STRENGTH = ("must_not", "must", "may", "encourage")
_SCOPE = re.compile("全[国省市区县球]|世界|国内|中西部|西部|中部|东部|全自治区")


def modality(folded: str) -> str:
    """Return how a text (folded) binds: must_not, must, may, encourage, or nothing."""
    found = slots(folded)
    return next((name for name in _STRENGTH if name in found), "")


def modality_fault(claim: str, source: str) -> str:
    """Return how a claim binds otherwise than the part of the source that it speaks of: stronger, weaker, reversed."""
    said, there = modality(claim), modality(source)
    if not said or not there or said == there:
        return ""
    if {said, there} == {"must_not", "may"} or {said, there} == {"must_not", "encourage"}:
        return "reversed"
    if said == "must" and there in ("may", "encourage"):
        return "stronger"
    return "weaker" if there == "must" and said in ("may", "encourage") else ""


def scopes(folded: str) -> frozenset[str]:
    """Return the areas over which a text (folded) ranks something."""
    return frozenset(_SCOPE.findall(folded))


@lru_cache(maxsize=8_192)
def denials(folded: str) -> int:
    """Return how often a text (folded) denies something."""
    return len(_NOT.findall(_WHOLE.sub("", folded)))


def reversed_words(claim: str, source: str) -> str:
    """Return a word of a claim of which the source has only the opposite; both folded."""
    for one, other in _OPPOSITES:
        for here, there in ((one, other), (other, one)):
            said = here.search(claim)
            if said and not here.search(source) and there.search(source) and not there.search(claim):
                return said[0]
    return ""
