"""A scripted model's answer is cut, cited and told apart into what was shown and what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evaluation.verification.scripted import main, play, said_in
from retrieval import Library

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "# 2025年昆明市政府工作报告\n\n## 一、2024年工作回顾\n\n新建口袋公园42个，改造公厕近300座。\n"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    texts = tmp_path / "2025-昆明市政府工作报告.md"
    texts.write_text(f"---\nplace: 昆明市\ndate: '2025'\n---\n\n{TEXT}", encoding="utf-8")
    with Library.open(tmp_path / "home", embedder=None, write=True) as writer:
        writer.ingest([texts])
    return Library.open(tmp_path / "home", embedder=None)


def test_only_what_claims_something_counts_as_a_sentence() -> None:
    answer = "2024年做的：\n- 新建口袋公园42个{{42个}}\n- 改造公厕近300座{{300座}}\n"
    assert said_in(answer) == ("新建口袋公园42个", "改造公厕近300座")


async def test_a_true_sentence_is_shown_and_an_untrue_one_is_not(library: Library) -> None:
    with library:
        true = await play(library, "昆明市新建了多少口袋公园？", "昆明市新建口袋公园42个{{42个}}。")
        lie = await play(library, "昆明市新建了多少口袋公园？", "昆明市新建口袋公园300个{{42个}}。")
    assert (true.way, true.dropped, true.missing) == ("model", (), ())
    assert lie.dropped == ("昆明市新建口袋公园300个。",)


async def test_words_that_no_evidence_holds_are_told(library: Library) -> None:
    with library:
        found = await play(library, "昆明市新建了多少口袋公园？", "昆明市有地铁8条{{地铁8条}}。")
    assert found.missing == ("地铁8条",)


def test_a_home_that_is_not_given_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--own"]) == 2
    assert "--home" in capsys.readouterr().err
