"""What the program writes is for its own user; secrets are found nowhere in it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config.setting_values import environment
from bot.config.settings import Settings, unknown
from bot.errors import SettingsError

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {
    "TELEGRAM_BOT_TOKEN": "123456:" + "invented_for_this_test_and_no_bot_x",
    "TELEGRAM_WEBHOOK_SECRET": "invented-webhook-word",
    "TELEGRAM_PROXY": "http://walker:invented-proxy-word@127.0.0.1:9",
    "OPENAI_API_KEY": "invented-key-of-a-model",
    "EMBEDDINGS_API_KEY": "invented-key-of-vectors",
    "API_KEYS": "invented-key-of-the-interface",
    "DATABASE_URL": "postgresql://walker:invented-word-of-a-database@127.0.0.1:9/town",
}
WORDS = ("invented_for_this", "invented-webhook", "invented-proxy", "invented-key", "invented-word")


def _files(folder: Path) -> dict[str, str]:
    named = {}
    for name, value in SECRETS.items():
        path = folder / name.lower()
        path.write_text(value + "\n", encoding="utf-8")
        named[f"{name}_FILE"] = str(path)
    return named


def test_each_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    settings = Settings.load(_files(tmp_path))
    assert set(SECRETS.values()) <= set(settings.secrets)
    assert not any(word in repr(settings) for word in WORDS)
    assert unknown(_files(tmp_path)) == ()
    assert set(SECRETS) <= set(Settings.confidential())


def test_a_secret_given_twice_or_by_a_file_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    named = _files(tmp_path)
    with pytest.raises(SettingsError, match="OPENAI_API_KEY 和 OPENAI_API_KEY_FILE"):
        Settings.load({**named, "OPENAI_API_KEY": "x"})
    with pytest.raises(SettingsError, match=r"OPENAI_API_KEY_FILE.*gone.*请检查"):
        Settings.load({"OPENAI_API_KEY_FILE": str(tmp_path / "gone")})
    assert environment({"A_FILE": "stays"})["A_FILE"] == "stays"


def _run(
    home: Path, given: dict[str, str], *command: str, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    known = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    env = {"PYTHONPATH": str(ROOT), **known, **given, "CHENGWEN_HOME": str(home), "LOG_LEVEL": "debug"}
    return subprocess.run(
        [sys.executable, "-m", "bot", *command],
        env=env, cwd=home.parent, input=typed, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def test_no_secret_is_left_in_any_output_or_file_and_no_file_is_open_to_others(tmp_path: Path) -> None:
    """A model, a Telegram and a database that nobody serves, so that failures tell of addresses and keys."""
    home, given = tmp_path / "home", _files(tmp_path)
    home.mkdir(mode=0o755)
    given |= {"CHAT_MODEL": "m", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "CHAT_RETRIES": "0"}
    given |= {"EMBEDDINGS": "none", "TELEGRAM_BASE_URL": "http://127.0.0.1:9"}
    told = ""
    for command, typed in (
        (("ask", "吉林市新增了多少停车位？"), ""),
        (("chat",), "那台州呢？\n/quit\n"),
        (("doctor",), ""),
    ):
        done = _run(home, given, *command, typed=typed)
        told += done.stdout + done.stderr
    assert "停车" in told
    assert "127.0.0.1:9/town" in told
    kept = [path for path in home.rglob("*") if path.is_file()]
    assert len(kept) > 5
    everything = told.encode() + b"".join(path.read_bytes() for path in kept)
    assert not [word for word in WORDS if word.encode() in everything]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (home, *home.rglob("*"))}
    assert not {str(path): oct(mode) for path, mode in modes.items() if mode & 0o077}
