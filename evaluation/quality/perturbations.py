"""The same questions with a typo, other asking words, another order or script: the answers must not change.

The changes are made by rules and a fixed seed: a character is replaced by one of the same sound, a word that
asks by another of the same meaning, the place is moved behind the question, the script becomes traditional.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from answering.pipeline import Answerer
from answering.values.answer import Turn
from evaluation.quality.answers import all_questions, own_questions
from evaluation.reporting.metrics import share
from evaluation.reporting.tables import Measurement, ResultTable
from retrieval.places.fuzzy import syllables
from retrieval.text.normalize import to_traditional

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from answering.values.answer import Answer
    from evaluation.harness.bench import Bench
    from retrieval.library import Library
    from retrieval.places.gazetteer import Gazetteer

    Way = Callable[[str, Gazetteer, random.Random], str]

PAIRS, SEED, TARGET = 200, 7, 0.95
_COMMON = 12  # characters of a syllable, the common ones first, that a typo is taken from
_SAME = {
    "多少": "几多",
    "有哪些": "都有什么",
    "怎么": "如何",
    "如何": "怎么",
    "为什么": "为啥",
    "什么": "啥",
    "是否": "是不是",
    "请问": "想问下",
    "去年": "上一年",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Perturbed:
    """A question, what was made of it, and by which way."""

    way: str
    question: str
    changed: str
    history: tuple[Turn, ...]


def typo(text: str, gazetteer: Gazetteer, chance: random.Random) -> str:
    """Replace one Chinese character outside the names of places by another of the same sound."""
    named = {at for mention in gazetteer.find(text) for at in range(mention.start, mention.end)}
    asking = {
        at
        for word in _SAME
        for start in [text.find(word)]
        if start >= 0
        for at in range(start, start + len(word))
    }
    alike = [
        (at, other)
        for at, char in enumerate(text)
        if at not in named | asking
        for other in _sounding(char)[:1]
    ]
    if not alike:
        return text
    at, other = chance.choice(alike)
    return text[:at] + other + text[at + 1 :]


def synonym(text: str, _gazetteer: Gazetteer, _chance: random.Random) -> str:
    """Replace the first word that asks by another of the same meaning."""
    found = next((word for word in _SAME if word in text), None)
    return text.replace(found, _SAME[found], 1) if found else text


def order(text: str, gazetteer: Gazetteer, _chance: random.Random) -> str:
    """Move the place that a question begins with behind it."""
    first = next(iter(gazetteer.find(text)), None)
    if first is None or first.start > 0:
        return text
    return f"{text[first.end :].lstrip('的市省').rstrip('？?。')}，{first.surface}？"


def script(text: str, _gazetteer: Gazetteer, _chance: random.Random) -> str:
    """Turn a question to traditional script."""
    return to_traditional(text)


WAYS: Mapping[str, Way] = {"typo": typo, "synonym": synonym, "order": order, "script": script}


def perturbed(asked: list[dict[str, Any]], gazetteer: Gazetteer, *, pairs: int = PAIRS) -> list[Perturbed]:
    """Return pairs of a Chinese question and what a way makes of it, each way as often as the others."""
    chance, found = random.Random(SEED), []  # noqa: S311 - no secret hangs on it
    chosen = [one for one in asked if one.get("lang") == "zh"]
    chance.shuffle(chosen)
    for name, way in WAYS.items():
        made = ((one, way(one["question"], gazetteer, chance)) for one in chosen)
        changed = [(one, text) for one, text in made if text != one["question"]][: pairs // len(WAYS)]
        found += [
            Perturbed(way=name, question=one["question"], changed=text, history=_history(one))
            for one, text in changed
        ]
    return found


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield how many answers stay the same, on the four speeches and on the government documents."""
    gov = [one for asked in own_questions("gov").values() for one in asked]
    for name, stand, asked in (("seed", bench.seed(), all_questions(bench)), ("gov", bench.gov(), gov)):
        library = bench.library(stand)
        pairs = perturbed(asked, library.gazetteer)
        same = [(pair, _is_same(pair, library)) for pair in pairs]
        bench.remark(f"{pair.way}: {pair.question} → {pair.changed}" for pair, kept in same if not kept)
        ways = {way: [kept for pair, kept in same if pair.way == way] for way in WAYS}
        yield ResultTable(
            key=f"perturbations-{name}",
            title=f"Answers that stay the same, {len(pairs)} pairs on the {name} texts",
            figures=(
                Measurement(name="all", value=share([kept for _, kept in same]), target=TARGET),
                *(
                    Measurement(name=f"{way} (of {len(kept)})", value=share(kept))
                    for way, kept in ways.items()
                ),
            ),
        )


def _is_same(pair: Perturbed, library: Library) -> bool:
    answerer = Answerer(library)
    one, other = (answerer.answer_now(text, pair.history) for text in (pair.question, pair.changed))
    if one.outcome.is_answer != other.outcome.is_answer:
        return False
    return not one.outcome.is_answer or bool(_cited(one) & _cited(other))


def _cited(answer: Answer) -> set[tuple[str, int]]:
    return {(citation.document, citation.start) for citation in answer.citations}


def _history(row: dict[str, Any]) -> tuple[Turn, ...]:
    return tuple(Turn(role=turn["role"], content=turn["content"]) for turn in row.get("history", ()))


def _sounding(char: str) -> list[str]:
    return next(
        (
            [other for other in chars[:_COMMON] if other != char]
            for _, chars in syllables()
            if char in chars[:_COMMON]
        ),
        [],
    )
