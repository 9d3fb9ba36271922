"""Claims that a reader puts ("…，对吗"): read, held against the texts, and answered with a verdict a line."""

from __future__ import annotations

from answering.claims.checkable import checkable
from answering.claims.claim_answer import VERDICTS, answer_claims, has_assertions, rule_on_line
from answering.claims.claim_request import CHECK, is_tagged

__all__ = ["CHECK", "VERDICTS", "answer_claims", "checkable", "has_assertions", "is_tagged", "rule_on_line"]
