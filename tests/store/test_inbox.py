"""Each update is taken once, and belongs to one process at a time."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from bot.store import ReceivedUpdate, SentPart, Store, StoreError
from bot.store.database import Database
from bot.store.delivery.inbox import Inbox
from bot.store.tables.answer_tables import INBOX, PARTS

if TYPE_CHECKING:
    from pathlib import Path

LONG = 60.0
OVER = -1.0  # seconds: a lease that ran out


def update(number: int, **more: int) -> ReceivedUpdate:
    return ReceivedUpdate(update_id=number, payload="{}", **more)


def test_an_update_is_new_once_and_waits_until_it_is_finished(store: Store) -> None:
    came = [update(number) for number in (3, 1, 2)]
    assert store.inbox.receive(7, came) == tuple(came)
    assert store.inbox.receive(7, [*came, update(4)]) == (update(4),)
    assert store.inbox.receive(8, came[:1]) == (came[0],)
    store.inbox.begin(7, 1)
    store.inbox.finish(7, 2)
    assert [(one.update_id, one.attempts) for one in store.inbox.waiting(7)] == [(1, 1), (3, 0), (4, 0)]


def test_what_is_finished_is_known_but_no_longer_whose_it_was(store: Store) -> None:
    store.inbox.receive(7, [update(1, chat=5, person=6)], owner="a", lease=LONG)
    store.inbox.finish(7, 1)
    assert store.inbox.receive(7, [update(1)]) == ()
    assert store.export(7, 6)["inbox"] == []
    store.inbox.prune(0)
    assert store.inbox.receive(7, [update(1)]) == ()
    store.inbox.prune(time.time() + 1)
    assert store.inbox.receive(7, [update(1)])


def test_what_was_dealt_with_at_the_very_moment_is_not_yet_old(store: Store) -> None:
    store.inbox.receive(7, [update(1)])
    store.inbox.finish(7, 1)
    store.inbox.put_part(7, 1, 0, SentPart(state="sent", message_id=3))
    finished, changed = (
        store._database.read(
            lambda connection, column=column: connection.execute(select(column)).scalar_one()
        )
        for column in (INBOX.c.finished, PARTS.c.changed)
    )
    store.inbox.prune(finished)
    assert store.inbox.receive(7, [update(1)]) == ()
    store.inbox.prune(changed)
    assert store.inbox.part(7, 1, 0) is not None


def test_a_large_batch_and_large_ids_are_kept_whole(store: Store) -> None:
    came = [update(2**40 + number, chat=-(10**15), person=2**50) for number in range(500)]
    assert len(store.inbox.receive(2**60, came)) == 500
    assert store.inbox.waiting(2**60) == tuple(came)


def test_an_update_has_one_owner_at_a_time(store: Store) -> None:
    store.inbox.receive(7, [update(1)])
    assert store.inbox.claim(7, 1, owner="a", lease=LONG)
    assert store.inbox.claim(7, 1, owner="a", lease=LONG)
    assert not store.inbox.claim(7, 1, owner="b", lease=LONG)
    assert store.inbox.abandoned(7) == ()
    assert store.inbox.release(7, owner="a") == 1
    assert store.inbox.claim(7, 1, owner="b", lease=LONG)
    store.inbox.finish(7, 1)
    assert not store.inbox.claim(7, 1, owner="b", lease=LONG)


def test_many_that_claim_at_once_get_each_update_once(store: Store) -> None:
    store.inbox.receive(7, [update(number) for number in range(10)])

    def claim(owner: str) -> list[int]:
        return [number for number in range(10) if store.inbox.claim(7, number, owner=owner, lease=LONG)]

    with ThreadPoolExecutor(6) as pool:
        got = [number for mine in pool.map(claim, "abcdef") for number in mine]
    assert sorted(got) == list(range(10))


def test_what_a_dead_process_held_is_taken_over_when_its_lease_ran_out(store: Store) -> None:
    store.inbox.receive(7, [update(1)], owner="dead", lease=LONG)
    store.inbox.receive(7, [update(2)], owner="alive", lease=LONG)
    assert store.inbox.abandoned(7) == ()
    assert not store.inbox.claim(7, 1, owner="b", lease=LONG)
    assert [one.update_id for one in store.inbox.renew(7, owner="alive", lease=LONG)] == [2]
    store.inbox.renew(7, owner="dead", lease=OVER)
    assert [one.update_id for one in store.inbox.abandoned(7)] == [1]
    assert store.inbox.claim(7, 1, owner="b", lease=LONG)
    assert not store.inbox.claim(7, 2, owner="b", lease=LONG)
    assert store.inbox.renew(7, owner="dead", lease=LONG) == ()


def test_what_nobody_took_is_abandoned_from_the_start(store: Store) -> None:
    store.inbox.receive(7, [update(1)])
    assert store.inbox.abandoned(7) == (update(1),)
    assert store.inbox.abandoned(8) == ()


def test_an_update_is_behind_an_earlier_one_of_the_same_person_in_the_same_chat(store: Store) -> None:
    first, second = update(1, chat=5, person=6), update(2, chat=5, person=6)
    store.inbox.receive(7, [first, second, update(3, chat=5, person=9)])
    assert store.inbox.before(7, second) == (first,)
    assert store.inbox.before(7, first) == ()
    assert store.inbox.before(7, update(3, chat=5, person=9)) == ()
    store.inbox.finish(7, 1)
    assert store.inbox.before(7, second) == ()


def test_nothing_goes_out_for_an_update_that_another_process_holds_or_has_finished(store: Store) -> None:
    store.inbox.receive(7, [update(1)], owner="slow", lease=OVER)
    assert store.inbox.begin_part(7, 1, 0, "sending", owner="slow")
    assert store.inbox.begin_part(7, 1, 1, "sending", owner="slow")  # nobody took it
    assert [one.update_id for one in store.inbox.adopt(7, owner="quick", lease=LONG)] == [1]
    assert not store.inbox.begin_part(7, 1, 0, "sending", owner="slow")
    assert store.inbox.begin_part(7, 1, 0, "opening", owner="quick")
    store.inbox.finish(7, 1)
    assert not store.inbox.begin_part(7, 1, 2, "sending", owner="slow")
    assert store.inbox.parts(7, 1) == (SentPart(state="opening"), SentPart(state="sending"))
    assert store.inbox.begin_part(7, 99, 0, "sending", owner="slow")  # of no update in the inbox


@pytest.mark.parametrize("part", [0, 1])
def test_a_part_becomes_what_it_was_noted_as_last(store: Store, part: int) -> None:
    assert store.inbox.part(7, 1, part) is None
    for became in (SentPart(state="sending"), SentPart(state="sent", message_id=2**40)):
        store.inbox.put_part(7, 1, part, became)
        assert store.inbox.part(7, 1, part) == became
    assert store.inbox.parts(7, 1) == (SentPart(state="sent", message_id=2**40),)


def test_a_part_that_could_not_be_noted_is_known_and_noted_later(tmp_path: Path) -> None:
    """The database was away as Telegram told that it has the message: the process must not send it again."""

    class Away(Database):
        is_away = False

        def write(self, work: Any) -> Any:
            if self.is_away:
                raise StoreError("away")
            return super().write(work)

    database = Away.open(tmp_path / "store.db")
    inbox, sent = Inbox(database), SentPart(state="sent", message_id=5)
    inbox.put_part(7, 1, 0, SentPart(state="sending"))
    database.is_away = True
    with pytest.raises(StoreError):
        inbox.put_part(7, 1, 0, sent)
    with pytest.raises(StoreError):
        inbox.part(7, 1, 0)
    database.is_away = False
    assert Inbox(database).part(7, 1, 0) == SentPart(state="sending")
    assert inbox.part(7, 1, 0) == sent
    assert Inbox(database).part(7, 1, 0) == sent
    database.close()


def test_an_update_takes_others_into_itself_all_at_once(store: Store) -> None:
    store.inbox.receive(7, [update(number, chat=5, person=6) for number in (1, 2, 3, 4)])
    store.inbox.absorb(7, ReceivedUpdate(update_id=1, payload='{"whole": 1}'), absorbed=[2, 3])
    waiting = store.inbox.waiting(7)
    assert [(one.update_id, one.payload) for one in waiting] == [(1, '{"whole": 1}'), (4, "{}")]
    assert store.inbox.receive(7, [update(2)]) == ()


def test_work_begins_for_its_owner_alone(store: Store) -> None:
    store.inbox.receive(7, [update(1), update(2)], owner="a", lease=LONG)
    assert store.inbox.begin(7, 1, owner="a")
    assert not store.inbox.begin(7, 1, owner="b")
    assert not store.inbox.begin(7, 9, owner="a")
    assert store.inbox.begin(7, 2)
    assert [one.attempts for one in store.inbox.waiting(7)] == [1, 1]


def test_words_under_an_album_are_found_in_its_chat(store: Store) -> None:
    album = '{"message": {"media_group_id": "g1", "caption": "问"}}'
    bare = '{"message": {"media_group_id": "g2", "text": "问"}}'
    store.inbox.receive(7, [ReceivedUpdate(update_id=1, payload=album, chat=5)])
    store.inbox.receive(7, [ReceivedUpdate(update_id=2, payload=bare, chat=5)])
    assert store.inbox.has_captioned(7, 5, "g1")
    assert not store.inbox.has_captioned(7, 5, "g2")
    assert not store.inbox.has_captioned(7, 6, "g1")
    assert not store.inbox.has_captioned(8, 5, "g1")
    assert not store.inbox.has_captioned(7, 5, "g_")  # a name, and no pattern


def test_what_became_of_a_reply_is_forgotten_when_it_is_old(store: Store) -> None:
    store.inbox.put_part(7, 1, 0, SentPart(state="sent", message_id=3))
    store.inbox.prune(time.time() - LONG)
    assert store.inbox.part(7, 1, 0) == SentPart(state="sent", message_id=3)
    store.inbox.prune(time.time() + LONG)
    assert store.inbox.part(7, 1, 0) is None
    assert store.inbox.parts(7, 1) == ()
