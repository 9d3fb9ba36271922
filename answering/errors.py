"""What can go wrong while answering; an outcome such as "not in the corpus" is a value, not an error.

::

    AnsweringError
    └── ProofError      a statement that rests on nothing was about to be shown: a fault of ours
"""

from __future__ import annotations


class AnsweringError(Exception):
    """Root of what this package raises."""


class ProofError(AnsweringError):
    """A statement failed a gate that its way of making should have passed."""
