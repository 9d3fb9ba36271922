"""Odd surroundings of a command: closed standard streams, and a terminal that says it has no width."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from bot.presentation.rendering import line
from bot.terminal.console import RichOutput

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("closed", [">&-", "<&-", "2>&-"])
def test_a_command_runs_with_a_closed_stream(closed: str) -> None:
    command = f"exec {sys.executable} -m bot --version {closed}"
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_terminal_of_no_width_is_written_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "0")
    written = io.StringIO()
    output = RichOutput(written)
    output.show([line("清河边的路灯亮了")])
    assert output.console.width == 80
    assert "清河边的路灯亮了" in written.getvalue()
