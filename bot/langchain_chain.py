"""The search and the proved answers as parts of other people's LangChain programs: see docs/chains.md."""

from __future__ import annotations

import os
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, NamedTuple

from answering.langchain_chain import PassageRetriever, ProvedAnswers
from answering.runtime.sync_bridge import Background
from bot.assembly.wiring import Wiring
from bot.config.setting_values import environment
from bot.config.settings import Settings
from bot.messages import messages
from bot.presentation import rendering

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from answering.values.answer import Answer
    from bot.messages import Messages
    from retrieval.library import Library
    from retrieval.values.documents import Hit


class ChengwenChains(NamedTuple):
    """What a program gets of ours."""

    retriever: PassageRetriever
    chain: ProvedAnswers


@contextmanager
def open_chain(env: Mapping[str, str] | None = None) -> Iterator[ChengwenChains]:
    """Open the library and give what searches it and what answers from it.

    ``env`` are the settings by name; without it the process's environment and the .env file are read, as
    ``chengwen`` does. Raises SettingsError and what opening a library raises.
    """
    settings = Settings.load(environment(os.environ) if env is None else env)
    wiring, background = Wiring(settings), Background()
    with wiring.filled(lambda: nullcontext(_unseen)) as library:
        finder = _Named(wiring, library, messages(settings.language))
        try:
            yield ChengwenChains(
                retriever=PassageRetriever(finder=finder),
                chain=ProvedAnswers(wiring.answerer(library), background, told),
            )
        finally:
            background.close()


def told(answer: Answer) -> str:
    """Return an answer as a person reads it in a terminal, in its own language."""
    return rendering.plain(rendering.blocks(answer, messages(answer.language)))


def _unseen(_stage: str, _done: int, _total: int) -> None:
    """Hear of progress that nobody watches."""


class _Named:
    """Finds passages in places by any name they have, in the library as it stands at that moment."""

    def __init__(self, wiring: Wiring, library: Library, said: Messages) -> None:
        self._wiring = wiring
        self._library = library
        self._said = said

    def find(
        self, text: str, *, k: int, places: Sequence[str] = (), years: Sequence[int] = ()
    ) -> Sequence[Hit]:
        """Return the best hits. Raises InputError for a name that is no place."""
        searcher = self._wiring.searcher(self._library)
        return searcher.find(text, k=k, places=searcher.places(places, self._said), years=years)
