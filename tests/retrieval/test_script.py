"""A text in the other script: by OpenCC, and by the table that ships where OpenCC can't be installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.text import script

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_OPENCC = """
import importlib.abc, sys
class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "opencc":
            raise ModuleNotFoundError(name=name)
sys.meta_path.insert(0, Absent())
sys.stdout.reconfigure(encoding="utf-8")
from retrieval.text.normalize import fold, is_traditional, to_simplified, to_traditional
print(fold("臺灣的鐵路有２０條"), to_simplified("鐵路與橋樑"))
print(to_traditional("铁路与桥梁"), is_traditional("鐵路"))
"""


def test_without_opencc_each_character_is_converted() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_OPENCC], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.split() == ["台湾的铁路有20条", "铁路与桥梁", "鐵路與橋梁", "True"]


@pytest.mark.parametrize("config", script.CONFIGS)
def test_the_table_that_ships_is_that_of_opencc(config: str) -> None:
    pytest.importorskip("opencc", reason="there is no OpenCC for this system")
    shipped = script.TABLE.read_text(encoding="utf-8").splitlines()
    assert shipped == script.table_lines()
    assert script.by_characters(config)("城市") == "城市"


def test_a_configuration_of_another_name_is_an_error() -> None:
    with pytest.raises(LookupError):
        script.by_characters("s2x")
