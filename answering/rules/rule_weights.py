"""The fitted weights of the rule questions, as they ship."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from answering.rules.aspects import AspectModel
from answering.rules.rule_verdict import VERDICT

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWeights:
    """What ranks candidates, what tells aspects, and from which confidence an answer is given."""

    aspects: AspectModel
    ranking: NDArray[np.float32]  # a weight for each feature of ``rule_features.NAMES``
    second: NDArray[np.float32]  # of ``rule_second_look.SECOND``
    confidence: NDArray[np.float32]  # of ``confidence.NAMES``, and the bias
    refusal: NDArray[np.float32]  # likewise: whether a question is one to a by-law at all
    verdict: NDArray[np.float32]  # a weight for each feature of ``rule_verdict.VERDICT``
    telling: NDArray[np.float32]  # whether a verdict is right, of ``rule_verdict.telling_row``, and the bias
    answered_from: float
    refused_from: float
    told_from: float  # probability of being right from which a verdict is told


@lru_cache(maxsize=1)
def rule_weights() -> RuleWeights:
    """Return the weights that ship; they are read once."""
    folder = files("answering") / "data"
    told = json.loads((folder / "rule_weights.json").read_text("utf-8"))
    with (folder / "rule_aspects.npz").open("rb") as file:
        kept = np.load(file)
        runs, weights = kept["runs"].tolist(), kept["weights"].astype(np.float32)
        common = dict(zip(kept["common"].tolist(), map(float, kept["telling"]), strict=True))
    return RuleWeights(
        aspects=AspectModel({run: n for n, run in enumerate(runs)}, weights, common),
        ranking=np.asarray(list(told["ranking"].values()), np.float32),
        second=np.asarray(list(told["second"].values()), np.float32),
        confidence=np.asarray(list(told["confidence"].values()), np.float32),
        refusal=np.asarray(list(told["refusal"].values()), np.float32),
        verdict=np.asarray([told["verdict"].get(name, 0.0) for name in VERDICT], np.float32),
        telling=np.asarray(told["telling"], np.float32),
        answered_from=float(told["answered_from"]),
        refused_from=float(told["refused_from"]),
        told_from=float(told["told_from"]),
    )
