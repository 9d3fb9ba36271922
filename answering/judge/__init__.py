"""One judge: a claim against its evidence, by typed facts first and nearness of meaning second."""

from __future__ import annotations

from answering.judge.judge import Judge, load
from answering.judge.values import ClaimEvidence, ClaimVerdict, Judgment

__all__ = ["ClaimEvidence", "ClaimVerdict", "Judge", "Judgment", "load"]
