"""Tokens are counted on any machine: by a table where there is one, else by an estimate that says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import tiktoken_ext
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.tokens import O200K, Method, Table, count, counter, estimate, fit, method

# The plug-in brings the very table that OpenAI serves under this name, so it can stand for a cached one.
CL100K = Table(
    "cl100k_base",
    "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
    "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
)
SENTENCE = "全市共有注册志愿者12.5万人，占城区人口的13%。"


def test_a_chinese_sentence_takes_about_a_token_a_character() -> None:
    assert 0.6 * len(SENTENCE) < count(SENTENCE) < 1.6 * len(SENTENCE)


def test_without_a_cached_table_the_plugin_counts(tmp_path: Path) -> None:
    made = counter({"TIKTOKEN_CACHE_DIR": str(tmp_path)})
    assert (made.method, made.count("hello world")) == (Method.PLUGIN, 2)


@pytest.mark.parametrize("folder", ["", "/nonexistent/folder"])
def test_no_cache_is_no_error(folder: str) -> None:
    assert counter({"TIKTOKEN_CACHE_DIR": folder}).method is Method.PLUGIN


def test_a_damaged_table_is_passed_over_and_left_alone(tmp_path: Path) -> None:
    damaged = tmp_path / O200K.file
    damaged.write_bytes(b"IQ== 0\n")
    made = counter({"TIKTOKEN_CACHE_DIR": str(tmp_path)})
    assert made.method is Method.PLUGIN
    assert damaged.read_bytes() == b"IQ== 0\n"


def test_a_cached_table_is_used(tmp_path: Path) -> None:
    """The other process has the cache in its environment from the start, as a user's would."""
    (folder,) = tiktoken_ext.__path__
    (tmp_path / CL100K.file).write_bytes((Path(folder) / "data" / "cl100k_base.tiktoken").read_bytes())
    program = (
        "import os; from retrieval.text.tokens import Table, counter;"
        f"made = counter(os.environ, table=Table({CL100K.encoding!r}, {CL100K.file!r}, {CL100K.digest!r}));"
        "print(made.method, made.count('hello world'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"TIKTOKEN_CACHE_DIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["exact", "2"]


def test_without_table_and_plugin_the_count_is_an_estimate_and_says_so(tmp_path: Path) -> None:
    made = counter({"TIKTOKEN_CACHE_DIR": str(tmp_path)}, plugin="no_such_table")
    assert (made.method.value, made.count("市" * 100)) == ("estimate", 125)


def test_the_method_in_use_has_a_name() -> None:
    assert method() in set(Method)


@pytest.mark.parametrize(
    "text", ["\ud800", "\0", "<|endoftext|>", " " * 100_000, "啊" * 100_000, "e" + "́" * 9999]
)
def test_hostile_text_is_counted(text: str) -> None:
    assert count(text) > 0
    assert estimate(text) > 0


@given(st.text(max_size=100), st.text(max_size=100))
def test_an_estimate_grows_with_the_text(first: str, second: str) -> None:
    assert estimate(first + second) >= max(estimate(first), estimate(second))


@given(st.lists(st.text(max_size=50), max_size=8), st.integers(min_value=0, max_value=200))
def test_what_fits_is_the_longest_beginning_within_the_budget(texts: list[str], budget: int) -> None:
    fitting = fit(texts, budget)
    assert sum(map(count, texts[:fitting])) <= budget
    assert fitting == len(texts) or sum(map(count, texts[: fitting + 1])) > budget
