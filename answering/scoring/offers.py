"""What a question asks for, and what a sentence offers by its form: a time, a body, a reason, a duty, a list."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from answering.evidence.lines import Line, of_passage
from answering.values.hypothesis import QuestionKind
from retrieval.quantities import Sort
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from answering.candidates.sentence_candidates import SentenceCandidate
    from answering.evidence.lines import SearchableLibrary
    from answering.scoring.sentence_features import QuestionWords

# What drafting fixes in reports and by-laws: words of time, of bodies, of reason, of what must and must not be.
_FORMS = {
    "time": re.compile(r"\d{1,4}年|\d{1,2}月|\d{1,2}日|今年|去年|年内|年底|工作日|小时|以来"),
    "body": re.compile("公司|集团|企业|部门|委员会|局|厅|办公室|中心|机构|政府|大学|医院|协会"),
    "named": re.compile("[“《]"),
    "reason": re.compile("因为|由于|原因|为了|基于|鉴于|因此|所以|导致|考虑"),
    "defines": re.compile("是指|所称|指的是|定义|又称|简称"),
    "forbids": re.compile("不得|禁止|严禁|不能|不准|不予|不可"),
    "demands": re.compile("应当|必须|须"),
    "allows": re.compile("可以|有权|允许|鼓励"),
    "punishes": re.compile("罚款|处罚|责令|没收|吊销|警告|拘留"),
    "charges": re.compile("负责|主管|牵头|由"),
    "excepts": re.compile("除外|但|不适用|例外|免"),
}
_DOING = re.compile(
    "实施|推进|加强|开展|推动|建立|完善|深化|健全|优化|打造|加快|落实|强化|支持|提高|给予|申请|办理"
)
_MARKER = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）.、．]|[一二三四五六七八九十]{1,3}[是要]|第[一二三四五六七八九十百]+[条章])"
)
_WANTS = ("figure", "date", "person", "name", "place", "reason", "manner", "company", "organisation")
_KINDS = (
    QuestionKind.FACT,
    QuestionKind.LIST,
    QuestionKind.HOW,
    QuestionKind.DEFINITION,
    QuestionKind.RULE,
    QuestionKind.YES_NO,
    QuestionKind.CLAIM,
    QuestionKind.PROMISE,
)
ASKS = (*(f"asks_{kind}" for kind in _KINDS), *(f"wants_{want}" for want in _WANTS))
OFFERS = (
    *_FORMS,
    "doing", "figures", "members", "parts", "marker", "after_colon", "colon", "long", "last_of_passage", "at",
    "title", "before", "after", "with_before", "with_after", "rarest", "rare", "rare_near", "missing", "dense_words",
    "found",
)  # fmt: skip
_RARE = 4  # pairs of characters of a question, the rarest first, that must not lack
_LONG = 60.0


def asks_of(reading: QuestionWords) -> list[float]:
    """Return what a question asks for, by ``ASKS``."""
    kinds = [float(reading.kind is kind) for kind in _KINDS]
    return [*kinds, *(float(reading.want.kind == want) for want in _WANTS)]


def offers_of(
    reading: QuestionWords, candidate: SentenceCandidate, library: SearchableLibrary
) -> list[float]:
    """Return what a sentence offers by its form, its neighbours and its title, by ``OFFERS``."""
    line = candidate.line
    text, title = line.folded, fold(line.document.title)
    before, after, place = _neighbours(line, library)
    grams = reading.grams
    rare = sorted(grams, key=lambda gram: (-grams[gram], gram))[:_RARE]
    around = "|".join((text, line.context, title))
    own = _share(grams, text)
    held = sum(gram in text for gram in grams)
    forms = [float(pattern.search(line.text) is not None) for pattern in _FORMS.values()]
    return [
        *forms,
        min(3, len(_DOING.findall(text))) / 3,
        min(4, sum(f.sort is not Sort.DATE for f in line.figures)) / 4,
        min(6, line.text.count("、")) / 6,
        min(4, line.text.count("；")) / 4,
        float(_MARKER.match(line.text) is not None),
        float(before.endswith(":")),
        float(text.rstrip().endswith(":")),
        min(2.0, len(text) / _LONG),
        float(place[0] == place[1] - 1),
        place[0] / max(1, place[1]),
        _share(grams, title),
        _share(grams, before),
        _share(grams, after),
        _share(grams, f"{text}|{before}") - own,
        _share(grams, f"{text}|{after}") - own,
        float(bool(rare) and rare[0] in text),
        sum(gram in text for gram in rare) / _RARE,
        sum(gram in around for gram in rare) / _RARE,
        max((weight for gram, weight in grams.items() if gram not in around), default=0.0) / 5,
        math.sqrt(held / max(8, len(text))),
        max(-3.0, min(3.0, candidate.found.score / 3)),
    ]


def _share(grams: dict[str, float], text: str) -> float:
    total = sum(grams.values())
    return sum(weight for gram, weight in grams.items() if gram in text) / total if total else 0.0


def _neighbours(line: Line, library: SearchableLibrary) -> tuple[str, str, tuple[int, int]]:
    """Return the folded sentences before and after, "" at an end of the text, and which of its passage it is."""
    passages = library.passages(line.document.id)
    at = next((n for n, one in enumerate(passages) if one.id == line.passage.id), None)
    own = of_passage(line.passage, line.document)
    place = next((n for n, one in enumerate(own) if one.start == line.start), 0)
    before = own[place - 1] if place else _edge(line, at, -1, passages)
    after = own[place + 1] if place + 1 < len(own) else _edge(line, at, 1, passages)
    return before.folded.strip() if before else "", after.folded if after else "", (place, len(own))


def _edge(line: Line, at: int | None, step: int, passages: tuple[object, ...]) -> Line | None:
    """Return the last sentence of the passage before, or the first of the one after."""
    if at is None or not 0 <= at + step < len(passages):
        return None
    found = of_passage(passages[at + step], line.document)  # type: ignore[arg-type]
    return found[-1 if step < 0 else 0] if found else None
