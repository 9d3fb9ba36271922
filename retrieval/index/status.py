"""How far the indexes of a machine have come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatus:
    """Up to which version of the catalogue each index has come, and whether the server of vectors answers."""

    version: int  # of the catalogue
    words: int
    vectors: int | None = None  # at home or on a server; None where words alone serve
    away: str | None = None  # why the server of vectors can't be asked just now

    @property
    def lag(self) -> int:
        """How many versions the index that is furthest behind has to go."""
        return self.version - min(self.words, self.version if self.vectors is None else self.vectors)
