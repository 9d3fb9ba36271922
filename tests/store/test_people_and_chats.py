"""What is remembered of people and of chats, and how a chat that got another id keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.store import ConversationKey, QuotaLimits, ReceivedUpdate, Store

if TYPE_CHECKING:
    from bot.store.users.people import Role

BOT = 7


def test_a_person_is_first_seen_once_and_last_seen_each_time(store: Store) -> None:
    assert store.people.get(BOT, 1) is None
    first = store.people.seen(BOT, 1)
    again = store.people.seen(BOT, 1)
    assert first.first_seen == again.first_seen == first.last_seen
    assert again.last_seen is not None
    assert first.last_seen is not None
    assert again.last_seen >= first.last_seen
    assert store.people.get(BOT, 1) == again


def test_a_language_is_chosen_and_given_up_and_survives_being_seen(store: Store) -> None:
    store.people.set_language(BOT, 1, "zh-Hant")
    assert store.people.seen(BOT, 1).language == "zh-Hant"
    assert store.people.set_language(BOT, 1, None).language is None


@pytest.mark.parametrize("role", ["admin", "allowed", "banned"])
def test_a_role_may_be_given_before_the_person_ever_wrote(store: Store, role: Role) -> None:
    given = store.people.set_role(BOT, 1, role, value=True)
    assert (given.first_seen, getattr(given, f"is_{role}")) == (None, True)
    assert store.people.with_role(BOT, role) == (given,)
    assert store.people.recent(BOT) == ()
    seen = store.people.seen(BOT, 1)
    assert seen.first_seen is not None
    assert getattr(seen, f"is_{role}") is True
    assert getattr(store.people.set_role(BOT, 1, role, value=None), f"is_{role}") is None


def test_people_are_listed_latest_first_counted_and_the_banned_left_out(store: Store) -> None:
    for person in (1, 2, 3, 1):
        store.people.seen(BOT, person)
    store.people.seen(8, 9)
    store.people.set_role(BOT, 2, "banned", value=True)
    assert [one.id for one in store.people.recent(BOT, limit=2)] == [1, 3]
    assert (store.people.count(BOT), store.people.count(BOT, since=1e12)) == (3, 0)
    assert store.people.ids(BOT) == (1, 3)


def test_a_chat_keeps_its_switches_when_it_is_seen_again_under_another_title(store: Store) -> None:
    store.chats.seen(BOT, -5, kind="group", title="甲")
    store.chats.set_on(BOT, -5, value=False)
    store.chats.set_allowed(BOT, -5, value=True)
    store.chats.set_language(BOT, -5, "en")
    chat = store.chats.seen(BOT, -5, kind="group", title="乙")
    assert (chat.title, chat.is_on, chat.is_allowed, chat.language) == ("乙", False, True, "en")
    assert store.chats.get(BOT, -5) == chat
    assert (store.chats.ids(BOT), store.chats.count(BOT)) == ((), 1)


def test_a_chat_that_the_bot_is_out_of_is_left_out_until_it_is_back(store: Store) -> None:
    for chat in (-5, 3):
        store.chats.seen(BOT, chat, kind="group")
    store.chats.set_gone(BOT, -5, True)
    assert store.chats.ids(BOT) == (3,)
    store.chats.migrate(BOT, -5, -1005)
    assert store.chats.ids(BOT) == (-1005, 3)
    store.chats.set_gone(BOT, 3, True)
    assert store.chats.seen(BOT, 3, kind="private").gone is None
    assert store.chats.ids(BOT) == (-1005, 3)


def test_a_migrated_group_keeps_its_state(store: Store) -> None:
    talk = ConversationKey(bot=BOT, chat=-5, person=1)
    store.chats.seen(BOT, -5, kind="group", title="甲")
    store.chats.set_on(BOT, -5, value=False)
    store.inbox.receive(BOT, [ReceivedUpdate(update_id=1, payload="{}", chat=-5, person=1)])
    store.remarks.add(BOT, person=1, chat=-5, text="好")
    two = QuotaLimits(day=2)
    assert store.quotas.take(BOT, person=1, chat=-5, of_person=QuotaLimits(), of_chat=two) is None
    conversation = store.talks.conversation(talk)
    for _ in range(2):
        store.chats.migrate(BOT, -5, -1005)
    moved = store.chats.get(BOT, -1005)
    assert moved is not None
    assert (moved.kind, moved.title, moved.is_on) == ("supergroup", "甲", False)
    assert store.chats.get(BOT, -5) is None
    assert store.talks.conversation(ConversationKey(bot=BOT, chat=-1005, person=1)) == conversation
    assert [one.chat for one in store.inbox.waiting(BOT)] == [-1005]
    assert [one.chat for one in store.remarks.recent(BOT)] == [-1005]
    assert store.quotas.spent(BOT, chat=-1005).questions == 1
    assert store.quotas.spent(BOT, chat=-5).questions == 0


def test_what_was_chosen_in_the_new_chat_is_not_overruled_by_the_old_one(store: Store) -> None:
    store.chats.seen(BOT, -5, kind="group", title="甲")
    store.chats.set_on(BOT, -5, value=False)
    store.chats.set_language(BOT, -5, "en")
    store.chats.seen(BOT, -1005, kind="supergroup", title="乙")
    store.chats.set_on(BOT, -1005, value=True)
    store.chats.migrate(BOT, -5, -1005)
    moved = store.chats.get(BOT, -1005)
    assert moved is not None
    assert (moved.title, moved.is_on, moved.language) == ("乙", True, "en")
