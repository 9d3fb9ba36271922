"""Whether a sentence tells of what was done, is planned, stands, or is required by a rule."""

from __future__ import annotations

import re
from enum import StrEnum

_PLAN_HEADING = re.compile(
    "目标|任务|安排|重点工作|部署|展望|打算|计划|今后|下一步|总体要求|预期|(?:工作)?要求|纲要|民生实事|实事项目|政策取向|建议"
)
_DONE_HEADING = re.compile(
    "回顾|成就|成绩|成效|过去|历程|做法|进展|总结|一年来|五年来|发展成果|主要工作和|情况$"
)
_RULE_HEADING = re.compile(r"第[一二三四五六七八九十百\d]+[章节条]|总则|附则|法律责任")
_DONE = re.compile(
    r"已(?:经)?|了(?=[^解])|完成了|建成|达到|突破|实现了|过去|去年|上年|全年|以来|截至|累计|一年来|五年来|成功|顺利|超额|(?<![准筹])备案|投用|投运|通车|获批|获评|入选|荣获"
    r"|(?<![a-z])(?:has|have|had|was|were|rose|grew|fell|reached|completed|built|did|opened|became|dropped|cut|totall?ed|stood|achieved)(?![a-z])"
)
_STRONG_PLAN = re.compile(
    r"力争|争取(?!到|了)|拟(?!定(?![在为于])|订)|预计|打算|目标(?!任务(?:圆满|全面|顺利)?完成)|(?<![于超如出])预期|(?<![大部上麻])将(?=[^军领士才近]{0,2}(?:达|新建|建成|实现|完成|启动|开工|开通|开展|推动|推进|继续|进一步|全面|于|在))|明年|计划(?!单列|生育)|争创|确保|安排(?!了)|今年要|要(?=提高|达到|完成|建|改|新|增|实现|从|在|让|把|继续)|(?:^|[，,])要(?=[^求素点害闻约冲塞件员道地领])"
    r"|(?<![a-z])(?:will|plans? (?:to|for)|planned|aims?|targets?|targeted|goals?|projected|expect\w*|is to|are to|set (?:to|at)|seeks? to)(?![a-z])"
)
_STRONG_DONE = re.compile(
    r"已经|已(?=[^知])|(?<![比较])(?:去年|上年)|过去[一二三四五]?年|截至|累计完成|圆满完成|超额完成|如期(?:完成|建成)|成功(?!率)"
    r"|(?<![a-z])(?:has|have|had|was|were|rose|grew|fell|reached|completed|achieved)(?![a-z])"
)
# A target that is told of as met or as what a thing serves, and so is none: 超额完成年度目标, 以……为目标的.
_NO_TARGET = re.compile(
    "(?<!确保)(?<!力争)(?<!争取)(?:超额|圆满|全面|顺利|提前|如期|已经?)(?:完成|实现)[^,，;；。]{0,16}目标|以[^,，;；。]{2,16}为目标的"
)
# Words by which a claim tells a plan as one, beside those of the texts themselves.
_CLAIMED_PLAN = re.compile(
    "提出(?!的)|任务(?:是|包括|为|之一)|要求[^,，;；。]{3}|部署|规划|考虑"
    "|(?<![主重需摘纪首只不若想必概扼简次险机纲])要(?![求素点害闻约冲塞件员道地领么紧目义是])"
)
_RULED = re.compile(r"应当|不得|可以|禁止|严禁|处.{0,12}罚款|责令|鼓励|违反本")


class FactState(StrEnum):
    """What became, or is to become, of what a sentence tells."""

    DONE = "done"
    PLANNED = "planned"
    STANDING = "standing"
    REQUIRED = "required"
    OPEN = ""


def heading_state(heading: str) -> FactState:
    """Return what the headings above a sentence, outermost first and parted by "/", say; OPEN where nothing does."""
    for one in heading.split("/"):
        planned, done = _PLAN_HEADING.search(one), _DONE_HEADING.search(one)
        if _RULE_HEADING.search(one):
            return FactState.REQUIRED
        if bool(planned) != bool(done):
            return FactState.PLANNED if planned else FactState.DONE
        if planned and done:
            return FactState.DONE if done.start() > planned.start() else FactState.OPEN
    return FactState.OPEN


def tells_done(folded: str) -> tuple[str, ...]:
    """Return the words by which a text (folded) tells a thing as done."""
    return tuple(found[0] for found in _DONE.finditer(folded))


def claimed_state(clause: str, before: FactState = FactState.OPEN) -> FactState:
    """Return the state in which a claim's clause (folded) tells its fact; ``before`` is that of the clause before it.

    What says nothing of a plan is told as done.
    """
    clause = _NO_TARGET.sub("", clause)
    if _STRONG_PLAN.search(clause):
        return FactState.PLANNED
    if _RULED.search(clause):
        return FactState.REQUIRED
    if _CLAIMED_PLAN.search(clause):
        return FactState.PLANNED
    if _STRONG_DONE.search(clause):
        return FactState.DONE
    return before if before is FactState.PLANNED else FactState.OPEN


def stated(clause: str, sentence: str, heading: FactState) -> FactState:
    """Return the state of a clause of a text (all folded) under the state of its headings."""
    if heading is FactState.REQUIRED:
        return FactState.REQUIRED
    if heading is FactState.PLANNED:
        return (
            FactState.DONE
            if _STRONG_DONE.search(clause) and not _STRONG_PLAN.search(_NO_TARGET.sub("", clause))
            else FactState.PLANNED
        )
    if heading is FactState.DONE:
        return FactState.DONE
    if _STRONG_PLAN.search(_NO_TARGET.sub("", _to_its_end(sentence, clause))):
        return FactState.PLANNED
    if _STRONG_DONE.search(clause) or _DONE.search(clause):
        return FactState.DONE
    if _RULED.search(sentence):
        return FactState.REQUIRED
    return FactState.OPEN


def _to_its_end(text: str, clause: str) -> str:
    """Return a clause with what stands before it in its sentence: a plan told there goes on."""
    end = text.find(clause) + len(clause)
    begin = max(text.rfind(mark, 0, end - len(clause)) for mark in "。\n;；")
    return text[begin + 1 : end]
