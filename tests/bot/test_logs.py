from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

import pytest

from bot.config.settings import Settings
from bot.observability.logs import ALIKE, PERIOD, ThinnedLog, log_file, record_failure, start_log, stop_log

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


def thinned(home: Path) -> tuple[ThinnedLog, list[float]]:
    now = [0.0]
    home.mkdir(exist_ok=True)
    return ThinnedLog(home / "some.log", clock=lambda: now[0]), now


def entry(text: str, *values: object, level: int = logging.ERROR) -> logging.LogRecord:
    return logging.LogRecord("some.part", level, "", 0, text, values, None)


def test_what_is_said_again_and_again_is_counted_and_other_entries_are_not_held_up(home: Path) -> None:
    handler, now = thinned(home)
    for number in range(1_000):
        handler.handle(entry(f"socket {number} could not be taken"))
        handler.handle(entry("a question", level=logging.INFO))
    handler.handle(entry("something else"))
    now[0] += PERIOD + 1
    handler.handle(entry("later"))
    handler.close()
    lines = (home / "some.log").read_text(encoding="utf-8").splitlines()
    assert sum("could not be taken" in line and "more" not in line for line in lines) == ALIKE
    assert f"{1_000 - ALIKE} more entries like this one: socket 0 could not be taken" in lines
    assert lines.count("a question") == 1_000
    assert {"something else", "later"} <= set(lines)


def test_a_full_disk_is_not_told_on_a_terminal_and_is_told_in_the_log_afterwards(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handler, _ = thinned(home)
    handler.stream = Path("/dev/full").open("w", encoding="utf-8")  # noqa: SIM115 - the handler closes it
    handler.handle(entry("lost"))
    handler.handle(entry("lost as well"))
    with suppress(OSError):
        handler.stream.close()
    handler.stream = None
    handler.handle(entry("kept"))
    handler.close()
    text = (home / "some.log").read_text(encoding="utf-8")
    assert "2 entries could not be written before this one\nkept\n" in text
    assert capsys.readouterr() == ("", "")
