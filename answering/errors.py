"""What can go wrong while answering; an outcome such as "not in the corpus" is a value, not an error."""

from __future__ import annotations


class AnsweringError(Exception):
    """Root of what this package raises; its text is a sentence for a person."""
