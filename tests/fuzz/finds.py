"""The kept corpus: inputs that once broke something, and what stands for a kind of them; a file a target."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "corpus"


def _file(target: str) -> Path:
    return FOLDER / f"{''.join(char if char.isalnum() else '-' for char in target)}.jsonl"


def kept(target: str) -> list[Any]:
    """Return the inputs that are kept for a target."""
    path = _file(target)
    if not path.is_file():
        return []
    return [_read(json.loads(row)) for row in path.read_text(encoding="ascii").splitlines() if row]


def keep(target: str, found: str | bytes) -> None:
    """Add an input."""
    told = {"text": found} if isinstance(found, str) else {"base64": base64.b64encode(found).decode()}
    FOLDER.mkdir(exist_ok=True)
    with _file(target).open("a", encoding="ascii") as file:
        file.write(json.dumps(told) + "\n")


def _read(row: dict[str, str]) -> str | bytes:
    return row["text"] if "text" in row else base64.b64decode(row["base64"])
