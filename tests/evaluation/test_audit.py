"""The audit finds what it should, and finds nothing here."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.audit import network_modules as doors
from evaluation.audit import offline, supply

ROOT = Path(__file__).resolve().parents[2]


def test_no_module_opens_a_door_that_is_not_on_the_list() -> None:
    assert not doors.strangers()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("import socket", "socket"),
        ("from urllib import request", "socket"),
        ("def f():\n    import httpx", "socket"),
        ("import subprocess as s", "process"),
        ("import os\nos.system('x')", "process"),
        ("import chromadb\nchromadb.HttpClient()", "socket"),
    ],
)
def test_a_new_door_is_found(tmp_path: Path, code: str, kind: str) -> None:
    for package in doors.PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "retrieval" / "new.py").write_text(code)
    assert doors.opened(tmp_path) == {"retrieval.new": {kind}}
    assert f"retrieval.new opens a {kind}" in doors.strangers(tmp_path)


@pytest.mark.slow
def test_a_whole_run_with_nothing_set_up_speaks_to_nobody(tmp_path: Path) -> None:
    """Not Python alone is listened to: engines have threads and sockets of their own."""
    heard = offline.listen(tmp_path, steps=offline.STEPS[:3])
    assert not heard.failed
    assert heard.beside_loopback == []


def test_who_speaks_is_heard(tmp_path: Path) -> None:
    connect = "s = socket.socket()\n s.settimeout(0.1)\n s.connect(('192.0.2.1', 9))"
    speaking = offline._WATCHED.replace("from bot.cli import main", f"import socket\ndef main():\n {connect}")
    heard = offline.listen(tmp_path, steps=((("x",), ""),), program=speaking)
    assert heard.beside_loopback == ["192.0.2.1"]
    assert heard.failed


def test_what_is_installed_is_what_the_lock_names() -> None:
    lock = ROOT / supply.LOCK
    assert len(supply.pinned(lock)) > 50
    assert not [one for one in supply.astray(lock) if "not installed" not in one]


def test_every_licence_may_be_passed_on() -> None:
    names = supply.pinned(ROOT / supply.LOCK)
    assert not [one for name, one in supply.installed().items() if name in names and not one.free]
    assert not supply.InstalledPackage(name="x", version="1", licence="GPL-3.0-only").free
    assert not supply.InstalledPackage(name="x", version="1", licence="unknown").free
