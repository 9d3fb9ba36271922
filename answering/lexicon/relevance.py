"""How far a stretch of text speaks of what a question asks: terms of the question, found in clause, sentence, context.

The measure is lexical and needs no model: the question's words are known terms of the field (with their synonyms and
translations, see ``lexicon``) and, where no term is known, character bigrams. Each carries a weight by its length and its
rarity in the corpus; coverage is the weighted share that a text holds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from retrieval.text.normalize import bigrams

if TYPE_CHECKING:
    from answering.lexicon.thesaurus import Group, Lexicon

# Grams → the share of the corpus's passages that hold each.
Frequency = Callable[[Sequence[str]], dict[str, float]]

_FRAME = re.compile(
    r"(几|多少)(平方公里|平方米|公里|个月|[个条处项家座部户件次篇场种类名位人支所间亩吨年天岁倍元块级本台辆艘棵株份句字期届批对套栋层门站款首幅枚道成村镇])|[一二三四五六七八九十两几]{1,12}(个|样|条|项|句|种|大|类|家|处|点|方面)(?![一-鿿]?[百千万亿])|请问|麻烦|拜托|帮我|帮忙|我(们)?(就|只)?(是)?想?(知道|问|了解|看看|查查|听听)(一下|下)?|告诉我|给我|说说|讲讲|谈谈|介绍(一下|下)?|查(一)?(下|查)|问(一)?(下|问)|(记者|居民|市民|网友)?(求证|提问)"
    r"|核实(一下)?|确认(一下)?|对吧|对吗|对不对|是不是|是吧|没错吧|属实吗|概括(一下|下)?|概述|总结(一下|下)?|归纳|列(一下|出|举)|到底|究竟|大概|大约|总共|一共|合计|分别|各自|具体|目前|现在|当前|如今|至今|到现在|那会儿|当时"
    r"|(有)?(什么|啥|哪些|哪几|哪个|哪位|哪家|哪座|哪里|哪儿|多少|几多|怎么样|怎么|怎样|如何|为什么|为啥|多大|多高|多长|多久|几招|哪)|(叫|名)(什么|啥)?(名字|名称)?|这(块|方面|事|项|件事|样|个|些)|那(个|些|套|部|样)"
    r"|发言(里|中|材料)?|讲话(里|中)?|报告(里|中)|材料(里|中)|(提|说|讲|写|谈|报)(到|过|明|出|的)|城市(里|中|当中)|(的|之)(中|里|内)|当中|谁|吗|呢|啊|呀|吧|嘛|哦|了|的|是|在|和|跟|与|及|以及|还有|或者?|也|都|就|又|把|被|从|向|由|给|让|那|这|它|他|她|我|你|您|其|之|所|着|过|得|地(?=[做搞推])"
)
_ENGLISH_FRAME = re.compile(
    r"\b(what|which|who|whom|whose|when|where|why|how|many|much|is|are|was|were|do|does|did|has|have|had|the|a|an|of|in|on|at|to|for|by|with|from|and|or|it|its|this|that|these|those|there|their|they|city|cities|city's|"
    r"s|please|tell|me|about|you|can|could|would|according|report|reported|speech|say|said|says|mention|mentioned|give|gives|gave|be|been|as|any|some|called|name|named|will|than)\b"
)
_RUN = re.compile(r"[一-鿿㐀-䶿]+|[a-z]+|\d+(?:\.\d+)?")
_NEEDED = 1.0  # weight from which a term that the corpus knows must not be missing
_LONG = 4  # characters from which a word may stand in a text in pieces
_LEAST = 0.2  # weight that a text must hold at all, or a few stray characters would pass for a subject
_LACKING = 0.8  # how much of the coverage goes with the share of needed terms that are missing
_TOUCHED = 0.2  # strength from which a term is not missing
_ASKING = frozenset(
    ("数量", "数字", "最多", "最少", "名称", "标题", "目前", "大约", "概括", "提纲", "全部", "称号")
)


class TermOrigin(StrEnum):
    """Where a term comes from."""

    QUOTED = "quoted"
    SPECIAL = "special"  # a term of one field in the lexicon
    GENERAL = "general"  # a lexicon word of any report
    GRAM = "gram"  # characters that no term covers


_NEAR = {"clause": 1.0, "sentence": 0.8, "context": 0.55}


@dataclass(frozen=True, slots=True)
class Term:
    """Something the question speaks of: its forms (as asked first), and how much it counts."""

    text: str
    forms: tuple[str, ...]
    weight: float
    kind: TermOrigin
    run: int = 0  # grams of one stretch of unknown characters share a number; 0 for others
    seen: bool = True  # some passage of the corpus holds it, in this or another form
    apart: str = ""  # a pattern that finds the thing and its change, where the term joins them

    @property
    def needed(self) -> bool:
        """Whether a text that lacks it speaks of something else: the corpus knows it, and it is no common word."""
        return self.seen and self.kind in (TermOrigin.QUOTED, TermOrigin.SPECIAL) and self.weight >= _NEEDED


class TermSpot(NamedTuple):
    """Where a text speaks of a term."""

    start: int
    end: int
    weight: float


@lru_cache(maxsize=4096)
def _found(term: Term) -> re.Pattern[str]:
    """Return what finds a term in any of its forms, or its characters scattered."""
    forms = "|".join(re.escape(form) for form in sorted(term.forms, key=len, reverse=True))
    forms += f"|{term.apart}" if term.apart else ""
    if term.kind in (TermOrigin.SPECIAL, TermOrigin.GENERAL) and not term.text.isascii():
        forms += "|" + _scattered(term.text).pattern
    return re.compile(forms)


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one question."""

    all: tuple[Term, ...]

    @property
    def total(self) -> float:
        """The weight of all terms together; 0 for a question of frame words only."""
        return sum(t.weight for t in self.all)

    def coverage(self, clause: str, sentence: str = "", context: str = "") -> float:
        """Return the weighted share (0…1) of the terms that the folded texts hold, the nearest text counting most."""
        if not self.all:
            return 0.0
        held = [(t, _best(t, (clause, sentence, context))) for t in self.all]
        got = sum(t.weight * best for t, best in held)
        if got < _LEAST:
            return 0.0
        total = self.total or 1.0
        share = got / total
        lacking = sum(t.weight for t, best in held if t.needed and best < _TOUCHED) + self._lost_runs(held)
        return share * max(0.0, 1 - _LACKING * lacking / total)

    def _lost_runs(self, held: Sequence[tuple[Term, float]]) -> float:
        """Return the weight of names the lexicon does not know (大陈岛) that the corpus holds and the text lacks."""
        runs: dict[int, list[tuple[Term, float]]] = {}
        for term, best in held:
            if term.run:
                runs.setdefault(term.run, []).append((term, best))
        lost = [run for run in runs.values() if len(run) > 1 and all(t.seen and b < _TOUCHED for t, b in run)]
        return sum(term.weight for run in lost for term, _ in run)

    def spots(self, text: str) -> list[TermSpot]:
        """Return where the folded ``text`` speaks of the terms, each with the term's weight."""
        return [
            spot
            for term in self.all
            if term.kind is not TermOrigin.GRAM or term.weight >= 0.2
            for spot in _whole(term, text) or _parted(term, text)
        ]

    def held(self, text: str) -> tuple[Term, ...]:
        """Return the terms that the folded ``text`` holds whole."""
        return tuple(t for t in self.all if strength(t, text) >= 0.75)

    def missing(self, text: str) -> tuple[Term, ...]:
        """Return the terms of which the folded ``text`` holds next to nothing."""
        return tuple(t for t in self.all if strength(t, text) < 0.4)


