"""What surrounds the text of a copied web page: menus, counters, related links, footers.

A line is furniture or text by a logistic regression over its character n-grams and its shape, learned by
``python -m evaluation train-furniture``. Only lines before the first sentence and after the last one can go:
nothing is cut out of the middle of a text.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SIZE = 2048  # hashed features
_DATA = Path(__file__).parents[1] / "data" / "page_furniture.json"
_SENTENCE = re.compile(r"[。！？；]$")
_WITHIN = re.compile(r"[。！？；](?=.)")
_SENTENCE_LENGTH = 16  # characters from which a line that ends a sentence is running text
_FEWEST = 2  # furniture lines that make a text a copied page
_SURE = 0.7  # log odds from which a line counts as furniture: a name alone looks like a link
_TURN = re.compile(r"【[^】]{2,30}】")  # who speaks next, in a transcript
_ATTENDED = re.compile(r"(?:地点|主持人?|发布人|嘉宾|出席|列席|参会人员)[:：].*")
_CARD = re.compile(r"[\u4e00-\u9fff\s\u3000]{2,8}[:：].{0,40}")
_STEPS = (">", ">>", "/", "»", "›", "→")  # between the steps of a path, on lines of their own
_LONGEST_VALUE = 30  # characters
_DATED = re.compile(
    r"(?:发布|发文|成文|公开|生成|更新|录入|印发)?(?:日期|时间)[\s:：*]*(?P<day>(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2})"
    r"|^(?P<stamp>(?:19|20)\d{2}-\d{1,2}-\d{1,2})\s+\d{1,2}:\d{2}"
)
_LABEL = re.compile(r"(?:发布|发文|成文|公开|生成)(?:日期|时间)[\s:：]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A copied page without its furniture, and the day it says it was published, as printed."""

    text: str
    published: str | None = None


def features(line: str) -> Iterator[int]:
    """Return the hashed features of a line: character n-grams of one to three, and its shape."""
    words = re.sub(r"\d", "0", line.replace("*", "").strip())
    padded = f"^{words[:60]}$"
    for size in (1, 2, 3):
        for at in range(len(padded) - size + 1):
            yield crc32(padded[at : at + size].encode()) % SIZE
    for name in _shape(words):
        yield crc32(name.encode()) % SIZE


def _shape(words: str) -> Iterator[str]:
    yield f"length {min(len(words) // 6, 12)}"
    yield f"end {words[-1:]}" if words[-1:] in "。：:；>|】]" else "end other"
    if _SENTENCE.search(words) and len(words) >= _SENTENCE_LENGTH:
        yield "sentence"
    if words and sum(char.isascii() for char in words) > len(words) / 2:
        yield "ascii"


def score(line: str) -> float:
    """Return the log odds that a line is furniture."""
    weights = _weights()
    named = set(features(line))
    return weights[SIZE] + sum(weights[one] for one in named) / math.sqrt(max(1, len(named)))


@cache
def _weights() -> tuple[float, ...]:
    told = json.loads(_DATA.read_text(encoding="utf-8"))
    return tuple(told["weights"])


def without_furniture(text: str) -> Page:
    """Return a text without the furniture before and after it; one that has hardly any is left as it is."""
    lines = text.split("\n")
    first, last = _body(lines)
    head = _cards(
        lines, [at for at in range(first) if _is_furniture(lines[at]) and not _is_turn(lines, at)], first
    )
    foot = _foot(lines, last)
    published = _published(lines[:first])
    if len(head) + (foot is not None) < _FEWEST:
        return Page(text=text, published=published)
    gone = _with_values(lines, head)
    kept = [line for at, line in enumerate(lines[:foot]) if at not in gone]
    return Page(text="\n".join(kept).strip("\n"), published=published)


def _foot(lines: Sequence[str], last: int) -> int | None:
    """Return where the foot begins: with furniture, below which nobody goes on to speak or sign."""
    spoken = next((at + 1 for at in range(len(lines) - 2, last, -1) if _is_turn(lines, at)), last)
    return next((at for at in range(spoken + 1, len(lines)) if _is_furniture(lines[at])), None)


def _is_turn(lines: Sequence[str], at: int) -> bool:
    """Return whether a line says who speaks in the sentence below it, or who was at a meeting."""
    line = lines[at].strip()
    below = lines[at + 1].strip() if at + 1 < len(lines) else ""
    if line.startswith(("时间：", "时间:")):
        return _ATTENDED.fullmatch(below) is not None
    turn = _TURN.fullmatch(line) is not None and _SENTENCE.search(below) is not None
    return turn or _ATTENDED.fullmatch(line) is not None


def _cards(lines: Sequence[str], head: Sequence[int], first: int) -> list[int]:
    """Add the other lines of an index card (发文机构：…) to those that were told to be furniture."""
    gone = set(head)
    for at in range(first):
        beside = (at - 1 in gone) or (at + 1 in gone)
        if (
            beside
            and _CARD.fullmatch(lines[at].strip())
            and _CARD.fullmatch(lines[at - 1 if at - 1 in gone else at + 1].strip())
        ):
            gone.add(at)
    return sorted(gone)


def _body(lines: Sequence[str]) -> tuple[int, int]:
    """Return the first and the last line of running text."""
    running = [at for at, line in enumerate(lines) if _is_running(line)]
    return (running[0], running[-1]) if running else (len(lines), len(lines))


def _is_furniture(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#") and score(line) > _SURE


def _is_running(line: str) -> bool:
    """Tell whether a line is running text: it ends a sentence, or holds two and more and is broken off."""
    words = line.strip()
    if len(words) < _SENTENCE_LENGTH:
        return False
    ended = [m.start() for m in _WITHIN.finditer(words)]
    return _SENTENCE.search(words) is not None or (len(ended) > 1 and ended[-1] >= _SENTENCE_LENGTH)


def _with_values(lines: Sequence[str], head: Sequence[int]) -> set[int]:
    """Add the values below the labels of an index card (索引号：), and the steps of a path (首页 > 公开)."""
    gone = set(head)
    for at in head:
        step = lines[at].strip() in _STEPS
        below = next((one for one in range(at + 1, len(lines)) if lines[one].strip()), None)
        label = lines[at].rstrip().endswith(("：", ":")) and len(lines[at].strip()) <= 8
        if below is not None and (label or step) and len(lines[below].strip()) <= _LONGEST_VALUE:
            gone.add(below)
    return gone


def _published(lines: Sequence[str]) -> str | None:
    for at, line in enumerate(lines):
        found = _DATED.search(line.strip())
        if found:
            return found["day"] or found["stamp"]
        if _LABEL.search(line) and at + 1 < len(lines) and re.match(r"\s*(?:19|20)\d{2}", lines[at + 1]):
            return lines[at + 1].strip()
    return None
