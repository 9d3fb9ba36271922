"""Telegram's HTML, read into text and entities as its server reads it, refusing with its words."""

from __future__ import annotations

import re
from typing import Any

from stage.spec import units

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s+[a-z-]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?)*)\s*>")
REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));")
LINK = re.compile(r"href=(?:\"([^\"]*)\"|'([^']*)')")


class UnparsableError(ValueError):
    """The text is not Telegram's HTML."""


def parse(html: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the visible text and its entities; offsets count UTF-16 units."""
    text: list[str] = []
    entities: list[dict[str, Any]] = []
    open_tags: list[tuple[str, int, str]] = []
    at = length = 0
    while at < len(html):
        if html[at] == "<":
            at = _tag(html, at, length, open_tags, entities)
            continue
        piece, at = _character(html, at)
        text.append(piece)
        length += units(piece)
    if open_tags:
        raise UnparsableError(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    return _trimmed("".join(text), entities)


def _tag(html: str, at: int, length: int, open_tags: list[Any], entities: list[dict[str, Any]]) -> int:
    offset = len(html[:at].encode())
    found = TAG.match(html, at)
    if not found:
        raise UnparsableError(f'Unsupported start tag "{html[at + 1 : at + 9]}" at byte offset {offset}')
    closing, name, rest = found.group(1), found.group(2).lower(), found.group(3)
    if closing:
        _close(name, offset, length, open_tags, entities)
    elif name in KINDS:
        open_tags.append((name, length, rest))
    else:
        raise UnparsableError(f'Unsupported start tag "{name}" at byte offset {offset}')
    return found.end()


def _close(name: str, offset: int, length: int, open_tags: list[Any], entities: list[dict[str, Any]]) -> None:
    if not open_tags:
        raise UnparsableError(f"Unexpected end tag at byte offset {offset}")
    opened, start, rest = open_tags.pop()
    if opened != name:
        raise UnparsableError(
            f'Unmatched end tag at byte offset {offset}, expected "</{opened}>", found "</{name}>"'
        )
    entity: dict[str, Any] = {"type": KINDS[name], "offset": start, "length": length - start}
    if name == "blockquote" and "expandable" in rest:
        entity["type"] = "expandable_blockquote"
    if name == "a" and (link := LINK.search(rest)):
        entity["url"] = link.group(1) or link.group(2)
    if entity["length"]:
        entities.append(entity)


def _character(html: str, at: int) -> tuple[str, int]:
    reference = REFERENCE.match(html, at)
    if not reference:
        return html[at], at + 1
    name, decimal, hexadecimal = reference.groups()
    piece = NAMED[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16))
    return piece, reference.end()


def _trimmed(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Cut white space at both ends off, as the server does, and move the entities along."""
    cut = units(text) - units(text.lstrip())
    text = text.strip()
    size = units(text)
    kept = []
    for entity in sorted(entities, key=lambda entity: (entity["offset"], -entity["length"])):
        start = max(0, entity["offset"] - cut)
        end = min(size, entity["offset"] + entity["length"] - cut)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, kept
