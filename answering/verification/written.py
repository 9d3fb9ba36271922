"""Prove one sentence that a model wrote: by the sentences it cites, else by others that it was shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.judge import ClaimEvidence
from answering.judge.nearness import content, covered, expanded, in_chinese
from answering.question.subject import subject
from answering.values.answer import Language
from answering.values.trace import Verdict
from answering.verification.weighing import Weighing, weigh
from retrieval.facts.name_similarity import core
from retrieval.quantities import Sort, figures
from retrieval.text.normalize import fold, squash

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from answering.evidence.lines import Line
    from answering.judge.nearness import Nearness
    from answering.question.parser import Question
    from retrieval.places.gazetteer import Gazetteer, Mention

_LIST_MARK = re.compile(
    r"^\s*(?:#{1,6}\s+|>\s*|[-*•●·+]\s+|[（(]?\d{1,3}[.．)）、](?!\d)\s*"
    r"|[一二三四五六七八九十]+[、，]\s*|[①-⑳]\s*)*"
)
_DRESS = re.compile(r"\*\*|__|`")
_RULE = re.compile(r"[\s|:—–-]*")
_QUOTE = re.compile(r"[“「『]([^“”「」『』]{1,200})[”」』]|\"([^\"]{1,200})\"")
_CLAUSE = re.compile("[，,；;。]")
_NOT_SO = re.compile("[，,]?\\s?(?:而|并)?(?:不是|并非|非)[^，,。；;]{1,20}|,? not [^,.;]{1,24}")
_JOINED = re.compile(r"[\s、,/]*+(?:和|与|及|以及|跟|同|and|&)?[\s、,/]*+")
_NAME = 12  # characters up to which words in marks are a name
_NEAR = 0.35  # share of a sentence's words that another one needs to be looked at as its source
_LONG = 4  # characters from which a clause claims something
_OTHERS = 5  # such others
_PAIRED = 2  # of which each is also taken together with what is cited
_VERDICTS = {
    "place": Verdict.PLACE,
    "year": Verdict.TIME,
    "period": Verdict.TIME,
    "mean": Verdict.TIME,
    "cause": Verdict.SUPPORT,
    "pronoun": Verdict.SUPPORT,
    "quote": Verdict.QUOTATION,
    "direction": Verdict.POLARITY,
    "state": Verdict.TENSE,
    "content": Verdict.SUPPORT,
    "words": Verdict.SUPPORT,
    "modality": Verdict.SUPPORT,
    "rank": Verdict.SUPPORT,
    "scope": Verdict.SUPPORT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the judge says of one sentence."""

    verdict: Verdict
    text: str  # the sentence as it may be shown: unproved quotation marks left out
    lines: tuple[Line, ...] = ()  # the sentences that carry it
    cited: tuple[int, ...] = ()  # their numbers as the model saw them
    why: str = ""  # what failed: the figure, the place, the words
    right: str = ""  # what the evidence has instead
    planned: bool = False  # it is planned in the texts, and the sentence does not say so

    @property
    def kept(self) -> bool:
        """Whether the sentence may be shown."""
        return self.verdict is Verdict.KEPT


