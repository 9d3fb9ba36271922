"""What an official document tells of itself: number, days, bodies, attendance, leads, answers."""

from __future__ import annotations

from retrieval.particulars.particular import Particular, ParticularKind
from retrieval.particulars.read_particulars import particulars
from retrieval.particulars.transcript import SpeechTurn, turns

__all__ = ["Particular", "ParticularKind", "SpeechTurn", "particulars", "turns"]
