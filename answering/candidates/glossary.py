"""Terms that a document explains: the notes at its end, and sentences of its text that say what a term means.

A note is a numbered entry of an appended part whose head ends with a colon (3.“双环”公路：…, ［2］三库：…). In running text
a term is explained where a bracket, 即, 是指 or a colon follows it, where as many members as it counts follow it
(“两区”：A区、B区), or where they stand before it (A、B“两区”).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval.quantities import parse_number
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.values.documents import Document, Section

_ENTRY = re.compile(
    r"^[ \t\u3000#*]*(?:[\[［【(（]?\d{1,3}[\]］】)）.．、]|[①-⑳]|注\d{0,3}[：:])[ \t\u3000]*(?P<term>[^\n。；：:]{1,40})[：:]",
    re.MULTILINE,
)
_NOTES = re.compile(r"注释|名词|注解|说明|术语")
_QUOTED = re.compile(r"[“\"「『]([^”\"」』]{1,20})[”\"」』]")
_QUOTES = re.compile(r"[“”\"「」『』]")
_BETWEEN = re.compile(r"[、和与及]")
_LEAST = 2  # characters of a term or a member, and entries of a list of notes
_MEMBER = 16  # characters of a member that stands before its term
_MANY = 3  # members from which their number alone tells that a term is explained
_NUMERAL = re.compile(r"([一二三四五六七八九十两\d]{1,2})(?:大|个|项|篇|条|方面)?")
_SAYS = re.compile(
    r"[”\"」』]?(?:(?:工程|行动|计划|政策|制度|体系|平台|战略)?[,]?(?:[(（]|即|是指|指的是|指|就是|包括)|[:：])"
)
_MEMBERS = re.compile(r"[、;；]|和(?=[^、;；。]*$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class GlossaryEntry:
    """A note: ``text[start:end]`` of a document is the term with what it means."""

    document: str
    term: str  # as printed
    keys: tuple[str, ...]  # what a question may call it by, folded and without quotation marks
    start: int  # of the term
    end: int


@lru_cache(maxsize=256)
def glossary(document: Document) -> tuple[GlossaryEntry, ...]:
    """Return the notes of a document, given whole, in the order of its text."""
    found: list[GlossaryEntry] = []
    for section in note_sections(document):
        entries = list(_entries(document, section.body, section.end))
        found += entries if len(entries) >= _LEAST else []
    return tuple(found)


def note_sections(document: Document) -> tuple[Section, ...]:
    """Return the parts of a document, given by its head, that are appended to it or named as notes."""
    return tuple(
        one
        for one in document.sections
        if one.level == 1 and (one.numeral.startswith("附") or _NOTES.search(one.title))
    )


def _entries(document: Document, start: int, end: int) -> Iterator[GlossaryEntry]:
    heads = [m for m in _ENTRY.finditer(document.text, start, end) if m["term"].strip()]
    stops = [m.start() for m in heads[1:]] + [end]
    for head, stop in zip(heads, stops if heads else (), strict=True):
        term = head["term"].strip()
        last = head.end() + len(document.text[head.end() : stop].rstrip())
        if last > head.end():
            yield GlossaryEntry(
                document=document.id, term=term, keys=term_keys(term), start=head.start("term"), end=last
            )


def appended_entries(document: Document, section: Section) -> tuple[int, ...]:
    """Return where the numbered entries of an appended part begin, those of its outermost numbering."""
    notes = [entry.start for entry in _entries(document, section.body, section.end)]
    inside = [one for one in document.sections if section.start < one.start < section.end]
    top = min((one.level for one in inside), default=0)
    headed = [one.start for one in inside if one.level == top]
    return tuple(headed if len(headed) >= len(notes) else notes)


def term_keys(term: str) -> tuple[str, ...]:
    """Return what a question may call a term by: the whole of it, what it puts in quotation marks, its parts."""
    folded = fold(term)
    bare = _QUOTES.sub("", folded)
    parts = [_QUOTES.sub("", part) for part in _BETWEEN.split(folded)]
    keys = dict.fromkeys((bare, *_QUOTED.findall(folded), *parts))
    return tuple(key.strip() for key in keys if len(key.strip()) >= _LEAST)


def quoted_terms(folded: str) -> tuple[str, ...]:
    """Return what a folded sentence puts in quotation marks."""
    return tuple(found for found in _QUOTED.findall(folded) if len(found) >= _LEAST)


def explained(folded: str, key: str, after: str = "") -> float:
    """Return how plainly a folded sentence says what ``key`` means: 0 for not at all, to 1.

    ``after`` is the sentence that follows it. Members that are as many as the term counts are told from its numeral.
    """
    at = folded.find(key)
    if at < 0:
        return 0.0
    rest = folded[at + len(key) :]
    if _SAYS.match(rest) and len(rest) > _LEAST + 1:
        return 1.0
    count = counted(key)
    if count is None:
        return 0.0
    if _stand_before(folded[:at], count):
        return 0.8
    said = re.split(r"[,:]", rest, maxsplit=1)[-1].rstrip("。")
    numbers = {len(_MEMBERS.split(said)), len(_clauses(after)), len(_MEMBERS.split(after))}
    return 0.6 if count >= _MANY and count in numbers else 0.0


def _stand_before(before: str, count: int) -> bool:
    """Tell whether as many members as a term counts stand right before it: A、B“两区”."""
    clause = re.split(r"[,;:。]", before.rstrip('“"「『'))[-1]
    clause = clause[:-1] if clause.endswith("等") else clause
    members = re.split(r"[、和]", clause)
    return len(members) == count and all(_LEAST <= len(member) <= _MEMBER for member in members)


def _clauses(folded: str) -> list[str]:
    return [piece for piece in re.split(r"[,;。]", folded) if piece]


def counted(key: str) -> int | None:
    """Return how many things a term counts: 3 of 三区; None where it counts none above 1."""
    found = _NUMERAL.match(key)
    number = parse_number(found[1]) if found else None
    return int(number) if number is not None and number > 1 else None
