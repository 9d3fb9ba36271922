"""A person can have all that is held of them, and have it forgotten; others lose nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import String, cast, select
from test_talks import answer_to

from bot.store import (
    ChatPace,
    ConversationKey,
    NewsItem,
    NewsSpan,
    QuotaLimits,
    ReceivedUpdate,
    SentPart,
    Store,
    Vote,
)
from bot.store.tables.answer_tables import METADATA

if TYPE_CHECKING:
    from bot.store.database import Database

BOT, GROUP = 7, -5
MINE, OTHER = 3141592653, 2718281828
WORDS = "只有我问过的话"


def live(store: Store, person: int, update_id: int) -> None:
    """Let a person do all that leaves a trace."""
    store.people.seen(BOT, person)
    store.people.set_language(BOT, person, "en")
    store.chats.seen(BOT, person, kind="private", title=f"{WORDS}{person}")
    store.chats.seen(BOT, GROUP, kind="group", title="群")
    store.notices.is_due(BOT, person, "limit", seconds=60)
    store.uploads.keep(BOT, person=person, name=f"{WORDS}{person}", file="f", digest="d")
    store.follows.add(BOT, chat=person, person=person, place="", words=f"{WORDS}{person}")
    store.follows.set_pace(BOT, person, ChatPace(), person=person)
    (follow,) = store.follows.of(BOT, person)
    told = NewsSpan(passage="p", start=0, end=1)
    store.follows.note(BOT, ["d"], [NewsItem(follow=follow.id, chat=person, told=told)])
    mailing = store.mailings.draft(BOT, person=person, html="各位")
    store.mailings.start(BOT, mailing.id, shown=1)
    for chat in (person, GROUP):
        update_id += 1
        said = f"{WORDS}{person}"
        talk = ConversationKey(bot=BOT, chat=chat, person=person)
        payload = json.dumps({"text": said}, ensure_ascii=False)
        received = ReceivedUpdate(update_id=update_id, payload=payload, chat=chat, person=person)
        store.inbox.receive(BOT, [received])
        kept = store.talks.keep(answer_to(said), talk=talk, update_id=update_id, said=said)
        store.inbox.put_part(BOT, update_id, 0, SentPart(state="sent", message_id=1))
        store.votes.cast(BOT, Vote(answer=kept.id, person=person, is_up=True))
        store.shares.share(BOT, kept.id, person=person)
        store.remarks.add(BOT, person=person, chat=chat, text=said)
        store.quotas.take(
            BOT, person=person, chat=chat, of_person=QuotaLimits(), of_chat=QuotaLimits(), update_id=update_id
        )


def cells(database: Database, person: int) -> list[str]:
    """Return the names of all columns, of whatever table, that hold a person's id or words."""
    found = []
    for table in METADATA.sorted_tables:
        for column in table.columns:
            text = cast(column, String)
            query = select(text).where(text.contains(str(person)))
            if database.read(lambda connection, query=query: connection.execute(query).first()):  # type: ignore[misc]
                found.append(f"{table.name}.{column.name}")
    return found


@pytest.fixture
def store(database: Database) -> Store:
    store = Store(database)
    live(store, MINE, 100)
    live(store, OTHER, 200)
    return store


def test_all_that_is_held_of_a_person_goes_and_all_of_others_stays(store: Store, database: Database) -> None:
    before, others = cells(database, MINE), store.export(BOT, OTHER)
    assert len(before) > 10
    assert store.forget(8, MINE)["answers"] == 0
    assert cells(database, MINE) == before
    assert store.forget(BOT, MINE) == {
        "answers": 2,
        "chats": 1,
        "conversations": 2,
        "follow_news": 1,
        "follow_paces": 1,
        "follows": 1,
        "inbox": 2,
        "letters": 2,
        "mailings": 1,
        "notices": 1,
        "parts": 4,
        "people": 1,
        "remarks": 2,
        "shares": 2,
        "uploads": 1,
        "votes": 2,
    }
    assert cells(database, MINE) == []
    assert store.export(BOT, OTHER) == others
    assert len(store.inbox.waiting(BOT)) == 2
    assert set(store.forget(BOT, MINE).values()) == {0}


def test_no_table_on_people_is_left_out(database: Database) -> None:
    tables = {table.name for table in METADATA.sorted_tables if "person" in table.columns}
    told = Store(database).export(BOT, MINE), Store(database).forget(BOT, MINE)
    assert all(tables <= set(one) for one in told)


def test_to_forget_is_no_way_around_a_ban_or_a_limit(store: Store) -> None:
    store.people.set_role(BOT, MINE, "banned", value=True)
    store.forget(BOT, MINE)
    left = store.people.get(BOT, MINE)
    assert left is not None
    assert (left.is_banned, left.first_seen, left.last_seen, left.language) == (True, None, None, None)
    two = QuotaLimits(day=2)
    assert store.quotas.take(BOT, person=MINE, chat=-9, of_person=two, of_chat=QuotaLimits()) is not None


def test_an_update_that_was_forgotten_is_not_taken_anew(store: Store) -> None:
    store.forget(BOT, MINE)
    assert store.inbox.receive(BOT, [ReceivedUpdate(update_id=101, payload="{}")]) == ()


def test_what_came_after_they_asked_to_be_forgotten_is_still_answered(store: Store) -> None:
    store.inbox.receive(BOT, [ReceivedUpdate(update_id=190, payload="{}", chat=MINE, person=MINE)])
    store.forget(BOT, MINE, until=150)
    mine = [one.update_id for one in store.inbox.waiting(BOT) if one.person == MINE]
    assert mine == [190]


def test_an_export_holds_everything_as_json(store: Store) -> None:
    told = json.loads(json.dumps(store.export(BOT, MINE), ensure_ascii=False))
    assert {name: len(rows) for name, rows in told.items()} == {
        "answers": 2,
        "chats": 1,
        "conversations": 2,
        "follow_paces": 1,
        "follows": 1,
        "inbox": 2,
        "letters": 2,
        "mailings": 1,
        "people": 1,
        "remarks": 2,
        "shares": 2,
        "uploads": 1,
        "votes": 2,
    }
    assert told["answers"][0]["record"]["question"] == f"{WORDS}{MINE}"
    assert told["inbox"][0]["payload"] == {"text": f"{WORDS}{MINE}"}
    assert str(OTHER) not in json.dumps(told)
