"""The measures under pressure, in small: few questions, one kill, few answers; and they see what is wrong."""

from __future__ import annotations

import pytest
from pressure.crowd import Crowd, outcomes
from pressure.direct import Direct
from pressure.kills import killed
from pressure.many import crowded
from pressure.news import followed
from pressure.texts import judged, many
from stage.messages import BOT

from answering.values.answer import Answer, Outcome, Statement
from bot.store import Store


def test_generated_answers_keep_all_limits_and_say_all(spec):
    found = many(spec, answers=25)
    assert len(found) == 25
    assert [one.faults for one in found if one.faults] == []


def test_an_answer_of_ten_thousand_characters_keeps_all_limits(spec):
    said = Statement(text="好，<b>🎉" * 1500, citations=tuple(range(1, 121)))
    found = judged(Answer(question="?", outcome=Outcome.ANSWERED, statements=(said,)), spec)
    assert found.faults == ()
    assert found.sent > 3


@pytest.mark.slow
async def test_a_crowd_is_answered_each_once_and_in_order(home, spec):
    run = await crowded(home, spec, questions=24, chats=8)
    assert (run.found.lost, run.found.doubled, run.found.strange, run.found.disordered) == ((), (), (), ())
    assert (run.proxy.violations, run.proxy.refused) == ([], [])
    assert len(run.signs) == 24
    assert max(run.signs) < float("inf")


@pytest.mark.slow
async def test_a_kill_under_load_loses_nothing_and_doubles_only_what_was_being_sent(home, spec):
    fate = await killed(home, spec, kills=1)
    assert fate.found.lost == ()
    assert set(fate.found.doubled) <= fate.killing.inside
    assert fate.killing.kills == 1


@pytest.mark.slow
async def test_news_reach_everybody_once_also_where_the_bot_is_killed_on_the_way(home, spec):
    for told in await followed(home, spec, people=60, kills=1):
        assert (told.doubled, told.lost, told.faults) == (0, 0, 0)
        assert told.unsure <= told.kills
        assert 0 < told.looked <= told.seconds


async def test_what_is_lost_doubled_or_out_of_order_is_seen(home):
    proxy = Direct.checking(None)
    await proxy.start()
    crowd = Crowd(proxy, 2)
    for number in range(6):
        await crowd.ask(number, "?")
    ids = [one.update_id for one in crowd.asked]
    store = Store.open(home / "store.db")
    # The first person's answers come in the wrong order, the second one's twice and not at all.
    for at, (update_id, room) in enumerate([(ids[2], 0), (ids[0], 0), (ids[1], 1), (ids[1], 1), (ids[4], 0)]):
        message = {"chat": crowd.rooms[room].chat, "message_id": at + 1, "from": BOT}
        proxy.chats.keep(message)
        number = at + 1
        with store._database._engine.begin() as connection:
            connection.exec_driver_sql(
                "INSERT OR IGNORE INTO answers VALUES (?, 1, 7, ?, '', '', 0, NULL)",
                (str(update_id), update_id),
            )
            connection.exec_driver_sql(
                "INSERT INTO parts VALUES (7, ?, ?, 'sent', ?, 0)", (update_id, number, number)
            )
    store.close()
    found = outcomes(crowd, home)
    await proxy.stop()
    assert found.lost == (ids[3], ids[5])
    assert found.doubled == (ids[1],)
    assert found.disordered == (crowd.rooms[0].id,)
