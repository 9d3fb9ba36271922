"""An article to be checked, claim by claim: each sentence that gives a figure is held against the texts."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from answering.claims.claim_request import CHECK
from answering.merge import together
from answering.values.answer import Statement, StatementKind
from answering.values.events import Done, Event, Said
from bot.messages import messages
from retrieval.quantities import figures
from retrieval.text.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from answering.values.answer import Answer, Turn
    from bot.presentation.partial_answer import StreamingAnswerer

MOST = 10  # claims of one article
SHOWN = 60  # characters of a claim above its verdict
LEAST = 6  # characters of a sentence that claims anything


class ClaimSeries:
    """Answers as ``answerer`` does; what has several claims to be checked is parted, and told together."""

    def __init__(self, answerer: StreamingAnswerer) -> None:
        self._answerer = answerer

    async def stream(self, question: str, history: Sequence[Turn] = ()) -> AsyncGenerator[Event, None]:
        """Yield events, the answer last; closing the generator ends the work."""
        claims, left = claims_of(question)
        if len(claims) < 2:
            single = CHECK + claims[0] if claims else question
            async with aclosing(self._answerer.stream(single, history)) as events:
                async for event in events:
                    yield _of(event, question)
            return
        answers: list[Answer] = []
        for claim in claims:
            async with aclosing(self._answerer.stream(CHECK + claim, history)) as events:
                async for event in events:
                    if isinstance(event, Done):
                        answers.append(_headed(claim, event.answer))
                    elif not isinstance(event, Said):
                        yield event
            told = together(question, claims[: len(answers)], answers)
            shown = told.statements if told.outcome.is_answer else ()
            for statement in shown[-2:] if answers[-1].outcome.is_answer else ():
                cited = tuple(one for one in told.citations if one.number in statement.citations)
                yield Said(statement=statement, citations=cited)
        yield Done(answer=_ended(together(question, claims, answers), left))


def answering(answerer: StreamingAnswerer, question: str) -> StreamingAnswerer:
    """Return what answers a question: an article is checked claim by claim."""
    return ClaimSeries(answerer) if question.startswith(CHECK) else answerer


def claims_of(question: str) -> tuple[tuple[str, ...], int]:
    """Return the claims in what is to be checked, and how many more there are; none in another question.

    They are the sentences with a figure, or where none has one, the first few.
    """
    if not question.startswith(CHECK):
        return (), 0
    text = question.removeprefix(CHECK)
    said = [text[one.start : one.end].strip() for one in sentences(text)]
    whole = [one for one in said if len(one) >= LEAST]
    counted = [one for one in whole if figures(one)] or whole
    return tuple(counted[:MOST]), max(0, len(counted) - MOST)


def _of(event: Event, question: str) -> Event:
    return (
        replace(event, answer=replace(event.answer, question=question)) if isinstance(event, Done) else event
    )


def _headed(claim: str, answer: Answer) -> Answer:
    """Return an answer with the claim that it is about above it."""
    said = messages(answer.language)
    shown = claim if len(claim) <= SHOWN else claim[:SHOWN] + "…"
    head = Statement(text=said.say("claim_head", claim=shown), manner=StatementKind.FRAME)
    return replace(answer, statements=(head, *answer.statements))


def _ended(answer: Answer, left: int) -> Answer:
    """Return an answer that says how many claims of a long article were not looked at."""
    if not left or not answer.outcome.is_answer:
        return answer
    more = messages(answer.language).say("claims_left", count=left)
    rest = Statement(text=more, manner=StatementKind.FRAME)
    return replace(answer, statements=(*answer.statements, rest))
