"""HTML to lines in reading order: what a page is about, without its scripts, menus and frames."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser, LexborNode

from retrieval.loaders.formats.extracted import Line, Reading, assemble
from retrieval.loaders.formats.plain_text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,30})", re.IGNORECASE
)
_DROPPED = (
    "script, style, noscript, template, iframe, svg, math, canvas, object, form, button, select, nav, aside, "
    "footer, head link, [hidden], [aria-hidden=true], [role=navigation], [role=search], [role=banner]"
)
_BLOCKS = frozenset(
    ("address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
     "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p",
     "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul")
)  # fmt: skip
_CELLS = frozenset(("td", "th"))
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_SPACE = re.compile(r"[ \t\n\r\f]+")
_MENU = 0.7  # share of a list's characters that are links, above which it is a menu


def read_html(data: bytes, name: str) -> Reading:
    """Read the main text of a page; the encoding that the page declares is only one of those tried."""
    match = _DECLARED.search(data[:4096])
    text, encoding = decode(data, name, declared=match[1].decode("ascii") if match else None)
    tree = LexborHTMLParser(text)
    head = tree.css_first("title")
    title = _SPACE.sub(" ", head.text()).strip() if head else ""
    for node in tree.css(_DROPPED):
        node.decompose()
    for node in tree.css("ul, ol, dl"):
        if _is_menu(node):
            node.decompose()
    read = assemble(_lines(_main(tree)), page_title=title)
    return Reading(text=read.text, encoding=encoding, metadata=read.metadata)


def _main(tree: LexborHTMLParser) -> LexborNode | None:
    """Choose the element that the page itself names as its text, if it holds most of the words."""
    whole = tree.body
    if whole is None:
        return tree.root
    size = len(whole.text())
    for selector in ("article", "main, [role=main]"):
        found = tree.css(selector)
        if len(found) == 1 and len(found[0].text()) * 2 > size:
            return found[0]
    return whole


def _is_menu(node: LexborNode) -> bool:
    links = node.css("a")
    size = len(node.text(strip=True))
    return len(links) >= 3 and sum(len(link.text(strip=True)) for link in links) > size * _MENU


def _lines(root: LexborNode | None) -> Iterator[Line]:
    """Walk the tree without recursion, a line for each block of text."""
    parts: list[str] = []
    level = 0
    for step, tag, text in _steps(root):
        if step == "text":
            parts.append(text)
        elif tag == "br":
            parts.append("\n")
        elif tag in _CELLS:
            parts.append("\t" if step == "close" else "")
        elif tag in _BLOCKS:
            yield from _cut("".join(parts), level)
            parts.clear()
            level = _LEVELS.get(tag, 0) if step == "open" else 0
    yield from _cut("".join(parts), level)


def _cut(text: str, level: int) -> Iterator[Line]:
    for line in text.split("\n"):
        yield Line(line.strip(" \t\r\f"), level)


def _steps(root: LexborNode | None) -> Iterator[tuple[str, str, str]]:
    """Tell of each text, and of each element where it opens and where it closes."""
    if root is None:
        return
    stack: list[tuple[str, Iterator[LexborNode]]] = [("", iter([root]))]
    kept = 0  # depth of elements whose line ends count
    while stack:
        tag, children = stack[-1]
        node = next(children, None)
        if node is None:
            stack.pop()
            kept -= tag == "pre"
            yield "close", tag, ""
        elif node.is_text_node:
            text = node.text_content or ""
            yield "text", "", text if kept else _SPACE.sub(" ", text)
        elif node.is_element_node:
            name = str(node.tag)
            kept += name == "pre"
            yield "open", name, ""
            stack.append((name, node.iter(include_text=True)))
