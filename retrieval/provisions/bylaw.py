"""The values of a by-law: articles (条), paragraphs (款) and items (项), each with its offsets."""

from __future__ import annotations

from dataclasses import dataclass, field

from retrieval.quantities import spell


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A stretch of a by-law's text: ``text[start:end]``."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the words of the clause."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Clause):
    """One item (项) of a list; ``numeral`` counts from 1, also where the text leaves its number out."""

    numeral: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionParagraph(Clause):
    """One paragraph (款) of an article with the items under it; ``head`` is what stands before them."""

    numeral: int
    head: Clause
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Clause):
    """One article (条); ``name`` is its number as printed: 第三十三条."""

    numeral: int
    name: str
    chapter: str
    paragraphs: tuple[ProvisionParagraph, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A mention of a provision of the same by-law; None where no paragraph or item is named."""

    article: int
    paragraph: int | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision(Clause):
    """The smallest unit that can answer: a sentence or an item, with the article that holds it.

    ``head`` is the lead-in of the list the unit is an item of.
    """

    article: Article
    paragraph: ProvisionParagraph
    item: Item | None = None
    head: Clause | None = None

    @property
    def label(self) -> str:
        """The article's number as printed, with the paragraph where there are several."""
        return place_name(self.article, self.paragraph)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByLaw:
    """A by-law's structure over its text."""

    text: str
    articles: tuple[Article, ...]
    chapters: tuple[str, ...] = ()
    chapter_clauses: tuple[Clause, ...] = ()
    provisions: tuple[Provision, ...] = field(default=())

    @property
    def complete(self) -> bool:
        """Whether the text runs to its last article: one that says from when the by-law is in force."""
        return any("施行" in a.of(self.text) for a in self.articles[-3:])

    def article(self, numeral: int) -> Article | None:
        """Return the article of this number."""
        return next((a for a in self.articles if a.numeral == numeral), None)


def place_name(article: Article, paragraph: ProvisionParagraph) -> str:
    """Return 第三条 or, where the article has several paragraphs, 第三条第二款."""
    if len(article.paragraphs) == 1:
        return article.name
    return f"{article.name}第{spell(paragraph.numeral)}款"
