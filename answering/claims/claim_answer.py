"""The answer to a claim: one verdict for each thing it asserts, with the words that decide."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.claims.assertions import assertions, without_places
from answering.claims.claim_evidence import decisive, held
from answering.claims.claim_request import claimed, in_shares, is_claim
from answering.claims.claim_search import claim_facts, claim_lines, names_of, newest_year, setting_of
from answering.claims.ruling import of_some_only, rulings
from answering.claims.spoken_figures import dated
from answering.extractive.draft_answer import AnswerDraft
from answering.judge import ClaimVerdict
from answering.lexicon.phrases import in_quotes, phrase
from answering.values.answer import Answer, Language, Outcome, StatementKind
from retrieval.quantities import years
from retrieval.quantities.numerals import spell
from retrieval.text.normalize import clauses, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line

_LEAST = 0.75  # relevance that a sentence needs to decide on a claim without figures
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
_NUMBERED = re.compile(
    r"^(?:\d{1,2}(?:[.．](?!\d)|[、)）])|[(（][一二三四五六七八九十\d]{1,2}[)）]|[①-⑩]|[一二三四五六七八九十]、)\s*"
)
_SENTENCES = 12  # of one message that are checked
_SHORT = 14  # characters of a clause that is shown with the one before it


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPart:
    """One thing asserted, the verdict on it, and the words that decide with the sentence they stand in."""

    verdict: ClaimVerdict
    line: Line | None = None
    quote: str = ""


def answer_claims(desk: QuestionContext) -> Answer | None:
    """Return the verdict on what a message claims, with its proof; None where it claims nothing to be checked."""
    if not is_claim(desk):
        return None
    text = in_shares(dated(claimed(desk.question.text), newest_year(desk)))
    parts = [part for sentence in _sentences(text) for part in _checked(sentence, desk)]
    whole = together([part.verdict for part in parts])
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
    draft = AnswerDraft(desk.question)
    several = _several(parts)
    for n, part in enumerate(several, 1):
        if part.line is not None and part.verdict is not ClaimVerdict.NOT_FOUND:
            told = in_quotes(part.quote, draft.language)
            words = phrase(_WORDS[part.verdict], draft.language, quote=told)
            if len(several) > 1:
                words = phrase("claim_point", draft.language, number=_ordinal(n, draft), told=words)
            draft.say(words, draft.cite_line(part.line), manner=StatementKind.COMPUTED)
        else:
            draft.say(
                phrase("claim_unknown", draft.language, number=_ordinal(n, draft)), manner=StatementKind.FRAME
            )
    return replace(draft.done(), verdict=VERDICTS[whole])


def _several(parts: Sequence[CheckedPart]) -> list[CheckedPart]:
    """Return the parts that are told one by one: without those whose words another of the same verdict holds."""
    told = list(dict.fromkeys(parts))
    return [one for one in told if not any(_holds(other, one) for other in told)]


def _holds(one: CheckedPart, other: CheckedPart) -> bool:
    same = one.line is not None and one.line is other.line and one.verdict is other.verdict
    return same and one.quote != other.quote and other.quote in one.quote


def _ordinal(number: int, draft: AnswerDraft) -> str:
    return str(number) if draft.language is Language.EN else spell(number)


def has_assertions(desk: QuestionContext) -> bool:
    """Tell whether a message claims a figure, a rank or a comparison, which facts alone can bear out."""
    text = in_shares(dated(claimed(desk.question.text), newest_year(desk)))
    return any(assertions(sentence) for sentence in _sentences(text))


def _checked(sentence: str, desk: QuestionContext) -> list[CheckedPart]:
    """Return the verdicts on what a sentence asserts: by facts where it has figures, ranks or comparisons."""
    lines = claim_lines(sentence, desk)
    said = [without_places(one, names_of(desk)) for one in assertions(sentence)]
    if not said:
        one = decisive(held(sentence, lines, desk.library.gazetteer))
        if one is None or one.relevance < _LEAST:
            return [CheckedPart(verdict=ClaimVerdict.NOT_FOUND)]
        quote = one.quote(sentence)
        some = one.verdict is ClaimVerdict.SUPPORTED and of_some_only(fold(sentence), _last_clause(quote))
        verdict = ClaimVerdict.CONTRADICTED if some else one.verdict
        return [CheckedPart(verdict=verdict, line=one.line, quote=quote)]
    found = []
    for ruling in rulings(said, claim_facts(lines), setting_of(desk)):
        if ruling.verdict is ClaimVerdict.NOT_FOUND:
            found.append(CheckedPart(verdict=ruling.verdict))
            continue
        line = ruling.facts[0].line
        spots = [(fact.start, fact.end) for fact in ruling.facts if fact.line is line]
        found.append(CheckedPart(verdict=ruling.verdict, line=line, quote=_quote(line, spots)))
    return found


def rule_on_line(claim: str, line: Line, desk: QuestionContext) -> ClaimVerdict:
    """Return what one sentence makes of the figures that a claim puts."""
    text = in_shares(dated(claim, newest_year(desk)))
    said = [without_places(one, names_of(desk)) for one in assertions(text)]
    return together([one.verdict for one in rulings(said, claim_facts([line]), setting_of(desk))])


def together(found: Sequence[ClaimVerdict]) -> ClaimVerdict:
    """Return the verdict on all parts; one of which nothing is told leaves what else is true unconfirmed."""
    told = {verdict for verdict in found if verdict is not ClaimVerdict.NOT_FOUND}
    if not told:
        return ClaimVerdict.NOT_FOUND
    if told == {ClaimVerdict.SUPPORTED} and ClaimVerdict.NOT_FOUND in found:
        return ClaimVerdict.PARTLY
    return told.pop() if len(told) == 1 else ClaimVerdict.PARTLY


def _sentences(text: str) -> list[str]:
    """Cut a message into its sentences; one that names no place or year takes those of the one before."""
    found: list[str] = []
    head = ""
    for piece in (_NUMBERED.sub("", part.strip()) for part in re.split(r"[。！!\n;；]+", text)):
        if not piece:
            continue
        own = _head(piece)
        found.append(piece if own or years(piece) or not found else head + piece)
        head = own or head
    return found[:_SENTENCES] or [text]


def _head(piece: str) -> str:
    found = re.match(r"(?:[^\d,，]{0,12}?(?:19|20)?\d\d年(?:计划)?)", piece)
    return found[0] if found else ""


def _last_clause(quote: str) -> str:
    """Return the last clause of what is quoted, folded: it decides."""
    spans = clauses(quote)
    return fold(quote[spans[-1].start : spans[-1].end]) if spans else fold(quote)


def _quote(line: Line, spots: Sequence[tuple[int, int]]) -> str:
    """Return the clauses of a sentence that the deciding figures stand in, with the one before a short one."""
    spans = clauses(line.text)
    first = next(n for n, span in enumerate(spans) if min(spots)[0] < span.end)
    last = next(n for n, span in enumerate(spans) if max(end for _, end in spots) <= span.end)
    if first and spans[last].end - spans[first].start < _SHORT:
        first -= 1
    return line.text[spans[first].start : spans[last].end].strip(" ，；。、,;")
