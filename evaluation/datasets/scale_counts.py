"""How many passages each file has, counted once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from retrieval.loaders.load import read
from retrieval.parsing.parser import parse
from retrieval.parsing.passages import cut
from retrieval.places.gazetteer import Gazetteer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def counted(files: Sequence[Path], note: Path) -> list[tuple[Path, int]]:
    """Return the files with the passages of each; kept in ``note`` for the next time."""
    if not note.exists():
        gazetteer = Gazetteer()
        told = [sum(len(cut(one)) for one in parse(read(path), gazetteer=gazetteer)) for path in files]
        note.write_text(json.dumps(told), encoding="utf-8")
    return list(zip(files, json.loads(note.read_text(encoding="utf-8")), strict=True))
