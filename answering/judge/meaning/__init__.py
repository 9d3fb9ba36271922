"""Whether the evidence means what a claim says: their pieces laid side by side, and a small network over them."""

from __future__ import annotations

from answering.judge.meaning.entailment import entailment
from answering.judge.meaning.network import WEIGHTS, MeaningNetwork
from answering.judge.meaning.token_alignment import TokenSide, sides

__all__ = ["WEIGHTS", "MeaningNetwork", "TokenSide", "entailment", "sides"]
