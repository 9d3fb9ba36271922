"""Typed features of a candidate, one learned score, and whether the best candidate is an answer."""
