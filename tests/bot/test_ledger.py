"""What models cost is counted over processes and restarts, by days, and never past the budget."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING

import pytest

from answering.llm.protocol import Usage
from answering.values.errors import LedgerBroken
from bot.store import Store
from bot.store.usage.token_ledger import StoredLedger

if TYPE_CHECKING:
    from pathlib import Path

HUNDRED = Usage(prompt=60, completion=40, counted="plugin")


@pytest.fixture(params=["sqlite", "postgresql"])
def at(request: pytest.FixtureRequest, home: Path) -> Path | str:
    """Return where an empty store may be made."""
    return home / "store.db" if request.param == "sqlite" else str(request.getfixturevalue("database_url"))


def test_what_was_reserved_counts_until_it_is_settled(at: Path | str) -> None:
    ledger = StoredLedger(at)
    number = ledger.reserve("m", HUNDRED, within=0)
    assert number is not None
    assert ledger.spent() == 100
    ledger.settle(number, Usage(prompt=50, completion=5))
    assert ledger.spent() == 55


def test_two_ledgers_of_one_store_count_together(at: Path | str) -> None:
    one, other = StoredLedger(at), StoredLedger(at)
    assert one.reserve("m", HUNDRED, within=150)
    assert other.reserve("m", HUNDRED, within=150) is None
    assert other.reserve("m", Usage(prompt=50), within=150)
    assert one.spent() == other.spent() == 150


def test_a_budget_is_met_to_the_token_by_many_at_once(at: Path | str) -> None:
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda _: StoredLedger(at).reserve("m", HUNDRED, within=1000), range(40)))
    assert sum(one is not None for one in got) == 10
    assert StoredLedger(at).spent() == 1000


def _spend(at: Path | str) -> None:
    StoredLedger(at).reserve("m", HUNDRED, within=0)


def test_another_process_is_counted_and_so_is_a_call_that_it_died_in(at: Path | str) -> None:
    other = multiprocessing.get_context("spawn").Process(target=_spend, args=(at,))
    other.start()
    other.join(30)
    assert StoredLedger(at).spent() == 100


def test_a_day_ends_at_midnight_of_this_machine(at: Path | str) -> None:
    day = [date(2026, 11, 25)]
    ledger = StoredLedger(at, today=lambda: day[0])
    number = ledger.reserve("m", HUNDRED, within=100)
    assert number is not None
    assert ledger.reserve("m", HUNDRED, within=100) is None
    day[0] = date(2026, 11, 26)
    assert ledger.spent() == 0
    assert ledger.reserve("m", HUNDRED, within=100)
    ledger.settle(number, Usage(prompt=7))  # it counts for the day on which it began
    assert ledger.spent() == 100


def test_a_store_made_before_there_were_models_gets_the_table(at: Path | str) -> None:
    Store.open(at).close()
    ledger = StoredLedger(at)
    assert ledger.spent() == 0
    assert ledger.reserve("m", HUNDRED, within=100)


def test_a_store_that_can_not_be_written_is_told(home: Path) -> None:
    (home / "store.db").mkdir()
    with pytest.raises(LedgerBroken, match="CHENGWEN_HOME"):
        StoredLedger(home / "store.db").reserve("m", HUNDRED, within=0)
