"""Undertakings without a figure: what was to be built, issued or reached, and how far later texts say it has come."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.text.normalize import fold
from retrieval.text.regex_trie import alternatives
from retrieval.text.sentences import HAN, clauses, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.evidence.report_parts import ReportParts
    from retrieval.values.documents import Document, Passage

_DATA = Path(__file__).parents[1] / "data" / "stages.tsv"
_CHECKABLE = 2  # the first stage that a reader could go and look at
_SHORTEST = 6  # characters of a clause that says something
_THING = 4  # characters from which on words name what a trend is of
_OBJECT = 3  # characters from which on a member of a list names a work of its own
_MARKS = "，,；;。、 \u3000\n\r\t—"
_SPEECH = re.compile(  # a way of working, or words around a promise
    r"^(?:今年|(?:19|20)\d\d年)是|战略|政策|力度|精神|思想|体制|责任|目标任务|准则|基础上|^(?:在|结合|按照|围绕)"
    "|^.{0,6}(?:继续|深入|持续|坚持|坚定|毫不|不断|进一步|加大|加快|推进|推动|做好|稳步|加强|贯彻)"
)
_GENERIC = "完成"
_FILLING = re.compile(
    r"(?:19|20)\d\d年(?:[前底末初]|以前)?|确保|力争|年内|全年|今年|[一二三四]季度|\d{1,2}月(?:份|底)?|投资[\d.]{1,12}[万亿]?元的?|\d[\d.]{0,8}万?平方米的?|项目|工程|建设|工作|超额|顺利|正式|全面|全部|扎实|积极|进一步|[的了]"
)
_LEAD = re.compile("^(?:[一二三四五六七八九十]+是|要|将|把|对|在|和|与|及)+")
_AND_MORE = re.compile(f"等(?=[0-9{HAN}])")  # 甲、乙等9条道路: what follows says what they are
_QUOTED = re.compile("[“”‘’\"'《》\\s]")
_IN_STEP = re.compile(
    f"(?:城乡|全体|全[国省市区县])?居民[{HAN}]{{0,6}}收入增长[与和同](?:经济|[{HAN}]{{2}}生产总值)(?:增长|发展|增速)?(?:保持)?(?:基本)?同步"
)
_TREND = re.compile(
    f"(?:保持|实现|促进|推动)?(?P<things>[{HAN}、]{{4,24}}?)(?:继续|持续|稳步|稳定|进一步|保持|平稳|较快|明显|不断|逐步|总体|均)*"
    "(?:(?P<up>增长|提高|上升|扩大|增加|提升)|(?P<down>下降|降低|减少)|(?P<good>改善|好转))"
)
_AND = re.compile("[和与及、]")
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
    """One clause that says what is to be done, or what was done, of one work: a list of works gives one each."""

    document: Document
    passage: str
    start: int
    end: int
    folded: str  # its words, folded
    member: tuple[int, int] | None = None  # of a list: where the work is named in the clause

    @property
    def text(self) -> str:
        """Its words as printed."""
        return self.document.text[self.start : self.end]

    @property
    def named(self) -> str:
        """The words that name the work, as printed: the clause, or a member of its list."""
        start, end = self.member or (0, self.end - self.start)
        return self.text[start:end]

    @cached_property
    def object(self) -> str:
        """What is to be done something to, folded, without stages and words around them."""
        start, end = self.member or (0, len(self.folded))
        return _object(self.folded[start:end])

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


@dataclass(frozen=True, kw_only=True)
class Trend(Undertaking):
    """A clause that gives only the direction of some things: 居民收入稳步增长."""

    things: tuple[str, ...]  # folded
    way: str  # up, down, or good where it says that they got better


def undertakings(
    parts: ReportParts, passages: Sequence[Passage], *, figures: Sequence[int]
) -> tuple[list[Undertaking], list[Undertaking]]:
    """Return the clauses of a report that plan, and those that look back, which have a stage.

    Clauses that hold one of the ``figures`` (offsets) are left to the figures.
    """
    taken = sorted(figures)
    planned: list[Undertaking] = []
    done: list[Undertaking] = []
    for one in _clauses(parts, passages, _WORDS):
        if one.stage is None:
            continue
        if not parts.plans(one.start):
            done += _members(one)
        elif one.checkable and not any(one.start <= at < one.end for at in taken):
            planned += _members(one)
    return planned, done


def _members(one: Undertaking) -> list[Undertaking]:
    """Return an undertaking for each work of a list that shares its verb (甲、乙项目建成), or the clause itself."""
    spans, at = [], 0
    for words in one.folded.split("、"):
        spans.append((at, at + len(words)))
        at += len(words) + 1
    if len(spans) < 2:
        return [one]
    last = _AND_MORE.search(one.folded, *spans[-1])
    if last is not None:
        spans[-1] = spans[-1][0], last.start()
    whole = all(len(_object(one.folded[start:end])) >= _OBJECT for start, end in spans)
    return [replace(one, member=span) for span in spans] if whole else [one]


def _object(folded: str) -> str:
    return _QUOTED.sub("", _FILLING.sub("", _WORDS.sub("", _LEAD.sub("", folded))))


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


def trends(parts: ReportParts, passages: Sequence[Passage]) -> tuple[list[Trend], list[Trend]]:
    """Return the clauses of a report that want a direction, and those that tell one."""
    sides: tuple[list[Trend], list[Trend]] = [], []
    for one in _clauses(parts, passages, _TREND):
        found = _TREND.fullmatch(one.folded)
        if found is not None and found.lastgroup is not None:
            things = tuple(_AND.split(found["things"]))
            if min(map(len, things)) < _THING:  # 质量, 竞争力: of what, other words say
                continue
            made = Trend(
                document=one.document,
                passage=one.passage,
                start=one.start,
                end=one.end,
                folded=one.folded,
                things=things,
                way=found.lastgroup,
            )
            sides[0 if parts.plans(one.start) else 1].append(made)
    return sides


def _clauses(
    parts: ReportParts, passages: Sequence[Passage], words: re.Pattern[str]
) -> Iterator[Undertaking]:
    """Give the clauses of the sentences that hold some words at all."""
    for passage in passages:
        text, folded = passage.text, parts.folded[passage.start : passage.end]
        for sentence in sentences(text) if words.search(folded) else ():
            if not words.search(folded, sentence.start, sentence.end):
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
