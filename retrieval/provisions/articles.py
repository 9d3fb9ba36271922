"""Read the articles, paragraphs and items of a by-law from the lines of its text."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrieval.provisions.bylaw import Article, ByLaw, Clause, Item, Provision, ProvisionParagraph
from retrieval.quantities import parse_number

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMERAL = "[一二三四五六七八九十百零〇○\\d]{1,7}"
_ARTICLE = re.compile(
    rf"[#*\s]*(第({_NUMERAL})条(?:之[一二三四五六七八九])?)"
    r"(?:\**[ \t\u3000\xa0]+|(?=[^、，。至和或的第规（(]))"
)
_CHAPTER = re.compile(rf"[#*\s]*第({_NUMERAL})[章编][ \t\u3000\xa0]*(.{{0,30}})$")
_HEADING = re.compile(rf"[#*\s]*第{_NUMERAL}节.{{0,30}}$|#+\s")
_ITEM = re.compile(rf"[（(]({_NUMERAL})[）)]|(\d{{1,2}})[.．、](?!\d)")
_INLINE = re.compile(rf"(?<=[：:；;])\s*(?=[（(]{_NUMERAL}[）)])")
_STOP = re.compile(r"[。！？]")
_COLON = ("：", ":")
_MORE = ("；", ";")


@dataclass
class _OpenParagraph:
    start: int
    end: int
    head: Clause
    items: list[Item] = field(default_factory=list)
    going: bool = False  # an item may follow

    def add(self, line: Clause, text: str) -> None:
        numeral = _item_number(line.of(text)) or (self.items[-1].numeral + 1 if self.items else 1)
        self.items.append(Item(start=line.start, end=line.end, numeral=numeral))
        self.end = line.end
        self.going = line.of(text).endswith(_MORE)


@dataclass
class _OpenArticle:
    start: int
    numeral: int
    name: str
    chapter: str
    paragraphs: list[_OpenParagraph] = field(default_factory=list)

    def closed(self) -> Article:
        paragraphs = tuple(
            ProvisionParagraph(start=p.start, end=p.end, numeral=n, head=p.head, items=tuple(p.items))
            for n, p in enumerate(self.paragraphs, 1)
        )
        end = paragraphs[-1].end if paragraphs else self.start
        return Article(
            start=self.start,
            end=end,
            numeral=self.numeral,
            name=self.name,
            chapter=self.chapter,
            paragraphs=paragraphs,
        )


def read_articles(text: str) -> ByLaw:
    """Return the structure of a by-law; without articles where the text has none."""
    articles: list[_OpenArticle] = []
    chapters: list[tuple[str, Clause]] = []
    for line in _lines(text):
        words = line.of(text)
        if match := _CHAPTER.match(words):
            chapters.append((words.lstrip("#* "), line))
        elif (match := _ARTICLE.match(words)) and (number := parse_number(match[2])) is not None:
            chapter = chapters[-1][0] if chapters else ""
            start = line.start + match.start(1)
            articles.append(_OpenArticle(start, int(number), match[1], chapter))
            body = Clause(start=line.start + match.end(), end=line.end)
            if body.end > body.start:
                _take(articles[-1], body, text)
        elif articles and not _HEADING.match(words):
            _take(articles[-1], line, text)
    closed = tuple(a.closed() for a in articles if a.paragraphs)
    return ByLaw(
        text=text,
        articles=closed,
        chapters=tuple(name for name, _ in chapters),
        chapter_clauses=tuple(clause for _, clause in chapters),
        provisions=tuple(unit for article in closed for unit in _provisions(article, text)),
    )


def _lines(text: str) -> Iterator[Clause]:
    at = 0
    for line in text.splitlines(keepends=True):
        words = line.strip()
        if words and not words.startswith("<!--"):
            start = at + line.index(words[0])
            yield Clause(start=start, end=start + len(words))
        at += len(line)


def _take(article: _OpenArticle, line: Clause, text: str) -> None:
    """Add a line to an article: as an item of the list that is open, or as a new paragraph."""
    pieces = _split_items(line, text)
    last = article.paragraphs[-1] if article.paragraphs else None
    first, *rest = pieces
    marked = _item_number(first.of(text)) is not None
    if last is not None and (last.going or (marked and last.items)):
        last.add(first, text)
        target = last
    else:
        target = _OpenParagraph(first.start, first.end, first)
        target.going = first.of(text).endswith(_COLON)
        article.paragraphs.append(target)
    for piece in rest:
        target.add(piece, text)


def _split_items(line: Clause, text: str) -> list[Clause]:
    """Split a line that holds a whole list: 有下列行为之一的：（一）…；（二）…."""
    words = line.of(text)
    cuts = [0, *(m.end() for m in _INLINE.finditer(words)), len(words)]
    return [
        Clause(start=line.start + low, end=line.start + high)
        for low, high in itertools.pairwise(cuts)
        if high > low
    ]


def _item_number(words: str) -> int | None:
    match = _ITEM.match(words)
    number = parse_number(match[1] or match[2]) if match else None
    return None if number is None else int(number)


def _provisions(article: Article, text: str) -> Iterator[Provision]:
    for paragraph in article.paragraphs:
        if not paragraph.items:
            for clause in sentence_clauses(paragraph.head, text):
                yield _provision(article, paragraph, clause)
            continue
        yield _provision(article, paragraph, paragraph.head)
        for item in paragraph.items:
            yield Provision(
                start=item.start,
                end=item.end,
                article=article,
                paragraph=paragraph,
                item=item,
                head=paragraph.head,
            )


def _provision(article: Article, paragraph: ProvisionParagraph, clause: Clause) -> Provision:
    return Provision(start=clause.start, end=clause.end, article=article, paragraph=paragraph)


def sentence_clauses(clause: Clause, text: str) -> list[Clause]:
    """Return the sentences of a clause, each with its full stop."""
    found, at = [], clause.start
    for match in _STOP.finditer(text, clause.start, clause.end):
        found.append(Clause(start=at, end=match.end()))
        at = match.end()
    if at < clause.end:
        found.append(Clause(start=at, end=clause.end))
    return [c for c in found if c.of(text).strip()]
