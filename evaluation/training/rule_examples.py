"""Questions on by-laws with the candidates that answer them, to learn on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import numpy as np

from answering.rules.aspects import masked
from answering.rules.held_bylaws import held_bylaws
from answering.rules.rule_features import Scored, features
from answering.rules.rule_question import RuleQuestion, read_rule_question
from answering.values.answer import Turn
from evaluation.datasets.material import ROOT
from evaluation.training.learners.aspect_fit import AspectExample
from retrieval.text.normalize import squash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from answering.lexicon.thesaurus import Lexicon
    from answering.rules.aspects import AspectModel
    from retrieval.library import Library
    from retrieval.places.gazetteer import Gazetteer

OWN_QUESTIONS = ROOT / "evaluation" / "questions" / "rule-aspects.tsv"
_KINDS = {"permission": "verdict", "penalty_repeat": "penalty", "penalty_who": "penalty", "number": "figure"}
_UNLABELLED = frozenset(["followup", "unanswerable", "after"])
_RUN = 0.6  # share of a quoted sentence, in one run, that counts as cited
# What people say after an answer; each keeps the answer's provision.
_AFTER_FINE = (
    "那罚完还是不改呢", "第二次再犯呢", "谁来罚", "这是第几条说的", "那单位呢", "被查到怎么处理",
    "具体罚多少", "要是拒不改正呢", "那情节严重呢", "那是哪个部门来管", "会不会直接罚钱", "写在哪一条",
)  # fmt: skip
_AFTER_OTHER = (
    "这是第几条说的", "依据是哪条", "原文怎么写的", "那有没有例外",
    "写在哪里", "哪一条规定的", "你确定吗", "真的吗",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleExample:
    """One question with its candidates; ``gains`` are the shares of the expected quotes each would cite."""

    name: str
    group: str  # the by-law it is on; "" for an unanswerable one and for questions to other texts
    question: RuleQuestion
    found: tuple[Scored, ...]
    gains: np.ndarray[Any, np.dtype[np.float32]]
    verdict: str | None = None  # the expected one, where a yes or no is asked for


def read_records(path: Path) -> list[dict[str, Any]]:
    """Return the records of a file of questions."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def labelled(
    rules: Sequence[dict[str, Any]], others: Sequence[dict[str, Any]], gazetteer: Gazetteer
) -> list[tuple[str, AspectExample]]:
    """Return the questions that aspects are learned on, each with the by-law it is on ("" for none)."""

    def words(text: str) -> str:
        return masked(text, [m.surface for m in gazetteer.find(text)])

    found = []
    for line in OWN_QUESTIONS.read_text("utf-8").splitlines():
        aspect, yes_no, text = line.split("\t")
        found.append(("", AspectExample(words=words(text), aspect=aspect, yes_no=yes_no == "1")))
    for record in rules:
        kind = _KINDS.get(record["type"], record["type"])
        claim = record["verdict"] is not None
        known = ("verdict" if claim else None) if kind in _UNLABELLED else kind
        question = AspectExample(words=words(record["question"]), aspect=known, yes_no=claim)
        found.append((group_of(record), question))
    for record in others:
        question = AspectExample(
            words=words(record["question"]),
            aspect=None,
            yes_no=record["verdict"] is not None or None,
            to_bylaw=False,
        )
        found.append(("", question))
    return found


def group_of(record: dict[str, Any]) -> str:
    """Return the document that a record's quotes stand in."""
    return record["gold"][0]["doc"] if record["gold"] else ""


def with_followups(records: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the records and, after each that stands alone, what a person may say after its answer."""
    for number, record in enumerate(records):
        yield record
        if not record["gold"] or record["history"] or record["lang"] != "zh":
            continue
        quotes = [g["quote"] for g in record["gold"]]
        fined = [q for q in quotes if "罚" in q]
        after = _AFTER_FINE if fined else _AFTER_OTHER
        turns = [
            {"role": "user", "content": record["question"]},
            {"role": "assistant", "content": (fined or quotes)[-1] + "。"},
        ]
        text = after[number % len(after)]
        yield {**record, "id": f"{record['id']}-after", "question": text, "history": turns, "type": "after"}


def examples(
    records: Sequence[dict[str, Any]],
    *,
    library: Library,
    lexicon: Lexicon,
    model: Callable[[dict[str, Any]], AspectModel],
) -> Iterator[RuleExample]:
    """Yield the records as examples; ``model`` gives the aspect model that did not learn on the record."""
    held = library.places()
    for record in records:
        history = [Turn(role=h["role"], content=h["content"]) for h in record["history"]]
        question = read_rule_question(
            record["question"],
            history,
            gazetteer=library.gazetteer,
            held=held,
            lexicon=lexicon,
            model=model(record),
        )
        found = tuple(features(question, held_bylaws(question, library)))
        gains = np.array([_gain(one, record) for one in found], np.float32)
        yield RuleExample(
            name=record["id"],
            group=group_of(record),
            question=question,
            found=found,
            gains=gains,
            verdict=None if record["type"] == "after" else record["verdict"],
        )


def _gain(one: Scored, record: dict[str, Any]) -> float:
    quotes = [g["quote"] for g in record["gold"] if one.held.document.source.endswith(g["doc"])]
    if not quotes:
        return 0.0
    text = one.held.candidates.bylaw.text
    cited = [squash(c.of(text)) for c in one.candidate.clauses]
    return sum(any(_covers(squash(q), c) for c in cited) for q in quotes) / len(record["gold"])


def _covers(quote: str, cited: str) -> bool:
    if quote in cited or (len(cited) >= 8 and cited in quote):
        return True
    match = SequenceMatcher(None, quote, cited, autojunk=False)
    return match.find_longest_match().size >= _RUN * len(quote)
