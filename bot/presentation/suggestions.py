"""Questions to ask next, each of which the texts at hand are known to answer: code asked them beforehand."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from bot.presentation.example_questions import ExampleQuestion, fits, invited, started
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from answering.values.answer import Answer, Citation, Language
    from bot.messages import Messages
    from retrieval.library import Library

MOST = 3  # questions at a time
TRIED = 4  # of each kind in one text, those it holds first and then every n-th
LOOKED_AT = 2  # texts that an answer rests on
HELD = 512  # texts whose questions are remembered

Certain = tuple[tuple[ExampleQuestion, frozenset[str]], ...]  # with the passages that answer each


class Suggestions:
    """Finds questions; ``answer`` answers one by code alone. What was found is kept until the texts change.

    Trying the questions of a text takes some 30 ms each, once, and blocks.
    """

    def __init__(self, library: Library, answer: Callable[[str], Answer]) -> None:
        self._library = library
        self._answer = answer
        self._version = -1
        self._starts: dict[Language, tuple[str, ...]] = {}
        self._certain: dict[tuple[Language, str], Certain] = {}
        self._busy = threading.Lock()

    def to_start(self, said: Messages) -> tuple[str, ...]:
        """Return up to three questions to begin with, on different texts where there are several."""
        self._renew()
        if said.language not in self._starts:
            self._starts[said.language] = started(self._library, said, lambda one: bool(self._proof(one)))
        return self._starts[said.language]

    def ready(self, answer: Answer, said: Messages) -> tuple[str, ...] | None:
        """Return what ``after`` returns where that is known without trying anything, else None; quick."""
        self._renew()
        texts = _texts(answer)
        known = [self._certain.get((said.language, text)) for text in texts]
        return None if None in known else self._chosen(answer, [one for one in known if one is not None])

    def after(self, answer: Answer, said: Messages) -> tuple[str, ...]:
        """Return up to three questions to go on with after an answer; none while others are being tried."""
        if not self._busy.acquire(blocking=False):
            return self.ready(answer, said) or ()
        try:
            self._renew()
            return self._chosen(answer, [self._of(text, said) for text in _texts(answer)])
        finally:
            self._busy.release()

    def _renew(self) -> None:
        if (version := self._library.version) != self._version:
            self._version, self._starts, self._certain = version, {}, {}

    def _of(self, text: str, said: Messages) -> Certain:
        held, key = self._certain, (said.language, text)
        if key not in held:
            found = tuple(self._tried(text, said))
            if len(held) >= HELD:
                held.clear()
            held[key] = found
        return held[key]

    def _tried(self, text: str, said: Messages) -> Iterator[tuple[ExampleQuestion, frozenset[str]]]:
        head = next((one for one in self._library.documents() if one.id == text), None)
        if head is None or not head.place:
            return
        for one in _spread(invited(head, self._library, said)):
            if passages := self._proof(one):
                yield one, passages

    def _proof(self, one: ExampleQuestion) -> frozenset[str]:
        """Return the passages that answer a question; none where its text, or that part of it, does not."""
        answer = self._answer(one.question)
        cited = [each for each in answer.citations if each.document == one.document]
        if not answer.outcome.is_answer or not fits(one, cited):
            return frozenset()
        return frozenset(each.passage for each in cited)

    def _chosen(self, answer: Answer, certain: Sequence[Certain]) -> tuple[str, ...]:
        """Choose what asks for something new: one of each kind first, then what is near what was cited."""
        asked, told = fold(answer.question), {one.passage for one in answer.citations}
        new = [
            one
            for of_text in certain
            for one, passages in of_text
            if fold(one.question) != asked and not passages <= told
        ]
        new.sort(key=lambda one: _distance(one, answer.citations))
        firsts = {one.kind: one for one in reversed(new)}
        ranked = dict.fromkeys((*firsts.values(), *new))
        return tuple(one.question for one in ranked)[:MOST]


def _texts(answer: Answer) -> tuple[str, ...]:
    """Return the texts that an answer rests on most; none where there is no going on from it."""
    if not answer.outcome.is_answer or "note_stopped" in answer.notes:
        return ()
    return tuple(dict.fromkeys(one.document for one in answer.citations))[:LOOKED_AT]


def _spread(found: Sequence[ExampleQuestion]) -> Iterator[ExampleQuestion]:
    """Yield a few of each kind, from all over the text."""
    for kind in dict.fromkeys(one.kind for one in found):
        of_kind = [one for one in found if one.kind is kind]
        yield from of_kind[:: max(1, len(of_kind) // TRIED)][:TRIED]


def _distance(one: ExampleQuestion, cited: Sequence[Citation]) -> int:
    return min((abs(at.start - one.at) for at in cited if at.document == one.document), default=0)
