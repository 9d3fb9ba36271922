"""``chengwen check``: each claim of a text gets a verdict of its own, with its proof."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from bot.cli import run
from retrieval import Library
from retrieval.values.documents import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Shell = Callable[..., tuple[int, str, str]]

REPORT = """云溪市政府工作报告

——2025年1月12日在云溪市第九届人民代表大会第四次会议上

一、2024年工作回顾

全市改造老旧小区46个，新增养老床位3100张。空气质量优良天数比例达到91.2%。
"""


@pytest.fixture(scope="module")
def town_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one report."""
    home = tmp_path_factory.mktemp("check")
    source = Source(key="r", digest="r", media="text/plain", encoding="utf-8", text=REPORT, metadata={})
    with Library.open(home, embedder=None, write=True) as library:
        library.ingest_source(source, options={"place": "云溪市", "date": "2025-01-12", "genre": "report"})
    return home


@pytest.fixture
def shell(town_home: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Call the command line as a person does."""

    def called(*arguments: str) -> tuple[int, str, str]:
        env = {
            "PATH": os.environ["PATH"],
            "CHENGWEN_HOME": str(town_home),
            "EMBEDDINGS": "none",
            "CHENGWEN_SHIPPED": "0",
        }
        code = run(arguments, env)
        said = capsys.readouterr()
        return code, said.out, said.err

    return called


def test_a_file_is_checked_claim_by_claim(shell: Shell, tmp_path: Path) -> None:
    """What gives no figure is passed over; place and year carry over to the sentences after."""
    article = tmp_path / "article.txt"
    article.write_text(
        "云溪市2024年改造老旧小区46个。干部群众都很高兴。新增养老床位5100张。", encoding="utf-8"
    )
    code, out, _ = shell("check", str(article), "--json")
    rows = [json.loads(row) for row in out.splitlines()]
    assert code == 0
    assert [row["verdict"] for row in rows] == ["true", "false"]
    assert rows[1]["claim"].startswith("云溪市2024年")
    assert "3100张" in rows[1]["answer"]
    assert all(row["citations"] for row in rows)


def test_a_sentence_gets_its_verdict_in_words(shell: Shell) -> None:
    code, out, _ = shell("check", "云溪市2024年空气质量优良天数比例达到91.2%")
    assert code == 0
    assert "属实" in out
    assert "91.2%" in out


def test_a_text_without_claims_is_told_so(shell: Shell) -> None:
    code, _, err = shell("check", "大家都很努力，" * 40)
    assert code != 0
    assert "没有可以核实的说法" in err
