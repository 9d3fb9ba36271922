"""Late interaction: each piece of a question finds the closest piece of a provision."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from answering.judge.meaning.network import learned_networks
from answering.rules.likeness.late_interaction import asked_pieces, piece_matches, pieces_of
from answering.rules.rule_candidates import rule_candidates
from answering.rules.rule_features import HeldByLaw, Scored
from retrieval.embeddings.text_tokens import TextTokens
from retrieval.values.documents import Document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BYLAW = """# 南川市河岸管理条例

第一条 在河岸禁止下列行为：

（一）进食；

（二）垂钓。

第二条 违反本条例第一条第二项规定的，处五十元罚款。
"""
MEANT_ALIKE = {"啃": "食", "饼": "食", "钓": "渔"}  # characters that have one vector


class CharacterEmbedder:
    """Gives each character a vector of its own; two that are meant alike share one."""

    def tokens(self, texts: Sequence[str]) -> list[TextTokens]:
        return [TextTokens(tuple(text), np.stack([_vector(c) for c in text])) for text in texts]


def _vector(character: str) -> NDArray[np.float32]:
    alike = MEANT_ALIKE.get(character, character)
    width = len(learned_networks()[0].mean)
    return np.random.default_rng(ord(alike)).normal(size=width).astype(np.float32)


SOURCE = SimpleNamespace(text_embedder=CharacterEmbedder(), nearness=lambda question, texts: None)


def asked(words: str, **content: float) -> SimpleNamespace:
    return SimpleNamespace(words=words, content=content)


def ranked() -> list[Scored]:
    candidates = rule_candidates(BYLAW)
    document = Document(id="river", source="river.md", title="南川市河岸管理条例", text=BYLAW)
    held = HeldByLaw(document=document, candidates=candidates, hits={}, title=frozenset())
    return [Scored(held=held, candidate=c, features=np.zeros(1, np.float32)) for c in candidates.all]


def test_what_is_meant_alike_is_found_in_other_characters() -> None:
    """Proves that of two items the one whose word means what the question says holds more of it."""
    pieces = asked_pieces(asked("啃饼罚", 啃=1.0, 饼=1.0), SOURCE)  # type: ignore[arg-type]
    assert pieces is not None
    assert pieces.weights == pytest.approx([0.5, 0.5, 0.0])
    some = ranked()
    shares = {
        one.candidate.provision.of(BYLAW): pieces.share(match.own)
        for one, match in zip(some, piece_matches(pieces, some, SOURCE), strict=True)  # type: ignore[arg-type]
    }
    assert shares["（一）进食；"] == pytest.approx(1.0, abs=1e-5)
    assert shares["（二）垂钓。"] < 0.5


def test_what_follows_an_act_and_its_lead_in_are_read_with_it() -> None:
    """Proves that a sanction's words and a lead-in's count where the provision itself lacks them."""
    pieces = asked_pieces(asked("罚禁", 罚=1.0, 禁=1.0), SOURCE)  # type: ignore[arg-type]
    assert pieces is not None
    some = ranked()
    matches = piece_matches(pieces, some, SOURCE)  # type: ignore[arg-type]
    fined = next(m for one, m in zip(some, matches, strict=True) if one.candidate.consequence is not None)
    assert fined.own.max() < 0.5
    assert fined.told[0] == pytest.approx(1.0, abs=1e-5)
    assert fined.told[1] < 0.5
    assert fined.headed == pytest.approx([1.0, 1.0], abs=1e-5)


def test_without_an_embedder_no_pieces_are_told_apart() -> None:
    """Proves that words alone serve where no embedder tells pieces apart."""
    assert pieces_of(["进食"], SimpleNamespace(text_embedder=None)) is None  # type: ignore[arg-type]
