from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from bot.config.settings import Settings
from bot.observability.logs import log_file, record_failure, start_log, stop_log

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "7712345678:" + "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"


def raised(told: str) -> ValueError:
    """Return an error with a trace, as one that was caught has."""
    with pytest.raises(ValueError, match="invalid literal") as caught:
        int(told)
    return caught.value


def written(home: Path, *, level: str = "info", secret: str = "") -> str:
    handler = start_log(Settings(home=home, log_level=level, embeddings_api_key=secret or None))
    assert handler is not None
    try:
        logging.getLogger("some.part").info("asked with %s", {"key": secret or "nothing"})
        logging.getLogger("httpx").info("GET https://example.org/bot%s/getMe", TOKEN)
        number = record_failure(raised(f"refused {secret} and {TOKEN}"))
    finally:
        stop_log(handler)
    text = log_file(home).read_text(encoding="utf-8")
    assert number in text
    return text


def test_a_failure_is_written_with_its_id_and_trace(home: Path) -> None:
    text = written(home)
    assert "Traceback" in text
    assert "some.part" in text


def test_no_secret_is_written_by_whoever_logs_it(home: Path) -> None:
    text = written(home, secret="key-that-nobody-sees")
    assert "key-that-nobody-sees" not in text
    assert TOKEN not in text
    assert "***" in text


def test_the_level_is_that_of_the_settings_and_talkative_libraries_are_kept_quiet(home: Path) -> None:
    text = written(home, level="error")
    assert "some.part" not in text
    assert "httpx" not in written(home, level="debug")


def test_two_failures_have_two_ids() -> None:
    assert record_failure(ValueError()) != record_failure(ValueError())


def test_a_home_that_can_not_be_written_gives_no_log_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert start_log(Settings(home=tmp_path / "file")) is None
