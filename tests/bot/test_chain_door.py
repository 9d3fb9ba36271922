from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from answering import Outcome
from bot.errors import InputError, SettingsError
from bot.langchain_chain import open_chain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.langchain_chain import ChengwenChains

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "chains.md").read_text(encoding="utf-8")
EXAMPLE, _, NARROW = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {"CHENGWEN_HOME": str(tmp_path_factory.mktemp("chains") / "home"), "EMBEDDINGS": "none"}


@pytest.fixture
def chains(env: dict[str, str]) -> Iterator[ChengwenChains]:
    with open_chain(env) as chains:
        yield chains


def test_the_example_of_the_page_runs_as_it_stands(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "example.py").write_text(EXAMPLE, encoding="utf-8")
    assert len([line for line in EXAMPLE.splitlines() if line.strip()]) <= 10
    done = subprocess.run(
        [sys.executable, "-W", "error", "example.py"],
        cwd=tmp_path,
        env={**os.environ, **env, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *found, quotes = done.stdout.splitlines()
    assert found[0].startswith("吉林市 ")
    assert "停车泊位近5万个" in quotes


def test_a_place_may_be_set_by_any_name_it_has(chains: ChengwenChains) -> None:
    names = {"retriever": chains.retriever}
    exec(NARROW, names)
    found = names["narrow"].invoke("停车位")
    assert 0 < len(found) <= 4
    assert {(one.metadata["place"], one.metadata["year"]) for one in found} == {("吉林市", 2021)}


def test_a_name_that_is_no_place_is_told(chains: ChengwenChains) -> None:
    lost = chains.retriever.model_copy(update={"places": ("乌有之乡",)})
    with pytest.raises(InputError, match="乌有之乡"):
        lost.invoke("停车位")


def test_a_question_is_told_of_to_the_log_of_the_host(
    chains: ChengwenChains, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="bot.questions"):
        assert chains.chain.invoke("你好").outcome is Outcome.OUT_OF_SCOPE
    (line,) = (json.loads(one.getMessage()) for one in caplog.records if one.name == "bot.questions")
    assert line["outcome"] == "out_of_scope"


def test_what_is_handed_in_is_all_that_is_read(env: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="EMBEDDINGS"), open_chain({**env, "EMBEDDINGS": "best"}):
        pass
