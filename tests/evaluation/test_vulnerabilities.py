"""What pip-audit tells is read, and what could not be asked is told in a sentence."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from evaluation.audit.vulnerabilities import CLEAN, FOUND, UNKNOWN, AdvisoryReport, main

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
SKIPPED = {"name": "c", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("packages", "code", "told"),
    [
        ([GOOD], CLEAN, "1 packages asked, 0 known"),
        ([GOOD, BAD], FOUND, "2 packages asked, 1 known"),
        ([GOOD, SKIPPED], UNKNOWN, "1 that it tells nothing of"),
        ([SKIPPED], UNKNOWN, "could not be asked"),
        ([], UNKNOWN, "could not be asked"),
    ],
)
def test_a_report_is_read(packages: list[object], code: int, told: str) -> None:
    report = AdvisoryReport.of(json.dumps({"dependencies": packages, "fixes": []}))
    assert report.code == code
    assert told in str(report)


def test_a_vulnerability_is_named_with_what_mends_it() -> None:
    report = AdvisoryReport.of(json.dumps({"dependencies": [BAD]}))
    assert report.found == ("b 2: PYSEC-1, mended in 3",)


@pytest.mark.parametrize("told", ["", "[]", "{}", '{"dependencies": 5}'])
def test_anything_else_is_no_report(told: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        AdvisoryReport.of(told)


def test_without_pip_audit_it_is_told_how_to_get_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -S -I "$@"\n', encoding="utf-8")
    bare.chmod(0o700)
    assert main(["--with", str(bare)]) == UNKNOWN
    assert "pip install pip-audit" in capsys.readouterr().out


def test_a_python_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--with", "/nowhere/python"]) == UNKNOWN
    assert "can't be run" in capsys.readouterr().out
