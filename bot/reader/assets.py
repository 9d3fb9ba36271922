"""The page's own files, under names that change with their content: a browser may keep them forever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticAsset:
    """A file as it is served."""

    name: str  # "reader.1a2b3c4d5e.css"
    content: bytes
    media: str


@cache
def assets() -> dict[str, StaticAsset]:
    """Return the files by the name they have in the folder."""
    folder = resources.files("bot.reader") / "static"
    return {entry.name: _asset(entry.name, entry.read_bytes()) for entry in folder.iterdir()}


@cache
def served() -> dict[str, StaticAsset]:
    """Return the files by the name they are served under."""
    return {one.name: one for one in assets().values()}


def _asset(name: str, content: bytes) -> StaticAsset:
    stem, dot, ending = name.rpartition(".")
    digest = hashlib.sha256(content).hexdigest()[:10]
    return StaticAsset(name=f"{stem}.{digest}.{ending}", content=content, media=KINDS[dot + ending])
