"""HTML to lines in reading order: what a page is about, without its scripts, menus and frames."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser, LexborNode

from retrieval.loaders.decoding import decode
from retrieval.loaders.formats.extracted import HEADINGS, PUBLISHED, ExtractedLine, ExtractedText, assemble
from retrieval.loaders.page_furniture import without_furniture
from retrieval.loaders.tables import table_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from retrieval.loaders.page_furniture import Page

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
_MOST_TABLES = 500
_MOST_ROWS = 20_000  # of a table
# The names that government sites must give (政府网站发展指引), and those of common page makers.
_META = {
    "articletitle": "title",
    "pubdate": PUBLISHED,
    "publishdate": PUBLISHED,
    "firstpublishedtime": PUBLISHED,
}
_MENU = 0.7  # share of a list's characters that are links, above which it is a menu


def read_html(data: bytes, name: str) -> ExtractedText:
    """Read the main text of a page; the encoding that the page declares is only one of those tried."""
    match = _DECLARED.search(data[:4096])
    text, encoding = decode(data, name, declared=match[1].decode("ascii") if match else None)
    return reading_of(text, encoding)


def reading_of(text: str, encoding: str | None) -> ExtractedText:
    """Read the main text of a page that is decoded."""
    tree = LexborHTMLParser(text)
    head = tree.css_first("title")
    title = _SPACE.sub(" ", head.text()).strip() if head else ""
    for node in tree.css(_DROPPED):
        node.decompose()
    for node in tree.css("ul, ol, dl"):
        if _is_menu(node):
            node.decompose()
    told = _told(tree)
    read = assemble(_lines(_main(tree), _tables(tree)), page_title=told.pop("title", title))
    page = without_furniture(read.text)
    return ExtractedText(text=page.text, encoding=encoding, metadata=_metadata(read, page, told))


def _told(tree: LexborHTMLParser) -> dict[str, str]:
    """Return what the page's meta tags say of its text: title, and the day it was put up."""
    found: dict[str, str] = {}
    for node in tree.css("meta[name]"):
        key = _META.get(str(node.attributes.get("name") or "").lower())
        value = (node.attributes.get("content") or "").strip()
        if key and value:
            found.setdefault(key, value)
    return found


def _metadata(read: ExtractedText, page: Page, told: dict[str, str]) -> dict[str, str]:
    published = told.get(PUBLISHED) or page.published
    facts = {**read.metadata, **({PUBLISHED: published} if published else {})}
    if page.text != read.text:
        facts.pop(HEADINGS, None)  # offsets of the whole page
    return facts


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


def _tables(tree: LexborHTMLParser) -> dict[int, tuple[str, ...]]:
    """Read the tables of data; those that lay out a page hold others, or long texts."""
    found: dict[int, tuple[str, ...]] = {}
    for node in tree.css("table")[:_MOST_TABLES]:
        if len(node.css("table")) > 1:
            continue
        rows = [[_cell(cell) for cell in row.css("td, th")] for row in node.css("tr")[:_MOST_ROWS]]
        grid = table_text.filled(rows)
        if table_text.is_data(grid):
            heads = sum(1 for row in node.css("tr") if row.css("th") and not row.css("td"))
            caption = node.css_first("caption")
            above = caption.text() if caption else (node.prev.text() if node.prev else "")
            found[node.mem_id] = tuple(table_text.lines(grid, caption=above, heads=heads))
    return found


def _cell(node: LexborNode) -> tuple[str, int, int]:
    return _SPACE.sub(" ", node.text()).strip(), _span(node, "rowspan"), _span(node, "colspan")


def _span(node: LexborNode, name: str) -> int:
    told = str(node.attributes.get(name) or "1").strip()
    return int(told) if told.isdigit() and len(told) < 4 else 1


def _lines(root: LexborNode | None, tables: Mapping[int, tuple[str, ...]]) -> Iterator[ExtractedLine]:
    """Walk the tree without recursion, a line for each block of text and each row of a table."""
    parts: list[str] = []
    level = 0
    for step, tag, text in _steps(root, tables):
        if step == "text":
            parts.append(text)
        elif step == "table":
            yield from _cut("".join(parts), level)
            parts.clear()
            yield from map(ExtractedLine, tables[int(tag)])
        elif tag == "br":
            parts.append("\n")
        elif tag in _CELLS:
            parts.append("\t" if step == "close" else "")
        elif tag in _BLOCKS:
            yield from _cut("".join(parts), level)
            parts.clear()
            level = _LEVELS.get(tag, 0) if step == "open" else 0
    yield from _cut("".join(parts), level)


def _cut(text: str, level: int) -> Iterator[ExtractedLine]:
    for line in text.split("\n"):
        yield ExtractedLine(line.strip(" \t\r\f"), level)


def _steps(root: LexborNode | None, tables: Mapping[int, tuple[str, ...]]) -> Iterator[tuple[str, str, str]]:
    """Return each text, and each element where it opens and where it closes."""
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
        elif node.mem_id in tables:
            yield "table", str(node.mem_id), ""
        elif node.is_element_node:
            name = str(node.tag)
            kept += name == "pre"
            yield "open", name, ""
            stack.append((name, node.iter(include_text=True)))
