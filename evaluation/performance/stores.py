"""What the store costs: the milliseconds of one question, all that the bot notes and asks on its way."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from answering.values.answer import Answer, Language, Outcome, Statement
from bot.store import ConversationKey, QuotaLimits, ReceivedUpdate, SentPart, Store
from evaluation.reporting.metrics import percentile
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.harness.bench import Bench

QUESTIONS = 200
WARMING = 20  # questions asked before the clock runs
BUSY = 8.0  # milliseconds of this process for one question, at most
SERVER = "EVALUATION_DATABASE_URL"  # an empty PostgreSQL database that may be filled
BOT, FREE = 1, QuotaLimits(day=10**6)
PAYLOAD = '{"message": {"text": "' + "问" * 40 + '"}}'


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCost:
    """Milliseconds on the clock, and of work of this process."""

    waited: float
    busy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCalls:
    """One question on its way through the store."""

    store: Store
    number: int

    def ask(self) -> StoreCost:
        """Do the store's part of it, and return what that took."""
        began, busy = perf_counter(), process_time()
        self._take_in()
        self._answer()
        return StoreCost(waited=1000 * (perf_counter() - began), busy=1000 * (process_time() - busy))

    @property
    def talk(self) -> ConversationKey:
        """Fifty people ask, each in a chat of their own."""
        return ConversationKey(bot=BOT, chat=self.number % 50 + 1, person=self.number % 50 + 1)

    def _take_in(self) -> None:
        store, talk = self.store, self.talk
        came = ReceivedUpdate(update_id=self.number, payload=PAYLOAD, chat=talk.chat, person=talk.person)
        store.inbox.receive(BOT, [came], owner="one", lease=60)
        store.inbox.begin(BOT, self.number)
        store.people.seen(BOT, talk.person)
        store.chats.seen(BOT, talk.chat, kind="private")
        whose = {"person": talk.person, "chat": talk.chat}
        store.quotas.take(BOT, **whose, of_person=FREE, of_chat=FREE, update_id=self.number)

    def _answer(self) -> None:
        store, talk = self.store, self.talk
        store.talks.answer_to(BOT, self.number)
        store.talks.history(talk)
        store.talks.keep(_answer(), talk=talk, update_id=self.number, said="答" * 80)
        for part in (SentPart(state="sending"), SentPart(state="sent", message_id=self.number)):
            store.inbox.part(BOT, self.number, 0)
            store.inbox.put_part(BOT, self.number, 0, part)
        store.inbox.finish(BOT, self.number)


def tables(bench: Bench) -> Iterator[ResultTable]:  # noqa: ARG001 - every part is given the bench
    """Yield the cost of a question on SQLite, and on PostgreSQL where a database is named for that."""
    with TemporaryDirectory(prefix="chengwen-store-") as folder:
        yield _measured("SQLite", Path(folder) / "store.db")
    if server := os.environ.get(SERVER):
        yield _measured("PostgreSQL", server)


def _measured(name: str, at: Path | str) -> ResultTable:
    store = Store.open(at)
    try:
        costs = [QuestionCalls(store=store, number=number).ask() for number in range(QUESTIONS + WARMING)]
    finally:
        store.close()
    waited = [one.waited for one in costs[WARMING:]]
    busy = percentile([one.busy for one in costs[WARMING:]], 0.5)
    return ResultTable(
        key=f"store-{name.lower()}",
        title=f"Store work of one question, {name}, {QUESTIONS} questions one after the other",
        figures=(
            Measurement(
                name="work, p50", value=busy, unit=MeasureUnit.MS, target=BUSY, bound=TargetBound.MOST
            ),
            Measurement(name="wait, p50", value=percentile(waited, 0.50), unit=MeasureUnit.MS),
            Measurement(name="wait, p95", value=percentile(waited, 0.95), unit=MeasureUnit.MS),
        ),
        notes=("wait is what the clock says, with whatever else the machine does at the time",),
    )


def _answer() -> Answer:
    said = Statement(text="市区新增停车泊位一万二千余个。" * 4)
    return Answer(
        question="新增了多少停车位？", outcome=Outcome.ANSWERED, language=Language.HANS, statements=(said,)
    )
