"""Done or planned: what a passage tells of, and what a question asks for.

Reports name the same measure twice, once as it was reached and once as it is aimed at, in words that both
legs of a search find equally near. What tells them apart are the headings above and a few words of intent.
"""

from __future__ import annotations

import re
from enum import IntEnum
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
_FIGURE_ASKED = re.compile(
    r"多少|几[个条家项所座名人万亿]|多[大高长]|百分之几|\bhow (?:many|much|large|long|high)\b"
)


class Tense(IntEnum):
    """What a passage tells of; ``OPEN`` where nothing decides."""

    DONE = -1
    OPEN = 0
    PLANNED = 1


def told(passage: Passage, document: Document) -> Tense:
    """Return what a passage tells of, by the outermost heading that decides, else by its words."""
    if document.genre is Genre.REGULATION:
        return Tense.OPEN
    for heading in passage.heading:
        planned, done = _PLAN_HEADING.search(heading), _DONE_HEADING.search(heading)
        if bool(planned) != bool(done):
            return Tense.PLANNED if planned else Tense.DONE
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
