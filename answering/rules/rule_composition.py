"""Answers in a by-law's own words: an act with what follows it, a provision, a list, an article by its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.values.answer import Computation, StatementKind
from retrieval.provisions import Clause, references
from retrieval.quantities import spell_count

if TYPE_CHECKING:
    from answering.rules.rule_candidates import RuleCandidate
    from answering.rules.rule_draft import RuleDraft
    from answering.rules.rule_features import HeldByLaw
    from retrieval.provisions import Article, ByLaw, Consequence, Provision

_SHORT = 150  # characters of an answer on one fact
_ITEMS, _LONG = 8, 800  # of a list that is shown whole
_WORDS = 6  # characters that an act has of its own beside 违反本条例第几条规定的


def say_candidate(draft: RuleDraft, held: HeldByLaw, candidate: RuleCandidate) -> None:
    """Say what a candidate has to say, under the by-law's name."""
    if candidate.consequence is not None:
        _say_consequence(draft, held, candidate.consequence, candidate.provision)
    elif candidate.listed:
        _say_list(draft, held, candidate)
    else:
        _say_provision(draft, held, candidate.provision)


def say_article(draft: RuleDraft, held: HeldByLaw, article: Article) -> None:
    """Say an article paragraph by paragraph, as far as an answer reaches."""
    text = held.candidates.bylaw.text
    for paragraph in article.paragraphs:
        if draft.statements and draft.length + paragraph.end - paragraph.start > _LONG:
            break
        number = draft.cite(held.document, paragraph, text)
        lead = "" if draft.statements else _lead(held, article.name)
        head, *_ = (paragraph.head,)
        draft.say(head.of(text), number, lead=lead)
        for item in paragraph.items[:_ITEMS]:
            draft.say(item.of(text), number, level=1)


def say_counts(draft: RuleDraft, held: HeldByLaw) -> None:
    """Say how many chapters and articles a by-law has, resting on the last of each."""
    bylaw = held.candidates.bylaw
    last = bylaw.articles[-1]
    counted = [(len(bylaw.articles), "条")]
    numbers = [draft.cite(held.document, _whole(last, bylaw.text), bylaw.text)]
    if bylaw.chapters:
        counted.insert(0, (len(bylaw.chapters), "章"))
        numbers.append(draft.cite(held.document, bylaw.chapter_clauses[-1], bylaw.text))
    draft.computed += [Computation(value=n, op="count", of=(float(n),)) for n, _ in counted]
    words = "、".join(f"{spell_count(n)}{unit}" for n, unit in counted)
    draft.say(f"共{words}", *numbers, lead=_title(held), manner=StatementKind.COMPUTED)


def _whole(article: Article, text: str) -> Clause:
    start = text.rfind(article.name, 0, article.paragraphs[0].start)
    return Clause(start=max(start, 0), end=article.end)


def _title(held: HeldByLaw) -> str:
    return f"《{held.document.title}》"


def _lead(held: HeldByLaw, label: str) -> str:
    return f"{_title(held)}{label}"


def _say_consequence(draft: RuleDraft, held: HeldByLaw, one: Consequence, duty: Provision) -> None:
    bylaw = held.candidates.bylaw
    text, source = bylaw.text, one.source
    ground = duty if duty.start != source.start else None
    ground_number = _cite_provision(draft, held, ground) if ground is not None else None
    said = _sanction_lines(one, text)
    room = _SHORT - sum(len(line) for line, _ in said) - len(held.document.title) - 12
    bare = _own_words(one.act.of(text)) < _WORDS
    if ground is not None and (bare or ground.end - ground.start <= room):
        draft.say(ground.of(text), ground_number, lead=_lead(held, ground.label))
        ground_number = None
    for n, (line, clause) in enumerate(said):
        number = draft.cite(held.document, clause, text)
        named = any(s.lead.startswith(_title(held)) for s in draft.statements)
        lead = (source.label if named else _lead(held, source.label)) if n == 0 else ""
        draft.say(line, number, ground_number if n == 0 else None, lead=lead, level=int(n > 0))
    _say_former(draft, held, one)


def _say_former(draft: RuleDraft, held: HeldByLaw, one: Consequence) -> None:
    """Say the paragraph before, where a sanction is told by it: 按照前款规定处罚."""
    text, source = held.candidates.bylaw.text, one.source
    told = Clause(start=one.act.end, end=one.sanction.end).of(text)
    former = next((p for p in source.article.paragraphs if p.numeral == source.paragraph.numeral - 1), None)
    if "前款" in told and former is not None and former.end - former.start <= _LONG // 2:
        draft.say(former.of(text), draft.cite(held.document, former, text), level=1)


def _sanction_lines(one: Consequence, text: str) -> list[tuple[str, Clause]]:
    """Return the lines that tell a sanction, each with the clause that is cited for it."""
    own = Clause(start=one.sanction.start, end=one.sanction.end)
    if one.head is None:
        return [(own.of(text), one.source)]
    if one.source.start <= own.start < one.source.end:
        return [(one.head.of(text), one.head), (own.of(text), one.source)]
    return [(one.head.of(text), one.head), (one.source.of(text), one.source)]


def _own_words(act: str) -> int:
    """Return how many characters an act has beside the provision that it breaks."""
    cut = max(act.rfind("规定，"), act.rfind("规定,"))
    return len(act) - cut - 3 if cut >= 0 else (0 if "违反" in act and "规定" in act else len(act))


def _cite_provision(draft: RuleDraft, held: HeldByLaw, provision: Provision) -> int | None:
    return draft.cite(held.document, provision, held.candidates.bylaw.text)


def _say_provision(draft: RuleDraft, held: HeldByLaw, provision: Provision) -> None:
    text = held.candidates.bylaw.text
    if provision.head is not None:
        number = draft.cite(held.document, provision.head, text)
        draft.say(provision.head.of(text), number, lead=_lead(held, provision.label))
        draft.say(provision.of(text), _cite_provision(draft, held, provision), level=1)
        return
    paragraph = provision.paragraph
    whole = not paragraph.items and paragraph.end - paragraph.start <= _SHORT - 30
    clause: Clause = paragraph if whole else provision
    number = draft.cite(held.document, clause, text)
    draft.say(clause.of(text), number, lead=_lead(held, provision.label))


def _say_list(draft: RuleDraft, held: HeldByLaw, candidate: RuleCandidate) -> None:
    text = held.candidates.bylaw.text
    lead = candidate.provision
    draft.say(lead.of(text), _cite_provision(draft, held, lead), lead=_lead(held, lead.label))
    room = _LONG if len(candidate.listed) <= _ITEMS else _LONG // 2
    for n, item in enumerate(candidate.listed):
        number = _cite_provision(draft, held, item)
        if draft.length + item.end - item.start > room and n:
            rest = len(candidate.listed) - n
            draft.say(f"还有{spell_count(rest)}项", number, level=1, manner=StatementKind.FRAME)
            break
        draft.say(item.of(text), number, level=1)


def named_article(words: str, bylaw: ByLaw) -> Article | None:
    """Return the article that a question names by its number."""
    named = references(words, article=0, paragraph=0)
    return bylaw.article(named[0].article) if named else None
