"""What new texts say of the things that people follow, beside what the last text of the same place said."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.store import ChatPace, FollowPace, NewsItem, NewsSpan
from retrieval.quantities import figures
from retrieval.text.normalize import fold
from retrieval.text.sentences import sentences
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from answering.values.answer import Answer, Citation
    from bot.store import Follow
    from bot.telegram.context.protocols import LibraryLike
    from retrieval.values.documents import Document

LINES = 3  # of one text for one thing that is followed
MORNING, NIGHT = 8, 22  # the hours between which news come where the night is kept free of them


def due(pace: ChatPace, now: float) -> float:
    """Return when news of now are due, in seconds since 1970, by the clock of this machine."""
    moment = datetime.fromtimestamp(now).astimezone()
    morning = moment.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    morning += timedelta(days=moment >= morning)
    if pace.pace is FollowPace.WEEKLY:
        return (morning + timedelta(days=-morning.weekday() % 7)).timestamp()
    is_night = moment.hour < MORNING or moment.hour >= NIGHT
    if pace.pace is FollowPace.DAILY or (pace.quiet and is_night):
        return morning.timestamp()
    return now


def _span(citation: Citation) -> NewsSpan:
    return NewsSpan(passage=citation.passage, start=citation.start, end=citation.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    span: NewsSpan
    folded: str
    has_figure: bool


class NewsFinder:
    """Looks through new texts for all that is followed; what is followed by many is sought once."""

    def __init__(self, library: LibraryLike) -> None:
        self._library = library
        self._lines: dict[str, tuple[_Line, ...]] = {}
        self._whole: dict[str, str] = {}

    def news(
        self,
        new: Iterable[Document],
        follows: Iterable[Follow],
        paces: Mapping[int, ChatPace],
        *,
        now: float,
        answers: Mapping[str, Answer] | None = None,
    ) -> tuple[NewsItem, ...]:
        """Return a piece of news for each sentence and each follow that it is of. Waits for the library.

        ``answers`` are those of now to followed questions: news are what they cite of a new text.
        """
        wanted: defaultdict[tuple[str, str], list[Follow]] = defaultdict(list)
        for one in follows:
            wanted[one.place, one.words].append(one)
        fresh = [one for one in new if one.genre is not Genre.PREFACE]
        kept = {one.id for one in fresh}
        known = [one for one in self._library.documents() if one.id not in kept]
        found: list[NewsItem] = []
        for document in fresh:
            for (place, words), by in wanted.items():
                if place not in ("", document.place):
                    continue
                answer = (answers or {}).get(words)
                for told, before in (
                    self._cited(document, answer) if answer else self._worded(document, known, words)
                ):
                    found += [
                        NewsItem(
                            follow=one.id,
                            chat=one.chat,
                            told=told,
                            before=before,
                            due=due(paces.get(one.chat, ChatPace()), now),
                        )
                        for one in by
                    ]
        return tuple(found)

    def _worded(
        self, document: Document, known: Sequence[Document], words: str
    ) -> Iterator[tuple[NewsSpan, NewsSpan | None]]:
        for told in self._told(document.id, words):
            yield told, self._before(document, known, words)

    def _cited(self, document: Document, answer: Answer) -> Iterator[tuple[NewsSpan, NewsSpan | None]]:
        """Yield what an answer cites of a text, beside what it cites of an earlier one of the same place."""
        earlier = [
            one
            for one in answer.citations
            if one.place == document.place and (one.year or 0) < (document.year or 0)
        ]
        before = max(earlier, key=lambda one: one.year or 0, default=None)
        for one in [one for one in answer.citations if one.document == document.id][:LINES]:
            yield _span(one), _span(before) if before else None

    def _told(self, document: str, words: str) -> Sequence[NewsSpan]:
        """Return the sentences of a text that have the words, with figures first; without any, the first."""
        lines = self._of(document)
        if not words:
            return [one.span for one in lines[:1]]
        parts = fold(words).split()
        if not all(part in self._whole[document] for part in parts):
            return ()
        having = [one for one in lines if all(part in one.folded for part in parts)]
        having.sort(key=lambda one: not one.has_figure)
        return [one.span for one in having[:LINES]]

    def _before(self, document: Document, known: Sequence[Document], words: str) -> NewsSpan | None:
        """Return what the last text of the same place before this one says of the words, if it does."""
        if not words or not document.place or not document.year:
            return None
        earlier = [one for one in known if one.place == document.place and one.year]
        earlier = [one for one in earlier if one.year and one.year < (document.year or 0)]
        for one in sorted(earlier, key=lambda one: -(one.year or 0)):
            if told := self._told(one.id, words):
                return told[0]
        return None

    def _of(self, document: str) -> tuple[_Line, ...]:
        if document not in self._lines:
            self._lines[document] = tuple(self._read(document))
            self._whole[document] = "\n".join(one.folded for one in self._lines[document])
        return self._lines[document]

    def _read(self, document: str) -> Iterable[_Line]:
        for passage in self._library.passages(document):
            if passage.text.strip() in passage.heading:
                continue
            for one in sentences(passage.text):
                text = passage.text[one.start : one.end]
                if text.strip():
                    span = NewsSpan(
                        passage=passage.id, start=passage.start + one.start, end=passage.start + one.end
                    )
                    yield _Line(span=span, folded=fold(text), has_figure=bool(figures(text)))