def _whole(term: Term, text: str) -> list[TermSpot]:
    return [TermSpot(at.start(), at.end(), term.weight) for at in _found(term).finditer(text)]


def _parted(term: Term, text: str) -> list[TermSpot]:
    """Return where a text holds the pieces of a long word that it holds nowhere whole: 改造全市老旧小区."""
    whole = term.text
    if term.kind in (TermOrigin.QUOTED, TermOrigin.GRAM) or whole.isascii() or len(whole) < _LONG:
        return []
    pieces = {whole[i : i + 2] for i in range(len(whole) - 1)}
    weight = term.weight / len(pieces)
    return [TermSpot(at, at + 2, weight) for at in range(len(text) - 1) if text[at : at + 2] in pieces]


def _best(term: Term, texts: tuple[str, str, str]) -> float:
    return max(
        near * strength(term, text)
        for near, text in zip(_NEAR.values(), texts, strict=True)
        if text or near == 1
    )


def strength(term: Term, text: str) -> float:
    """Return how surely the folded ``text`` holds ``term``: 1 as asked, 0.9 in other words, less in part."""
    if not text:
        return 0.0
    if term.forms[0] in text:
        return 1.0
    if any(form in text for form in term.forms[1:]) or (term.apart and re.search(term.apart, text)):
        return 0.9
    whole = term.forms[0]
    if term.kind is TermOrigin.QUOTED or whole.isascii() or len(whole) < 2:
        return 0.0
    if _scattered(whole).search(text):
        return 0.4 if term.kind is TermOrigin.GRAM else 0.55
    grams = [whole[i : i + 2] for i in range(len(whole) - 1)]
    return 0.7 * sum(g in text for g in grams) / len(grams) if len(whole) > 2 else 0.0


@lru_cache(maxsize=4096)
def _scattered(word: str) -> re.Pattern[str]:
    """Return what finds the characters of a word in order and near each other: 督查 in 督导检查."""
    return re.compile("[^。]{0,3}".join(map(re.escape, word)))


