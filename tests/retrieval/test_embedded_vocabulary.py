"""The pieces of a text are those that the tokenizers package finds with the same vocabulary."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from retrieval.embeddings.e5.tokenizer import Vocabulary
from retrieval.embeddings.e5.weights import Pieces, Weights, find_weights
from retrieval.values.errors import EmbeddingUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 512
SAMPLES = [
    "台州市建成城市书吧１２３家，总面积超过5万平方米。",
    "  新时代文明实践中心（站、所）\n\t覆盖率达100%！",
    "延安：抓“三讲三比”，促《条例》落地……",
    "Taizhou's volunteers, 12.5 万人; naïve café ﬁn.",
    "ｶﾞｲﾄﾞ ガイド 한국어 Здравствуйте ไทย",
    "😀🏙️志愿者😀😀",
    "𠮷野家㊣①②③ⅣⅤ㎡",
]
ALPHABET = (
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
    | st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="<")
    | st.sampled_from("的是市民文明城市一二三，。！？“”、：；（）《》％　０１９ＡＢ▁😀🈚")
)


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    try:
        return Weights(find_weights()).pieces
    except EmbeddingUnavailable as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def vocabulary(pieces: Pieces) -> Vocabulary:
    return Vocabulary(pieces)


@pytest.fixture(scope="module")
def reference(pieces: Pieces) -> Callable[[str], list[int]]:
    """Return the same vocabulary in the Rust tokenizer, set up as the model's authors did."""
    ends = pieces.offsets.tolist()
    texts = [pieces.blob[start:end].decode() for start, end in pairwise(ends)]
    model = models.Unigram(list(zip(texts, pieces.scores.tolist(), strict=True)), unk_id=pieces.unknown)
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"[\s▁]+"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="always")
    marks = [("<s>", pieces.start), ("</s>", pieces.end)]
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=marks)
    tokenizer.enable_truncation(MOST)
    return lambda text: tokenizer.encode(text).ids


@pytest.mark.parametrize("text", SAMPLES)
def test_samples_have_the_reference_pieces(
    vocabulary: Vocabulary, reference: Callable[[str], list[int]], text: str
) -> None:
    assert vocabulary.ids("passage: " + text, most=MOST) == reference("passage: " + text)


@settings(max_examples=100, deadline=None)
@given(text=st.text(ALPHABET, max_size=60))
def test_any_text_has_the_reference_pieces(
    vocabulary: Vocabulary, reference: Callable[[str], list[int]], text: str
) -> None:
    assert vocabulary.ids("query: " + text, most=MOST) == reference("query: " + text)


def test_a_long_text_is_cut_as_the_reference_cuts_it(
    vocabulary: Vocabulary, reference: Callable[[str], list[int]]
) -> None:
    text = "passage: " + "".join(SAMPLES) * 20
    assert len(vocabulary.ids(text, most=MOST)) == MOST
    assert vocabulary.ids(text, most=MOST) == reference(text)


def test_marks_that_a_person_types_are_text(vocabulary: Vocabulary, pieces: Pieces) -> None:
    ids = vocabulary.ids("query: <s></s><pad><unk><mask>", most=MOST)
    marks = {pieces.start, pieces.end, pieces.pad}
    assert not marks & set(ids[1:-1])
    assert max(ids) < len(pieces.scores) - 1


@given(st.text(st.characters(), max_size=400))
def test_every_id_is_a_piece(vocabulary: Vocabulary, pieces: Pieces, text: str) -> None:
    ids = vocabulary.ids(text, most=64)
    assert 2 <= len(ids) <= 64
    assert all(0 <= one < len(pieces.scores) for one in ids)
