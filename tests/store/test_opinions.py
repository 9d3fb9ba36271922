"""Votes, remarks and failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.store import Store, Vote, VoteCounts, VoteReason
from bot.store.database import BROKEN
from bot.store.usage.failures import LENGTH, Failures

if TYPE_CHECKING:
    from bot.store.database import Database

BOT = 7
KEPT = 20


def test_a_vote_counts_once_a_person_and_may_be_changed_and_taken_back(store: Store) -> None:
    up = Vote(answer="a", person=1, is_up=True)
    down = Vote(answer="a", person=1, is_up=False, reason=VoteReason.FIGURE)
    assert store.votes.cast(BOT, up)
    assert not store.votes.cast(BOT, up)
    assert store.votes.cast(BOT, down)
    assert store.votes.of("a", person=1) == down
    assert store.votes.tally("a") == VoteCounts(up=0, down=1, reasons={VoteReason.FIGURE: 1})
    assert store.votes.withdraw("a", person=1)
    assert not store.votes.withdraw("a", person=1)
    assert store.votes.of("a", person=1) is None


def test_votes_on_an_answer_and_on_its_citations_stand_apart(store: Store) -> None:
    store.votes.cast(BOT, Vote(answer="a", person=1, is_up=True))
    store.votes.cast(BOT, Vote(answer="a", citation=2, person=1, is_up=False, reason=VoteReason.OUTDATED))
    store.votes.cast(BOT, Vote(answer="a", citation=2, person=2, is_up=False))
    store.votes.cast(8, Vote(answer="b", person=1, is_up=False))
    assert store.votes.tally("a") == VoteCounts(up=1, down=0, reasons={})
    assert store.votes.tally("a", citation=2) == VoteCounts(up=0, down=2, reasons={VoteReason.OUTDATED: 1})
    assert store.votes.total(BOT) == VoteCounts(up=1, down=2, reasons={VoteReason.OUTDATED: 1})
    assert store.votes.total(BOT, since=1e12) == VoteCounts(up=0, down=0, reasons={})
    assert [(one.person, one.citation) for one in store.votes.recent(BOT)] == [(2, 2), (1, 2)]


def test_remarks_are_told_latest_first_with_all_their_words(store: Store) -> None:
    words = ["数字不对 <b>&😀", "好" * 4000]
    made = [store.remarks.add(BOT, person=1, chat=-5, text=text) for text in words]
    assert store.remarks.recent(BOT) == tuple(reversed(made))
    assert store.remarks.recent(BOT, limit=1) == (made[1],)
    assert store.remarks.recent(8) == ()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a\0b", f"a{BROKEN}b"),
        ("\ud83d 半个表情", f"{BROKEN} 半个表情"),
        ("\u202e反 e\u0301 😀\r\n\x07", "\u202e反 e\u0301 😀\r\n\x07"),
        ("", ""),
    ],
    ids=["nul", "half a pair", "marks", "nothing"],
)
def test_whatever_is_written_can_be_kept(store: Store, written: str, kept: str) -> None:
    store.remarks.add(BOT, person=1, chat=1, text=written)
    assert [one.text for one in store.remarks.recent(BOT)] == [kept]


def test_the_last_failures_are_kept_and_older_ones_go(database: Database) -> None:
    failures = Failures(database, kept=KEPT)
    for number in range(KEPT + 5):
        failures.note(BOT, f"{number:06x}", kind="ValueError", message="x" * 600, update_id=number)
    failures.note(BOT, f"{KEPT:06x}", kind="KeyError", message="again")
    found = failures.recent(BOT, limit=KEPT * 2)
    assert len(found) == KEPT
    assert found[0].update_id == KEPT + 4
    assert failures.get("000000") is None
    kept = failures.get(f"{KEPT:06x}")
    assert kept is not None
    assert (kept.kind, len(kept.message), kept.update_id) == ("ValueError", LENGTH, KEPT)
