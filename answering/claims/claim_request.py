"""Whether a message puts a claim, and the claim in it, without the words that ask for a check."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.question.message_classifier import load
from answering.question.message_features import features, message
from retrieval.quantities import figures, parse_number
from retrieval.quantities.numerals import plain
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext

CHECK = "核实："  # what /check and ``chengwen check`` put before a message
_LEAST = 0.5  # probability from which a message is taken for a claim
_ASKED = re.compile(r"多少|几个|几条|哪|什么|怎么|如何|为什么|谁|how many|how much|which|what|who|when|why")
_TAIL = re.compile(
    r"[,，;；。?？!！、\s]{0,4}(?:(?:这个?)?(?:话|数|说法|事|两个都|都|排名)?(?:我?(?:说得|没)?(?:对吗|对吧|对么|对不对?|对不|没错吧|是吗|是吧|是不是(?:真的)?|真的吗|真的假的|是真的吗?|是真事吗|属实吗?|准不准|靠谱吗|确有其事吗|"
    r"有(?:没有)?这回事吗?|有这事吧|是这样吗|是这么回事(?:吗|不)|是这么定的|是这个数吧|是这个排名吧|没吹牛吧|没记错吧|没看错吧|有冇講錯|有冇讲错|係咪|系咪|right|correct|is that so|true or false)))[,，。?？!！~\s]{0,6}$"
)
_SAID_IN = re.compile(
    r"[—\-,，。\s]{1,3}(?:这|它)?(?:话|数字?)?(?:都)?(?:是|在)?[^,，。—]{0,12}(?:报告|文件|讲话|致辞|公报)(?:里|中|上)?头?(?:是)?(?:这么)?(?:说|写|讲|提)(?:到|过)?的?(?:吧|吗|对吗|对吧|不)?[?？。\s]{0,3}$"
)
_HEAD = re.compile(
    r"^(?:请|麻烦)?(?:帮[我忙])?(?:核实|核查|求证|查证|核对|确认)(?:一下)?(?:[这以]?下?面?[这那]?[一二两三四五六几\d]{1,2}(?:点|条|件事|句话?|个(?:说法|数字?)))?[:：,，\s]*|^[^,，:：。]{0,8}帮我核一下[:：]|^(?:听(?:人)?说|有人说|我?看到有人说|都说|据说|我记得|可我看到说|is it (?:true|right|correct) that|is it the case that)[,，:：\s]*",
    re.IGNORECASE,
)


def is_claim(desk: QuestionContext) -> bool:
    """Tell whether a question puts a claim to be checked: by the words that ask it, or by the learned kinds."""
    asked = desk.question.asked
    folded = fold(asked)
    if _HEAD.match(folded) and not _ASKED.search(folded):
        return True
    if _ASKED.search(folded):
        return False
    tagged = _TAIL.search(folded) is not None or desk.question.confirm
    if tagged and (figures(claimed(asked)) or _TAIL.search(folded)):
        return True
    if (said := _SAID_IN.search(folded)) and figures(asked[: said.start()]):
        return True
    found = features(message(asked, desk.library.gazetteer, prefer=desk.library.places(), before=""))
    shares = load().probabilities(found, "kind")
    share = shares.get("claim", 0.0) + (shares.get("yes_no", 0.0) if tagged else 0.0)
    return share >= _LEAST


def is_tagged(asked: str) -> bool:
    """Tell whether a message says itself that it is to be confirmed: 对吧, 属实吗, 核实."""
    folded = fold(asked)
    return _TAIL.search(folded) is not None or _HEAD.match(folded) is not None


def claimed(text: str) -> str:
    """Return what a message claims, without the words that ask for a check at its ends."""
    before = None
    text = text.strip()
    while text != before:
        before = text
        folded = fold(text)
        if head := _HEAD.match(folded):
            text = text[head.end() :]
            folded = fold(text)
        if tail := _TAIL.search(folded) or _SAID_IN.search(folded):
            text = text[: tail.start()]
        text = text.strip(" ，,。？?！!；;")
    return text.replace("是不是", "").replace("是否", "")


_EACH = re.compile(
    r"每(?P<of>[十百千万\d]+)(?P<unit>[一-龥])(?P<thing>[一-龥]{0,8}?)里?(?:就|中|当中|，)?有(?P<n>[一二三四五六七八九\d]+)(?P=unit)"
)


def in_shares(text: str) -> str:
    """Tell a share that is told by examples as a share: 每十架无人机就有九架 → 无人机90%."""

    def share(match: re.Match[str]) -> str:
        of, part = parse_number(match["of"]), parse_number(match["n"])
        return f"{match['thing']}{plain(part / of * 100):f}%" if of and part and part < of else match[0]

    return _EACH.sub(share, text)
