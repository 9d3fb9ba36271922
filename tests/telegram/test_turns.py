from __future__ import annotations

import asyncio

import pytest

from bot.telegram.streaming.fair_queue import FairQueue


class Line:
    """Questions in a queue of one at a time; each ends when it is let go."""

    def __init__(self, width: int = 1) -> None:
        self.turns = FairQueue(width)
        self.order: list[str] = []
        self.told: dict[str, list[int]] = {}
        self.doors: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def ask(self, name: str, *, person: int, chat: int | None = None) -> None:
        self.told[name], self.doors[name] = [], asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._asked(name, person, person if chat is None else chat))
        await asyncio.sleep(0)

    async def _asked(self, name: str, person: int, chat: int) -> None:
        async with self.turns.turn(person=person, chat=chat, tell=self.told[name].append):
            self.order.append(name)
            await self.doors[name].wait()

    async def end(self, name: str) -> None:
        self.doors[name].set()
        await self.tasks[name]
        await asyncio.sleep(0)

    async def walked(self) -> list[str]:
        """Let all end in the order in which their turns come, and return that order."""
        while running := [name for name in self.order if not self.tasks[name].done()]:
            await self.end(running[0])
        return self.order


async def test_the_pile_of_one_person_does_not_hold_up_the_others():
    line = Line()
    for number in range(4):
        await line.ask(f"a{number}", person=1, chat=-number - 1)
    await line.ask("b", person=2)
    await line.ask("c", person=3)
    assert await line.walked() == ["a0", "b", "c", "a1", "a2", "a3"]


async def test_the_pile_of_one_chat_does_not_hold_up_the_others():
    line = Line()
    for number in range(3):
        await line.ask(f"a{number}", person=number, chat=-1)
    await line.ask("b", person=9)
    assert await line.walked() == ["a0", "b", "a1", "a2"]


async def test_everyone_hears_how_many_are_ahead_and_how_that_changes():
    line = Line()
    for name, person in (("a", 1), ("b", 2), ("c", 3)):
        await line.ask(name, person=person)
    assert line.told == {"a": [], "b": [0], "c": [1]}
    await line.end("a")
    assert line.told == {"a": [], "b": [0], "c": [1, 0]}
    assert line.turns.waiting == 1
    await line.walked()


async def test_whoever_leaves_the_queue_makes_room_in_it():
    line = Line()
    for name, person in (("a", 1), ("b", 2), ("c", 3)):
        await line.ask(name, person=person)
    line.tasks["b"].cancel()
    await asyncio.sleep(0.01)
    assert line.told["c"] == [1, 0]
    assert await line.walked() == ["a", "c"]


async def test_a_turn_that_is_given_to_someone_who_leaves_at_that_moment_goes_on_to_the_next():
    line = Line()
    for name, person in (("a", 1), ("b", 2), ("c", 3)):
        await line.ask(name, person=person)
    line.doors["a"].set()
    await line.tasks["a"]
    line.tasks["b"].cancel()
    await asyncio.sleep(0.01)
    assert "c" in line.order
    await line.walked()


async def test_someone_who_leaves_at_the_moment_at_which_their_turn_would_come_costs_nobody_a_turn():
    line = Line()
    for name, person in (("a", 1), ("b", 2), ("c", 3)):
        await line.ask(name, person=person)
    line.doors["a"].set()
    line.tasks["b"].cancel()  # before either has noticed
    await line.tasks["a"]
    await asyncio.sleep(0.01)
    assert line.order == ["a", "c"]
    assert line.turns.busy == 1
    await line.walked()
    assert (line.turns.busy, line.turns.waiting) == (0, 0)


@pytest.mark.parametrize("width", [1, 3])
async def test_no_more_are_answered_at_a_time_than_there_is_room_for(width):
    line = Line(width)
    for number in range(7):
        await line.ask(str(number), person=number)
    assert len(line.order) == width
    await line.end("0")
    assert len(line.order) == width + 1
    assert len(await line.walked()) == 7


async def test_a_person_who_asked_long_ago_does_not_wait_for_it():
    line = Line()
    for number in range(3):
        await line.ask(f"a{number}", person=1)
    await line.walked()
    await line.ask("d", person=4)
    await line.ask("e", person=5)
    await line.ask("a3", person=1)
    assert await line.walked() == ["a0", "a1", "a2", "d", "e", "a3"]


async def test_room_is_made_and_taken_away_while_answers_are_made():
    line = Line(1)
    for number in range(5):
        await line.ask(str(number), person=number)
    line.turns.widen(3)
    await asyncio.sleep(0)
    assert line.order == ["0", "1", "2"]
    line.turns.widen(1)
    await line.end("0")
    await line.end("1")
    assert line.order == ["0", "1", "2"]
    assert await line.walked() == ["0", "1", "2", "3", "4"]


async def test_whoever_asks_a_second_time_waits_for_a_round_or_two_and_not_for_as_long_as_others_come():
    line = Line()
    await line.ask("a0", person=1)
    await line.ask("a1", person=1)
    for number in range(4):
        await line.ask(f"n{number}", person=100 + number)
    for number in range(4, 20):
        await line.end(line.order[-1])
        await line.ask(f"n{number}", person=100 + number)
    assert "a1" in line.order
    assert line.order.index("a1") < 14
    await line.walked()
