"""The picture of a scanned page, drawn again from the file that its text was read from."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec

from retrieval.loaders.load import bytes_of
from retrieval.loaders.sandbox import client as sandbox
from retrieval.values.documents import original_of
from retrieval.values.errors import ReadError


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
