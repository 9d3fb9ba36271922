"""Bytes of a text file to its text and what its head says."""

from __future__ import annotations

import re

import yaml

from retrieval.loaders.decoding import decode
from retrieval.loaders.formats.extracted import PUBLISHED, ExtractedText
from retrieval.loaders.formats.line_joining import is_wrapped, joined
from retrieval.loaders.formats.markdown import with_tables
from retrieval.loaders.page_furniture import without_furniture
from retrieval.values.errors import BrokenFile
from retrieval.values.printed_layout import TABLES

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FRONT_LIMIT = 64_000
_KEY_LINE = re.compile(r"\s*(?:#.*\n\s*)*[\w-]+[ \t]*:")


def read_text(data: bytes, name: str) -> ExtractedText:
    """Read plain text or Markdown; front matter becomes metadata, the body is unchanged."""
    text, encoding = decode(data, name)
    metadata, body = front_matter(text, name)
    body, tables = with_tables(_unwrapped(body))
    page = without_furniture(body)
    told = {key: value for key, value in ((PUBLISHED, page.published), (TABLES, tables)) if value}
    return ExtractedText(text=page.text, encoding=encoding, metadata={**told, **metadata})


def _unwrapped(text: str) -> str:
    """Join the lines of a text that was broken at a fixed width, so that no figure stays cut."""
    lines = text.split("\n")
    return "\n".join(joined(lines)) if is_wrapped(lines) else text


def front_matter(text: str, name: str) -> tuple[dict[str, str], str]:
    """Part a YAML head between two lines of dashes from the body; values come back as they are written."""
    match = _FRONT.match(text[:_FRONT_LIMIT])
    if not match or not _KEY_LINE.match(match[1]):
        return {}, text
    try:
        # BaseLoader makes nothing but strings, lists and mappings: a date stays as exact as it was given.
        head = yaml.load(match[1], Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第 {mark.line + 2} 行" if mark else "里"
        raise BrokenFile(
            f"“{name}”开头两行 --- 之间的说明（YAML）{where}写得不对。请改正后再读入，或删去这段说明。"
        ) from error
    if not isinstance(head, dict):
        return {}, text
    return {str(key): _plain(value) for key, value in head.items() if _plain(value)}, text[match.end() :]


def _plain(value: object) -> str:
    if isinstance(value, list):
        return "、".join(item.strip() for item in value if isinstance(item, str))
    return value.strip() if isinstance(value, str) else ""
