"""Yes or no: a verdict from the best sentence's state, polarity, modality and extent, then the sentence itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from answering.candidates.annotation import SentenceState
from answering.claims import VERDICTS, rule_on_line
from answering.claims.claim_request import claimed
from answering.composition.facts import led
from answering.extractive.draft_answer import AnswerDraft
from answering.extractive.sentence_selection import SelectedSentence, select
from answering.judge import ClaimVerdict
from answering.judge.assertion import denials, slots
from answering.judge.nearness import covered, expanded
from answering.judge.reading import read_text
from answering.lexicon.phrases import phrase
from answering.question.intent import ExpectedAnswer
from answering.question.unit_classes import unit_class
from answering.values.answer import StatementKind
from retrieval.facts.fact_state import FactState
from retrieval.quantities import Sort, figures
from retrieval.text.normalize import Span, clauses, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.scoring.ranker import ScoredCandidate
    from answering.scoring.ranking import Ranking
    from answering.values.answer import Answer

_WHOLE = 160  # characters of a sentence that is shown whole
_LOOKED_AT = 3  # sentences, the best first, one of which tells whether something was said
_FRAME = re.compile(
    r"^(?:听(?:人)?说|有人说|据说|都说|网上说)|(?:真的假的|是真的吗?|有这(?:回)?事[吗吧]?|有没有(?=$|[?？。])|对不对|是不是真的|[了]?没有?|[吗吧么不]|(?<![?？。!！\s]))[?？。!！\s]*+$"
)
_ALTERNATIVE = re.compile(
    r"是不是|有没有|能不能|可不可以|会不会|要不要|打不打算|(.)不\1|(?<!无)是否|到底|究竟|还(?=[在会要讲提有是])"
)
_SAID = re.compile(
    r"(?:说|讲|提|写)(?:没|过|到|了|及|不)|(?:还|有没有|没有|是否|有|都)(?:说|讲|提|写|谈)|\b(?:mention|say|talk)"
)
_EVERY = re.compile(
    r"全(?![国省市区县年球面体线])|所有|都(?![市会])|一分钱|一律|彻底|完全|\b(?:all|every|entirely|completely)\b"
)
_NONE = re.compile(r"一[^,，。]{1,10}(?:都|也)[没不未]")  # 一起事故都没出: denies, and says nothing of all
_LOST = 0.34  # share of what is sought that a sentence which says it may word otherwise
_LONG, _NEARLY = 4, 0.8  # pairs of characters of a quotation, and the share of them that is enough
_WORDS = {ClaimVerdict.SUPPORTED: "yes", ClaimVerdict.CONTRADICTED: "no", ClaimVerdict.PARTLY: "not_wholly"}
_UNTOLD = 0.2  # share of a clause's words below which a sentence tells nothing of it
_SURELY = 2.5  # log-odds from which a sentence answers in other words than those that ask
_BEGUN = frozenset(("begun",))


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNoVerdict:
    """What the texts make of a proposition; ``words`` is a key of the phrases, ``by`` the sentence that decides."""

    value: str  # "true", "false", "partly", "unknown"
    words: str
    by: ScoredCandidate | None = None


def yes_or_no(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer whether something is so, the verdict first; None where no sentence is near enough to tell."""
    found = decided(context, ranking)
    if found.by is None:
        return None
    draft = AnswerDraft(context.question)
    line = found.by.candidate.line
    draft.say(phrase(found.words, draft.language), draft.cite_line(line), manner=StatementKind.FRAME)
    draft.quote(_shown(found.by, ranking), lead=led(context, found.by))
    return replace(draft.done(), verdict=found.value)


def decided(context: QuestionContext, ranking: Ranking) -> YesNoVerdict:
    """Return the verdict on what a question puts; "unknown" where the best sentence is not taken to answer."""
    told = [x for x in ranking.best if not x.candidate.line.is_heading]
    if not told or ranking.odds < 0:
        return YesNoVerdict(value="unknown", words="")
    claim = proposition(context.question.folded)
    if _SAID.search(context.question.folded):
        return _said(context, told[:_LOOKED_AT])
    if names_figures(claim):
        return _of_figures(context, told)
    value, words = compared_states(claim, told[0])
    if value == "true" and (
        _says_more(told[0].candidate.line, context) or _untold(told[0].candidate.line, context, ranking)
    ):
        return YesNoVerdict(value="unknown", words="")
    return YesNoVerdict(value=value, words=words, by=told[0])


def _untold(line: Line, context: QuestionContext, ranking: Ranking) -> bool:
    """Tell whether a weighty word of what is asked is not told, and the sentence is not sure to answer without it.

    稳房价 tells nothing of whether 房价会涨, and the ticket prices of the metro nothing of a railway's.
    """
    sought = context.terms(context.question.content)
    lost = any(term.weight >= _HEAVY * sought.total for term in sought.missing(line.folded))
    return lost and ranking.odds < _SURELY


