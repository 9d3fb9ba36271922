"""What both derived indexes hold of a passage, and how its text is keyed."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEntry:
    """A passage as the indexes see it: the words to index and the facts to filter by."""

    id: str  # Passage.id
    document: str
    text: str  # with its short prefix
    key: bytes  # key_of(text)
    genre: str
    place: str | None = None
    year: int | None = None


KEY = 16  # bytes of a key


def key_of(text: str) -> bytes:
    """Return 16 bytes that stand for an indexed text: equal text, equal vector."""
    return sha256(text.encode()).digest()[:KEY]


def cut_of(keys: Iterable[bytes]) -> bytes:
    """Return 16 bytes that stand for the texts of a document's passages, in their order."""
    return sha256(b"".join(keys)).digest()[:KEY]


def document_id(passage: str) -> str:
    """Return the id of the document that a passage's id names."""
    return passage.rpartition("-")[0]
