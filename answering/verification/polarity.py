"""A claim says yes where its source says yes, and tells as done what its source tells as done."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.text.sentences import HAN
from retrieval.text.tense import Tense, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.evidence.lines import Line

# Words with 不, 未, 无, 非 in them that deny nothing.
_WHOLE = re.compile(
    r"(?:不是|并非|而非|而不是)(?=[约近超]{0,2}[\d一二三四五六七八九十百])|不断|不仅|不但|不只|不光|不同|不少|不超过|不低于|不少于|不足|不懈|不忘|不已|不久|不禁|不妨|不论|不管|不渝|不息|不可或缺|毫不|无不|莫不|不得不|不文明|不良"
    r"|未成年|未来|无私|无障碍|无偿|无论|无人机|无线|无缝|无微不至|无数|永无止境|非遗|非常|非机动|非公|非物质|非法|除非|没落|别是|别墅|区别|特别|分别|级别|个别|类别|性别"
)
_NOT = re.compile(
    rf"(?:并不|并未|并没有|从未|尚未|没有|不再|不|未|没|无|禁止|(?<![a-z])(?:never|not|no|without)(?![a-z]) ?)(?P<of>[{HAN}a-z]{{1,4}})"
)
_OPPOSITES = (
    (
        "增加|增长|上升|提高|新增|增多|扩大|rose|increas|grew",
        "减少|下降|降低|缩减|缩小|回落|fell|decreas|declin|drop",
    ),
    ("撤销|取消|废除|关闭|停止|abolish|cancel", "保留|保持|成立|设立|建立|开设|开通|不撤销"),
    ("拆除|demolish", "新建|建成|安装|建设"),
    ("允许|鼓励", "禁止|不得|严禁"),
    ("批评|处罚|罚款", "表彰|奖励"),
)
_OPPOSED = tuple((re.compile(a), re.compile(b)) for a, b in _OPPOSITES)
_PLAN = re.compile(
    r"力争|争取|拟(?![定订])|预计|打算|计划(?!单列)|(?<![大部上])将(?![军领士才])|今后|下一步|未来(?!社区)|明年|\bwill\b|\bplans? to\b|\bgoing to\b|\baims? to\b"
)
_OBJECT = re.compile("[把将使让]")
_GOING_ON = re.compile(
    r"正在|正朝|正加快|加快建设|加快打造|努力(?:把|使|让|建)|奋力争创|力求|着力使|致力|向.{0,12}迈进|朝着|全力把|积极构建"
)
_DONE = re.compile(
    r"已经?(?!有)|建成了?|(?:完成|实现|成为|达到|创建成功|打造成|建立|构建|形成|培养|打造|获得|升级为)了|成功(?!率)|\b(?:has|have) (?:been )?\w+ed\b|\bcompleted\b"
)
_SHARE = 3  # characters in common from which two clauses speak of one thing


def contradicted(text: str, lines: Sequence[Line]) -> str:
    """Return a word of ``text`` (folded) that is denied here and not in the lines, or there and not here."""
    sources = [_WHOLE.sub(_bars, x.folded) for x in lines]
    said = _WHOLE.sub(_bars, text)
    for match in _NOT.finditer(said):
        if not any(_denies(match["of"], source) for source in sources):
            return match[0]
    for source in sources:
        for match in _NOT.finditer(source):
            if _affirms(match["of"], source[: match.start()], said) and not _affirmed_elsewhere(
                match["of"], sources
            ):
                return match[0]
    return _opposite(text, lines)


def _bars(match: re.Match[str]) -> str:
    return "|" * len(match[0])


def _denies(word: str, source: str) -> bool:
    return any(m["of"][:2] == word[:2] or word[:1] == m["of"][:1] for m in _NOT.finditer(source))


def _affirms(word: str, before: str, said: str) -> bool:
    """Tell whether a word that the source denies stands undenied in the claim."""
    if len(word) < 2:
        return len(before) > 1 and before[-2:] + word in said
    at = said.find(word[:2])
    return at >= 0 and not any(m.start("of") == at for m in _NOT.finditer(said))


def _affirmed_elsewhere(word: str, sources: Sequence[str]) -> bool:
    return any(_affirms(word, "", source) for source in sources)


def _opposite(text: str, lines: Sequence[Line]) -> str:
    for one, other in _OPPOSED:
        for here, there in ((one, other), (other, one)):
            match = here.search(text)
            if (
                match
                and not any(here.search(x.folded) for x in lines)
                and any(there.search(x.folded) for x in lines)
            ):
                return match[0]
    return ""


def mistold(clauses: Sequence[str], lines: Sequence[Line]) -> str:
    """Return the words by which a claim tells as planned what its source tells as done, or the other way round."""
    for clause in clauses:
        source, planned = _nearest(clause, lines)
        if not source:
            continue
        plan = _PLAN.search(clause)
        if plan and not (
            _PLAN.search(source)
            or (plan[0] == "将" and _OBJECT.search(source))
            or _GOING_ON.search(source)
            or planned
        ):
            return plan[0]
        done = _DONE.search(clause)
        aimed = _PLAN.search(source) or _GOING_ON.search(source) or planned
        if done and aimed and not _DONE.search(source) and not _GOING_ON.search(clause):
            return done[0]
    return ""


def _nearest(clause: str, lines: Sequence[Line]) -> tuple[str, bool]:
    """Return the clause of the lines that has most in common with this one, and whether it stands under plans."""
    best, found, planned = _SHARE - 1, "", False
    for line in lines:
        for span in line.clauses:
            source = line.folded[span.start : span.end]
            common = sum(pair in source for pair in _pairs(clause))
            if common > best:
                best, found = common, source
                planned = told(line.passage, line.document) is Tense.PLANNED
    return found, planned


def _pairs(text: str) -> Iterator[str]:
    return (text[i : i + 2] for i in range(len(text) - 1))
