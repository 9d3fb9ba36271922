"""How near two stretches of text are: by the characters they share, and by the meaning an embedder sees."""

from __future__ import annotations

import re
from collections import OrderedDict
from difflib import SequenceMatcher
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from answering.lexicon import thesaurus
from answering.lexicon.term_matcher import WordScan
from retrieval.embeddings.text_tokens import token_embedder
from retrieval.text.normalize import fold, is_english
from retrieval.text.sentences import HAN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.embeddings.embedder import Embedder
    from retrieval.embeddings.text_tokens import TextTokens

NEUTRAL = (
    0.86  # cosine of two unlike sentences of one field, as e5 gives it; taken where there is no embedder
)
_SHORT_NAME = 5  # characters of a short name
_APART = 4  # characters of a name that may be left out between two of its short form
_ALL_HAN = re.compile(f"[{HAN}]+")
_KEPT = 4_096  # vectors kept
_TOKENS_KEPT = 256  # texts whose pieces are kept: some 50 kB each
_WORD = re.compile(f"[{HAN}]+|[a-z]+")
_FREE = re.compile(
    "按(?:此|报告(?:中的?)?(?:数字|数据)?)?(?:推算|计算|算)|推算|位列|位居|排名|名列|跻身|第[一二三四五六七八九十\\d]+[位名]?|报告(?:中)?(?:称|说|提到|提出|指出|显示|写明|中)?|根据|按照|条例规定|规定|其中|同时|此外|另外|全[市省国区县]|我[市省国区县]|当地|方面|共计?|总共|合计|分别|达到?了?|为|是|有|的|了|在|和|与|及|并|且|也|还|都|均|已经?|等|这|该|其|年|月|日|个|从|到|至|由|对|于|将|以|把|被|比|较|同比|上年|去年|今年|约|近|超过?|突破|以上|左右|目标|计划|预计|力争|实现|完成|而|则|只|就|要|拟|不是|具体|一共|去|所|之|年度|期间|当年|全年"
)


class Nearness:
    """Nearness of meaning; ``embedder`` None leaves shared words alone to decide."""

    def __init__(self, embedder: Embedder | None) -> None:
        self._embedder = embedder
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._tokens: OrderedDict[str, TextTokens] = OrderedDict()
        self._lock = Lock()

    def prepare(self, texts: Iterable[str]) -> None:
        """Embed texts in one batch, for ``cosine`` to find."""
        if self._embedder is None:
            return
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text and text not in self._vectors]
        if not missing:
            return
        made = self._embedder.passages(missing)
        with self._lock:
            for text, vector in zip(missing, made, strict=True):
                self._vectors[text] = vector
            while len(self._vectors) > _KEPT:
                self._vectors.popitem(last=False)

    def tokens(self, texts: Sequence[str]) -> list[TextTokens] | None:
        """Return the pieces of each text as they are meant there; None where no embedder tells."""
        embedder = token_embedder(self._embedder)
        if embedder is None:
            return None
        with self._lock:
            found = {text: self._tokens[text] for text in texts if text in self._tokens}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        found |= zip(missing, embedder.tokens(missing), strict=True)
        with self._lock:
            for text in missing:
                self._tokens[text] = found[text]
            while len(self._tokens) > _TOKENS_KEPT:
                self._tokens.popitem(last=False)
        return [found[text] for text in texts]

    def cosine(self, one: str, other: str) -> float:
        """Return the cosine of two texts, −1…1."""
        if self._embedder is None or not one or not other:
            return NEUTRAL
        with self._lock:
            found = self._vectors.get(one), self._vectors.get(other)
        if found[0] is None or found[1] is None:
            self.prepare((one, other))
            return self.cosine(one, other)
        return float(found[0] @ found[1])


@lru_cache(maxsize=8_192)
def in_chinese(folded: str) -> str:
    """Return the Chinese words of an English text; a Chinese text as it is."""
    return f"{folded} {thesaurus.load().translate(folded)}" if is_english(folded) else folded


