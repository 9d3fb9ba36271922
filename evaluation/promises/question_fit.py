"""``python -m evaluation promise-questions``: learn which questions ask for target and result."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from answering.ledger.promise_question import grams_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OUT = Path("answering/data/promise_questions.json")
_ON_BOTH = "target_result"  # the type of the questions that ask for target and result
_LEAST = 3  # questions that a run of characters has to be in
_RIDGE, _RATE, _ROUNDS, _SCALE, _FEW = 0.01, 0.4, 800, 3.0, 4.0
_KEPT = 0.02  # weights nearer to zero are left out


def _questions(files: Sequence[Path]) -> Iterator[tuple[frozenset[str], bool]]:
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                told = json.loads(line)
                yield grams_of(told["question"]), told["type"] == _ON_BOTH


def main(arguments: Sequence[str]) -> int:
    """Fit on files of questions, print how many the weights of the other half tell right, and write them."""
    asked = _parser().parse_args(arguments)
    held = list(_questions(asked.questions))
    for half in (0, 1):
        apart = _fitted([one for n, one in enumerate(held) if n % 2 != half])
        right = [
            (_told(apart, grams) > asked.threshold) == on
            for n, (grams, on) in enumerate(held)
            if n % 2 == half
        ]
        print(f"half {half}: {sum(right)} of {len(right)} right at {asked.threshold}")
    weights = _fitted(held)
    asked.out.write_text(json.dumps(weights, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(
        f"{len(held)} questions, {sum(on for _, on in held)} on target and result, {len(weights) - 1} weights"
    )
    return 0


def _fitted(held: Sequence[tuple[frozenset[str], bool]]) -> dict[str, float]:
    """Return a weight for each run of characters, and the bias under "" (ridge logistic regression)."""
    counts = Counter(gram for grams, _ in held for gram in grams)
    names = sorted(gram for gram, many in counts.items() if many >= _LEAST)
    place = {gram: n for n, gram in enumerate(names)}
    inputs = np.zeros((len(held), len(names)))
    for row, (grams, _) in enumerate(held):
        inputs[row, [place[gram] for gram in grams if gram in place]] = 1.0
    inputs *= _SCALE / np.maximum(np.sqrt(inputs.sum(1, keepdims=True)), 1.0)
    same = np.array([float(on) for _, on in held])
    weigh = np.where(same == 1, _FEW, 1.0) / len(held)
    told, bias = np.zeros(len(names)), -2.0
    for _ in range(_ROUNDS):
        off = weigh * (1 / (1 + np.exp(-(inputs @ told + bias))) - same)
        told -= _RATE * (inputs.T @ off + _RIDGE / 8 * told)
        bias -= _RATE * float(off.sum())
    kept = {gram: round(float(told[n]), 3) for gram, n in place.items() if abs(told[n]) >= _KEPT}
    return {"": round(bias, 3), **kept}


def _told(weights: dict[str, float], grams: frozenset[str]) -> float:
    known = [weights[gram] for gram in grams if gram in weights]
    return float(1 / (1 + np.exp(-(weights[""] + _SCALE * sum(known) / max(1.0, len(grams) ** 0.5)))))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation promise-questions", description=__doc__)
    parser.add_argument("questions", type=Path, nargs="+", help="files of questions, a JSON object a line")
    parser.add_argument("--threshold", type=float, default=0.3)
    parser.add_argument("--out", type=Path, default=OUT, help="where the weights go")
    return parser
