"""A part that fails, hangs or says no is named as unready, and the others are asked all the same."""

from __future__ import annotations

import threading

import httpx

from bot.server.app import READY, assembled
from bot.server.health import HealthChecks
from bot.telegram.updates.polling import Heartbeat


def broken() -> bool:
    raise OSError("disk")


async def test_nothing_is_missing_where_all_parts_are_well() -> None:
    assert await HealthChecks({"library": lambda: True, "store": lambda: True}).unready() == ()


async def test_each_part_that_is_not_well_is_named_in_order() -> None:
    checks = {"a": lambda: False, "b": lambda: True, "c": broken}
    assert await HealthChecks(checks).unready() == ("a", "c")


async def test_a_lesser_part_that_is_away_leaves_the_program_ready() -> None:
    health = HealthChecks(
        {"store": lambda: True}, lesser={"vectors": lambda: False}, versions=lambda: {"words": 3}
    )
    assert await health.unready() == ()
    assert await health.away() == ("vectors",)
    assert await health.told() == {"words": 3}
    assert await HealthChecks({}, versions=broken).told() == {}  # type: ignore[arg-type]


async def test_both_kinds_of_parts_and_how_far_things_are_are_told_by_the_server() -> None:
    health = HealthChecks(
        {"store": lambda: True}, lesser={"vectors": lambda: False}, versions=lambda: {"words": 3}
    )
    transport = httpx.ASGITransport(app=assembled(health))
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        told = await client.get(READY)
    assert told.status_code == 200
    assert told.json() == {
        "status": "degraded",
        "parts": {"store": "ok", "vectors": "away"},
        "versions": {"words": 3},
    }


async def test_a_part_that_hangs_is_unready_within_the_patience() -> None:
    released = threading.Event()
    health = HealthChecks({"slow": lambda: released.wait(60)}, patience=0.05)
    try:
        assert await health.unready() == ("slow",)
        assert not released.is_set()  # it hangs still
    finally:
        released.set()


def test_a_pulse_is_fresh_after_a_beat_and_for_as_long_as_was_said() -> None:
    now = [100.0]
    pulse = Heartbeat(10, clock=lambda: now[0])
    assert not pulse.fresh()
    pulse.beat()
    now[0] += 10
    assert pulse.fresh()
    now[0] += 0.1
    assert not pulse.fresh()
    pulse.hold()
    now[0] += 1000
    assert pulse.fresh()
