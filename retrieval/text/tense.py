"""Done or planned: what a passage tells of, and what a question asks for.

Reports name the same measure twice, once as it was reached and once as it is aimed at, in words that both
legs of a search find equally near. What tells them apart are the headings above and a few words of intent.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval.text.normalize import fold
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from retrieval.values.documents import Document, Passage

_PLAN_HEADING = re.compile("目标|任务|安排|重点工作|部署|展望|打算|计划|今后|下一步")
_DONE_HEADING = re.compile("回顾|成就|成绩|成效|过去|历程|做法|进展")
_PLAN_TEXT = re.compile("预期目标|目标是|力争|建议今年|计划(?!单列)")
_PLAN_ASKED = re.compile(
    "目标|计划(?!单列)|预期|力争|打算|争取|规划|控制在|安排|下一步|今后|明年|将(?!军)|拟"
    r"|\b(?:targets?|plan(?:s|ned)?|aims?|goals?|expect(?:s|ed)?|will|next year)\b"
)
_DONE_ASKED = re.compile(
    "上一?年|去年|过去|已经?|(?:完成|达到|实现|做|取得)了|累计|了多少"
    r"|\b(?:last year|already|achieved|reached|completed|did|was|were|has|have)\b"
)
_PLAN_BEGINS = re.compile(
    "[二三四五六]、[^。，,；;]{0,24}?(?:工作安排|重点工作|目标任务|主要目标|总体要求|工作部署|工作任务|重点任务|主要任务)"
    "|(?:做好|抓好)(?:20\\d\\d年|今年)(?:的)?(?:政府)?(?:各项)?工作|今年[^。，,；;]{0,12}工作的?(?:总体|指导)"
    "|(?:政府工作的?)?总体(?:要求|思路)是|发展的?(?:主要)?(?:预期)?目标[是为:：]|预期目标[是为:：]"
)
_LOOKS_BACK = re.compile("这五年|五年来|过去的?[一五]年|五年间")
_EARLIEST = 0.1  # share of a report before which no plan begins
_FIGURE_ASKED = re.compile(
    r"多少|几[个条家项所座名人万亿]|多[大高长]|百分之几|\bhow (?:many|much|large|long|high)\b"
)


class Tense(IntEnum):
    """What a passage tells of; ``OPEN`` where nothing decides."""

    DONE = -1
    OPEN = 0
    PLANNED = 1


@lru_cache(maxsize=64)
def plan_begins(text: str) -> int | None:
    """Return the offset from which a report tells of what is to come; None where no words open that part.

    A report looks back first and sets the aims of its year after that, in two parts.
    """
    found = _PLAN_BEGINS.search(text, int(len(text) * _EARLIEST))
    return found.start() if found else None


def by_part(passage: Passage, document: Document) -> Tense:
    """Return what the part of a report that a passage is in tells of; OPEN where sections are headed."""
    if document.genre is not Genre.REPORT or document.year is None:
        return Tense.OPEN
    begins = plan_begins(document.text)
    if begins is None or any(_headed(one.title) is not Tense.OPEN for one in document.sections):
        return Tense.OPEN
    if passage.end <= begins:
        return Tense.DONE
    return Tense.OPEN if _LOOKS_BACK.search(passage.text) else Tense.PLANNED


def _headed(heading: str) -> Tense:
    """Return what a heading says of what stands under it."""
    planned, done = _PLAN_HEADING.search(heading), _DONE_HEADING.search(heading)
    if bool(planned) == bool(done):
        return Tense.OPEN
    return Tense.PLANNED if planned else Tense.DONE


def told(passage: Passage, document: Document) -> Tense:
    """Return what a passage tells of: by the outermost heading that decides, its part, or its words."""
    if document.genre is Genre.REGULATION:
        return Tense.OPEN
    for heading in passage.heading:
        if (headed := _headed(heading)) is not Tense.OPEN:
            return headed
    if (part := by_part(passage, document)) is not Tense.OPEN:
        return part
    return Tense.PLANNED if _PLAN_TEXT.search(passage.text) else Tense.OPEN


def asked(question: str) -> float:
    """Return how much a question asks for what is planned (1) or done (-1); 0 where it does not say.

    A figure that is asked for with no word on it is rather one that was reached than one that is aimed at.
    """
    folded = fold(question)
    if _PLAN_ASKED.search(folded):
        return 1.0
    if _DONE_ASKED.search(folded):
        return -1.0
    return -0.5 if _FIGURE_ASKED.search(folded) else 0.0
