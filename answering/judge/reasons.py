"""Why a verdict was given, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.judge.values import ClaimVerdict

if TYPE_CHECKING:
    from answering.judge.claim_differences import Comparison, Difference

_WORDS = {
    "figure": "“{said}”在原文里说的不是这一项，这一项是{right}",
    "value": "原文是{right}，不是{said}",
    "absent": "原文没有“{said}”这个数",
    "bound": "原文是{right}，不是{said}",
    "role": "“{said}”的意思不同，原文是“{right}”",
    "direction": "升降方向与原文相反，原文是“{right}”",
    "place": "原文说的不是{said}",
    "year": "原文说的不是{said}",
    "scope": "原文只说到{right}",
    "rank": "原文没有这个位次：{said}",
    "modality": "约束的轻重与原文不同",
    "quote": "引号里的话不是原文：{said}",
    "words": "原文没有这样说：{said}",
    "content": "原文没有提到：{said}",
}
_STATE = {"done": "原文是目标或计划，不是已完成的结果", "planned": "原文是已完成的结果，不是计划"}


def reason_of(verdict: ClaimVerdict, comparison: Comparison) -> str:
    """Return a sentence on why a claim got its verdict."""
    if verdict is ClaimVerdict.SUPPORTED:
        return "原文支持这句话。"
    found = comparison.decisive
    if found is None:
        return "原文没有写到这句话的全部内容。" if verdict is ClaimVerdict.PARTLY else "原文没有写到。"
    return told(found) + "。"


def told(difference: Difference) -> str:
    """Return one difference in words."""
    if difference.kind == "state":
        return _STATE[difference.said]
    template = _WORDS.get(difference.kind, "与原文不符")
    right = difference.right or "另一项"
    return template.format(said=difference.said, right=right)


def right_of(comparison: Comparison) -> str:
    """Return the right value where the evidence has one for a wrong one."""
    kinds = ("value", "figure", "bound")
    return next((d.right for d in comparison.differences if d.kind in kinds and d.right), "")
