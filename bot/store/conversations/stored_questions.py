"""Questions that buttons offer, under the ids that the buttons carry; they are drawn from the texts alone."""

from __future__ import annotations

import time
from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.store.tables.conversation_tables import OFFERS
from bot.store.tables.person_tables import TYPED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.store.database import Database


class SuggestedQuestions:
    """Questions by an id that follows from their words. All methods may raise StoreError.

    There are as many as the texts invite, and so none is forgotten: a button works for as long as it stands.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: set[str] = set()

    def keep(self, questions: Iterable[str]) -> dict[str, str]:
        """Keep questions, and return them with their ids, in their order."""
        named = {question: _named(question) for question in questions}
        new = {question: name for question, name in named.items() if name not in self._kept}
        if new:
            rows = [{"id": name, "question": one, "made": time.time()} for one, name in new.items()]
            put = self._database.insert(OFFERS).values(rows).on_conflict_do_nothing()
            self._database.write(lambda connection: connection.execute(put))
            self._kept.update(new.values())
        return named

    def question(self, offer: str) -> str | None:
        """Return the question with this id, or None."""
        query = select(OFFERS.c.question).where(OFFERS.c.id == offer)
        return self._database.read(lambda connection: connection.execute(query).scalar())


def _named(question: str) -> str:
    return blake2b(question.encode(), digest_size=8).hexdigest()


KEPT = 7 * 86_400  # seconds: a button that nobody tapped for so long is none any more


class InlineQuestions:
    """Texts by an id that follows from them. All methods may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, bot: int, text: str) -> str:
        """Keep a text for a week from now, and return its id."""
        now = time.time()
        name = blake2b(text.encode(errors="surrogatepass"), digest_size=8).hexdigest()
        put = self._database.insert(TYPED).values(bot=bot, id=name, text=text, at=now)
        put = put.on_conflict_do_update(index_elements=["bot", "id"], set_={"at": now})
        self._database.write(lambda connection: connection.execute(put))
        return name

    def text(self, bot: int, name: str) -> str | None:
        """Return the text with this id, or None."""
        query = select(TYPED.c.text).where(TYPED.c.bot == bot, TYPED.c.id == name)
        return self._database.read(lambda connection: connection.execute(query).scalar())

    def prune(self, before: float) -> int:
        """Forget texts that were kept last before ``before`` (seconds since 1970); return how many."""
        old = delete(TYPED).where(TYPED.c.at < before)
        return self._database.write(lambda connection: connection.execute(old).rowcount)
