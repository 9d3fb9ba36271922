"""Questions on by-laws with the candidates that answer them, to learn on."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import numpy as np

from answering.rules.aspects import masked
from answering.rules.held_bylaws import held_bylaws
from answering.rules.rule_candidates import rule_candidates
from answering.rules.rule_features import Scored, features, title_pairs
from answering.rules.rule_question import RuleQuestion, read_rule_question
from answering.values.answer import Turn
from evaluation.datasets.material import ROOT
from evaluation.training.learners.aspect_fit import AspectExample
from retrieval.provisions import Clause
from retrieval.text.normalize import squash
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from answering.lexicon.thesaurus import Lexicon
    from answering.rules.aspects import AspectModel
    from answering.rules.rule_candidates import RuleCandidate
    from retrieval.library import Library
    from retrieval.places.gazetteer import Gazetteer
    from retrieval.provisions import ByLaw

OWN_QUESTIONS = ROOT / "evaluation" / "questions" / "rule-aspects.tsv"
OWN_PROVISIONS = ROOT / "evaluation" / "questions" / "rule-provisions.tsv"
_KINDS = {"permission": "verdict", "penalty_repeat": "penalty", "penalty_who": "penalty", "number": "figure"}
_UNLABELLED = frozenset(["followup", "unanswerable", "after"])
_TOLD = {"t": "true", "f": "false", "-": None, "?": None}
_EVERY = 3
_HALF = 2
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
    group: str  # the by-law it is on; "" for questions to other texts
    question: RuleQuestion
    found: tuple[Scored, ...]
    gains: np.ndarray[Any, np.dtype[np.float32]]
    verdict: str | None = None  # the expected one, where a yes or no is asked for


def read_records(path: Path) -> list[dict[str, Any]]:
    """Return the records of a file of questions."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def own_records(library: Library, questions: Path = OWN_PROVISIONS) -> list[dict[str, Any]]:
    """Return our own questions on the by-laws of ``library``, as records with what answers them.

    A line has the beginning of a by-law's title, the kind, the verdict (t, f, - for none, ? for one that is
    not noted), the provisions as ``article~words`` joined by ``+``, and the question. Raises ValueError for a
    provision that is not there.
    """
    found = []
    bylaws = [d for d in library.documents() if d.genre is Genre.REGULATION]
    for number, line in enumerate(questions.read_text("utf-8").splitlines()):
        title, kind, told, named, question = line.split("\t")
        document = next(d for d in bylaws if d.title.startswith(title))
        whole = library.document(document.id)
        bylaw = rule_candidates(whole.text if whole else "").bylaw
        whole_list = kind == "list"
        quotes = [
            quote
            for one in named.split("+")
            if one
            for quote in _quoted(bylaw, *one.split("~"), whole_list=whole_list)
        ]
        found.append(
            {
                "id": f"own-{number:03d}",
                "type": kind,
                "question": question,
                "history": [],
                "verdict": _TOLD[told],
                "unnoted": told == "?",
                "gold": [{"doc": document.source.rsplit("/", 1)[-1], "quote": quote} for quote in quotes],
                "lang": "zh",
                "group": document.source.rsplit("/", 1)[-1],
            }
        )
    return found


def _quoted(bylaw: ByLaw, article: str, words: str, *, whole_list: bool) -> Iterator[str]:
    """Yield the provision of an article that holds ``words``, of its sanctions the one that does.

    Of a ``whole_list`` its items come too.
    """
    text = bylaw.text
    found = next(
        (u for u in bylaw.provisions if u.article.numeral == int(article) and words in u.of(text)), None
    )
    if found is None:
        raise ValueError(f"article {article} holds no {words}")
    parts = re.split("[；;]", found.of(text))
    yield next((part for part in parts if words in part), found.of(text))
    if whole_list and found.item is None:
        yield from (item.of(text) for item in found.paragraph.items)


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
        asks = None if record.get("unnoted") else claim
        known = ("verdict" if claim else None) if kind in _UNLABELLED else kind
        question = AspectExample(words=words(record["question"]), aspect=known, yes_no=asks)
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
    """Return the document that a record is on; "" where it doesn't say."""
    return str(record.get("group") or (record["gold"][0]["doc"] if record["gold"] else ""))


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


def unplaced(records: Sequence[dict[str, Any]], gazetteer: Gazetteer) -> Iterator[dict[str, Any]]:
    """Yield each ``_EVERY``-th record that needs no other as one who names no place would ask it."""
    for record in records[::_EVERY]:
        mentions = gazetteer.find(record["question"])
        if not record["gold"] or record["history"] or len(mentions) != 1:
            continue
        start, end = mentions[0].start, mentions[0].end
        text = record["question"][:start] + record["question"][end:]
        yield {**record, "id": f"{record['id']}-unplaced", "question": text.lstrip("在的")}


def moved(records: Sequence[dict[str, Any]], library: Library) -> Iterator[dict[str, Any]]:
    """Yield each ``_HALF``-th record as asked of another place, where nothing held answers it.

    The by-laws of that place share no word of their titles with the record's own.
    Each of these places has its turn.
    """
    bylaws = [d for d in library.documents() if d.genre is Genre.REGULATION and d.place]
    for number, record in enumerate(records[::_HALF]):
        mentions = library.gazetteer.find(record["question"], prefer=library.places())
        own = next((d for d in bylaws if d.source.endswith(group_of(record) or "?")), None)
        if own is None or len(mentions) != 1 or record["history"] or not record["gold"]:
            continue
        alike = {d.place for d in bylaws if title_pairs(d) & title_pairs(own)}
        alike |= {d.place for d in bylaws if d.province in alike or d.place == own.province}
        others = sorted({d.place for d in bylaws if d.place} - alike)
        if not others:
            continue
        start, end = mentions[0].start, mentions[0].end
        place = others[number % len(others)]
        text = record["question"][:start] + place.removesuffix("市") + record["question"][end:]
        yield {**record, "id": f"{record['id']}-moved", "question": text, "gold": [], "verdict": None,
               "group": group_of(record)}  # fmt: skip


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
    cited = [squash(c.of(text)) for c in _said(one.candidate)]
    return sum(any(_covers(squash(q), c) for c in cited) for q in quotes) / len(record["gold"])


def _said(candidate: RuleCandidate) -> Iterator[Clause]:
    """Yield what an answer says of a candidate: of a sentence on several acts the part on its own."""
    consequence = candidate.consequence
    for clause in candidate.clauses:
        if consequence is None or clause is not consequence.source:
            yield clause
            continue
        parts = (consequence.act, consequence.sanction)
        inside = [p for p in parts if clause.start <= p.start < clause.end]
        if inside:
            yield Clause(start=min(p.start for p in inside), end=max(p.end for p in inside))
        else:
            yield clause


def _covers(quote: str, cited: str) -> bool:
    if quote in cited or (len(cited) >= 8 and cited in quote):
        return True
    match = SequenceMatcher(None, quote, cited, autojunk=False)
    return match.find_longest_match().size >= _RUN * len(quote)
