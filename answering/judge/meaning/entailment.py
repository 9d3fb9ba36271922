"""The odds that evidence bears a claim out, by the meaning of their pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.judge.meaning.network import MeaningNetwork, learned_networks
from answering.judge.meaning.token_alignment import TokenSide, sides

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from answering.judge.meaning.token_alignment import Projection
    from answering.judge.nearness import Nearness
    from answering.judge.values import ClaimEvidence
    from retrieval.embeddings.text_tokens import TextTokens

_MOST = 6.0  # odds beyond this say no more


def entailment(
    claim: str,
    evidence: Sequence[ClaimEvidence],
    nearness: Nearness,
    networks: Sequence[MeaningNetwork] | None = None,
) -> float | None:
    """Return the logarithm of the odds, −6…6; None where no embedder tells pieces apart."""
    chosen = learned_networks() if networks is None else networks
    beside = laid_side_by_side(claim, evidence, nearness.tokens, chosen[0].projection)
    if beside is None:
        return None
    odds = sum(network.odds(*beside) for network in chosen) / len(chosen)
    return max(-_MOST, min(_MOST, odds))


def laid_side_by_side(
    claim: str,
    evidence: Sequence[ClaimEvidence],
    tokens: Callable[[Sequence[str]], list[TextTokens] | None],
    projection: Projection,
) -> tuple[TokenSide, TokenSide] | None:
    """Return a claim's pieces and those of its evidence, each beside the other's; None where ``tokens`` tells none."""
    found = tokens(texts_of(claim, evidence))
    if found is None or not all(one.words for one in found):
        return None
    lengths = [len("".join(_head(item).split())) for item in evidence]
    return sides(found[0], list(zip(found[1:], lengths, strict=True)), projection)


def texts_of(claim: str, evidence: Sequence[ClaimEvidence]) -> list[str]:
    """Return the texts whose pieces are compared: the claim, then each item behind what it tells of."""
    return [claim, *(f"{_head(item)}{item.quote}" for item in evidence)]


def _head(item: ClaimEvidence) -> str:
    """Return what says of what a piece of evidence tells: its place, year and heading."""
    return f"{item.place} {item.year or ''} {item.heading}："