@lru_cache(maxsize=16_384)
def grams(folded: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a text, and its lone ones."""
    found: set[str] = set()
    for word in _WORD.findall(folded):
        if word.isascii():
            found.add(word)
        else:
            found |= {word} if len(word) == 1 else {word[i : i + 2] for i in range(len(word) - 1)}
    return frozenset(found)


@lru_cache(maxsize=16_384)
def covered(part: str, whole: str) -> float:
    """Return the share of a text (folded) whose pairs of characters another has, a lone character half."""
    mine, theirs = grams(part), grams(whole)
    if not mine:
        return 0.0
    chars = set(whole)
    got = sum(1.0 if gram in theirs else 0.25 * sum(c in chars for c in gram) / len(gram) for gram in mine)
    return got / len(mine)


@lru_cache(maxsize=8_192)
def expanded(folded: str) -> str:
    """Return a text (folded) with the words that mean the same as its own."""
    words = thesaurus.load()
    groups = dict.fromkeys(found.group_id for found in words.groups_in(folded))
    alike = dict.fromkeys(group for found in _ways().find(folded) for group in found.value)
    more = (way for group in alike for way in group)
    return " ".join((folded, *(w for n in groups for w in words.groups[n].chinese), *more))


@cache
def _ways() -> WordScan[tuple[tuple[str, ...], ...]]:
    """Return the words of ``paraphrase.tsv``, each with its groups; a lone character leads to none."""
    index: dict[str, tuple[tuple[str, ...], ...]] = {}
    for group in thesaurus.rows(thesaurus.DATA / "paraphrase.tsv"):
        folded = tuple(map(fold, group))
        for way in folded:
            if len(way) > 1:
                index[way] = (*index.get(way, ()), folded)
    return WordScan(index)


def contrast(claim: str, one: str, other: str, *, both: bool = False) -> float:
    """Return whether a claim has rather the words that set ``one`` apart from ``other`` (up to 1) or the reverse (−1).

    All are folded. Words that both have say nothing; where one has no words of its own it counts as 0.3,
    or the comparison says nothing where ``both`` must have some.
    """
    mine, theirs, said = grams(one), grams(other), grams(claim)
    own, others = mine - theirs, theirs - mine
    if both and not (own and others):
        return 0.0

    def share(part: frozenset[str]) -> float:
        return sum(gram in said for gram in part) / len(part)

    first = share(own) if own else 0.3
    second = share(others) if others else 0.3
    return 0.0 if (not own and not others) or (first == second) else first - second


def content(folded: str, bars: Iterable[tuple[int, int]]) -> list[bool]:
    """Mark the characters of a text that claim something by themselves: none of figures, places and fillers."""
    marks = [bool(re.match(f"[{HAN}a-z]", char)) for char in folded]
    for start, end in bars:
        marks[start:end] = [False] * (end - start)
    for match in _FREE.finditer(folded):
        marks[match.start() : match.end()] = [False] * (match.end() - match.start())
    return marks


def uncovered(folded: str, marks: list[bool], sources: str) -> list[str]:
    """Return the runs of content characters of a claim that no source has, each two characters or more."""
    there = grams(sources)
    have = [False] * len(folded)
    for i in range(len(folded) - 1):
        if folded[i : i + 2] in there:
            have[i] = have[i + 1] = True
    chars = set(sources)
    runs: list[str] = []
    run = ""
    for i, char in enumerate(folded):
        open_ = marks[i] and not have[i]
        run = run + char if open_ else run
        if run and not open_:
            runs.append(run)
            run = ""
    runs += [run] if run else []
    return [r for r in runs if (len(r) > 1 or r not in chars) and not abbreviates(r, sources)]


@lru_cache(maxsize=16_384)
def abbreviates(short: str, whole: str) -> bool:
    """Tell whether a text (folded) has a name that a word is short for: 村委会 of 村民委员会, 加梯 of 加装电梯.

    Its characters are there in their order, close together, in a stretch without marks.
    """
    if not 2 <= len(short) <= _SHORT_NAME or not _ALL_HAN.fullmatch(short):
        return False
    between = f"[{HAN}]{{0,{_APART}}}?"
    return re.search(between.join(short), whole) is not None


@lru_cache(maxsize=8_192)
def edits(clause: str, source: str) -> tuple[tuple[str, str, str], ...]:
    """Return by what changes a clause comes from its source: kind, the clause's words, the source's.

    Only words that claim something count: fillers and figures are left out first.
    """
    mine, theirs = bare(clause), bare(source)
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, theirs, mine, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        old, new = theirs[a:b].strip("█"), mine[c:d].strip("█")
        if kind == "replace" and old and new:
            found.append(("replace", new, old))
        elif new:
            found.append(("insert", new, old))
        elif old:
            found.append(("left_out", new, old))
    return tuple(found)


_FIGURE = re.compile(r"█+|[\d.,%]+(?:[十百千万亿]*[个条项家所人次元米吨亩]?)")


def bare(text: str) -> str:
    """Return the words of a text (folded) that claim something: no fillers, no marks; each figure is one █."""
    text = _FIGURE.sub("█", text)
    text = _FREE.sub("", text)
    return re.sub(r"[^\w█]", "", text)