@dataclass(frozen=True, slots=True)
class Prover:
    """Proves the sentences of one answer by the evidence that was shown for it."""

    evidence: Mapping[int, Line]
    question: Question
    gazetteer: Gazetteer
    nearness: Nearness

    def prove(self, text: str, numbers: Sequence[int], *, lead: str = "") -> Proof:
        """Return the proof of ``text``, a sentence without its markers.

        ``numbers`` are those it cites; a wrong one is set right where another sentence carries it. ``lead`` are
        the time, the place and the state under which the sentence stands (2026年计划).
        """
        bare = undressed(text)
        if not re.search(r"\w", bare) or _RULE.fullmatch(bare):
            return Proof(verdict=Verdict.UNCITED, text=text)
        cited = tuple(n for n in dict.fromkeys(numbers) if n in self.evidence)
        if bare.endswith((":", "：")) or self._is_empty(bare):
            return Proof(verdict=Verdict.UNCITED, text=text, cited=cited)
        worst: Proof | None = None
        claim = self._undenied(bare)
        for group in self._groups(bare, cited):
            found = self._by(claim, lead, group, cited)
            if found.kept:
                return replace(found, text=plain_quotes(text, found.lines))
            worst = worst or found
        if worst is None:
            return Proof(verdict=Verdict.UNCITED, text=text)
        return replace(worst, text=text)

    def _is_empty(self, bare: str) -> bool:
        """Tell whether a sentence has neither a figure nor words of its own beside the name of a place."""
        bars = [(m.start, m.end) for m in self.gazetteer.find(bare)]
        return not figures(bare) and not any(content(fold(bare), bars))

    def _undenied(self, bare: str) -> str:
        """Return a sentence without the words that only deny a figure of the question: 74个，不是100个."""
        asked = {one.value for one in figures(self.question.asked)}
        match = _NOT_SO.search(bare)
        if match is None or not asked:
            return bare
        denied = {one.value for one in figures(match[0])}
        return bare[: match.start()] + bare[match.end() :] if denied and denied <= asked else bare

    def _groups(self, bare: str, cited: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """Give the sets of sentences by which a sentence may be proved, what it cites first."""
        if cited:
            yield cited
            if len(cited) > 1:
                yield from ((n,) for n in cited)
        near = self._near(bare, cited)
        yield from ((n,) for n in near)
        if cited:
            yield from (tuple(sorted((*cited, n))) for n in near[:_PAIRED])
        elif len(near) > 1:
            yield tuple(sorted(near[:2]))

    def _near(self, bare: str, cited: Sequence[int]) -> list[int]:
        folded = fold(bare)
        words = expanded(in_chinese(folded))
        shares = {
            n: max(covered(folded, expanded(line.folded)), 0.8 * covered(line.folded, words))
            for n, line in self.evidence.items()
            if n not in cited
        }
        found = sorted((n for n, share in shares.items() if share >= _NEAR), key=lambda n: -shares[n])
        return found[:_OTHERS]

    def _by(self, bare: str, lead: str, numbers: tuple[int, ...], cited: tuple[int, ...]) -> Proof:
        lines = tuple(self.evidence[n] for n in numbers)
        bare = plain_quotes(bare, lines, longer_than=_NAME)
        if place := self._unasked(bare, lines):
            return Proof(verdict=Verdict.PLACE, text=bare, cited=numbers, why=place)
        found = self._weigh_places(bare, lead, lines)
        if not found.stands:
            verdict = _VERDICTS.get(found.kind, Verdict.FIGURE)
            return Proof(verdict=verdict, text=bare, cited=numbers, why=found.why, right=found.right)
        joined = len(numbers) > 1 and not set(numbers) <= set(cited)
        words = patched(bare, lines) if len(numbers) > 1 else ""
        if words or (joined and not self._each_stands(bare, lead, lines)):
            return Proof(verdict=Verdict.SUPPORT, text=bare, cited=numbers, why=words)
        for number in reversed(numbers):  # what adds nothing is left out
            rest = tuple(n for n in numbers if n != number)
            if rest and self._weigh_places(bare, lead, [self.evidence[n] for n in rest]).stands:
                numbers = rest
        lines = tuple(self.evidence[n] for n in numbers)
        return Proof(verdict=Verdict.KEPT, text=bare, lines=lines, cited=numbers, planned=found.planned)

    def _weigh_places(self, bare: str, lead: str, lines: Sequence[Line]) -> Weighing:
        """Weigh a sentence; where its lines are of several places, each stretch by those of its place alone."""
        places = {line.document.place for line in lines if line.document.place}
        if len(places) < 2:
            return self._weigh(f"{lead}{bare}", lines)
        parts = list(self._stretches(bare, places))
        if not parts:
            return Weighing(kind="place", why="、".join(sorted(places)))
        planned = False
        for place, text in parts:
            own = [line for line in lines if line.document.place == place]
            found = self._weigh(f"{lead}{text}", own)
            if not found.stands:
                return found
            planned |= found.planned
        return replace(found, planned=planned)

    def _stretches(self, bare: str, places: set[str]) -> Iterator[tuple[str, str]]:
        """Give the stretches of a sentence with the place that each is told of; joined places share one."""
        mentions = [
            m for m in self.gazetteer.find(bare, prefer=tuple(sorted(places))) if m.place.name in places
        ]
        groups: list[list[Mention]] = []
        for one in mentions:
            between = bare[groups[-1][-1].end : one.start] if groups else ""
            if groups and _JOINED.fullmatch(between):
                groups[-1].append(one)
            else:
                groups.append([one])
        for at, group in enumerate(groups):
            start = 0 if at == 0 else group[0].start
            end = groups[at + 1][0].start if at + 1 < len(groups) else len(bare)
            for one in group:
                text = bare[start : group[0].start] + one.surface + bare[group[-1].end : end]
                yield one.place.name, text.strip("，,；; ")

    def _each_stands(self, bare: str, lead: str, lines: Sequence[Line]) -> bool:
        """Tell whether each clause of a sentence stands by one of the lines that were not cited together."""
        parts = [part for part in _CLAUSE.split(bare) if len(part.strip()) > _LONG]
        return len(parts) > 1 and all(
            any(self._weigh(f"{lead}{part}", [line]).stands for line in lines) for part in parts
        )

    def _weigh(self, claim: str, lines: Sequence[Line]) -> Weighing:
        """Weigh a claim; one that leaves its thing to the question is weighed with it, too (改造75个)."""
        evidence = [evidence_of(line) for line in lines]
        found = weigh(claim, evidence, self.nearness, self.gazetteer)
        if found.kind != "content" or not (whole := self._with_thing(claim)):
            return found
        told = weigh(whole, evidence, self.nearness, self.gazetteer)
        return told if told.stands else found

    def _with_thing(self, claim: str) -> str:
        """Return a claim of one figure, all its words the question's, with the thing that is counted; else ""."""
        counted = [one for one in figures(claim) if one.sort is Sort.QUANTITY]
        thing = self._thing
        if len(counted) != 1 or not thing:
            return ""
        said, figure = fold(claim), counted[0]
        spans = [(figure.start, figure.end), *((m.start, m.end) for m in self.gazetteer.find(claim))]
        bare = said
        for start, end in spans:
            bare = f"{bare[:start]}{'|' * (end - start)}{bare[end:]}"
        words = re.findall(r"\w+", bare)
        own = [word for word in words if word not in self.question.folded]
        return "" if own or thing in said else f"{claim[: figure.start]}{thing}{claim[figure.start :]}"

    @property
    def _thing(self) -> str:
        """What the question counts; "" where it counts none, or it is asked in another language."""
        question = self.question
        if question.want.kind != "figure" or question.language is Language.EN:
            return ""
        thing = subject(question.content)
        return core(thing) if len(thing) > 1 and "|" not in thing else ""

    def _unasked(self, bare: str, lines: Sequence[Line]) -> str:
        """Return the place of a line that a sentence without a place would pass off as one that was asked of."""
        wanted = {*self.question.places, *self.question.strangers}
        if self.question.all_places or not wanted:
            return ""
        held = {line.document.place for line in lines if line.document.place} - wanted
        named = {mention.place.name for mention in self.gazetteer.find(bare, prefer=tuple(sorted(held)))}
        return next(iter(sorted(held - named)), "")


def patched(text: str, lines: Sequence[Line]) -> str:
    """Return a clause whose names and figures are in no one of several sentences together."""
    for clause in _CLAUSE.split(text):
        names = [squash(one[1] or one[2]) for one in _QUOTE.finditer(clause)]
        counted = [one.value for one in figures(clause) if one.sort is not Sort.DATE]
        if not names or not counted:
            continue
        if not any(
            all(name in squash(x.text) for name in names) and any(one.value in counted for one in x.figures)
            for x in lines
        ):
            return clause.strip()
    return ""


def evidence_of(line: Line) -> ClaimEvidence:
    """Return a sentence as the judge takes it, with what comes before it in its passage."""
    document = line.document
    return ClaimEvidence(
        quote=line.text,
        document=document.title,
        place=document.place or "全国",
        year=document.year,
        heading=" / ".join(line.passage.heading),
    )


def undressed(text: str) -> str:
    """Return a line without its list mark and emphasis; a row of a table without its outer bars."""
    return _LIST_MARK.sub("", _DRESS.sub("", text)).strip().strip("|").strip()


def plain_quotes(text: str, lines: Sequence[Line], *, longer_than: int = 0) -> str:
    """Return the text with those quotation marks left out whose words the lines do not hold exactly.

    Names of up to ``longer_than`` characters keep theirs, so that a wrong one is seen.
    """

    def checked(match: re.Match[str]) -> str:
        inner = next(filter(None, match.groups()), "")
        words = squash(inner.strip("，。；、？！,.;?! "))
        held = any(
            words in squash(f"{x.text} {x.document.title} {' '.join(x.passage.heading)}") for x in lines
        )
        name = len(inner) <= longer_than and not re.search(r"\d", inner)
        return match[0] if held or name else inner

    return _QUOTE.sub(checked, text)
