"""Reading ahead: the same values in order, errors where they belong, an end when nobody listens."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from retrieval.runtime.prefetch import ahead

if TYPE_CHECKING:
    from collections.abc import Iterator


def _threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "ahead"]


def test_values_come_in_order_and_few_are_made_too_soon() -> None:
    """At most so many are waiting, and one more is being made."""
    made = 0

    def numbers() -> Iterator[int]:
        nonlocal made
        while made < 20:
            made += 1
            yield made

    seen = []
    for value in ahead(numbers(), most=3):
        seen.append(value)
        assert made <= value + 5
    assert seen == list(range(1, 21))
    assert _threads() == []


def test_an_error_is_raised_after_what_came_before_it() -> None:
    """What was made before it is not lost."""

    def two() -> Iterator[int]:
        yield 1
        yield 2
        raise LookupError("third")

    seen = []
    with pytest.raises(LookupError, match="third"):
        seen.extend(ahead(two(), most=1))
    assert seen in ([], [1, 2])
    assert _threads() == []


def test_who_stops_early_stops_the_making() -> None:
    """An endless source ends with the one who read it."""

    def endless() -> Iterator[int]:
        number = 0
        while True:
            yield number
            number += 1

    values = ahead(endless(), most=2)
    assert next(iter(values)) == 0
    values.close()  # type: ignore[attr-defined]
    assert _threads() == []
