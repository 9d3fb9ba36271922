"""The table of scenes tells the truth."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOLD = re.compile(r"`(test_\w+)\.(test_\w+)`")


def test_each_scene_that_is_told_of_has_the_test_that_is_named():
    page = (HERE.parents[1] / "docs" / "scenes.md").read_text("utf-8")
    named = TOLD.findall(page)
    assert len(named) > 30
    lost = [
        (file, test) for file, test in named if f"def {test}(" not in (HERE / f"{file}.py").read_text("utf-8")
    ]
    assert lost == []
