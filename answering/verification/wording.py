"""The words of a claim rest on what is cited: quotations, content, and the strong words that make more of it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from answering.verification.figure_context import END
from answering.verification.neutral_words import bar
from answering.verification.overlap import Words
from retrieval.text.normalize import squash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.lines import Line
    from answering.lexicon.thesaurus import Lexicon
    from answering.verification.claim import Claim, Scope

_QUOTE = re.compile(r"[“「『]([^“”「」『』]{1,200})[”」』]|\"([^\"]{1,200})\"|‘([^‘’]{1,200})’")
_TITLE = re.compile(r"《([^《》]{1,60})》")
_STRAY = re.compile(r"(?<![，。；、？！,.;?!\s…—-])[，。；、？！,.;?!\s…—-]+$")
_NOTHING = 0.5  # share of a quotation below which nothing of it stands in the source
_PRONOUN = re.compile("它们?|他们|她们")
_PLAIN = frozenset(
    (
        "工作",
        "建设",
        "活动",
        "项目",
        "情况",
        "措施",
        "问题",
        "内容",
        "事业",
        "任务",
        "部分",
        "终于",
        "面积",
        "资金",
        "rate",
    )
)
_LONG = 6  # characters of content from which a stretch must come from one statement of the source
_TOGETHER = 0.6  # share of it
_DIRECT = 0.7  # share of the content that the cited sentences themselves must hold

# Words that make more of a fact, each with what bears it out in a source.
_STRONG = (
    (
        "最[高大多少低好快强佳早先近]|首位|第一(?!书记)|唯一|首个|首次|率先|领先|前列|顶尖|一流|榜首|冠军",
        None,
    ),
    (
        "因此|因而|从而|所以|由此|以致|导致|致使|得益于|归功于|归因于|because|therefore|thus|due to|thanks to|result(?:ed|ing)? in|led to",
        "因此|因而|从而|所以|由此|使|让|得以|这样一来|促",
    ),
    ("由于|因为", "由于|因为|因"),
    (
        (
            "(?:高|低|多|少|大|小|强|好|快|早|晚|优)于|超过(?![\\d一二三四五六七八九十百千万])|相比|比[^例如重赛较武方分率][^。,]{0,8}(?:更|多|少|高|低|大|小|早|晚)"
            "|more than any|compared with|(?:higher|lower|fewer|larger|better) than"
        ),
        None,
    ),
    (
        "全部|所有|全体|一切|每一个|各类|各项|各种|百分之百|无一|without exception|\\ball\\b",
        "全部|所有|全体|一切|每|均|都|凡是|各[类项种]",
    ),
    ("全国|全省|全球|世界|国际|国内|省内|nationwide|worldwide", None),
    (
        "显著|大幅|极大|大大|明显|巨大|迅速|significant(?:ly)?|greatly|dramatic(?:ally)?",
        "显著|大幅|极大|大大|明显|大为|全面|切实|越来越|焕然一新|脱胎换骨",
    ),
    ("仅仅|只有|仅|only|merely", "仅|只|唯有"),
    ("翻番|翻倍|倍增|doubl|tripl", None),
)
_PATTERNS = tuple((re.compile(said), re.compile(borne) if borne else None) for said, borne in _STRONG)


def plain_quotes(text: str, lines: Sequence[Line]) -> str:
    """Return the text with those quotation marks left out whose words the lines do not hold exactly."""

    def checked(match: re.Match[str]) -> str:
        inner = next(filter(None, match.groups()), "")
        return match[0] if _stands(inner, lines) else inner

    return _QUOTE.sub(checked, text)


def _stands(quoted: str, lines: Sequence[Line]) -> bool:
    words = squash(_STRAY.sub("", quoted))
    return any(words in squash(x.text) for x in lines)


def false_quote(claim: Claim, scope: Scope, lines: Sequence[Line]) -> str:
    """Return a quotation or title of which the lines hold nothing."""
    for match in _TITLE.finditer(claim.text, scope.start, scope.end):
        if not _stands(match[1], lines):
            return match[0]
    for match in _QUOTE.finditer(claim.text, scope.start, scope.end):
        inner = next(filter(None, match.groups()), "")
        if not inner.isascii() and not _stands(inner, lines) and _share(inner, claim, lines) < _NOTHING:
            return match[0]
    return ""


def _share(text: str, claim: Claim, lines: Sequence[Line]) -> float:
    words = Words(squash(text), squash(text), claim.lexicon)
    return max((words.share(words.shared(x.folded)) for x in lines), default=0.0)


def overstated(text: str, lines: Sequence[Line]) -> str:
    """Return a word of ``text`` (folded) that makes more of a fact than the lines do."""
    for said, borne in _PATTERNS:
        for match in said.finditer(text):
            if any(match[0] in x.folded for x in lines):
                continue
            if borne is None or not any(borne.search(x.folded) for x in lines):
                return match[0]
    return ""


def dangling(text: str, lines: Sequence[Line], lexicon: Lexicon) -> str:
    """Return a pronoun of ``text`` (folded) whose noun stands in a clause of the source left out here."""
    for match in _PRONOUN.finditer(text):
        nouns = [noun for x in lines for noun in _antecedents(match[0], x)[:1]]
        if nouns and not any(_told(noun, text, lexicon) for noun in nouns):
            return match[0]
    return ""


def _antecedents(pronoun: str, line: Line) -> list[str]:
    """Return the clauses before those that hold the pronoun."""
    spans = [line.folded[s.start : s.end] for s in line.clauses]
    return [before for before, clause in pairwise(spans) if pronoun in clause]


def _told(clause: str, text: str, lexicon: Lexicon) -> bool:
    words = Words(clause, bar(clause, [], english=False), lexicon)
    return words.share(words.shared(text)) >= _NOTHING


def unsupported(words: Words, lines: Sequence[Line]) -> str:
    """Return the words of a claim that do not rest on the lines; nothing when they do.

    A word may stand in the passage around a cited sentence, as long as most stand in the sentence itself.
    """
    if not words.size:
        return ""
    near = _union(words, [x.folded for x in lines])
    around = " | ".join(f"{x.context} {x.document.title}" for x in lines)
    wide = [a or b for a, b in zip(near, words.shared(around), strict=True)]
    missing = words.missing(wide, around)
    if len(missing) > 1 or (missing and missing[0] not in _PLAIN):
        return "、".join(missing)
    share = words.share(near)
    return f"{share:.2f}" if share < _DIRECT else _patched(words, lines)


def _patched(words: Words, lines: Sequence[Line]) -> str:
    """Return a stretch of the claim that is put together from statements which the source keeps apart by ；."""
    statements = [part for x in lines for part in x.folded.split(";")]
    if len(statements) < 2:
        return ""
    for start, end in _stretches(words.text):
        part = words.part(start, end)
        if part.size >= _LONG and max(part.share(part.shared(s)) for s in statements) < _TOGETHER:
            return part.text
    return ""


def _stretches(text: str) -> list[tuple[int, int]]:
    edges = [0, *(m.end() for m in END.finditer(text)), len(text)]
    return list(pairwise(edges))


def _union(words: Words, sources: Sequence[str]) -> list[bool]:
    masks = [words.shared(source) for source in sources]
    return [any(marks) for marks in zip(*masks, strict=True)] if masks else [False] * len(words.text)
