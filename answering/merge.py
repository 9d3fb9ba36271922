"""One answer from the answers to the several questions of one message."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from answering.lexicon.phrases import phrase
from answering.values.answer import Answer, Citation, Outcome, Statement, StatementKind
from answering.values.chart import Chart, renumbered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.values.trace import Trace

_SHOWN = 24  # characters of a question that found nothing


def together(question: str, asked: Sequence[str], answers: Sequence[Answer]) -> Answer:
    """Return one answer with the statements of all, each citation numbered once.

    A question that found nothing is named as such between the others; where none found anything, the first
    one's outcome stands for all.
    """
    if not any(answer.outcome.is_answer for answer in answers):
        return replace(answers[0], question=question, trace=_record(answers))
    citations: list[Citation] = []
    statements: list[Statement] = []
    charts: list[Chart] = []
    for one, answer in zip(asked, answers, strict=True):
        if answer.outcome.is_answer:
            numbers = {c.number: number(c, citations) for c in answer.citations}
            before = len(statements)
            for own in answer.statements:
                said = replace(own, citations=tuple(numbers[n] for n in own.citations))
                if not _joined(said, statements, before, citations):
                    statements.append(said)
            drawn = renumbered(answer.chart, numbers)
            charts += [drawn] if drawn else []
        elif answer.outcome is not Outcome.OUT_OF_SCOPE:
            lead = one.strip(" ,，。;；?？")[:_SHOWN]
            silent = phrase("silent", answer.language)
            statements.append(Statement(text=silent, lead=lead, manner=StatementKind.FRAME))
    return Answer(
        question=question,
        outcome=Outcome.COMPUTED if any(a.computed for a in answers) else Outcome.ANSWERED,
        language=answers[0].language,
        statements=tuple(dict.fromkeys(statements)),
        citations=tuple(citations),
        computed=tuple(c for a in answers for c in a.computed),
        notes=tuple(dict.fromkeys(note for a in answers for note in a.notes)),
        trace=_record(answers),
        places=tuple(dict.fromkeys(p for a in answers for p in a.places)),
        chart=charts[0] if charts else None,
        verdict=_verdict(answers),
        seconds={
            stage: sum(a.seconds.get(stage, 0.0) for a in answers) for a in answers for stage in a.seconds
        },
    )


def _joined(said: Statement, statements: list[Statement], before: int, citations: Sequence[Citation]) -> bool:
    """Put a quotation together with the one of another question that it overlaps, if there is one.

    Two questions on one sentence are answered by parts of it, which are told as one.
    """
    spans = [_span(one, citations) for one in statements[:before]]
    own = _span(said, citations)
    for at, (one, span) in enumerate(zip(statements, spans, strict=False)):
        is_same = (one.lead, one.level, one.citations) == (said.lead, said.level, said.citations)
        if own and span and is_same and span[0] < own[1] and own[0] < span[1]:
            quote = citations[said.citations[0] - 1].quote
            statements[at] = replace(one, text=quote[min(span[0], own[0]) : max(span[1], own[1])])
            return True
    return False


def _span(said: Statement, citations: Sequence[Citation]) -> tuple[int, int] | None:
    """Return where the words of a statement stand in the one quotation that it cites; None elsewhere."""
    if said.manner is not StatementKind.QUOTED or len(said.citations) != 1:
        return None
    start = citations[said.citations[0] - 1].quote.find(said.text)
    return (start, start + len(said.text)) if start >= 0 else None


def _verdict(answers: Sequence[Answer]) -> str | None:
    """Return the verdict that all claims of a message share; partly where they differ."""
    each = {answer.verdict for answer in answers if answer.verdict is not None}
    told = each - {"unknown"} or each
    return next(iter(told), None) if len(told) < 2 else "partly"


def _record(answers: Sequence[Answer]) -> Trace:
    first, *rest = (answer.trace for answer in answers)
    return sum(rest, first)


def number(citation: Citation, citations: list[Citation]) -> int:
    """Return the number of a citation in the joint list, where it is put when it is new."""
    for known in citations:
        if (known.document, known.start, known.end) == (citation.document, citation.start, citation.end):
            return known.number
    citations.append(replace(citation, number=len(citations) + 1))
    return len(citations)
