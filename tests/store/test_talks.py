"""Conversations and answers: found by their ids, told in order, kept for as long as is wanted."""

from __future__ import annotations

import time

from answering.values.answer import Answer, Citation, Language, Outcome, Statement
from bot.store import ConversationKey, Store, Vote

TALK = ConversationKey(bot=7, chat=1, person=2)


def answer_to(question: str) -> Answer:
    cited = Citation(
        number=1,
        passage="abcdefgh23-1",
        document="abcdefgh23",
        start=3,
        end=9,
        quote="一万二千余个😀",
        title="题",
        place="清河市",
        year=2021,
        date=None,
        section="节",
        point=None,
        heading=("节",),
    )
    return Answer(
        question=question,
        outcome=Outcome.ANSWERED,
        language=Language.EN,
        statements=(Statement(text="x"),),
        citations=(cited,),
    )


def test_an_answer_is_kept_whole_and_found_by_its_id_and_its_update(store: Store) -> None:
    answer = answer_to("问")
    kept = store.talks.keep(answer, talk=TALK, update_id=5, said="说")
    assert store.talks.answer(kept.id) == store.talks.answer_to(7, 5) == kept
    assert (kept.answer, kept.update_id) == (answer, 5)
    assert store.talks.last(TALK) == answer
    assert store.talks.answer("nothing") is None
    assert store.talks.answer_to(7, 6) is None


def test_an_update_has_one_answer_and_the_first_stays(store: Store) -> None:
    first = store.talks.keep(answer_to("一"), talk=TALK, update_id=5, said="一")
    assert store.talks.keep(answer_to("二"), talk=TALK, update_id=5, said="二") == first
    assert [turn.content for turn in store.talks.history(TALK)] == ["一", "一"]


def test_the_answer_to_a_message_is_the_last_one_and_only_that_persons(store: Store) -> None:
    for number in (5, 6):
        store.talks.keep(answer_to(f"问{number}"), talk=TALK, update_id=number, said="", asked_in=99)
    found = store.talks.answer_in(TALK, 99)
    assert found is not None
    assert found.update_id == 6
    assert store.talks.answer_in(TALK, 98) is None
    assert store.talks.answer_in(ConversationKey(bot=7, chat=1, person=3), 99) is None


def test_history_tells_the_last_answers_of_the_open_conversation_in_order(store: Store) -> None:
    for number in range(9):
        store.talks.keep(answer_to(f"问{number}"), talk=TALK, update_id=number, said=f"答{number}")
    turns = store.talks.history(TALK, answers=2)
    assert [turn.content for turn in turns] == ["问7", "答7", "问8", "答8"]
    assert [turn.role for turn in turns] == ["user", "assistant"] * 2
    assert store.talks.history(ConversationKey(bot=7, chat=1, thread=4, person=2)) == ()
    store.talks.renew(TALK)
    assert store.talks.history(TALK) == ()
    assert store.talks.last(TALK) is None


def test_old_answers_go_with_their_votes_and_their_conversation_and_newer_ones_stay(store: Store) -> None:
    old = store.talks.keep(answer_to("旧"), talk=TALK, update_id=1, said="")
    store.votes.cast(7, Vote(answer=old.id, person=2, is_up=True))
    time.sleep(0.02)
    between = time.time()
    new = store.talks.keep(
        answer_to("新"), talk=ConversationKey(bot=7, chat=1, person=3), update_id=2, said=""
    )
    assert store.talks.prune_older(between) == 1
    assert store.talks.answer(old.id) is None
    assert store.votes.of(old.id, person=2) is None
    assert store.talks.answer(new.id) == new
    assert store.export(7, 2)["conversations"] == []
    assert store.talks.prune_older(between) == 0


def test_another_answer_takes_the_place_of_one_and_what_was_thought_of_that_goes(store: Store) -> None:
    first, second, third = (
        store.talks.keep(answer_to(f"问{at}"), talk=TALK, update_id=at, said=f"答{at}", asked_in=90 + at)
        for at in (1, 2, 3)
    )
    store.votes.cast(7, Vote(answer=second.id, person=2, is_up=True))
    before = store.talks.history_before(second)
    anew = store.talks.replace(second, answer_to("改问"), update_id=9, said="改答")
    assert [turn.content for turn in before] == ["问1", "答1"]
    assert store.talks.history_before(first) == ()
    assert (anew.id, anew.update_id, anew.answer.question) == (second.id, 9, "改问")
    assert store.talks.answer(second.id) == store.talks.answer_to(7, 9) == anew
    assert store.talks.answer_in(TALK, 92) == anew
    assert store.talks.answer_to(7, 2) is None
    told = [turn.content for turn in store.talks.history(TALK)]
    assert told == ["问1", "答1", "改问", "改答", "问3", "答3"]
    assert store.votes.of(second.id, person=2) is None
    assert store.talks.last(TALK) == third.answer
