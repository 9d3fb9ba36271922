"""What a backup held put in the place of what a home holds."""

from __future__ import annotations

import uuid
from contextlib import closing
from typing import TYPE_CHECKING

from bot.operations.backup import CATALOGUE, STORE
from retrieval.catalog.catalog import Catalogue
from retrieval.database.sqlite_backup import poured
from retrieval.runtime.writer_lock import WriterLock

if TYPE_CHECKING:
    from pathlib import Path


def restored(folder: Path, home: Path, *, store: bool) -> None:
    """Pour the files of an unpacked backup into those of a home, the store's only if asked for.

    Raises ``IndexLocked`` while a writer is at work, and ``CatalogueBroken``.
    """
    # The indexes stand at versions of the other catalogue: under a new name they are made anew.
    with closing(Catalogue.open(folder / CATALOGUE)) as catalogue:
        catalogue.note("identity", uuid.uuid4().hex)
    with WriterLock(home):
        for name in (STORE, CATALOGUE) if store else (CATALOGUE,):
            if (folder / name).exists():
                poured(folder / name, home / name)