def _says_more(line: Line, context: QuestionContext) -> bool:
    """Tell whether a claim of several clauses goes on with one of which the sentence tells nothing: …，国家没管."""
    claim = proposition(fold(claimed(context.question.text)))
    rest = [context.terms(claim[span.start : span.end]) for span in clauses(claim)[1:]]
    return any(terms.total and terms.coverage(line.folded, line.context) < _UNTOLD for terms in rest)


def _worded(words: str, text: str) -> bool:
    """Tell whether a text holds nearly all of longer words, as a quotation from memory does."""
    pairs = [a + b for a, b in pairwise(words)]
    return len(pairs) > _LONG and sum(pair in text for pair in pairs) >= _NEARLY * len(pairs)


def _of_figures(context: QuestionContext, told: Sequence[ScoredCandidate]) -> YesNoVerdict:
    """Return what the judge makes of a figure that a question puts, by the best sentence that tells of its thing."""
    claim = proposition(context.question.text)
    for one in told[:_LOOKED_AT]:
        found = rule_on_line(claim, one.candidate.line, context)
        if found is not ClaimVerdict.NOT_FOUND:
            return YesNoVerdict(value=VERDICTS[found], words=_WORDS[found], by=one)
    return YesNoVerdict(value="unknown", words="")


def proposition(folded: str) -> str:
    """Return what a folded yes-or-no question puts, without the words that ask: 高铁建成了没 → 高铁建成."""
    return _ALTERNATIVE.sub("", _FRAME.sub("", _FRAME.sub("", folded).rstrip("了 ")))


def _said(context: QuestionContext, told: Sequence[ScoredCandidate]) -> YesNoVerdict:
    """Return whether a text says something: a sentence that holds all that is sought proves it."""
    sought = context.terms(_SAID.sub("|", context.question.content))
    for one in told:
        line = one.candidate.line
        if context.quoted and all(_worded(quoted, line.folded) for quoted in context.quoted):
            return YesNoVerdict(value="true", words="said", by=one)
        if not any(term.weight >= _HEAVY * sought.total for term in sought.missing(line.folded)):
            return YesNoVerdict(value="true", words="said", by=one)
    return YesNoVerdict(value="unknown", words="")


_HEAVY = (
    0.2  # share of the weight of all terms from which a missing one tells that something else is spoken of
)


def compared_states(claim: str, one: ScoredCandidate) -> tuple[str, str]:
    """Return the verdict of a sentence on a proposition, and the key of the words that say it.

    Its clause nearest to the proposition counts: what is planned or begun is not done, what is denied or
    forbidden is no yes, and what holds for a part does not hold for all.
    """
    line = one.candidate.line
    clause = _nearest(claim, line.folded, line.clauses)
    put = _nearest(clause, claim, clauses(claim))
    said, there = slots(claim), slots(clause)
    asked_done = "finished" in said or "已" in claim
    if asked_done and _unfinished(clause, one):
        return "false", "not_yet"
    forbidden, allowed = "must_not" in there, "must_not" in said
    if forbidden != allowed:
        return "false", "no"
    if not forbidden and denials(_NONE.sub("没", put)) % 2 != denials(clause) % 2:
        return "false", "no"
    if _EVERY.search(_NONE.sub("", claim)) and not _EVERY.search(clause):
        return "partly", "not_wholly"
    return "true", "yes"


def _unfinished(clause: str, one: ScoredCandidate) -> bool:
    """Tell whether a clause tells of a plan, or of something begun and not ended."""
    state = one.candidate.annotation.state
    there = slots(clause)
    begun = bool(there & _BEGUN) and "finished" not in there
    told = {s for s in read_text(clause).states if s is not FactState.OPEN}
    return (
        begun or told == {FactState.PLANNED} or (state is SentenceState.PLANNED and "finished" not in there)
    )


def _nearest(claim: str, folded: str, spans: Sequence[Span]) -> str:
    """Return the clause that holds most of the proposition; of a sentence without clauses all of it."""
    texts = [folded[s.start : s.end] for s in spans] or [folded]
    words = expanded(claim)
    return max(
        texts,
        key=lambda text: max(covered(claim, text), covered(words, text), covered(claim, expanded(text))),
    )


def _shown(one: ScoredCandidate, ranking: Ranking) -> SelectedSentence:
    line = one.candidate.line
    whole = SelectedSentence(line, Span(0, len(line.text)), 0.0)
    if len(line.text) <= _WHOLE:
        return whole
    return select(line, ranking.reading.terms, ExpectedAnswer()) or whole


def names_figures(text: str) -> bool:
    """Tell whether a question puts a figure, which the judge of claims compares by its unit and bound.

    A number without a unit is one where it has decimals: a ratio of 2.27.
    """
    return any(
        f.sort is Sort.QUANTITY and (unit_class(f.unit) != "time" if f.unit else f.value % 1)
        for f in figures(fold(text))
    )
