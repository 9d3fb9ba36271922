"""Scenes of long lists: the first members are shown, a button unfolds the rest, and one can ask on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from stage.people import unfolded
from stage.proxy import shown
from stage.texts import library_of

from answering.values.answer import Answer, Outcome, Shape, Statement, StatementKind
from bot.telegram.views.long_lists import first_members, members_left

SENTENCES = tuple(f"第{n}件实事已经办好。" for n in range(1, 21))


def listing(library, count, *, size=0, frame=""):
    """Return an answer with a head, so many members, a line behind them, and what counts the rest."""
    quoted = library.quoted("办了哪些实事？", *SENTENCES[: count + 1])
    head, *members = quoted.statements
    said = [head, *(replace(one, level=1, text=one.text + "好" * size) for one in members)]
    if frame:
        said.append(Statement(text=frame, manner=StatementKind.FRAME))
    return replace(quoted, statements=tuple(said), shape=Shape.LIST)


@pytest.fixture
def library():
    return library_of("longlong77", SENTENCES)


async def test_a_long_list_unfolds_in_its_place_and_history_tells_what_was_shown(stage, library):
    room = stage.room()
    stage.answerer.script = lambda question: replace(listing(library, 12, frame="还有3项"), question=question)
    async with stage.running():
        await room.says("办了哪些实事？")
        first = await room.hears()
        whole = await room.opens("还有4项 ▾", on=first)
        await room.says("还有呢？")
        await room.hears()
    assert sum("件实事" in one for one in unfolded(first)) == 9
    assert "还有3项" not in unfolded(first)
    assert sum("件实事" in one for one in unfolded(whole)) == 13
    assert "还有3项" in unfolded(whole)
    assert not any("还有" in label for row in shown(whole) for label in row)
    assert len(room.said()) == 2
    told = stage.answerer.histories[-1][-1].content
    assert SENTENCES[8] in told
    assert SENTENCES[9] not in told


async def test_what_has_no_room_in_one_message_goes_on_in_another(stage, library):
    room = stage.room()
    stage.answerer.script = lambda question: replace(listing(library, 19, size=400), question=question)
    async with stage.running():
        await room.says("办了哪些实事？")
        first = await room.hears()
        await room.taps("还有16项 ▾", on=first)
        await stage.proxy.until(lambda: len(room.said()) > 1 and shown(room.said()[-1]))
    told = "".join(one["text"] for one in room.said())
    assert all(one in told for one in SENTENCES)
    assert [bool(shown(one)) for one in room.said()].count(True) == 1


@pytest.mark.parametrize(
    ("count", "size", "left"),
    [
        (8, 0, 0),
        (9, 0, 0),  # one alone is worth no button
        (10, 0, 2),
        (12, 0, 4),
        (8, 200, 5),  # three are shown however long they are
        (4, 500, 0),
    ],
)
def test_so_many_are_left_for_the_button(library, count, size, left):
    answer = listing(library, count, size=size)
    assert members_left(answer) == left
    kept = first_members(answer)
    assert len(kept.statements) == count + 1 - left
    assert {one.number for one in kept.citations} == {n for one in kept.statements for n in one.citations}


def test_rows_of_a_comparison_and_what_stands_outside_the_list_stay(library):
    answer = listing(library, 12)
    assert members_left(replace(answer, shape=Shape.TABLE)) == 0
    after = Statement(text="处五百元罚款", citations=(1,))
    lead = Statement(text="另一条：", citations=(1,))
    both = replace(answer, statements=(*answer.statements[:-1], lead, answer.statements[-1], after))
    texts = [one.text for one in first_members(both).statements]
    assert texts[-1] == after.text
    assert lead.text not in texts
    assert members_left(Answer(question="?", outcome=Outcome.ANSWERED)) == 0
