"""Part and whole: a list's common figure told of one of its items, a figure told of the item beside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.judge.nearness import covered, expanded
from answering.judge.quantity_match import MatchLevel, converted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.judge.binding import FactTie
    from answering.judge.reading import TextReading
    from retrieval.quantities import Figure

_ITEM = re.compile("[、]|以及|和|及|与")
_VERB = re.compile(
    "^(?:建设|建成|新建|改造|打造|完成|实施|新增|培育|创建|整治|提升|引进|修建|改建|发展|推进|生产|销售){1,2}"
)
_NARROW = re.compile(
    "(?:输出到|流向|来自|面向|投向|在|对|向|用于|与)[一-龥]{1,10}(?:投资|的)?$|(?:周边|境外|境内|省外|县域|农村|乡村|城镇|中小|规模以上|重点|新型|民营|外资|国有|初中|高中|小学|职业)$"
)
_ENOUGH = 2  # items beside the named one
_LEVEL = re.compile(
    "(?P<country>^全国|国家级)|(?P<province>(?:省部?|自治区)级)|(?P<city>地?市级)|(?P<county>[县区旗]级)"
)  # who gives a title: 省级文明村


def list_part(claim: TextReading, sources: Sequence[TextReading], bound: Sequence[FactTie]) -> str:
    """Return the items that the claim leaves out of a list which a figure counts together; "" for none."""
    if re.search("等|各类|合计|一共|共计", claim.folded):
        return ""
    for tie in bound:
        if tie.found is None or tie.match is MatchLevel.NONE or tie.repeated:
            continue
        source = sources[tie.source]
        head = source.folded[tie.found.clause.start : tie.found.figure.start]
        if "分别" in head or re.search(r"\d", head) or head.endswith(("、", "和", "及", "与")):
            continue
        items = [i for i in _ITEM.split(_VERB.sub("", head)) if len(i) > 1]
        if len(items) <= _ENOUGH:
            continue
        said = expanded(claim.folded[tie.said.clause.start : tie.said.clause.end])
        held = [i for i in items if covered(i, said) > 0.6]
        lost = [i for i in items if covered(i, said) < 0.34]
        if held and lost:
            return "、".join(lost)
    return ""


def narrowing(claim: TextReading, sources: Sequence[TextReading], bound: Sequence[FactTie]) -> str:
    """Return the words before a printed thing that narrow it and that the claim has not; "" for none."""
    for tie in bound:
        if tie.found is None or tie.match is MatchLevel.NONE:
            continue
        head = sources[tie.source].folded[tie.found.clause.start : tie.found.figure.start]
        head = _ITEM.split(head)[-1]
        said = claim.folded[tie.said.clause.start : tie.said.clause.end]
        for at in range(1, len(head)):
            if head[at : at + 2] in said and (found := _NARROW.search(head[:at])):
                if covered(found[0], expanded(claim.folded)) < 0.5:
                    return found[0]
                break
    return ""


def level_exchanged(ties: Sequence[FactTie]) -> str:
    """Return the word for who gave what a printed figure counts where a claim has another giver; "" for none.

    236名省级及以上劳动模范 are no 236名全国劳动模范; where one side names no level nothing is said.
    """
    for tie in ties:
        if tie.found is None or tie.match is MatchLevel.NONE:
            continue
        said, there = _levels(tie.said.subject), _levels(tie.found.subject)
        if said and there and not said.keys() & there.keys():
            return next(iter(there.values()))
    return ""


def _levels(subject: str) -> dict[str, str]:
    """Return the levels that the name of a counted thing (folded) has, each with its word."""
    return {str(found.lastgroup): found[0] for found in _LEVEL.finditer(subject)}


def shifted_digits(said: Figure, printed: Sequence[Figure]) -> bool:
    """Tell whether a claimed number is a printed one with its point moved: 4600亿 for 4.6万亿."""
    digits = said.value.normalize().as_tuple().digits
    if len(digits) < 2 or said.value == 0:
        return False
    for one in printed:
        value, _ = converted(one, said)
        if value and value != said.value and value.normalize().as_tuple().digits == digits:
            return True
    return False