def terms(content: str, lexicon: Lexicon, frequency: Frequency, *, quoted: Sequence[str] = ()) -> Terms:
    """Return the terms of ``content``, the folded question without its places."""
    drafts = [
        TermDraft(q, (q, *sorted(lexicon.expand(q) - {q})), min(len(q), 6) / 2, TermOrigin.QUOTED)
        for q in quoted
    ]
    for text in quoted:
        content = content.replace(text, "|")
    known, rest = _known(content, lexicon)
    drafts += known
    drafts += [TermDraft(g, (g,), w, TermOrigin.GRAM, run) for g, w, run in _grams(rest)]
    unique = _distinct(drafts)
    grams = {gram for draft in unique for form in draft.forms for gram in _cut(form)}
    shares = frequency(sorted(grams))
    return Terms(tuple(_weighed(draft, shares) for draft in unique))


def without_frame(content: str) -> str:
    """Return folded text with a bar in place of the words that only ask, and say nothing of what is asked."""
    return _ENGLISH_FRAME.sub("|", _FRAME.sub("|", content))


def _cut(form: str) -> list[str]:
    """Return the longest grams of ``form`` that the word index knows: bigrams, and words of other scripts."""
    grams = bigrams(form)
    return [g for g in grams if len(g) > 1] or grams


class TermDraft(NamedTuple):
    """A term before it is known how rare it is."""

    text: str
    forms: tuple[str, ...]
    weight: float
    kind: TermOrigin
    run: int = 0
    apart: str = ""


def _known(content: str, lexicon: Lexicon) -> tuple[list[TermDraft], str]:
    """Return the lexicon's terms in ``content`` and what is left; an English term counts by its Chinese words."""
    spans: dict[tuple[int, int], list[Group]] = {}
    for match in lexicon.groups_in(content):
        spans.setdefault((match.start, match.end), []).append(lexicon.groups[match.group_id])
    out: list[TermDraft] = []
    rest = list(content)
    for (start, end), groups in spans.items():
        surface = content[start:end]
        if _FRAME.fullmatch(surface) or _ENGLISH_FRAME.fullmatch(surface):
            continue
        rest[start:end] = "|" * (end - start)
        if any(g.official in _ASKING for g in groups) or re.match(r"多少|几", surface):
            continue
        words = [word for g in groups for word in g.chinese]
        forms = tuple(dict.fromkeys(words if surface.isascii() else (surface, *words)))
        kind = TermOrigin.GENERAL if all(g.general for g in groups) else TermOrigin.SPECIAL
        apart = next((told for g in groups if (told := _told_apart(lexicon, g))), "")
        out.append(TermDraft(forms[0], forms, min(len(forms[0]), 5) / 2, kind, apart=apart))
    return out, "".join(rest)


def _told_apart(lexicon: Lexicon, group: Group) -> str:
    """Return the pattern of a thing whose change follows in its clause, or begins the next: 生产总值2万亿元，同比增长5%."""
    joined = lexicon.changed_thing(group.id)
    if joined is None:
        return ""
    thing, change = ("|".join(map(re.escape, words)) for words in joined)
    return f"(?:{thing})[^,，;；。]{{0,16}}(?:[,，][^,，;；。]{{0,4}})?(?:{change})"


def _grams(rest: str) -> list[tuple[str, float, int]]:
    """Return bigrams of what no term covers, weighing about as much as a word, with the number of their run."""
    bare = without_frame(rest)
    out: list[tuple[str, float, int]] = []
    for number, run in enumerate(_RUN.findall(bare), 1):
        if run[0].isascii():
            if len(run) > 1 or run.isdigit():
                out.append((run, 1.0 if run[0].isdigit() else 0.4, 0))
        elif len(run) == 1:
            out.append((run, 0.15, 0))
        else:
            weight = min(len(run), 6) / 2 / (len(run) - 1)
            out += [(run[i : i + 2], weight, number) for i in range(len(run) - 1)]
    return out


def _distinct(drafts: list[TermDraft]) -> list[TermDraft]:
    return list({draft.text: draft for draft in reversed(drafts)}.values())[::-1]


# What a term of each kind counts when some passage holds it, and when none does.
_SEEN = {TermOrigin.QUOTED: 1.0, TermOrigin.SPECIAL: 1.0, TermOrigin.GENERAL: 0.6, TermOrigin.GRAM: 0.8}
_UNSEEN = {TermOrigin.QUOTED: 1.0, TermOrigin.SPECIAL: 0.8, TermOrigin.GENERAL: 0.2, TermOrigin.GRAM: 0.25}


def _weighed(draft: TermDraft, shares: dict[str, float]) -> Term:
    cut = [_cut(form) for form in draft.forms]
    share = max((min(shares.get(g, 0.0) for g in grams) for grams in cut if grams), default=0.0)
    rarity = 1.0 if share <= 0 else min(1.0, max(0.15, -math.log10(share) / 2 + 0.15))
    factor = (_SEEN if share > 0 else _UNSEEN)[draft.kind]
    weight = draft.weight * rarity * factor
    return Term(draft.text, draft.forms, weight, draft.kind, draft.run, share > 0, draft.apart)
