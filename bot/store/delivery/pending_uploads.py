"""Documents that admins sent to be read in, until they say yes or no."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from bot.store.conversations.conversations import new_id
from bot.store.tables.operation_tables import UPLOADS

if TYPE_CHECKING:
    from bot.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingUpload:
    """One document; the file itself stays with Telegram."""

    id: str
    person: int
    name: str
    file: str  # Telegram's id of it
    digest: str  # SHA-256 of its bytes, in hexadecimal


class PendingUploads:
    """Documents by id. All methods may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, bot: int, *, person: int, name: str, file: str, digest: str) -> PendingUpload:
        """Keep what is known of a document, under a new id."""
        upload = PendingUpload(id=new_id(), person=person, name=name, file=file, digest=digest)
        row = {"id": upload.id, "person": person, "name": name, "file": file, "digest": digest}
        added = insert(UPLOADS).values(**row, bot=bot, made=time.time())
        self._database.write(lambda connection: connection.execute(added))
        return upload

    def get(self, upload_id: str) -> PendingUpload | None:
        """Return the document with this id, or None."""
        query = select(*_SHOWN).where(UPLOADS.c.id == upload_id)
        row = self._database.read(lambda connection: connection.execute(query).mappings().one_or_none())
        return PendingUpload(**row) if row else None

    def drop(self, upload_id: str) -> None:
        """Forget a document."""
        gone = delete(UPLOADS).where(UPLOADS.c.id == upload_id)
        self._database.write(lambda connection: connection.execute(gone))

    def prune(self, before: float) -> None:
        """Forget the documents that came before ``before`` (seconds since 1970)."""
        gone = delete(UPLOADS).where(UPLOADS.c.made < before)
        self._database.write(lambda connection: connection.execute(gone))


_SHOWN = [column for column in UPLOADS.c if column.name not in ("bot", "made")]
