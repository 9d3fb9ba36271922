"""The bot as a process of its own, which can be killed; run as a program it is that process.

Its answerer waits until a file named "gate" stands in the home.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from answering.values.events import Done, Event, Said, Stage, Step

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from answering.values.answer import Answer, Turn

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60.0


class BotProcess:
    """A running bot; ``output`` is what it has told so far."""

    def __init__(
        self, home: Path, environment: Mapping[str, str], program: Sequence[str] = (str(Path(__file__)),)
    ) -> None:
        self.home = home
        paths = os.pathsep.join((str(ROOT), str(Path(__file__).parents[1])))
        self._log = (home / "output.txt").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, *program],
            env={**os.environ, **environment, "CHENGWEN_HOME": str(home), "PYTHONPATH": paths},
            stdout=self._log,
            stderr=self._log,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def output(self) -> str:
        return (self.home / "output.txt").read_text("utf-8")

    def open_gate(self) -> None:
        (self.home / "gate").touch()

    def kill(self) -> None:
        self._process.kill()
        self.ended()

    def terminate(self) -> int:
        """End it as an operating system does, and return its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self.ended()

    def ended(self) -> int:
        """Wait for its end and return its exit code."""
        try:
            return self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._log.close()


class Gated:
    """Answers with the library's sentences once the gate stands."""

    def __init__(self, home: Path) -> None:
        from stage.texts import library_of, quoting

        self.library = library_of()
        self._inner = quoting(self.library)
        self._home = home

    async def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        while not (self._home / "gate").exists():  # noqa: ASYNC110 - another process sets it
            await asyncio.sleep(0.01)
        return await self._inner.answer(question, history)

    async def stream(self, question: str, history: Sequence[Turn] = ()) -> AsyncGenerator[Event, None]:
        yield Step(stage=Stage.SEARCHING)
        first, *_ = self._inner.script(question).statements
        yield Said(statement=first)
        yield Done(answer=await self.answer(question, history))


def main() -> None:
    from bot.config.settings import Settings
    from bot.store import Store
    from bot.telegram.sending.timeouts import Timeouts
    from bot.telegram.service import TelegramService, run

    logging.basicConfig(level=logging.INFO)
    settings = Settings.load(os.environ)
    gated = Gated(settings.home)
    service = TelegramService(
        settings=settings,
        answerer=gated,
        library=gated.library,
        store=Store.open(settings.home / "bot.db"),
        patience=Timeouts(
            chat=0.0, again=0.02, longest=0.2, poll=10, live=0.3, draft=0.1, edits=0.1, group=0.1, news=0.2
        ),
    )
    run(service)


if __name__ == "__main__":
    main()
