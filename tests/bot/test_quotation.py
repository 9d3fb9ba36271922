"""A quotation says where its words stand, and of a text told anew that they are not the original ones."""

from __future__ import annotations

import pytest

from answering.values.answer import Language
from bot.messages import messages
from bot.presentation.quotation import quotation
from retrieval.values.documents import Document

WORDS = "全市新建口袋公园一百二十个"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh-Hans", "（2022-06-03，本文是转述，不是原文）"),
        ("zh-Hant", "（2022-06-03，本文是轉述，不是原文）"),
        ("en", " (2022-06-03, a retelling, not the original text)"),
    ],
)
def test_a_quotation_of_a_text_told_anew_says_so(language: str, told: str) -> None:
    document = Document(id="a", source="a.md", text=WORDS, title="一座花园", date="2022-06-03", restated=True)
    assert quotation(WORDS, document, messages(Language(language))).endswith(f"《一座花园》{told}")


def test_a_quotation_of_an_original_says_nothing_of_the_kind() -> None:
    document = Document(id="a", source="a.md", text=WORDS, title="一座花园", date="2022-06-03")
    assert quotation(WORDS, document, messages(Language.HANS)).endswith("《一座花园》（2022-06-03）")
