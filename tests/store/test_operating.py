"""What those who run the bot told and were sent."""

from __future__ import annotations

import time

import pytest

from bot.store import BroadcastDelivery, BroadcastStage, Store, TakenOverError

BOT = 7


def test_a_notice_is_due_once_in_its_time(store: Store) -> None:
    assert store.notices.is_due(BOT, 1, "limit", seconds=60)
    assert not store.notices.is_due(BOT, 1, "limit", seconds=60)
    assert store.notices.is_due(BOT, 1, "limit", seconds=-1)
    assert store.notices.is_due(BOT, 2, "limit", seconds=60)


def test_a_mailing_goes_to_each_reader_once(store: Store) -> None:
    for person in (1, 2, 3, 4):
        store.people.seen(BOT, person)
        store.chats.seen(BOT, person, kind="private")
    store.chats.seen(BOT, -5, kind="group")
    store.people.set_role(BOT, 2, "banned", value=True)
    mailing = store.mailings.draft(BOT, person=1, html="各位")
    assert store.mailings.take(mailing.id, owner="a") is None
    assert store.mailings.readers(BOT) == 3
    assert store.mailings.start(BOT, mailing.id, shown=9)
    assert not store.mailings.start(BOT, mailing.id, shown=9)
    assert [one.shown for one in store.mailings.running(BOT)] == [9]
    assert store.mailings.hold(mailing.id, owner="a", lease=600)
    assert [store.mailings.take(mailing.id, owner="a") for _ in range(2)] == [1, 3]
    store.mailings.put(mailing.id, 1, BroadcastDelivery.SENT)
    store.mailings.give_up_unsure(mailing.id)
    assert store.mailings.tally(mailing.id) == {
        BroadcastDelivery.SENT: 1,
        BroadcastDelivery.UNSURE: 1,
        BroadcastDelivery.WAITING: 1,
    }
    assert store.mailings.end(mailing.id, BroadcastStage.STOPPED)
    assert store.mailings.take(mailing.id, owner="a") is None
    assert not store.mailings.end(mailing.id, BroadcastStage.DONE)


def test_a_mailing_is_sent_by_one_process_until_that_dies_or_stops(store: Store) -> None:
    store.chats.seen(BOT, 1, kind="private")
    mailing = store.mailings.draft(BOT, person=1, html="各位")
    assert not store.mailings.hold(mailing.id, owner="a", lease=600)
    store.mailings.start(BOT, mailing.id, shown=9)
    assert store.mailings.hold(mailing.id, owner="a", lease=600)
    assert store.mailings.hold(mailing.id, owner="a", lease=0.1)
    time.sleep(0.2)
    assert store.mailings.hold(mailing.id, owner="b", lease=600)
    assert not store.mailings.hold(mailing.id, owner="a", lease=600)
    with pytest.raises(TakenOverError):
        store.mailings.take(mailing.id, owner="a")
    store.mailings.release(BOT, owner="b")
    assert store.mailings.hold(mailing.id, owner="a", lease=600)
    assert store.mailings.take(mailing.id, owner="a") == 1
    assert store.mailings.end(mailing.id, BroadcastStage.DONE)
    assert not store.mailings.hold(mailing.id, owner="a", lease=600)


def test_a_document_is_known_until_it_is_dropped(store: Store) -> None:
    kept = store.uploads.keep(BOT, person=1, name="报告.pdf", file="f", digest="d")
    assert store.uploads.get(kept.id) == kept
    store.uploads.drop(kept.id)
    assert store.uploads.get(kept.id) is None
