"""Prompts are loaded whole or not at all: what is missing or unknown is said before the first question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering.llm.prompts import FAULT_KEYS, LANGUAGES, NAMES, load
from answering.values.errors import PromptError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the least that can be loaded."""
    for language in LANGUAGES:
        for kind, names in NAMES.items():
            words = " ".join(f"${name}" for name in sorted(names)) or "照资料回答。"
            (tmp_path / f"{kind}.{language}.txt").write_text(words, encoding="utf-8")
        faults = "\n".join(f"{key}: $text $why" for key in sorted(FAULT_KEYS))
        (tmp_path / f"faults.{language}.txt").write_text(faults, encoding="utf-8")
    return tmp_path


def test_those_that_ship_are_whole() -> None:
    prompts = load()
    assert set(prompts.all) == {f"{kind}.{language}" for kind in NAMES for language in LANGUAGES}
    assert prompts.fault("figure", "zh", text="改造5个", why="5个").count("5个") == 2


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "rewrite.en.txt").unlink()
    with pytest.raises(PromptError, match=r"rewrite\.en\.txt"):
        load(folder)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("$fence $evidence", r"少了：\$question"),
        ("$fence $evidence $question $city", r"不认识的名字：\$city"),
        ("$fence $evidence $question 5$", "写得不对"),
        ("", "写得不对"),
    ],
)
def test_missing_and_unknown_names_are_refused(folder: Path, text: str, told: str) -> None:
    (folder / "ask.zh.txt").write_text(text, encoding="utf-8")
    with pytest.raises(PromptError, match=told):
        load(folder)


@pytest.mark.parametrize("spoilt", ["figure: $text", "figure $text", "nonsense: $text", "figure: $place"])
def test_faults_are_as_strict(folder: Path, spoilt: str) -> None:
    path = folder / "faults.zh.txt"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("figure:")]
    whole = spoilt == "figure: $text"
    path.write_text("\n".join([*lines, spoilt]), encoding="utf-8")
    if whole:
        assert load(folder).fault("figure", "zh", text="甲") == "甲"
    else:
        with pytest.raises(PromptError, match=r"faults\.zh\.txt"):
            load(folder)


def test_filling_is_strict_too() -> None:
    prompt = load().get("ask", "zh")
    with pytest.raises(PromptError, match=r"\$fence"):
        prompt.fill(evidence="", question="")
    with pytest.raises(PromptError, match=r"\$more"):
        prompt.fill(fence="", evidence="", question="", more="")


def test_a_version_changes_with_any_letter(folder: Path) -> None:
    before = load(folder)
    (folder / "answer.zh.txt").write_text("照资料回答！", encoding="utf-8")
    after = load(folder)
    assert before.get("answer", "zh").version != after.get("answer", "zh").version
    assert before.get("answer", "en").version == after.get("answer", "en").version
    assert before.version != after.version
