"""``python -m evaluation train-furniture``: learn which lines of a copied page are no text.

The lines are our own: what government sites print around a text, in varied forms, against titles, bylines,
dates, headings, addresses and sentences as documents print them. A fifth of the forms is held out.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from evaluation.datasets.material import ROOT
from retrieval.loaders.page_furniture import SIZE, features

if TYPE_CHECKING:
    from collections.abc import Sequence

OUT = ROOT / "retrieval" / "data" / "page_furniture.json"
LINES = ROOT / "evaluation" / "training" / "page_lines.tsv"
_FILLED = 12  # lines made of each form
_SEED = 7
_ROUNDS, _RATE, _DECAY = 400, 0.5, 1e-4


def main(arguments: Sequence[str] | None = None) -> int:  # noqa: ARG001 - takes none
    """Fit the weights, print how many held-out lines are told right, and write the file."""
    draw = random.Random(_SEED)  # noqa: S311 - the same forms each time
    forms = [line.split("\t", 1) for line in LINES.read_text(encoding="utf-8").splitlines() if "\t" in line]
    draw.shuffle(forms)
    held = forms[: len(forms) // 5]
    fitted = _fit(_filled(forms[len(held) :], draw))
    print(f"held-out lines told right: {_right(fitted, _filled(held, draw)):.3f} of {len(held)} forms")
    weights = _fit(_filled(forms, draw))
    told = {
        "about": "log odds that a line is page furniture; hashed character n-grams and shape, bias last",
        "learned": f"{datetime.now(UTC).date().isoformat()}, page_lines.tsv, {len(forms)} forms",
        "weights": [round(float(one), 3) for one in weights],
    }
    OUT.write_text(json.dumps(told, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _filled(forms: Sequence[Sequence[str]], draw: random.Random) -> list[tuple[str, int]]:
    """Fill the slots of each form several times: {n} a number, {d} a day, {c} a city, {p} a name."""
    return [(_fill(form, draw), int(label)) for label, form in forms for _ in range(_FILLED)]


def _fill(form: str, draw: random.Random) -> str:
    day = f"{draw.randint(2008, 2026)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
    year, month, number = day.split("-")
    days = (day, f"{year}年{int(month)}月{int(number)}日", day.replace("-", "/"))
    slots = {
        "{n}": str(draw.randint(1, 10 ** draw.randint(1, 7))),
        "{d}": draw.choice(days),
        "{y}": year,
        "{c}": draw.choice(("安宁", "东河", "清源", "临江", "石桥", "南屏", "西岭", "云泽", "北塘", "青川")),
        "{p}": draw.choice(("王某", "李某某", "赵明", "陈建国", "孙丽", "周海波")),
    }
    for slot, value in slots.items():
        form = form.replace(slot, value)
    return form


def _matrix(lines: Sequence[tuple[str, int]]) -> tuple[np.ndarray, np.ndarray]:
    found = np.zeros((len(lines), SIZE + 1), dtype=np.float32)
    for at, (line, _) in enumerate(lines):
        named = set(features(line))
        found[at, list(named)] = 1 / np.sqrt(max(1, len(named)))
    found[:, SIZE] = 1
    return found, np.array([label for _, label in lines], dtype=np.float32)


def _fit(lines: Sequence[tuple[str, int]]) -> np.ndarray:
    """Fit a logistic regression by gradient descent with momentum."""
    inputs, labels = _matrix(lines)
    weights = np.zeros(SIZE + 1, dtype=np.float32)
    speed = np.zeros_like(weights)
    for _ in range(_ROUNDS):
        odds = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (odds - labels) / len(labels) + _DECAY * weights
        speed = 0.9 * speed - _RATE * 10 * slope
        weights += speed
    return weights


def _right(weights: np.ndarray, lines: Sequence[tuple[str, int]]) -> float:
    inputs, labels = _matrix(lines)
    return float(np.mean((inputs @ weights > 0) == (labels > 0.5)))
