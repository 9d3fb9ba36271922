"""Odd surroundings of a command: closed streams, no width, another locale, names that nobody expects."""

from __future__ import annotations

import io
import os
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


def asked(home: bytes | str, *words: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    env: dict[bytes, bytes] = {
        **{os.fsencode(name): os.fsencode(value) for name, value in {**os.environ, **more}.items()},
        b"CHENGWEN_HOME": os.fsencode(home),
        b"EMBEDDINGS": b"none",
    }
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False)


@pytest.mark.parametrize("name", [b"a" * 300, b"\xff\xfe"])
def test_a_home_that_cannot_be_is_told_in_a_sentence(tmp_path: Path, name: bytes) -> None:
    done = asked(os.fsencode(tmp_path) + b"/" + name, "ask", "吉林市新施划了多少停车泊位？")
    assert done.returncode == 1
    assert done.stderr.decode().startswith("设置 CHENGWEN_HOME 的值")
    assert b"Traceback" not in done.stderr


def test_the_c_locale_without_utf8_mode_is_no_hindrance(tmp_path: Path) -> None:
    locale = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    done = asked(tmp_path / "家", "ask", "吉林市新施划了多少停车泊位？", **locale)
    assert (done.returncode, "5万个" in done.stdout.decode()) == (0, True), done.stderr.decode()


def test_a_file_name_with_a_line_end_and_an_escape_stays_on_its_line(tmp_path: Path) -> None:
    odd = tmp_path / "一\n二\x1b[31m.txt"
    odd.write_text("\x1b[31m清河市的报告\n\n清河市修了30条路。\n", encoding="utf-8")
    done = asked(tmp_path / "home", "ingest", str(odd), CHENGWEN_SHIPPED="0")
    assert done.returncode == 0
    first = done.stdout.decode().splitlines()[0]
    assert first.startswith("✓")
    assert "文档1" in first
    answer = asked(tmp_path / "home", "ask", "清河市修了多少条路？", CHENGWEN_SHIPPED="0")
    assert b"\x1b" not in done.stdout + answer.stdout
    assert "30条" in answer.stdout.decode()
