"""Answers made before: under which key one stands, and when it may stand there at all.

A key holds all that an answer depends on, so that nothing has to be invalidated: what has changed is simply
looked up elsewhere, and what is no longer looked up is pruned.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING, Any, Protocol

from answering.question.scope import LONGEST, plain
from answering.values.answer import Answer, Outcome
from retrieval.text.normalize import fold, squash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.resources.abc import Traversable

    from answering.generation.compose import Writer
    from answering.question.parser import Question
    from answering.values.answer import Turn

REACH = 6  # turns before the last question that a follow-up may go back to: see ``conversation.readings``
PACKAGES = ("answering", "prompts", "retrieval")
# What is left of these in a frame says nothing more than the question itself, which is in the key.
_TOLD = frozenset({"text", "asked", "folded"})


class AnswerCache(Protocol):
    """Keeps answers under keys; calls block for about a millisecond and never raise."""

    def get(self, key: str) -> Answer | None:
        """Return the answer that was put under ``key``, if it still stands there."""
        ...

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer; one that failed, or that came with a note, is not kept."""
        ...


class Versioned(Protocol):
    """What a key needs to know of ``retrieval.Library``."""

    @property
    def identity(self) -> str:
        """A name that no other library has."""

    @property
    def version(self) -> int:
        """A number that grows with each change."""

    @property
    def embedder(self) -> str:
        """The name of its embedder; empty for words alone."""


@cache
def code_digest() -> str:
    """Return what the program's own files amount to.

    A version number that someone has to raise by hand is forgotten one day, and then answers of the old gates
    go on being shown. Reading some two hundred small files takes some fifteen milliseconds, once a process.
    """
    digest = sha256()
    for package in PACKAGES:
        for name, content in _files(resources.files(package), package):
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry, f"{path}/{entry.name}")
        else:
            yield f"{path}/{entry.name}", entry.read_bytes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What all answers of one moment rest on, whatever is asked."""

    library: str  # Library.identity: versions of two libraries may be the same number
    version: int  # Library.version
    embedder: str = ""  # Library.embedder; empty for words alone
    model: str = ""  # ChatModel.name; empty for code alone
    switches: str = ""  # whatever else changes what the model says
    prompts: str = ""  # Prompts.version
    code: str = field(default_factory=code_digest)


def ground_of(library: Versioned, writer: Writer | None, *, switches: str = "") -> Ground:
    """Return what answers from ``library`` rest on now; libraries change, so ask anew for each question.

    ``switches`` tell what a model's name does not: its address, its temperature.
    """
    size = f"{writer.evidence_tokens}+{writer.answer_tokens}" if writer else ""
    return Ground(
        library=library.identity,
        version=library.version,
        embedder=library.embedder,
        model=writer.model.name if writer else "",
        switches=f"{size} {switches}" if writer else "",
        prompts=writer.prompts.version if writer else "",
    )


def key_of(question: str, frames: Sequence[Question], history: Sequence[Turn] = (), *, ground: Ground) -> str:
    """Return the key of one question as it was read (``frames``, by ``conversation.readings``).

    The conversation counts as far as the question took something from it: then all that was said within reach
    is in the key, by the bot as well, since a model may complete the question from it.
    """
    record = {
        "question": normal(question),
        "frames": [_meant(asdict(frame)) for frame in frames],
        "said": _within_reach(history) if any(frame.completed for frame in frames) else [],
        "ground": asdict(ground),
    }
    return sha256(json.dumps(record, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def normal(text: str) -> str:
    """Return what is asked, without courtesies, width, script, case and white space."""
    folded = fold(text)
    return squash(plain(folded) if len(folded) <= LONGEST else folded)


def _meant(value: Any) -> Any:
    """Return a part of a frame as JSON holds it, its texts as ``normal`` would leave them."""
    if isinstance(value, dict):
        return {name: _meant(part) for name, part in value.items() if name not in _TOLD}
    if isinstance(value, tuple | list):
        return [_meant(part) for part in value]
    return squash(value) if isinstance(value, str) else value


def _within_reach(history: Sequence[Turn]) -> list[list[str]]:
    asked = [n for n, turn in enumerate(history) if turn.role == "user" and turn.content.strip()]
    near = history[max(0, asked[-1] - REACH) :] if asked else ()
    return [[turn.role, normal(turn.content)] for turn in near]


def keepable(answer: Answer, *, embedder: str = "") -> bool:
    """Tell whether an answer may be given again: it did not fail, and nothing was away when it was made.

    ``embedder`` is the name of what questions should have been searched with.
    """
    if answer.outcome is Outcome.FAILED or answer.notes:
        return False
    hits = answer.trace.hits
    blind = bool(hits) and all(hit.dense is None for hit in hits)  # what makes vectors was away
    return not (blind and embedder)


def recalled(answer: Answer, question: str) -> Answer:
    """Return a kept answer as one to ``question``, which may be dressed otherwise than the first time."""
    return replace(answer, question=question, seconds={}, trace=replace(answer.trace, cached=True))
