"""How a claim differs from a sentence, mostly in one thing: what is found, what is proved, and by how much.

The rows of ``replay/compared.jsonl`` were kept after each had been checked: the differences are those that a
reader would name, and the numbers say how much of the claim they touch. Others may be added.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from answering.judge import ClaimEvidence
from answering.judge.features import compare
from answering.judge.nearness import Nearness
from retrieval.places.gazetteer import Gazetteer

FILE = Path(__file__).parent / "replay" / "compared.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
NAMES = {name for row in ROWS for name in row["features"]}  # what no row speaks of may be added freely
WORDS, GAZETTEER = Nearness(None), Gazetteer()


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_a_claim_differs_from_its_evidence_in_these_ways(row: dict[str, Any]) -> None:
    evidence = [ClaimEvidence(**item) for item in row["evidence"]]
    found = compare(row["claim"], evidence, WORDS, GAZETTEER)
    assert sorted([d.kind, d.said, d.right] for d in found.differences) == row["differences"]
    assert (found.proved, found.untrue, found.repeated) == (row["proved"], row["untrue"], row["repeated"])
    assert (found.one_of_several, found.spoken, found.best) == (row["several"], row["spoken"], row["best"])
    assert found.fit == pytest.approx(row["fit"], abs=0.011)
    numbers = {name: found.features.get(name, 0.0) for name in NAMES}
    expected = {name: row["features"].get(name, 0.0) for name in NAMES}
    assert numbers == pytest.approx(expected, abs=0.011)
