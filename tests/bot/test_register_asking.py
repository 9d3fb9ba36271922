"""The question that a command stands for is put in the language in which its answer is to be read."""

from __future__ import annotations

import pytest

from answering.question.parser import language_of
from answering.values.answer import Language
from bot.presentation.fact_query import compared


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("thing", ["停车位", "志愿者", "老旧小区改造"])
@pytest.mark.parametrize("places", [(), ("吉林市",), ("吉林市", "萍乡市")])
def test_it_is_read_as_of_that_language(thing: str, places: tuple[str, ...], language: Language) -> None:
    assert language_of(compared(thing, places, language)) is language
