"""How a model says that the texts do not tell."""

from __future__ import annotations

import re

from retrieval.text.normalize import fold

_SILENT = re.compile(
    r"(?:资料|材料|报告|发言|原文|文中|文本|讲话|证据)(?:中|里|内)?(?:都|并)?(?:没有?|未|无)(?:有|明确|具体|直接)?(?:提到|提及|提供|说明|涉及|记载|给出|介绍|显示|找到|写明|列出)"
    r"|(?:没有|未|无)(?:找到|提及|提到|提供|查到)(?:相关|具体|有关)?(?:的)?(?:资料|信息|内容|数据)?(?:。|$)|无法(?:回答|确定|得知)"
    r"|\b(?:evidence|text|material|passage|source|report|document)s? (?:do|does|did)(?:es)?(?: not|n't) (?:tell|say|mention|provide|give|specify|state|include)|\bno information\b|\bnot (?:mentioned|specified|provided|stated)\b",
    re.IGNORECASE,
)


def tells_nothing(text: str) -> bool:
    """Tell whether a sentence says that the evidence holds no answer."""
    return _SILENT.search(fold(text)) is not None
