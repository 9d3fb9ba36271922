"""A server that was away is told of in the log when it is back, and once for all who waited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.database import outages as waits

if TYPE_CHECKING:
    import pytest


def _wait(whom: str, *, fails: int) -> None:
    wait = waits.OutageLog(whom)
    for _ in range(fails):
        wait.failed()
    wait.over()


def test_one_line_for_all_who_waited(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(waits, "NOTABLE", 0.0)
    for _ in range(3):
        _wait("PostgreSQL one", fails=2)
    _wait("PostgreSQL other", fails=1)
    assert caplog.messages == [
        "PostgreSQL one was away for 0 s and is back",
        "PostgreSQL other was away for 0 s and is back",
    ]


def test_nothing_is_told_of_what_went_well_or_was_short(caplog: pytest.LogCaptureFixture) -> None:
    _wait("PostgreSQL calm", fails=0)
    _wait("PostgreSQL quick", fails=3)
    assert caplog.messages == []
