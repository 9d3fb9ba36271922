"""Undertakings without a figure: what was to be built, issued or reached, and how far later texts say it has come."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from answering.ledger.pair_features import Rarity
from retrieval.facts.name_similarity import grams
from retrieval.text.normalize import fold
from retrieval.text.regex_trie import alternatives
from retrieval.text.sentences import HAN, clauses, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.evidence.report_parts import ReportParts
    from retrieval.values.documents import Document, Passage

_DATA = Path(__file__).parents[1] / "data" / "stages.tsv"
_CHECKABLE = 2  # the first stage that a reader could go and look at
_COMMON = 40  # clauses that a pair of characters may stand in and still lead to another clause
_SHORTEST = 6  # characters of a clause that says something
_SHARED = 3  # pairs of characters that two clauses of one work have in common at least
_MARKS = "，,；;。、 \u3000\n\r\t—"
_SPEECH = re.compile(  # a way of working, or words around a promise
    "战略|政策|力度|精神|思想|体制|责任|目标任务|准则|基础上|^(?:在|结合|按照|围绕)"
    "|^.{0,6}(?:继续|深入|持续|坚持|坚定|毫不|不断|进一步|加大|加快|推进|推动|做好|稳步|加强|贯彻)"
)
_GENERIC = "完成"
_FILLING = re.compile(
    r"(?:19|20)\d\d年(?:[前底末初]|以前)?|确保|力争|年内|全年|今年|[一二三四]季度|\d{1,2}月(?:份|底)?|投资[\d.]{1,12}[万亿]?元的?|项目|工程|建设|工作|顺利|正式|全面|全部|扎实|积极|进一步|[的了]"
)
_IN_STEP = re.compile(
    f"(?:城乡|全体|全[国省市区县])?居民[{HAN}]{{0,6}}收入增长[与和同](?:经济|[{HAN}]{{2}}生产总值)(?:增长|发展|增速)?(?:保持)?(?:基本)?同步"
)
_BEYOND = re.compile("超额")
_NOT_YET = re.compile("尚未|未能|没有|仍未|还未")


def _stages() -> dict[str, int]:
    lines = [line for line in _DATA.read_text(encoding="utf-8").splitlines() if line[:1].isdigit()]
    parts = (line.split("\t") for line in lines)
    return {word: int(number) for number, words in parts for word in words.split("|")}


_STAGES = _stages()

_WORDS = re.compile(alternatives(_STAGES))


def stage_of(words: str) -> int | None:
    """Return how far the words of a clause (folded) say a work has come, 0…6; None where they don't say.

    A later stage counts more than an earlier one in the same clause, but 主体完工 is not 完工, and 完成 is only as
    far as what is completed: 完成核准 is an approval.
    """
    found = [_STAGES[match] for match in _WORDS.findall(words) if match != _GENERIC]
    if _GENERIC in words and max(found, default=0) < _CHECKABLE:
        return _STAGES[_GENERIC]
    return max(found, default=None)


@dataclass(frozen=True, kw_only=True)
class Undertaking:
    """One clause that says what is to be done, or what was done."""

    document: Document
    passage: str
    start: int
    end: int
    folded: str  # its words, folded

    @property
    def text(self) -> str:
        """Its words as printed."""
        return self.document.text[self.start : self.end]

    @cached_property
    def context(self) -> frozenset[str]:
        """The pairs of characters in it that name its object."""
        return frozenset(grams(_FILLING.sub("|", _WORDS.sub("|", self.folded))))

    @cached_property
    def stage(self) -> int | None:
        """How far it says the work is to come, or has come."""
        return stage_of(self.folded)

    @property
    def checkable(self) -> bool:
        """Whether it promises something that can be seen to be done, and not a way of working."""
        return self.stage is not None and self.stage >= _CHECKABLE and not _SPEECH.search(self.folded)

    @property
    def unmet(self) -> bool:
        """Whether it says itself that the thing was not done."""
        return bool(_NOT_YET.search(self.folded))

    @property
    def beyond(self) -> bool:
        """Whether it says itself that more was done than planned."""
        return bool(_BEYOND.search(self.folded))


def undertakings(
    parts: ReportParts, passages: Sequence[Passage], *, figures: Sequence[int]
) -> tuple[list[Undertaking], list[Undertaking]]:
    """Return the clauses of a report that plan, and those that look back, which have a stage.

    Clauses that hold one of the ``figures`` (offsets) are left to the figures.
    """
    taken = sorted(figures)
    planned: list[Undertaking] = []
    done: list[Undertaking] = []
    for one in _clauses(parts, passages):
        if one.stage is None:
            continue
        if not parts.plans(one.start):
            done.append(one)
        elif one.checkable and not any(one.start <= at < one.end for at in taken):
            planned.append(one)
    return planned, done


def in_step(parts: ReportParts, passages: Sequence[Passage]) -> list[Undertaking]:
    """Return the clauses of the planning part that want incomes to grow in step with the economy."""
    return [
        Undertaking(
            document=parts.document,
            passage=passage.id,
            start=passage.start + found.start(),
            end=passage.start + found.end(),
            folded=found[0],
        )
        for passage in passages
        for found in _IN_STEP.finditer(fold(passage.text))
        if parts.plans(passage.start + found.start())
    ]


def _clauses(parts: ReportParts, passages: Sequence[Passage]) -> Iterator[Undertaking]:
    """Give the clauses of the sentences that tell a stage at all."""
    for passage in passages:
        text, folded = passage.text, parts.folded[passage.start : passage.end]
        for sentence in sentences(text) if _WORDS.search(folded) else ():
            if not _WORDS.search(folded, sentence.start, sentence.end):
                continue
            for span in clauses(text, sentence.start, sentence.end):
                start, end = _trimmed(text, span.start, span.end)
                if end - start >= _SHORTEST:
                    yield Undertaking(
                        document=parts.document,
                        passage=passage.id,
                        start=passage.start + start,
                        end=passage.start + end,
                        folded=folded[start:end],
                    )


def _trimmed(words: str, start: int, end: int) -> tuple[int, int]:
    while start < end and words[start] in _MARKS:
        start += 1
    while end > start and words[end - 1] in _MARKS:
        end -= 1
    return start, end


def likest(
    planned: Sequence[Undertaking], done: Sequence[Undertaking], *, floor: float
) -> list[tuple[Undertaking, Undertaking, float]]:
    """Return pairs of one thing with their likeness (weighted Dice of pairs of characters), each clause once."""
    rarity = Rarity.of_texts([one.context for one in (*planned, *done)])
    holding: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(done):
        for gram in one.context:
            holding[gram].append(number)
    weights = [rarity.weight(one.context) for one in done]
    found = []
    for at, one in enumerate(planned):
        shared: dict[int, float] = defaultdict(float)
        for gram in sorted(one.context):
            for number in holding.get(gram, ()) if len(holding.get(gram, ())) <= _COMMON else ():
                shared[number] += rarity.shares[gram]
        own = rarity.weight(one.context)
        for number, weight in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:2]:
            alike = 2 * weight / (own + weights[number])
            if alike >= floor and len(one.context & done[number].context) >= _SHARED:
                found.append((round(alike, 6), at, number))
    return _once(found, planned, done)


def _once(
    found: Sequence[tuple[float, int, int]], planned: Sequence[Undertaking], done: Sequence[Undertaking]
) -> list[tuple[Undertaking, Undertaking, float]]:
    one: set[int] = set()
    other: set[int] = set()
    kept = []
    for alike, at, number in sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if at not in one and number not in other:
            one.add(at)
            other.add(number)
            kept.append((planned[at], done[number], alike))
    return kept
