"""The values of a document's particulars, each with its offsets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ParticularKind(StrEnum):
    """What is told: the elements of an official document (GB/T 9704-2012), of a meeting, and of a task."""

    NUMBER = "number"  # 发文字号
    ISSUER = "issuer"  # 发文机关署名
    ISSUED = "issued"  # 成文日期、印发日期, or the day below the title
    IN_FORCE = "in_force"  # 施行日期
    CHAIR = "chair"  # 主持
    PRESENT = "present"  # 出席、参加
    ABSENT = "absent"  # 请假、缺席
    OBSERVERS = "observers"  # 列席
    LEAD = "lead"  # 牵头单位、责任单位
    ITEM = "item"  # a numbered task or point


@dataclass(frozen=True, slots=True, kw_only=True)
class Particular:
    """One thing told: ``text[start:end]`` are the words to quote.

    ``topic`` are the offsets of what it is told of: the paragraph of a task, or the head of the document.
    """

    kind: ParticularKind
    start: int
    end: int
    topic: tuple[int, int]
    number: int = 0  # of an item
    rank: int = (
        0  # of several of a kind that tell of the same, the lowest is the nearest to what is asked for
    )

    def of(self, text: str) -> str:
        """Return the words to quote."""
        return text[self.start : self.end]
