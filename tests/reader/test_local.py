"""``chengwen read``: on the loopback, for this machine alone; and who may read what the bot serves."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest

from bot.assembly.wiring_web import SiteWiring
from bot.config.settings import Settings
from bot.errors import MissingPartError
from bot.reader.site import ReaderSite
from bot.store import Store
from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def reading(shelved: Path, home: Path) -> Iterator[subprocess.Popen[str]]:
    shutil.copytree(shelved, home, dirs_exist_ok=True)
    env = {**os.environ, "CHENGWEN_HOME": str(home), "EMBEDDINGS": "none"}
    command = [sys.executable, "-m", "bot", "read"]
    with subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def test_it_tells_its_address_serves_this_machine_and_stops_when_told(reading) -> None:
    address = reading.stdout.readline().strip()
    page = httpx.get(address, headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "All texts" in page.text
    assert httpx.get(address, headers={"Host": "evil.example"}).status_code == 400
    reading.send_signal(signal.SIGINT)
    assert reading.wait(10) == 0
    assert "Ctrl+C" in reading.stderr.read()


def wired(shelved: Path, home: Path, env: dict[str, str]) -> Iterator[SiteWiring]:
    with Library.open(shelved, embedder=None) as library:
        store = Store.open(home / "store.db")
        yield SiteWiring(settings=Settings.load(env), library=library, store=store)
        store.close()


def test_the_bot_serves_pages_where_their_address_is_set(shelved: Path, home: Path) -> None:
    for wiring in wired(shelved, home, {"READER_URL": "https://example.org/read/"}):
        (mounted,) = wiring.routes(None)
        assert mounted.path == "/read"
    for wiring in wired(shelved, home, {}):
        assert wiring.routes(None) == []


def test_a_private_reader_is_for_those_whom_the_settings_name(shelved: Path, home: Path) -> None:
    private = {"READER_URL": "https://example.org", "READER_ACCESS": "private", "TELEGRAM_ADMINS": "11"}
    for wiring in wired(shelved, home, private):
        with pytest.raises(MissingPartError, match="TELEGRAM_BOT_TOKEN"):
            wiring.routes(None)
    people = {"TELEGRAM_BOT_TOKEN": "7:unreal", "TELEGRAM_ALLOWED": "12"}
    for wiring in wired(shelved, home, private | people):
        allowed = wiring.members().may_read
        assert [allowed(number) for number in (11, 12, 13)] == [True, True, False]


def test_a_site_stands_under_the_path_of_its_address() -> None:
    for url, prefix in (("https://example.org", ""), ("https://example.org/read", "/read"), ("", "")):
        assert ReaderSite(None, None, url).prefix == prefix
