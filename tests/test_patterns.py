"""No pattern of the program takes more than linear time, whatever text it is given."""

from __future__ import annotations

import signal
from collections import defaultdict
from itertools import islice, takewhile
from typing import TYPE_CHECKING

import patterns
import pytest

if TYPE_CHECKING:
    from types import FrameType

MOST = 120  # attacks on one pattern
USED = patterns.used()
PACKAGES = sorted({one.where.split(".")[0] for one in USED})


def _of(package: str) -> list[patterns.Used]:
    return [one for one in USED if one.where.startswith(f"{package}.")]


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError


@pytest.fixture(autouse=True)
def _in_time() -> object:
    if not hasattr(signal, "setitimer"):
        pytest.skip("this system has no timer that ends a pattern")
    before = signal.signal(signal.SIGALRM, _stop)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def _told(one: patterns.Used, before: str, pump: str) -> str | None:
    signal.setitimer(signal.ITIMER_REAL, 2.0)
    try:
        return patterns.slow(one, before, pump)
    except TimeoutError:
        return f"{one.where}: no end with {pump!r} after {before!r}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@pytest.mark.parametrize("package", PACKAGES)
def test_time_grows_as_the_text_does(package: str) -> None:
    found: defaultdict[str, str] = defaultdict(str)
    for one in _of(package):
        for before, pump in islice(patterns.attacks(one.pattern), MOST):
            # A machine that is busy may seem slow once or twice, not four times.
            tries = list(takewhile(bool, (_told(one, before, pump) for _ in range(4))))
            if len(tries) == 4:
                found[one.where] = tries[-1] or ""
                break
    assert not found, "\n".join(found.values())
    if unread := [
        f"{name}: {why}" for name, why in patterns.UNREAD.items() if name.startswith(f"{package}.")
    ]:
        pytest.skip(f"the others are fine, these could not be read: {'; '.join(unread)}")


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"\s+$", r"<[^>]*>", r"x*y", r"(?:一|一一)*二"])
def test_a_pattern_that_takes_more_is_found(pattern: str) -> None:
    bad = patterns.Used("here", patterns.re.compile(pattern), frozenset({"search"}))
    assert any(_told(bad, *attack) for attack in patterns.attacks(bad.pattern))


def test_every_package_is_looked_through() -> None:
    assert set(PACKAGES) == set(patterns.PACKAGES)
    assert len(USED) > 300
