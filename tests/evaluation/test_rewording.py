"""Questions in other dress still ask the same."""

from __future__ import annotations

import pytest

from evaluation.quality.answers import WAYS, reworded, right
from evaluation.reporting.shared_scorer import BatchScore

ASKED = [
    {"id": "1", "question": "青禾市修了多少条路？", "lang": "zh", "facts": [["12条"]]},
    {"id": "2", "question": "How many roads?", "lang": "en", "facts": [["12"]]},
]


@pytest.mark.parametrize("name", WAYS)
def test_only_the_question_changes_and_english_is_left_out(name: str) -> None:
    (one,) = reworded(ASKED, WAYS[name])
    assert one | {"question": ""} == ASKED[0] | {"question": ""}


def test_ways_differ_and_keep_what_is_asked() -> None:
    dressed = {name: way("青禾市，30条路？") for name, way in WAYS.items()}
    assert len(set(dressed.values())) == len(WAYS)
    assert dressed["in full width"] == "青禾市，３０条路？"
    assert dressed["in traditional script"] == "青禾市，30條路？"
    assert dressed["with spaces for commas"].split() == ["青禾市", "30条路"]
    assert all("30" in dressed[name] for name in ("without an end mark", "with thanks", "in haste"))


def test_the_share_right_weighs_types_by_their_questions() -> None:
    score = BatchScore(figures={}, by_type={"single": (0.5, 6), "oos": (1.0, 2)}, remarks=())
    assert right(score) == pytest.approx(0.625)
