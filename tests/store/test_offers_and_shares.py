"""Questions on buttons are found by their ids; a shared answer is seen by whoever has its link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from test_talks import TALK, answer_to

from bot.store import Store

if TYPE_CHECKING:
    from pathlib import Path

ASKER, OTHER = TALK.person, 99


def test_a_question_is_found_by_the_id_that_follows_from_its_words(at: Path | str) -> None:
    store, again = Store.open(at), Store.open(at)
    named = store.offers.keep(["甲？", "乙？", "甲？"])
    assert list(named) == ["甲？", "乙？"]
    assert again.offers.keep(["乙？"]) == {"乙？": named["乙？"]}
    assert {again.offers.question(name) for name in named.values()} == {"甲？", "乙？"}
    assert again.offers.question("nothing") is None
    assert store.offers.keep([]) == {}
    store.close()
    again.close()


def test_an_answer_is_seen_by_others_only_while_its_asker_shares_it(store: Store) -> None:
    kept = store.talks.keep(answer_to("问"), talk=TALK, update_id=5, said="说")
    assert store.shares.opens(kept.id, person=ASKER)
    assert not store.shares.opens(kept.id, person=OTHER)
    assert not store.shares.share(7, kept.id, person=OTHER)
    assert not store.shares.opens(kept.id, person=OTHER)
    assert store.shares.share(7, kept.id, person=ASKER)
    assert store.shares.share(7, kept.id, person=ASKER)
    assert store.shares.opens(kept.id, person=OTHER)
    assert not store.shares.close(kept.id, person=OTHER)
    assert store.shares.close(kept.id, person=ASKER)
    assert not store.shares.opens(kept.id, person=OTHER)
    assert not store.shares.share(7, "nothing", person=ASKER)


def test_an_answer_that_is_gone_is_shared_no_more(store: Store) -> None:
    kept = store.talks.keep(answer_to("问"), talk=TALK, update_id=5, said="说")
    store.shares.share(7, kept.id, person=ASKER)
    store.talks.prune_older(2e10)
    assert not store.shares.opens(kept.id, person=OTHER)
    assert not store.shares.close(kept.id, person=ASKER)
