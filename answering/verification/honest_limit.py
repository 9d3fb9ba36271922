"""A model's word that the texts do not tell of a thing: proved by a search that finds no candidate for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.judge.nearness import covered, expanded, in_chinese
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from answering.evidence.lines import Line

_SOURCE = r"(?:资料|材料|原文|句子|文中|讲话|发言|报告|条例|证据)(?:里|中|内)?"
_NOT = r"(?:都|并|也|均|只|仍)?(?:没有?|未|不曾|并未|无)(?:有|能|曾)?(?:明确|直接|具体|单独)?"
_TOLD = r"(?:写到?|提到?|提及|给出|提供|说明?|涉及|记载|包含|找到|列出|公布|披露|交代)"
_SILENT = re.compile(
    rf"(?P<of>(?:[^，,。；;]{{0,16}})?){_SOURCE}(?:对[^，,。；;]{{0,16}})?{_NOT}{_TOLD}(?:的是)?(?P<thing>[^，,。；;]{{0,60}})"
    rf"|^{_NOT}(?:在{_SOURCE})?{_TOLD}(?P<bare>[^，,。；;]{{0,60}})|无法(?:回答|确定|得知|判断)(?P<unknown>[^，,。；;]{{0,60}})"
    r"|\b(?:evidence|texts?|documents?|passages?|sources?|materials?|reports?|speech(?:es)?)\b.{0,20}?\b(?:not|n't|no)\b(?: \w+)?"
    r"(?: (?:say|tell|mention|give|state|provide|specify|include|report))?(?P<english>[^,;.]{0,80})"
    r"|\b(?:no|not) (?:information|mention|evidence|data)\b|\bnot (?:say|mention|state|provided?|given|specified)\b"
)
_AFTER = re.compile(r"[，,；;。]\s*")
_FILLER = re.compile(
    "具体|相关|有关|的?(?:数据|数字|情况|信息|内容|资料|数值|说明|描述)|多少|是否|任何|这一|该|其|\\b(?:the|any|of|about|on|how|many|much|figures?|data|information)\\b"
)
_HELD = 0.75  # share of a thing's words from which a sentence is a candidate for it


def told_silent(text: str) -> re.Match[str] | None:
    """Return where a sentence says that the texts do not tell of something; None where it does not."""
    return _SILENT.search(fold(text))


def missing_thing(text: str) -> str:
    """Return what a sentence says the texts do not tell of, folded; empty where it names nothing."""
    found = told_silent(text)
    if found is None:
        return ""
    words = (found["thing"], found["bare"], found["unknown"], found["english"])
    said = next((word for word in words if word), "") or (found["of"] or "")
    return _FILLER.sub("", said).strip(" 。.,，“”\"'")


def what_is_told(text: str) -> str:
    """Return the part of a sentence that goes on after such a word: 只提到出口增长…; empty where none does."""
    found = told_silent(text)
    if found is None:
        return ""
    rest = text[found.end() :].lstrip("，,；;。 ")
    before = text[: found.start()].strip("，,；;。 ")
    return rest if re.search(r"\w", rest) else (before if re.search(r"\d", before) else "")


def candidates(thing: str, lines: Iterable[Line], *, figure: bool) -> list[Line]:
    """Return the sentences that could tell of ``thing`` (folded), with a figure where one is wanted."""
    words = in_chinese(thing)
    head = thing[-2:]
    return [
        line
        for line in lines
        if not line.is_heading
        and (not figure or line.figures)
        and (head in expanded(line.folded) or thing.isascii())
        and covered(words, expanded(line.folded)) >= _HELD
    ]
