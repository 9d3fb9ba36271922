"""Scenes with the store in PostgreSQL, by DATABASE_URL."""

from __future__ import annotations

from bot.store import Store
from retrieval.values.errors import CatalogueAway


async def test_the_bot_answers_and_remembers_with_its_store_in_postgresql(stage, database_url):
    stage.open_store = lambda _: Store.open(database_url)
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
    async with stage.running():  # a restart
        assert "一、从小事做起" in (await room.opens("[1]"))["text"]


async def test_a_restart_of_postgresql_loses_no_question(stage, postgres, database_url):
    stage.open_store = lambda _: Store.open(database_url)
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        postgres.stop()
        postgres.start()
        await room.says("那志愿者呢？")
        await room.hears()
    assert len(room.said()) == 2
    store = Store.open(database_url)
    assert store.inbox.waiting(7) == ()
    store.close()


async def test_nobody_is_sent_away_while_the_catalogue_can_not_be_reached(stage):
    room, script, refusals = stage.room(), stage.answerer.script, [1, 2]

    def away(question):
        if refusals:
            refusals.pop()
            raise CatalogueAway("PostgreSQL 连不上。")
        return script(question)

    stage.answerer.script = away
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
    (answer,) = room.said()
    assert stage.library.cut[0].text in answer["text"]
