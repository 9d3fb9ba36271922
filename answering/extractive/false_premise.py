"""Check a figure that the question takes for granted, and correct it with the cited one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.lexicon.phrases import phrase
from answering.question.unit_classes import comparable
from answering.values.answer import StatementKind
from retrieval.quantities import Figure, Sort, agrees, figures

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext
    from answering.extractive.draft_answer import AnswerDraft
    from answering.extractive.sentence_selection import SelectedSentence

_ASKS_WHETHER = re.compile(
    r"[吗吧么][?？。!！]*$|还(?:是|要|会)|是不是|是否|对不对|对吧|属实|没错|真的|\b(?:still|right|true|correct)\b|^(?:is|are|was|were|did|does|do|has|have) "
)
_SMALL = 12  # 四个城市, 三个部分: small counts frame a question and claim nothing


def asserted(folded: str, *, confirm: bool = False) -> tuple[Figure, ...]:
    """Return the figures a question (folded) states as a fact; spans of time where it asks to confirm.

    One that only says which things are asked of (占三成以上的有多少种) states nothing.
    """
    return tuple(
        f
        for f in figures(folded)
        if f.sort is Sort.QUANTITY
        and f.unit
        and (f.value > _SMALL or f.unit in ("%", "元"))
        and (confirm or not _is_time(f))
        and (confirm or f not in qualifying(folded))
    )


def qualifying(folded: str) -> tuple[Figure, ...]:
    """Return the figures of a question (folded) that say which things are asked of: 占三成以上的有多少种."""
    return tuple(
        f
        for f in figures(folded)
        if f.sort is Sort.QUANTITY and f.unit and not _is_time(f) and folded.startswith("的", f.end)
    )


def _is_time(figure: Figure) -> bool:
    return figure.unit in ("年", "月", "日", "天", "小时", "分钟", "个月")


def check(
    draft: AnswerDraft, desk: QuestionContext, find: SelectedSentence, claims: tuple[Figure, ...]
) -> str | None:
    """Say whether the sentence found bears out the figures that the question asserts.

    Returns the verdict, "true" or "false", where the question asks for one; None where it does not.
    """
    verdict = None
    for claim in claims:
        rivals = [f for f in find.line.figures if comparable(f, claim)]
        if not rivals:
            continue
        number = draft.cite_line(find.line)
        same = next((f for f in rivals if agrees(claim, f) or f.value == claim.value), None)
        verdict = "false" if same is None or verdict == "false" else "true"
        if same is not None:
            words = phrase("confirmed", desk.question.language, found=same.text)
        else:
            nearest = find.figure if find.figure in rivals else rivals[0]
            words = phrase("corrected", desk.question.language, found=nearest.text, asked=claim.text)
        draft.say(words, number, manner=StatementKind.COMPUTED)
    return verdict if _ASKS_WHETHER.search(desk.question.folded) else None
