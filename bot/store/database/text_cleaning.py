"""Text as people write it, made fit for any database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect

BROKEN = "\N{REPLACEMENT CHARACTER}"


class CleanText(TypeDecorator[str]):
    """A column of text: what has no place in UTF-8, or in PostgreSQL, is kept as U+FFFD.

    A message may hold the character NUL or half of a surrogate pair, and must not fail to be kept for that.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text as it is kept."""
        if value is None or (value.isprintable() and value.isascii()):
            return value
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.replace("\0", BROKEN)
