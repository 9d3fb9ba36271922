"""Rich messages as a server reads them: HTML → blocks, by the tags and limits of the documentation."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

CHARACTERS, BLOCKS, DEPTH, COLUMNS = 32_768, 500, 16, 20
STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "s": "strikethrough",
    "code": "code",
    "mark": "marked",
    "sub": "subscript",
    "sup": "superscript",
    "tg-spoiler": "spoiler",
}
INLINE = {*STYLES, "a", "tg-reference"}
# What may stand directly in what.
BLOCK = {"p", "ul", "ol", "blockquote", "details", "table", "footer", "hr", *(f"h{n}" for n in range(1, 7))}
INSIDE = {
    "": BLOCK,
    "ul": {"li"},
    "ol": {"li"},
    "table": {"tr", "caption"},
    "tr": {"td", "th"},
    "details": {"summary", *BLOCK},
    "blockquote": {"cite", *BLOCK, *INLINE},
    "li": {*BLOCK, *INLINE},
}
ATTRIBUTES = {
    "a": {"href", "name"},
    "tg-reference": {"name"},
    "table": {"bordered", "striped"},
    "td": {"align", "valign", "colspan", "rowspan"},
    "th": {"align", "valign", "colspan", "rowspan"},
    "details": {"open"},
    "ol": {"start", "type", "reversed"},
    "li": {"value", "type"},
}


class WrongError(ValueError):
    """The text is no rich message."""


@dataclass
class Node:
    """An element with what is in it."""

    tag: str
    given: dict[str, str] = field(default_factory=dict)
    inside: list[Node | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)

    def all(self, tag: str) -> list[Node]:
        below = [found for one in self.inside if isinstance(one, Node) for found in one.all(tag)]
        return [self, *below] if self.tag == tag else below

    def parts(self) -> list[Node]:
        return [one for one in self.inside if isinstance(one, Node)]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        above = self.open[-1]
        allowed = INSIDE.get(above.tag, INLINE)
        if tag not in allowed:
            raise WrongError(f'unexpected tag "{tag}" in "{above.tag}"')
        if odd := {name for name, _ in attrs} - ATTRIBUTES.get(tag, set()):
            raise WrongError(f'unknown attribute "{odd.pop()}" of "{tag}"')
        if tag == "summary" and above.inside:
            raise WrongError("a summary comes first")
        node = Node(tag, {name: value or "" for name, value in attrs})
        above.inside.append(node)
        if tag != "hr":
            self.open.append(node)
        if len(self.open) > DEPTH:
            raise WrongError("nested too deeply")

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) < 2 or self.open[-1].tag != tag:
            raise WrongError(f'unmatched end tag "{tag}"')
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open[-1].tag in ("", "ul", "ol", "table", "tr", "details") and data.strip():
            raise WrongError(f'text outside of blocks: "{data[:20]}"')
        self.open[-1].inside.append(data)


def read(given: str) -> tuple[Node, dict[str, Any]]:
    """Return the tree of a rich message, and the object that it comes back as."""
    told = json.loads(given)
    if len(told.keys() & {"html", "markdown"}) != 1 or "html" not in told:
        raise WrongError("exactly one of html and markdown")
    reader = _Reader()
    reader.feed(told["html"])
    reader.close()
    if len(reader.open) > 1:
        raise WrongError(f'can\'t find end tag corresponding to start tag "{reader.open[-1].tag}"')
    (tree,) = reader.open
    _check(tree)
    return tree, {"blocks": [_block(one) for one in tree.parts()]}


def _check(tree: Node) -> None:
    if not tree.text.strip():
        raise WrongError("message text is empty")
    if len(tree.text) > CHARACTERS:
        raise WrongError("message is too long")
    counted = sum(len(tree.all(tag)) for tag in (*BLOCK, "li", "tr"))
    if counted > BLOCKS:
        raise WrongError("too many blocks")
    if any(len(row.parts()) > COLUMNS for row in tree.all("tr")):
        raise WrongError("too many columns")
    named = {one.given.get("name") for tag in ("a", "tg-reference") for one in tree.all(tag)}
    for link in tree.all("a"):
        to = link.given.get("href", "")
        if to.startswith("#") and to[1:] not in named:
            raise WrongError(f"no reference {to}")


def _block(node: Node) -> dict[str, Any]:
    inside = [_block(one) for one in node.parts() if one.tag in BLOCK]
    match node.tag:
        case "ul" | "ol":
            items = [{"label": "•", "blocks": [_paragraph(one)]} for one in node.parts()]
            return {"type": "list", "items": items}
        case "blockquote":
            return {"type": "blockquote", "blocks": inside or [_paragraph(node)]}
        case "details":
            summary = next(one for one in node.parts() if one.tag == "summary")
            return {"type": "details", "summary": _rich(summary), "blocks": inside}
        case "table":
            rows = [
                [{"text": _rich(cell), "align": "left", "valign": "top"} for cell in row.parts()]
                for row in node.parts()
            ]
            return {"type": "table", "cells": rows}
        case "hr":
            return {"type": "divider"}
        case _:
            return _paragraph(node)


def _paragraph(node: Node) -> dict[str, Any]:
    return {"type": "paragraph", "text": _rich(node)}


def _rich(node: Node) -> list[Any]:
    return [one if isinstance(one, str) else _styled(one) for one in node.inside]


def _styled(node: Node) -> dict[str, Any]:
    text = _rich(node)
    if node.tag == "tg-reference":
        return {"type": "reference", "text": text, "name": node.given["name"]}
    if node.tag == "a":
        to = node.given.get("href", "")
        return {"type": "reference_link", "text": text, "reference_name": to.lstrip("#")}
    return {"type": STYLES[node.tag], "text": text}
