"""Pieces of a claim beside those of its evidence, and the network that tells whether it is borne out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from answering.judge import ClaimEvidence, ClaimVerdict, load
from answering.judge.meaning import TokenSide, entailment, sides
from answering.judge.meaning.network import MeaningNetwork
from answering.judge.meaning.token_alignment import Projection
from answering.judge.nearness import Nearness
from evaluation.verification.meaning.meaning_training import save
from evaluation.verification.meaning.network_fit import FitPlan, LabelledPairs, fit_network
from retrieval.embeddings.e5.model import EmbeddedModel
from retrieval.embeddings.text_tokens import TextTokens

if TYPE_CHECKING:
    from pathlib import Path

WIDTH = 6


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedModel:
    return EmbeddedModel(tmp_path_factory.mktemp("home"))


def tokens(*words: str) -> TextTokens:
    """Give each word a vector that is its own."""
    rows = [np.random.default_rng(sum(map(ord, word))).normal(size=WIDTH) for word in words]
    return TextTokens(words, np.array(rows, np.float32))


def projection() -> Projection:
    return Projection(np.zeros(WIDTH, np.float32), np.eye(WIDTH, dtype=np.float32))


def test_pieces_are_those_of_the_text_whatever_texts_go_beside_it(embedder: EmbeddedModel) -> None:
    text = "全县新建河堤12公里"
    alone, beside = embedder.tokens([text])[0], embedder.tokens(["长" * 200, text])[1]
    assert "".join(alone.words) == text
    assert alone.vectors.shape == (len(alone.words), embedder.dimension)
    assert beside.vectors == pytest.approx(alone.vectors, abs=1e-4)


def test_what_a_word_means_is_told_by_its_text(embedder: EmbeddedModel) -> None:
    bank, river = embedder.tokens(["到银行存款", "河水漫过堤岸"])
    assert not np.allclose(bank.vectors[0], river.vectors[0], atol=0.1)


def test_each_piece_of_a_claim_finds_its_like_and_heads_are_not_asked_back() -> None:
    evidence = tokens("东", "县", "新", "建", "河", "堤", "两", "座")
    mine, theirs = sides(tokens("河", "堤", "两"), [(evidence, 2)], projection())
    assert mine.own == pytest.approx(mine.aligned, abs=0.3)
    assert mine.marks[:, 0] == pytest.approx(1.0, abs=1e-5)
    assert len(theirs.own) == 6
    assert np.isfinite(theirs.marks).all()


def test_a_text_of_one_piece_is_compared() -> None:
    mine, theirs = sides(tokens("堤"), [(tokens("河"), 0)], projection())
    assert mine.own.shape == theirs.own.shape == (1, WIDTH)


def drawn(many: int, seed: int) -> LabelledPairs:
    """Return pairs that are true where no piece differs much from what is aligned with it."""
    chance = np.random.default_rng(seed)
    found = []
    wanted = chance.integers(0, 2, many)
    for true in wanted:
        own = chance.normal(size=(5, 3)).astype(np.float32)
        other = own.copy()
        if not true:
            other[chance.integers(5)] *= -1
        side = TokenSide(own, other, np.ones((5, 1), np.float32))
        found.append((side, side))
    return LabelledPairs(sides=found, wanted=wanted.astype(np.float32), weights=np.ones(many, np.float32))


def test_a_network_learns_that_one_unlike_piece_is_enough(tmp_path: Path) -> None:
    given = Projection(np.zeros(3, np.float32), np.eye(3, dtype=np.float32))
    plan = FitPlan(rounds=12, batch=32, units=16, hidden=8, dropout=0.0)
    network = fit_network(drawn(600, 1), np.arange(600), given, plan)
    save([network, network], "drawn by chance", tmp_path / "network.npz")
    first, second = MeaningNetwork.read(tmp_path / "network.npz")
    unseen = drawn(200, 2)
    right = [(first.odds(*pair) > 0) == true for pair, true in zip(unseen.sides, unseen.wanted, strict=True)]
    assert np.mean(right) > 0.9
    assert first.odds(*unseen.sides[0]) == second.odds(*unseen.sides[0])


EVIDENCE = ClaimEvidence(
    quote="全市新改建农村公路86公里，为九百余户困难家庭安装了扶手和防滑地板。", place="南川市", year=2024
)


def test_without_an_embedder_meaning_is_not_told() -> None:
    assert entailment("南川新改建农村公路86公里", [EVIDENCE], Nearness(None)) is None


def test_other_words_are_nearer_to_the_text_than_another_thing(embedder: EmbeddedModel) -> None:
    nearness = Nearness(embedder)
    alike = entailment("南川给九百多户困难家庭装上了扶手和防滑地板。", [EVIDENCE], nearness)
    other = entailment("南川给九百多户困难家庭装上了宽带和电视。", [EVIDENCE], nearness)
    assert alike is not None
    assert other is not None
    assert alike > other


def test_the_judge_refuses_another_thing_where_all_figures_hold(embedder: EmbeddedModel) -> None:
    judge = load(embedder)
    assert judge("南川新改建农村公路86公里。", [EVIDENCE]).verdict is ClaimVerdict.SUPPORTED
    assert judge("南川新改建农村水渠86公里。", [EVIDENCE]).verdict is not ClaimVerdict.SUPPORTED


def test_a_place_and_a_figure_alone_have_no_meaning_to_compare(embedder: EmbeddedModel) -> None:
    told = ClaimEvidence(quote="全市渔船总数从310艘增加到420艘。", place="舟山市", year=2024)
    judge = load(embedder)
    assert "meaning" not in judge("舟山市：420艘", (told,)).features
    assert "meaning" in judge("舟山市渔船420艘", (told,)).features
