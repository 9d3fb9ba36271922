"""A chat model that is listened to: when its first sentence stood complete, and what it said, kept."""

from __future__ import annotations

import json
import re
from contextlib import aclosing
from dataclasses import dataclass, field
from hashlib import sha256
from time import perf_counter
from typing import TYPE_CHECKING

from answering.generation.sentence_splitter import SentenceStream
from answering.generation.unit import utterance
from answering.llm.protocol import Piece, Usage

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from pathlib import Path

    from answering.llm.protocol import ChatMessage, ChatModel

_FENCE = re.compile(r"=====[0-9a-f]{8}=====")


@dataclass
class RecordingModel:
    """Hands everything to another model; what is in ``folder`` from a run before is not asked again.

    With kept output what comes after the model can be judged again in seconds. ``first`` are the times
    (``perf_counter``) at which the first sentence of each call that was really made stood complete.
    """

    model: ChatModel
    folder: Path
    first: list[float] = field(default_factory=list)
    asked: int = 0
    replayed: int = 0

    @property
    def name(self) -> str:
        """The other's name."""
        return self.model.name

    async def stream(self, messages: Sequence[ChatMessage], *, limit: int) -> AsyncGenerator[Piece, None]:
        """Yield what the model says, or said to the same messages before."""
        path = self.folder / f"{self._key(messages, limit)}.json"
        if path.exists():
            self.replayed += 1
            for text in json.loads(path.read_text(encoding="utf-8")):
                yield Piece(text=text)
            yield Piece(usage=Usage(counted="replayed"))
            return
        self.asked += 1
        said: list[str] = []
        async with aclosing(self.model.stream(messages, limit=limit)) as pieces:
            async for piece in self._timed(pieces):
                said.append(piece.text)
                yield piece
        self.folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")

    async def _timed(self, pieces: AsyncGenerator[Piece, None]) -> AsyncGenerator[Piece, None]:
        sentences, complete = SentenceStream(), False
        async for piece in pieces:
            if not complete and any(utterance(unit) for unit in sentences.feed(piece.text)):
                complete = True
                self.first.append(perf_counter())
            yield piece
        if not complete and any(utterance(unit) for unit in sentences.close()):
            self.first.append(perf_counter())

    def _key(self, messages: Sequence[ChatMessage], limit: int) -> str:
        said = "\0".join(f"{message.role}\0{message.content}" for message in messages)
        return sha256(f"{self.name}\0{limit}\0{_FENCE.sub('=', said)}".encode()).hexdigest()[:32]
