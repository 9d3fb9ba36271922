from __future__ import annotations

from dataclasses import replace
from time import monotonic

from bot.telegram.pace import BURST, REMEMBERED, ChatPace


class Clock:
    """Time that passes when it is told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_few_messages_come_at_once_and_then_one_a_second():
    clock = Clock()
    pace = ChatPace(1.0, burst=3, clock=clock)
    assert [pace.wait(1) for _ in range(5)] == [0, 0, 0, 1, 2]
    assert pace.wait(2) == 0
    clock.now += 2.5
    assert pace.wait(1) == 0.5


def test_after_a_quiet_time_there_is_room_for_a_few_again_and_not_for_more():
    clock = Clock()
    pace = ChatPace(1.0, burst=3, clock=clock)
    assert [pace.wait(1) for _ in range(3)] == [0, 0, 0]
    clock.now += 60
    assert [pace.wait(1) for _ in range(4)] == [0, 0, 0, 1]


def test_what_may_be_left_out_leaves_room_for_an_answer():
    clock = Clock()
    pace = ChatPace(1.0, burst=3, clock=clock)
    while pace.is_free(1):
        pace.wait(1)
    assert pace.wait(1) == 0


def test_chats_that_are_quiet_are_forgotten():
    clock = Clock()
    pace = ChatPace(1.0, clock=clock)
    for chat in range(REMEMBERED):
        pace.wait(chat)
    clock.now += 60
    pace.wait(-1)
    assert len(pace._due) == 1


async def test_a_long_answer_keeps_to_the_pace_of_a_private_chat(stage):
    stage.patience = replace(stage.patience, chat=0.2)
    room = stage.room()
    async with stage.running():
        began = monotonic()
        for number in range(BURST + 3):
            await room.says(f"/help {number}")
        for _ in range(BURST + 3):
            await room.hears()
        assert monotonic() - began >= 3 * 0.2
