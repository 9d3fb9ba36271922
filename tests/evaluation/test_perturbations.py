"""Perturbed questions: each way changes what it says it changes, and leaves the place to be found."""

from __future__ import annotations

import random

from evaluation.quality.perturbations import WAYS, order, perturbed, script, typo
from retrieval.places.gazetteer import Gazetteer

GAZETTEER = Gazetteer()
QUESTION = "昆明去年修了多少公里绿道？"
ASKED = [
    {"question": f"{place}去年修了多少公里绿道？", "lang": "zh"} for place in ("昆明", "贵阳", "南宁", "福州")
]


def test_a_typo_replaces_one_character_outside_the_name_of_the_place() -> None:
    """The place stays as typed, and the length too."""
    changed = typo(QUESTION, GAZETTEER, random.Random(3))
    assert len(changed) == len(QUESTION)
    assert sum(a != b for a, b in zip(changed, QUESTION, strict=True)) == 1
    assert changed.startswith("昆明")


def test_another_order_keeps_every_word() -> None:
    """The place stands behind the question."""
    changed = order(QUESTION, GAZETTEER, random.Random(3))
    assert changed == "去年修了多少公里绿道，昆明？"


def test_another_script_is_the_same_question() -> None:
    """Traditional characters take the place of simplified ones."""
    assert script("广东的农业", GAZETTEER, random.Random(3)) == "廣東的農業"


def test_each_way_gives_its_share_of_the_pairs() -> None:
    """No way is left out, and no pair is a question with itself."""
    pairs = perturbed(ASKED, GAZETTEER, pairs=8)
    assert {pair.way for pair in pairs} == set(WAYS)
    assert all(pair.question != pair.changed for pair in pairs)
