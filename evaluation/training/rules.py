"""``python -m evaluation train-rules``: fit what answers questions on by-laws, and say how well by by-law."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from answering.lexicon import thesaurus
from answering.rules.aspects import AspectModel
from answering.rules.likeness.rule_second_look import SECOND, reordered, second_rows
from answering.rules.rule_confidence import CONFIDENCE, confidence_features
from answering.rules.rule_features import NAMES
from answering.rules.rule_ranking import followed, ranked
from answering.rules.rule_verdict import VERDICT, ground_of, telling_row, told, verdict_odds, verdict_row
from evaluation.datasets.material import ROOT, SharedMaterial
from evaluation.training.learners.aspect_fit import AspectExample, AspectWeights, fit_aspects, fit_common
from evaluation.training.learners.listwise import fit_listwise
from evaluation.training.learners.rule_fit import Vector, fit_confidence, fit_ranking
from evaluation.training.learners.verdict_fit import fit_verdicts, own_verdicts, told_from
from evaluation.training.rule_examples import (
    RuleExample,
    examples,
    group_of,
    labelled,
    moved,
    own_records,
    read_records,
    unplaced,
    with_followups,
)
from retrieval.embeddings.embedder import open_embedder
from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.rules.likeness.late_interaction import MeaningSource
    from answering.rules.rule_features import Scored

FOLDS = 3
DATA = ROOT / "answering" / "data"
_OTHERS = ("train-facts", "train-talks", "train-claims")
_WRONG = 0.1  # right answers that a wrong one costs where another provision answers
_MISLEADING = 3.0  # right answers that one costs to what no provision answers; many more of these are made up
_UNTRUE = 3.0  # right verdicts that one wrong verdict costs
_LEAST = 5e-4  # a smaller weight is left out
_MOVED = 0.2  # how much a question that is asked of a place with no by-law on it counts
_MADE = 0.08  # how much a made-up silence, or a made-up follow-up, counts beside a real question
_FIRM = 5.0  # how much the weights of a refusal are shrunk: few questions to other texts meet a by-law
_NEARNESS = 0.005  # how much the weights of the second look are shrunk
_STRAY = 0.02  # share of questions to other texts that may be refused in a by-law's name


@dataclass(frozen=True, slots=True, kw_only=True)
class _First:
    """A ranking by words, out of fold, with the features of a second look at it."""

    example: RuleExample
    order: list[Scored]
    scores: list[float]
    rows: Vector | None
    judging: Vector  # what tells a yes from a no, out of fold
    fold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    """One out-of-fold ranking: its features of confidence, and whether its first is right."""

    name: str
    row: Vector
    right: float
    gain: float
    answerable: bool
    to_bylaw: float
    odds: float  # that the proposition of a question holds, by the words of its first
    verdict: str | None


def main(arguments: Sequence[str]) -> int:
    """Fit all weights, write them to ``answering/data``, and print the out-of-fold figures."""
    asked = _parser().parse_args(arguments)
    bench = asked.shared / "eval" / "bench"
    asked_of = read_records(bench / "train-rules.jsonl")
    others = [r for name in _OTHERS for r in read_records(bench / f"{name}.jsonl")]
    lexicon = thesaurus.load()
    with Library.open(asked.home, embedder=open_embedder(home=asked.home)) as library:
        own = own_records(library)
        rules = [
            *with_followups(asked_of),
            *own,
            *unplaced(own, library.gazetteer),
            *moved([*asked_of, *own], library),
        ]
        named = labelled([*asked_of, *own], others, library.gazetteer)
        fold = _folds(rules)
        models = [
            _aspects([(g, q) for n, (g, q) in enumerate(named) if _fold(g, n, fold) != f])
            for f in range(FOLDS)
        ]
        whole, common = fit_aspects([q for _, q in named]), fit_common(named)
        place = {r["id"]: n + len(named) - len(others) for n, r in enumerate(others)}

        def model(record: dict[str, Any]) -> AspectModel:
            return models[_fold(group_of(record), place.get(record["id"], 0), fold)]

        made = list(examples(rules, library=library, lexicon=lexicon, model=model))
        strays = list(examples(others[:: asked.every], library=library, lexicon=lexicon, model=model))
        first = [one for f in range(FOLDS) for one in _out_of_fold(made, strays, fold, f, library)]
        placed = [one for f in range(FOLDS) for one in _again(first, f, library)]
    ranking, judging = fit_ranking(made), _judging(made)
    thresholds, sure = _thresholds(placed)
    _write(asked.out, (whole, common), (ranking, _second(first)), thresholds, judging, _telling(placed, sure))
    return 0


def _folds(rules: Sequence[dict[str, Any]]) -> dict[str, int]:
    groups = sorted({group_of(r) for r in rules} - {""})
    return {group: n % FOLDS for n, group in enumerate(groups)}


def _fold(group: str, number: int, fold: dict[str, int]) -> int:
    return fold.get(group, number % FOLDS)


def _aspects(questions: Sequence[tuple[str, AspectExample]]) -> AspectModel:
    fitted = fit_aspects([question for _, question in questions])
    place = {run: n for n, run in enumerate(fitted.vocabulary)}
    return AspectModel(place, fitted.weights, fit_common(questions))


def _out_of_fold(
    made: Sequence[RuleExample],
    strays: Sequence[RuleExample],
    fold: dict[str, int],
    number: int,
    source: MeaningSource,
) -> list[_First]:
    """Return the rankings of one fold by weights that did not learn on it."""
    learned = [e for n, e in enumerate(made) if _fold(e.group, n, fold) != number]
    weights, judging = fit_ranking(learned), _judging(learned)
    found = []
    for n, example in enumerate(made):
        if _fold(example.group, n, fold) == number and example.found:
            found.append(example)
            if example.gains.max() > 0 and not example.question.before:
                found.append(_without_answer(example))
    found += [e for n, e in enumerate(strays) if n % FOLDS == number and e.found]
    looks = []
    for example in found:
        if example.found:
            order, scores = ranked(example.found, weights)
            rows = second_rows(example.question, order, scores, source)
            looks.append(
                _First(example=example, order=order, scores=scores, rows=rows, judging=judging, fold=number)
            )
    return looks


def _second(first: Sequence[_First]) -> Vector:
    """Return the weights of the second look, from rankings that did not learn on their questions."""
    lists = []
    for one in first:
        if one.rows is not None and not one.example.name.endswith("-without"):
            gain = dict(zip(map(id, one.example.found), one.example.gains, strict=True))
            gains = np.array([gain[id(s)] for s in one.order[: len(one.rows)]])
            best = max(float(one.example.gains.max()), 1e-6)
            lists.append((one.rows.astype(np.float64), (gains >= best - 1e-6).astype(np.float64)))
    fitted = fit_listwise(lists, penalty=_NEARNESS)
    return np.asarray(fitted.weights / fitted.spread, np.float32)


def _again(first: Sequence[_First], number: int, source: MeaningSource) -> list[_Ranked]:
    """Return the rankings of one fold after a second look whose weights did not learn on it."""
    second = _second([one for one in first if one.fold != number])
    return [_rank(one, second, source) for one in first if one.fold == number]


def _judging(made: Sequence[RuleExample]) -> Vector:
    """Return what tells a yes from a no, learned on our sentences and on what answers ``made``."""
    rows, holds = own_verdicts()
    told_of = [e for e in made if e.verdict in ("true", "false") and e.gains.max(initial=0.0) > 0]
    best = [e.found[int(e.gains.argmax())] for e in told_of]
    own = [
        verdict_row(e.question.words, ground_of(b, e.question.words))
        for e, b in zip(told_of, best, strict=True)
    ]
    known = [float(e.verdict == "true") for e in told_of]
    return fit_verdicts(np.stack([*rows, *own]), np.array([*holds, *known], np.float32))


def _is_ours(name: str) -> bool:
    """Tell whether a question is one to a by-law."""
    return name.startswith(("train-rules", "own"))


def _without_answer(example: RuleExample) -> RuleExample:
    """Return the example with the articles that answer it taken out: the by-law is silent then."""
    gone = {
        s.candidate.provision.article.numeral
        for s, g in zip(example.found, example.gains, strict=True)
        if g > 0
    }
    gone |= {
        s.candidate.consequence.source.article.numeral
        for s, g in zip(example.found, example.gains, strict=True)
        if g > 0 and s.candidate.consequence is not None
    }
    kept = [n for n, s in enumerate(example.found) if not _stands_in(s, gone)]
    return RuleExample(
        name=f"{example.name}-without",
        group=example.group,
        question=example.question,
        found=tuple(example.found[n] for n in kept),
        gains=example.gains[kept],
    )


def _stands_in(scored: Any, articles: set[int]) -> bool:
    source = scored.candidate.consequence
    return scored.candidate.provision.article.numeral in articles or (
        source is not None and source.source.article.numeral in articles
    )


def _rank(first: _First, second: Vector, source: MeaningSource) -> _Ranked:
    example, order, scores = first.example, first.order, first.scores
    if first.rows is not None:
        order, scores = reordered(order, scores, first.rows @ second)
    order, scores = followed(example.question, order, scores)
    row = confidence_features(example.question, order, scores, source)
    best = float(example.gains.max())
    gain = float(example.gains[next(n for n, s in enumerate(example.found) if s is order[0])])
    return _Ranked(
        name=example.name,
        row=row,
        right=float(best > 0 and gain >= best - 1e-6),
        gain=gain,
        answerable=best > 0,
        to_bylaw=example.question.to_bylaw,
        odds=verdict_odds(example.question, order[0], first.judging),
        verdict=example.verdict,
    )


def _telling(placed: Sequence[_Ranked], sure: Vector) -> tuple[Vector, float]:
    """Return what tells whether a verdict is right, and from which probability one is told, out of fold."""
    asked = [n for n, r in enumerate(placed) if r.verdict is not None and not _is_made(r)]
    asked = [n for n in asked if _is_ours(placed[n].name)]
    rows = np.stack([telling_row(placed[n].odds, float(sure[n])) for n in asked])
    right = np.array([told(placed[n].odds > 0) == placed[n].verdict for n in asked], np.float32)
    weights = fit_confidence(rows, right, np.ones(len(right), np.float32))
    chance = 1.0 / (1.0 + np.exp(-(np.column_stack([rows, np.ones(len(rows))]) @ weights)))
    start = told_from(chance, right, cost=_UNTRUE)
    say = chance >= start
    print(
        f"verdicts: n {len(right)}  right {right.mean():.3f}  told {say.mean():.3f}"
        f"  of these right {right[say].mean():.3f}"
    )
    return weights, start


def _thresholds(placed: Sequence[_Ranked]) -> tuple[tuple[Vector, float, Vector, float], Vector]:
    """Return the weights of confidence and of refusal, each with its threshold, from out-of-fold rankings.

    The out-of-fold confidence of each ranking comes with them.
    """
    rows = np.stack([r.row for r in placed])
    right = np.array([r.right for r in placed], np.float32)
    counts = np.array([_weight(r) for r in placed], np.float32)
    weights = fit_confidence(rows, right, counts)
    sure = np.zeros(len(placed))
    for f in range(5):  # thresholds see no confidence that learned on the same ranking
        out = np.arange(len(placed)) % 5 == f
        own = fit_confidence(rows[~out], right[~out], counts[~out])
        sure[out] = 1.0 / (1.0 + np.exp(-(np.column_stack([rows[out], np.ones(out.sum())]) @ own)))
    real = np.array([not r.name.endswith("-without") for r in placed])
    steps = np.arange(0.05, 0.95, 0.01)
    cost = np.array([_WRONG if r.answerable else _MISLEADING for r in placed], np.float32)
    worth = counts * (right - cost * (1 - right))
    asked_of = np.array([not _is_made(r) for r in placed])
    gains = [float(worth[asked_of & (sure >= t)].sum()) for t in steps]
    threshold = float(steps[int(np.argmax(gains))])
    ours = np.array([float(_is_ours(r.name)) for r in placed], np.float32)
    even = (
        np.where(ours > 0, counts / (counts * ours).sum(), 1.0 / max((1 - ours).sum(), 1)) * len(placed) / 2
    )
    refusal = fit_confidence(rows, ours, np.asarray(even, np.float32), shrink=_FIRM)
    asked = 1.0 / (1.0 + np.exp(-(np.column_stack([rows, np.ones(len(rows))]) @ refusal)))
    stray = np.sort(asked[ours == 0])
    refuse = float(stray[int((1 - _STRAY) * (len(stray) - 1))]) if len(stray) else 0.5
    print(f"questions to a by-law known as such: {np.mean(asked[(ours > 0) & real] >= refuse):.3f}")
    _report(placed, sure, real, threshold)
    return (weights, threshold, refusal, max(refuse, 0.5)), np.asarray(sure, np.float32)


def _weight(ranked: _Ranked) -> float:
    """Return how much a ranking counts: our questions on given provisions are easier than those of others."""
    if ranked.name.endswith("-moved"):
        return _MOVED
    return _MADE if _is_made(ranked) else 0.5 if ranked.name.startswith("own") else 1.0


def _is_made(ranked: _Ranked) -> bool:
    return ranked.name.endswith(("-without", "-after"))


def _report(placed: Sequence[_Ranked], sure: Any, real: Any, threshold: float) -> None:
    asked = [n for n, r in enumerate(placed) if r.answerable and real[n] and not r.name.endswith("-after")]
    after = [n for n, r in enumerate(placed) if r.answerable and r.name.endswith("-after")]
    silent = [n for n, r in enumerate(placed) if not r.answerable and _is_ours(r.name)]
    elsewhere = [n for n in silent if placed[n].name.endswith("-moved")]
    unheld = [n for n in silent if not _is_made(placed[n]) and n not in set(elsewhere)]
    stray = [n for n, r in enumerate(placed) if not _is_ours(r.name)]
    theirs = [n for n in asked if placed[n].name.startswith("train-rules")]
    for name, some in (("asked", asked), ("asked, not by us", theirs), ("after an answer", after)):
        first = np.mean([placed[n].right for n in some])
        given = np.mean([placed[n].right * (sure[n] >= threshold) for n in some])
        print(f"{name}: n {len(some)}  first right {first:.3f}  given and right {given:.3f}")
    held_back = (
        ("silent by-law", silent),
        ("of these asked", unheld),
        ("of another matter", elsewhere),
        ("other texts", stray),
    )
    for name, some in held_back:
        print(f"{name}: n {len(some)}  held back {np.mean([sure[n] < threshold for n in some]):.3f}")


def _write(
    out: Path,
    wording: tuple[AspectWeights, dict[str, float]],
    rankings: tuple[Vector, Vector],
    thresholds: tuple[Vector, float, Vector, float],
    judging: Vector,
    telling: tuple[Vector, float],
) -> None:
    confidence, answered, refusal, refused = thresholds
    ranking, second = rankings
    aspects, common = wording
    record = {
        "provenance": "python -m evaluation train-rules, on eval/bench/train-rules.jsonl over data/gov_train "
        "and evaluation/questions/rule-aspects.tsv, rule-provisions.tsv, rule-verdicts.tsv; "
        "other texts: train-facts, train-talks, train-claims",
        "answered_from": round(answered, 4),
        "refused_from": round(refused, 4),
        "told_from": round(telling[1], 4),
        "telling": [round(float(w), 4) for w in telling[0]],
        "verdict": {n: round(float(w), 4) for n, w in zip(VERDICT, judging, strict=True) if abs(w) >= _LEAST},
        "ranking": {n: round(float(w), 4) for n, w in zip(NAMES, ranking, strict=True)},
        "second": {n: round(float(w), 4) for n, w in zip(SECOND, second, strict=True)},
        "confidence": {n: round(float(w), 4) for n, w in zip((*CONFIDENCE, "bias"), confidence, strict=True)},
        "refusal": {n: round(float(w), 4) for n, w in zip((*CONFIDENCE, "bias"), refusal, strict=True)},
    }
    (out / "rule_weights.json").write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")
    np.savez_compressed(
        out / "rule_aspects.npz",
        runs=np.array(aspects.vocabulary),
        weights=aspects.weights.astype(np.float16),
        common=np.array(list(common)),
        telling=np.array(list(common.values()), np.float16),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation train-rules", description=__doc__)
    parser.add_argument(
        "--home", type=Path, required=True, help="a library of the learning by-laws and reports"
    )
    parser.add_argument("--shared", type=Path, default=SharedMaterial().folder, help="the shared material")
    parser.add_argument("--out", type=Path, default=DATA, help="another folder to write the weights to")
    parser.add_argument(
        "--every", type=int, default=3, help="of the questions to other texts each so many-th"
    )
    return parser
