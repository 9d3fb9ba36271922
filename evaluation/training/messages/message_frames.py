"""Questions made of frames of our own, filled at random with what the training texts speak of.

A classifier that has seen each frame with many topics learns the frame and not the topic. What fills a frame
is drawn from a library at the time of fitting and is kept nowhere.
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.training.messages.message_examples import Example
from retrieval.catalog.fact_query import Ask
from retrieval.places.table import english_names, places
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrieval import Library

FRAMES = Path(__file__).parent / "message_frames.tsv"
TOPICS = Path(__file__).parent / "message_topics.tsv"
SHARES: Mapping[str, int] = {  # questions of each kind, roughly as often as people ask them
    "fact": 1600,
    "rule": 900,
    "how": 700,
    "comparison": 600,
    "list": 500,
    "yes_no": 500,
    "claim": 500,
    "none": 400,
    "definition": 400,
    "promise": 400,
    "outline": 350,
    "summary": 350,
    "which_places": 350,
    "count": 250,
    "library": 200,
}
_WORTH = 0.3  # of a filled frame beside a question that somebody asked
_CHOICE = re.compile(r"\(([^()]*)\)")
_SLOT = re.compile(r"\{(\w+)\}")
_CHINESE = re.compile(r"[一-鿿]{2,12}")
_FORBIDDEN = re.compile(r"(?:禁止|不得|严禁|擅自)([一-鿿]{3,12})(?=[,，;；。、])")
_NUMERAL = re.compile(r"^[一-鿿]{0,3}[、)）.]\s*|^第[一-鿿]+[章节条]\s*")
_YEARS = (
    "去年",
    "今年",
    "2025年",
    "2024年",
    "2023年",
    "前年",
    "十四五期间",
    "近五年",
    "上半年",
    "",
    "",
    "",
    "",
)
_LATIN_YEARS = ("last year", "this year", "in 2025", "in 2024", "")
_PARTS = ("第一部分", "第二部分", "第三部分", "最后一部分", "第二章", "总则", "附则")
_BEFORE = ("请问", "我想问下", "麻烦问一下", "想了解一下", "那", "哎", "你好，")
_AFTER = ("?", "?", "?", "啊", "呢", "呀", "。")


class Fillings:
    """What the slots of frames are filled with: topics of our own, and the words of a library's texts."""

    def __init__(self, library: Library, chance: random.Random) -> None:
        self._chance = chance
        written = [line.split("\t") for line in TOPICS.read_text(encoding="utf-8").splitlines()]
        own = {kind: [word for slot, word in written if slot == kind] for kind in ("topic", "act", "english")}
        documents = library.documents()
        laws = [one for one in documents if one.genre is Genre.REGULATION]
        found = library.register.figures(Ask())
        names = {one.row.metric for one in found if _CHINESE.fullmatch(one.row.metric)}
        counted = {one.row.metric for one in found if one.row.measure in ("count", "people")}
        held = [place for place in places() if place.kind in ("province", "city")]
        self._words: Mapping[str, Sequence[str]] = {
            "topic": [*own["topic"] * 3, *_headings(library)],
            "act": [*own["act"] * 3, *_acts(library)],
            "english": own["english"],
            "measure": sorted(names),
            "thing": sorted(names & counted) or sorted(names),
            "law": [one.title for one in laws] or ["养犬管理条例"],
            "place": [name for one in held for name in (one.name, one.name.rstrip("省市"))],
            "latin": [english_names()[one.name] for one in held],
            "year": _YEARS,
            "latinyear": _LATIN_YEARS,
            "part": _PARTS,
        }

    def filled(self, frame: str) -> str:
        """Return a frame with a choice made at each of its forks and its slots filled."""
        while _CHOICE.search(frame):
            frame = _CHOICE.sub(lambda found: self._chance.choice(re.split("[/|]", found[1])), frame)
        return _SLOT.sub(lambda found: self._word(found[1]), frame)

    def _word(self, slot: str) -> str:
        draw = self._chance.choice
        if slot == "two":
            return draw(("和", "与", "、", "跟")).join((self._word("place"), self._word("place")))
        if slot == "report":
            name = draw(("政府工作报告", "工作报告", "报告", "报告", "今年的报告"))
            return draw((self._word("place"), "")) + draw((self._word("year"), "")) + name
        return draw(self._words[slot])


def framed(library: Library, *, seed: int = 1, share: float = 1.0) -> Iterator[Example]:
    """Yield questions with their kind, ``share`` times as many as ``SHARES`` says; a seed fixes them."""
    chance = random.Random(seed)  # noqa: S311 - which questions are learned from is no secret
    fillings = Fillings(library, chance)
    frames: dict[str, list[tuple[int, str]]] = {}
    for number, line in enumerate(FRAMES.read_text(encoding="utf-8").splitlines()):
        if line and not line.startswith("#"):
            kind, frame = line.split("\t")
            frames.setdefault(kind, []).append((number, frame))
    for kind, count in SHARES.items():
        for _ in range(round(count * share)):
            number, frame = chance.choice(frames[kind])
            text = fillings.filled(frame)
            before = chance.choice(_BEFORE) if chance.random() < 0.12 else ""
            after = chance.choice(_AFTER) if chance.random() < 0.4 else ""
            yield Example(
                text=f"{before}{text}{after}",
                before=fillings.filled(chance.choice(frames["fact"])[1]) if _follows(kind, chance) else "",
                kind=kind,
                group=f"frame{number}",
                worth=_WORTH,
            )


def _follows(kind: str, chance: random.Random) -> bool:
    """Tell whether a message comes after a question: thanks do, more often than not."""
    return kind == "none" and chance.random() < 0.5


def _headings(library: Library) -> list[str]:
    """Return what the headings of a library's texts speak of, piece by piece."""
    found: set[str] = set()
    for document in library.documents():
        for passage in library.passages(document.id):
            for heading in passage.heading:
                found.update(_CHINESE.findall(_NUMERAL.sub("", heading)))
    return sorted(one for one in found if len(one) >= 3)


def _acts(library: Library) -> list[str]:
    """Return what the by-laws of a library forbid."""
    laws = [one for one in library.documents() if one.genre is Genre.REGULATION]
    texts = (passage.text for one in laws for passage in library.passages(one.id))
    return sorted({act for text in texts for act in _FORBIDDEN.findall(text)})
