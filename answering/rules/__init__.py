"""Answers on by-laws: what a question asks of them, the act and the provision it meets, and what they say."""

from __future__ import annotations
