"""The answer to a claim: one verdict for each part of it, with the words that decide."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from answering.claims.claim_evidence import HeldAgainst, beside, decisive, held, search, wider
from answering.claims.claim_request import claimed, in_shares, is_claim
from answering.extractive.draft_answer import AnswerDraft
from answering.judge import ClaimVerdict
from answering.judge.nearness import covered, expanded
from answering.lexicon.phrases import phrase
from answering.values.answer import Answer, Outcome, StatementKind
from retrieval.quantities import figures
from retrieval.quantities.numerals import spell
from retrieval.text.normalize import clauses, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext

_LEAST = 0.75  # relevance that a sentence needs to decide on a claim
_WORDS = {
    ClaimVerdict.SUPPORTED: "claim_true",
    ClaimVerdict.CONTRADICTED: "claim_false",
    ClaimVerdict.PARTLY: "claim_partly",
}
VERDICTS = {
    ClaimVerdict.SUPPORTED: "true",
    ClaimVerdict.CONTRADICTED: "false",
    ClaimVerdict.PARTLY: "partly",
    ClaimVerdict.NOT_FOUND: "unknown",
}
_TELLS = re.compile("[\\d一二三四五六七八九十]")
_PARTS = 12  # claims of one message that are checked
_LONGEST = 100  # characters of a quotation


def answer_claims(desk: QuestionContext) -> Answer | None:
    """Return the verdict on what a message claims, with its proof; None where it claims nothing to be checked."""
    if not is_claim(desk):
        return None
    text = in_shares(_dated(claimed(desk.question.text), desk))
    draft = AnswerDraft(desk.question)
    parts = [part for sentence in _sentences(text) for part in _parts(sentence)][:_PARTS]
    found: list[tuple[str, ClaimVerdict]] = []
    for n, part in enumerate(parts, 1):
        against = _held(part, desk)
        one = decisive(against)
        verdict = one.verdict if one is not None and one.relevance >= _LEAST else ClaimVerdict.NOT_FOUND
        found.append((part, verdict))
        if one is not None and verdict is not ClaimVerdict.NOT_FOUND:
            _say(draft, one, part)
            if (more := beside(one, against)) is not None and more.relevance >= _LEAST:
                _say(draft, more, part, otherwise=True)
        elif len(parts) > 1:
            draft.say(phrase("claim_unknown", draft.language, number=spell(n)), manner=StatementKind.FRAME)
    whole = _together(found)
    if whole is ClaimVerdict.NOT_FOUND:
        return Answer(
            question=desk.question.asked,
            outcome=Outcome.NOT_IN_CORPUS,
            language=desk.question.language,
            reason="not_found",
            details={"places": desk.named(desk.question.places or desk.library.places())},
            places=desk.question.places,
            verdict="unknown",
        )
    return replace(draft.done(), verdict=VERDICTS[whole])


def _held(part: str, desk: QuestionContext) -> list[HeldAgainst]:
    """Return what the texts of a claim's own places say of it, of those around them where they say nothing."""
    found = held(part, search(part, desk), desk.library.gazetteer)
    if decisive(found) is None and (wide := wider(desk)):
        return held(part, search(part, desk, places=wide), desk.library.gazetteer)
    return found


def _sentences(text: str) -> list[str]:
    """Cut a message into its sentences; one that names no place or year takes those of the one before."""
    found: list[str] = []
    head = ""
    for piece in re.split(r"[。！!\n;；]+", text):
        if not piece.strip():
            continue
        own = _head(piece.strip())
        found.append(piece.strip() if own or not found else head + piece.strip())
        head = own or head
    return found or [text]


def _say(draft: AnswerDraft, one: HeldAgainst, part: str, *, otherwise: bool = False) -> None:
    number = draft.cite_line(one.line)
    key = "claim_otherwise" if otherwise else _WORDS[one.verdict]
    words = phrase(key, draft.language, quote=_quote(one, part))
    draft.say(words, number, manner=StatementKind.COMPUTED)


def _together(found: Sequence[tuple[str, ClaimVerdict]]) -> ClaimVerdict:
    """Return the verdict on all parts; a part with a figure of which nothing is told leaves the whole unconfirmed."""
    told = {verdict for _, verdict in found if verdict is not ClaimVerdict.NOT_FOUND}
    if not told:
        return ClaimVerdict.NOT_FOUND
    silent = any(verdict is ClaimVerdict.NOT_FOUND and _TELLS.search(part) for part, verdict in found)
    if told == {ClaimVerdict.SUPPORTED} and silent:
        return ClaimVerdict.PARTLY
    return told.pop() if len(told) == 1 else ClaimVerdict.PARTLY


def _quote(one: HeldAgainst, claim: str) -> str:
    """Return the deciding words of the sentence: all of a short one, else the clauses nearest to what decides."""
    text = one.line.text
    if len(text) <= _LONGEST:
        return text
    spans = clauses(text)
    right = one.difference.right if one.difference else ""
    pieces = [text[span.start : span.end] for span in spans]
    said = fold(claim)
    best = max(
        range(len(spans)),
        key=lambda n: (bool(right) and right in pieces[n]) + covered(said, expanded(fold(pieces[n]))),
    )
    start, end = spans[best].start, spans[best].end
    if best and end - start < _LONGEST // 3:
        start = spans[best - 1].start
    return text[start:end].strip(" ，；。")


def _parts(text: str) -> list[str]:
    """Cut a claim where it puts another figure, each part with the head that says of whom and when."""
    pieces = [
        p
        for p in re.split(
            r"[;；。]|[,，](?=[^,，]*\d|[^,，]*[一二三四五六七八九十百千两半]+[万亿成个分年倍])", text
        )
        if p.strip()
    ]
    if len(pieces) < 2 or not figures(pieces[0]):
        return [text]
    head = _head(pieces[0])
    return [pieces[0], *(p if p.startswith(head) else head + p for p in pieces[1:])]


def _head(piece: str) -> str:
    found = re.match(r"(?:[^\d,，]{0,12}?(?:19|20)?\d\d年(?:计划)?)", piece)
    return found[0] if found else ""


def _dated(text: str, desk: QuestionContext) -> str:
    """Put years for 去年 and 今年, counted from the newest text asked of; what is told of this year is planned."""
    newest = max((d.year for d in desk.documents() if d.year), default=None)
    if newest is None:
        return text
    text = re.sub("去年|last year", f"{newest - 1}年", text)
    text = re.sub("前年", f"{newest - 2}年", text) if "比前年" not in text else text.replace("比前年", "")
    text = re.sub(r"快(?=[\d一二三四五六七八九十两]+[万亿成岁%个](?!百分))", "近", text)
    text = re.sub(r"(?<!突)破了?(?=[\d一二三四五六七八九十两])", "超过", text)
    return re.sub("今年|this year", f"{newest}年计划", text)
