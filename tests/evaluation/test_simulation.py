"""A seed tells everything, the bot as it is passes, and one that forgets what it sent is found out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bot.telegram.sending.delivery import ChatReply
from evaluation.simulation.auditor import IN_A_SEND, audited
from evaluation.simulation.draws import Draws
from evaluation.simulation.replica import parts_of
from evaluation.simulation.scenario import simulate
from evaluation.simulation.telegram_model import StandingMessage
from evaluation.simulation.virtual_loop import LIFE, ProcessLife, virtual_time

if TYPE_CHECKING:
    import pytest

KILLS = 5  # a seed under which replicas are killed often


def harsh() -> int:
    """Return a seed under which several replicas are killed each few seconds, and little else goes wrong."""
    return next(
        seed
        for seed in range(10_000)
        if (rates := Draws(seed).rates).killed == KILLS
        and rates.replicas == 1
        and not (rates.away or rates.slow or rates.stopped)
    )


def test_the_bot_as_it_is_loses_and_doubles_nothing_and_a_seed_replays() -> None:
    first, again = simulate(harsh(), 40), simulate(harsh(), 40)
    assert first.is_good, first
    assert first.kills > 0
    assert first == again


def test_a_bot_that_forgets_what_it_sent_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    async def forget(*_: Any) -> None:
        pass

    monkeypatch.setattr(ChatReply, "_note", forget)
    run = simulate(harsh(), 40)
    assert run.doubled or run.doubled_inside


def said(number: int, text: str, at: float, sender: ProcessLife | None = None) -> StandingMessage:
    return StandingMessage(number, 1, text, at, sender)


def told(*messages: StandingMessage, updates: int) -> Any:
    asked = dict.fromkeys(range(3, 3 + 3 * updates, 3), 1)  # each of one part
    return audited(0, asked, messages, kills=0, seconds=0, unfinished=0)


def test_the_auditor_tells_lost_doubled_and_out_of_order_apart() -> None:
    assert parts_of(3) == ["3:0"]
    assert told(said(1, "3:0", 1), said(2, "6:0", 2), updates=2).is_good
    assert told(said(1, "3:0", 1), updates=2).lost == [6]
    assert told(said(1, "3:0", 1), said(2, "6?", 2), updates=2).is_good
    assert told(said(1, "6:0", 1), said(2, "3:0", 2), updates=2).out_of_order == [3]
    assert told(said(1, "3:0", 1), said(2, "3:0", 2), updates=1).doubled == [3]
    dead = ProcessLife("p", over_at=1 + IN_A_SEND)
    run = told(said(1, "3:0", 1, dead), said(2, "3:0", 50), updates=1)
    assert (run.doubled, run.doubled_inside, run.is_good) == ([], [3], True)
    later = ProcessLife("p", over_at=2 + IN_A_SEND)
    assert told(said(1, "3:0", 1, later), said(2, "3:0", 50), updates=1).doubled == [3]


def test_what_a_dead_process_has_begun_does_not_go_on_and_time_jumps() -> None:
    done, doomed = list[str](), ProcessLife("doomed")

    async def work(name: str) -> None:
        await asyncio.sleep(3_600)
        done.append(name)

    async def main() -> float:
        loop = asyncio.get_running_loop()
        LIFE.set(doomed)
        begun = loop.create_task(work("doomed"))
        LIFE.set(None)
        other = loop.create_task(work("other"))
        doomed.over_at = loop.time()
        await other
        assert not begun.done()
        return loop.time()

    with virtual_time(Draws(1)) as loop:
        assert loop.run_until_complete(main()) >= 3_600
    assert done == ["other"]
