"""Boosted trees learn what no line can, keep to a direction, and read back as they were fitted."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np

from answering.judge.trees import BoostedTrees
from evaluation.verification.boosting import BoostingPlan, fit_trees

CHANCE = np.random.default_rng(7)


def test_they_learn_that_two_marks_cancel_out() -> None:
    """Of two marks exactly one has to be there: no weighted sum tells that."""
    values = CHANCE.integers(0, 2, (600, 3)).astype(float)
    wanted = (values[:, 0] != values[:, 1]).astype(float)
    held = fit_trees(values[:400], wanted[:400], np.ones(400), np.zeros(3, np.int8), BoostingPlan(rounds=30))
    trees = BoostedTrees.read(json.loads(json.dumps(held)))
    told = [trees.total(list(row)) > 0 for row in values[400:]]
    assert told == list(wanted[400:] > 0)


def test_a_falling_feature_never_raises_the_sum() -> None:
    """Where the examples say the reverse, the trees would rather learn nothing from it."""
    values = CHANCE.random((500, 2))
    wanted = (values[:, 0] + 0.3 * values[:, 1] > 0.6).astype(float)
    held = fit_trees(values, wanted, np.ones(500), np.array([1, 0], np.int8), BoostingPlan(rounds=40))
    trees = BoostedTrees.read(held)
    for other in (0.1, 0.5, 0.9):
        sums = [trees.total([x, other]) for x in np.linspace(0, 1, 21)]
        assert all(a >= b - 1e-9 for a, b in pairwise(sums))
