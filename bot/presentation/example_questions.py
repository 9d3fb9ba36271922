"""Questions that a text invites, drawn from its figures, its parts and its headings."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from answering.lexicon.phrases import place_name
from answering.values.answer import Language
from bot.presentation.rendering import titled
from retrieval.quantities import Sort, figures
from retrieval.text.normalize import clauses, is_chinese, to_traditional
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from answering.values.answer import Citation
    from bot.messages import Messages
    from retrieval.library import Library
    from retrieval.values.documents import Document, Passage

LOOKED_AT = 12  # documents
STARTS = 3  # questions to begin with
_PLAIN = re.compile(r"[一-鿿]{4,14}")  # words that read well in a question: no marks, no Latin, not too long

_NUMBERED = re.compile(r"[\s#*]*(?:第?[（(]?[一二三四五六七八九十百\d]{1,4}[)）]?\s?[、.．章节部])")
_WHOSE = re.compile(r"^[全我本][市县区省州旗]")
_JOINING = re.compile(r"^(?:并且?|另外?有?|还|又|也|同时|其中)")  # ties a clause to the one before it


class ExampleKind(StrEnum):
    """What an example asks for."""

    FIGURE = "figure"
    OUTLINE = "outline"
    SECTION = "section"
    TITLE = "title"
    PART = "part"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleQuestion:
    """A question that the text of ``document`` invites at the offset ``at``."""

    question: str
    kind: ExampleKind
    document: str
    at: int = 0
    parts: tuple[tuple[int, int], ...] = ()  # offsets of the parts whose headings, or words, answer it


def fits(example: ExampleQuestion, cited: Sequence[Citation]) -> bool:
    """Tell whether what an answer cites of the text is what the example asks for.

    An outline rests on headings of parts, what a part says stands in it.
    """
    if example.kind is ExampleKind.OUTLINE:
        return sum(any(start <= one.start < end for one in cited) for start, end in example.parts) > 1
    if example.kind is ExampleKind.PART:
        return all(any(start <= one.start < end for start, end in example.parts) for one in cited)
    return True


def examples(library: Library, said: Messages) -> tuple[str, ...]:
    """Return up to three questions, each on another document where there are several."""
    return started(library, said, lambda _: True)


def started(library: Library, said: Messages, sure: Callable[[ExampleQuestion], bool]) -> tuple[str, ...]:
    """Return up to three questions of which ``sure`` is true, on different documents if there are several."""
    heads = _looked_at(library.documents())
    found: list[str] = []
    # Where a kind is asked of no text, another one is asked twice.
    for number, kind in enumerate(2 * _kinds(said)):
        if len(found) == STARTS:
            break
        turned = heads[number % len(heads) :] + heads[: number % len(heads)] if heads else []
        made = (one for head in turned for one in invited(head, library, said, kind=kind))
        first = next((one for one in made if one.question not in found and sure(one)), None)
        if first is not None:
            found.append(first.question)
    return tuple(found)


def _looked_at(documents: Sequence[Document]) -> list[Document]:
    """Return the texts that are asked of: reports and speeches before by-laws, one of each place first."""
    seen: Counter[tuple[bool, str]] = Counter()
    ranked: list[tuple[bool, int, Document]] = []
    for one in documents:
        if one.place and one.genre is not Genre.PREFACE:
            key = (one.genre is Genre.REGULATION, one.place)
            ranked.append((key[0], seen[key], one))
            seen[key] += 1
    ranked.sort(key=lambda one: one[:2])
    return [one for *_, one in ranked[:LOOKED_AT]]


def invited(
    head: Document, library: Library, said: Messages, *, kind: ExampleKind | None = None
) -> list[ExampleQuestion]:
    """Return the questions that a text with a place invites, those of one ``kind`` or of all."""
    if head.genre is Genre.REGULATION:  # its clauses and headings name things and conditions, not deeds
        return list(_chapters(head, said)) if kind in (None, ExampleKind.OUTLINE) else []
    wanted = [kind] if kind else _kinds(said)
    return [one for each in wanted for one in _MAKERS[each](head, library, said)]


def _kinds(said: Messages) -> tuple[ExampleKind, ...]:
    # The words of figures and headings are Chinese.
    if said.language is Language.EN:
        return (ExampleKind.TITLE, ExampleKind.OUTLINE, ExampleKind.PART)
    return (ExampleKind.FIGURE, ExampleKind.OUTLINE, ExampleKind.SECTION)


def _figures(head: Document, library: Library, said: Messages) -> Iterator[ExampleQuestion]:
    """Ask for the figure of a clause that ends in one: 完成民生实事117项 becomes 完成民生实事多少项."""
    for passage in library.passages(head.id):
        for before, unit in _countable(passage):
            words = {"before": _written(before, said), "unit": _written(unit, said)}
            question = said.say("example_figure", place=_named(head, library, said), **words)
            yield ExampleQuestion(
                question=question, kind=ExampleKind.FIGURE, document=head.id, at=passage.start
            )


def _countable(passage: Passage) -> Iterator[tuple[str, str]]:
    for span in clauses(passage.text):
        clause = passage.text[span.start : span.end].strip(" \u3000，。；：、！？")
        counted = figures(clause)
        if len(counted) == 1 and counted[0].sort is Sort.QUANTITY and is_chinese(counted[0].unit[:1]):
            one = counted[0]
            before = _WHOSE.sub("", _JOINING.sub("", clause[: one.start]))
            if one.end == len(clause) and _PLAIN.fullmatch(before):
                yield before, one.unit


def _written(words: str, said: Messages) -> str:
    """Return words of a text in the script of ``said``."""
    return to_traditional(words) if said.language is Language.HANT else words


def _named(head: Document, library: Library, said: Messages) -> str:
    return place_name(head.place, said.language, library.gazetteer)


def _outline(head: Document, library: Library, said: Messages) -> Iterator[ExampleQuestion]:
    """Ask what the parts of a text are."""
    parts = _headings(head)
    if len(parts) > 1:
        question = said.say("example_outline", place=_named(head, library, said))
        yield ExampleQuestion(question=question, kind=ExampleKind.OUTLINE, document=head.id, parts=parts)


def _headings(head: Document) -> tuple[tuple[int, int], ...]:
    """Return where the headings of a text's parts stand."""
    return tuple(
        (one.start, max(one.body, one.start + 1)) for one in head.sections if one.level == 1 and one.title
    )


