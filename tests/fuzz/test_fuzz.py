"""No input breaks a target or holds it up: those that once did, and new ones (``make fuzz``: many)."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from finds import kept
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from targets import TARGETS, Target
from watch import trouble

if TYPE_CHECKING:
    import random

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers here")


@pytest.mark.parametrize("name", [name for name in TARGETS if kept(name)])
def test_what_was_found_stays_mended(name: str) -> None:
    told = [(one, wrong) for one in kept(name) if (wrong := trouble(TARGETS[name], one))]
    assert not told


@pytest.mark.parametrize("name", TARGETS)
@given(chance=st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_new_inputs_break_nothing(name: str, chance: random.Random) -> None:
    assert trouble(TARGETS[name], TARGETS[name].make(chance)) is None


def test_errors_and_hangs_are_told_apart() -> None:
    def fail(_: object) -> None:
        raise ValueError("wrong")

    def hang(_: object) -> None:
        while True:
            pass

    assert "ValueError: wrong" in (trouble(Target(str, fail), None) or "")
    assert trouble(Target(str, hang), None, patience=0.2) == "hang"
