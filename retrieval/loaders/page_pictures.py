"""The picture of a scanned page, drawn again from the file that its text was read from."""

from __future__ import annotations

import hashlib
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

from retrieval.loaders.load import bytes_of
from retrieval.loaders.sandbox import client as sandbox
from retrieval.values.errors import ReadError

_SHIPPED = "corpus/"


def original_of(key: str) -> Path | None:
    """Return the path of the file that a source's key names; None for standard input and pages of the web."""
    if key.startswith(_SHIPPED):
        return Path(str(resources.files("corpus"))) / key.removeprefix(_SHIPPED)
    path = Path(key)
    return path if path.is_absolute() else None


def page_picture(key: str, digest: str, page: int) -> bytes | None:
    """Return the picture of page ``page`` (from 1) of a source as a JPEG.

    None where the file is gone or is no longer the one whose SHA-256 is ``digest``, where the page is no
    picture, and where what opens pictures is not installed.
    """
    path = original_of(key)
    if path is None or find_spec("PIL") is None:
        return None
    try:
        data = bytes_of(path, path.name)
        if hashlib.sha256(data).hexdigest() != digest:
            return None
        return sandbox.pictures.page_picture(data, path.name, page)
    except (ReadError, OSError, ValueError):
        return None
