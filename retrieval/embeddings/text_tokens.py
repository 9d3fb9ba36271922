"""A text's pieces as an embedder sees them, each with what it means there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


class TextTokens(NamedTuple):
    """A text's pieces, n of them, and the (n, dimension) vectors that they have in it."""

    words: tuple[str, ...]
    vectors: NDArray[np.float32]


@runtime_checkable
class TokenEmbedder(Protocol):
    """An embedder that tells what each piece of a text means in it."""

    def tokens(self, texts: Sequence[str]) -> list[TextTokens]:
        """Return the pieces of each text."""
        ...


def token_embedder(embedder: object) -> TokenEmbedder | None:
    """Return an embedder as one that tells pieces apart; None where it does not."""
    return embedder if isinstance(embedder, TokenEmbedder) else None
