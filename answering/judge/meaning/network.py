"""A small network over pieces laid side by side: whether the evidence bears the claim out.

Compare and aggregate of decomposable attention (Parikh et al. 2016, sections 3.2 and 3.3): every pair of a
piece and its counterpart goes through one layer, the mean and the greatest value of each unit through two more.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from answering.judge.meaning.token_alignment import Projection

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from answering.judge.meaning.token_alignment import TokenSide

    Floats = NDArray[np.float32]

WEIGHTS = Path(__file__).parents[2] / "data" / "meaning_network.npz"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeaningNetwork:
    """The weights; ``claim`` and ``evidence`` are of the layers that compare pieces of either side."""

    mean: Floats  # (width,)
    axes: Floats  # (width, axes)
    claim: Floats  # (4 axes + marks, units)
    claim_bias: Floats  # (units,)
    evidence: Floats  # (4 axes + marks + 1, units)
    evidence_bias: Floats  # (units,)
    hidden: Floats  # (4 units, hidden)
    hidden_bias: Floats  # (hidden,)
    out: Floats  # (hidden, 1)
    out_bias: Floats  # (1,)

    @property
    def projection(self) -> Projection:
        """What brings vectors to the axes that are compared."""
        return Projection(self.mean, self.axes)

    @classmethod
    def read(cls, path: Path = WEIGHTS) -> tuple[Self, ...]:
        """Return the networks of a file, whose odds are averaged; they share one projection."""
        with np.load(path) as held:
            every = {name: held[name].astype(np.float32) for name in held.files if name != "provenance"}
        shared = {name: every.pop(name) for name in ("mean", "axes")}
        names = [one.name for one in fields(cls) if one.name not in shared]
        return tuple(
            cls(**shared, **{name: every[name][at] for name in names}) for at in range(len(every["out"]))
        )

    def odds(self, claim: TokenSide, evidence: TokenSide) -> float:
        """Return the logarithm of the odds that the evidence bears the claim out."""
        pooled = np.concatenate(
            (
                *_pooled(compared(claim) @ self.claim + self.claim_bias),
                *_pooled(compared(evidence) @ self.evidence + self.evidence_bias),
            )
        )
        hidden = np.maximum(pooled @ self.hidden + self.hidden_bias, 0)
        return float((hidden @ self.out + self.out_bias)[0])


@cache
def learned_networks() -> tuple[MeaningNetwork, ...]:
    """Return the networks that ship with the program."""
    return MeaningNetwork.read()


def compared(side: TokenSide) -> Floats:
    """Return what is told of each pair: both vectors, their difference and product, and the marks."""
    own, aligned = side.own, side.aligned
    return np.concatenate((own, aligned, np.abs(own - aligned), own * aligned, side.marks), axis=1)


def _pooled(units: Floats) -> tuple[Floats, Floats]:
    told = np.maximum(units, 0)
    return told.mean(axis=0), told.max(axis=0)