def _chapters(head: Document, said: Messages) -> Iterator[ExampleQuestion]:
    """Ask what the chapters of a by-law are; its words and its title are Chinese."""
    parts = _headings(head)
    if len(parts) > 1 and said.language is not Language.EN:
        question = said.say("example_chapters", title=_written(titled(head.title), said))
        yield ExampleQuestion(question=question, kind=ExampleKind.OUTLINE, document=head.id, parts=parts)


def _sections(head: Document, library: Library, said: Messages) -> Iterator[ExampleQuestion]:
    """Ask how a place did what one of its numbered headings says; others are glossaries and annexes.

    Those of a report are its parts (a look back, the tasks of the year), and no fields.
    """
    if head.genre is Genre.REPORT:
        return
    whole = library.document(head.id)
    for section in head.sections:
        heading = re.split(r"[，；：、\s]", section.title)[0]
        is_numbered = whole is not None and _NUMBERED.match(whole.text, section.start) is not None
        if section.level == 1 and is_numbered and _PLAIN.fullmatch(heading):
            words = {"place": _named(head, library, said), "heading": _written(heading, said)}
            question = said.say("example_section", **words)
            yield ExampleQuestion(
                question=question, kind=ExampleKind.SECTION, document=head.id, at=section.start
            )


def _title(head: Document, library: Library, said: Messages) -> Iterator[ExampleQuestion]:
    """Ask what a text is called."""
    question = said.say("example_title", place=_named(head, library, said))
    yield ExampleQuestion(question=question, kind=ExampleKind.TITLE, document=head.id)


def _part(head: Document, library: Library, said: Messages) -> Iterator[ExampleQuestion]:
    """Ask what the first part of a text says."""
    first = next((one for one in head.sections if one.level == 1 and one.title), None)
    if first is not None:
        question = said.say("example_part", place=_named(head, library, said))
        yield ExampleQuestion(
            question=question,
            kind=ExampleKind.PART,
            document=head.id,
            at=first.start,
            parts=((first.start, first.end),),
        )


_MAKERS: dict[ExampleKind, Callable[[Document, Library, Messages], Iterator[ExampleQuestion]]] = {
    ExampleKind.FIGURE: _figures,
    ExampleKind.OUTLINE: _outline,
    ExampleKind.SECTION: _sections,
    ExampleKind.TITLE: _title,
    ExampleKind.PART: _part,
}
