"""Questions that were typed in inline mode, under the ids that their buttons carry; by whom is not kept."""

from __future__ import annotations

import time
from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.store.tables.people import TYPED

if TYPE_CHECKING:
    from bot.store.database.database import Database

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
