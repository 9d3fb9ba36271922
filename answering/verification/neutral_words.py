"""Words that an answer frames its facts with and that claim nothing by themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_PHRASES = (
    "(?:主要|具体|大致|重点)?(?:包括|包含|涵盖|涉及|有|是|为|体现在|表现在|做了|体现为)(?:了|以下)?(?:几|两|三|四|五|多)?(?:个|项|点|方面)?",
    "(?:具体)?(?:措施|做法|举措|内容|情况|数据|成果|成效|方面|方式|途径|工作|事项|信息|数字|特点|经验)(?:上|中|里)?(?:如下|包括|有|是|为)?",
    "(?:根据|依据|按照|据)(?:以上|上述|这些|提供的)?(?:资料|材料|报告|讲话|发言|原文|文中)?(?:显示|可知|记载|提到|介绍|内容)?",
    "(?:资料|材料|报告|讲话|发言|原文|文中)(?:中|里)?(?:显示|提到|指出|介绍|表明|称)",
    "以下|如下|上述|此外|另外|同时|其中|并且|而且|以及|还有|例如|比如|诸如|等等|总之|首先|其次|再次|最后|一方面|另一方面|与此同时|即",
    "全市|该市|当地|本市|市里|城市|目前|当前|现在|如今|截至目前|截止目前|到目前为止|近年来",
    "涌现出?|进行|开展|实施|采取|实现|达到|达|成为|作为|得到|获得|提供|具有|拥有|存在|属于|使用|利用|通过|关于|对于|针对|围绕|用于|位于|位列",
    "总数|数量|人数|总计|共计|合计|一共|总共|累计|共有|(?<!公)共(?![同享建产])|总|约有|分别|各|均|都|也|还|又|就|已经|已|曾经|曾|正式|相关|有关|一系列|一批|一些|多个|多项|多种",
    "的|了|在|和|与|及|并将|并|而|且|是|为|有|对|从|到|由于|由|被|把|将|让|使|向|给|以|其|这|那|该|此|等|之|所|着|过|或|则|我们|他们|它们|吗|呢|可以|起来|出来",
)
_CHINESE = re.compile("|".join(_PHRASES))
_ENGLISH = re.compile(
    r"\b(?:a|an|the|of|in|on|at|to|for|by|with|from|and|or|as|is|are|was|were|be|been|has|have|had|its|their|his|it|they|this"
    r"|that|these|those|there|which|who|whose|into|over|under|more|than|about|around|nearly|also|both|all|total|number|city"
    r"|including|includes|include|such|per|each|other|up|out|so|far|since|between|among|through|while|where|not|no|will|can"
    r"|main|mainly|rate|one|created|added|reached|achieved|people|there|following|respectively|currently|now|approximately|some|several|many|various|s|according|said|municipal)\b"
)
_TIME = re.compile(
    r"(?:19|20)\d\d年(?:以来|以后|之后|起|底|初|末|度|至今|间)?|\d{1,2}月(?:份|底|初)?|\d{1,2}日|[今去前明]年|以来|截至|期间|\d+"
)


_ASKING = re.compile(
    "(?:列出|列举|说明|介绍|比较|概括|总结)(?:一下)?|多少|几[个条项家座名人次处]?|哪些|哪个|哪里|什么|如何|怎么样?|怎样|是否|有没有|做了|请问"
)


def asked_of(content: str) -> str:
    """Return the words of a question that say what it asks of, run together."""
    return bar(_ASKING.sub("|", content), [], english=content.isascii()).replace("|", "")


def bar(folded: str, spans: Iterable[tuple[int, int]], *, english: bool) -> str:
    """Return the text with bars in place of these spans and of all that claims nothing by itself."""
    chars = list(folded)
    for start, end in spans:
        chars[start:end] = "|" * (end - start)
    text = "".join(chars)
    for pattern in (_TIME, _ENGLISH if english else _CHINESE):
        text = pattern.sub(lambda m: "|" * len(m[0]), text)
    return text
