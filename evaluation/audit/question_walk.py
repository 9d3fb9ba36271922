"""``python -m evaluation walk``: the files and functions that one question passes, traced as it runs."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import contextvars
import dis
import inspect
import io
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot import cli
from bot.assembly.wiring import Wiring
from bot.config.settings import Settings
from evaluation.audit.bot_api_recorder import BotApiRecorder
from evaluation.datasets.material import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import CodeType, FrameType

    from bot.telegram.service import TelegramService

PACKAGES = ("answering", "bot", "evaluation", "retrieval")
QUESTION = "志愿者登记了多少人？"
START = ("answering/pipeline.py", "stream", "answer_now", "answer")  # where the answerer begins
TARGETS = {"telegram": (75, 22), "ask": (50, 22)}  # files in all, and before the answerer starts
TAKEN_IN = ("bot/telegram/updates/polling.py", "poll")  # what an update passes first
_SUSPENDED = inspect.CO_COROUTINE | inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR
_ON_THE_WAY: contextvars.ContextVar[bool] = contextvars.ContextVar("on the way", default=False)
_PATIENCE = 120.0  # seconds for one answer
_QUIET = 8.0  # seconds without a call after which an answer's aftermath is over


@dataclass(slots=True)
class QuestionWalk:
    """The files that were entered, in their order, each with the functions that were called in it.

    ``before`` is how many of them were entered when the answerer started; None where it did not start.
    With ``source``, a file and a function, only what comes of that function counts, in its task, in those
    that it begins and in the threads that they wait for: not what a program does beside, time and again.
    """

    files: dict[str, dict[str, None]] = field(default_factory=dict)
    before: int | None = None
    is_recording: bool = False
    source: tuple[str, str] | None = None
    _begins: dict[CodeType, int] = field(default_factory=dict)
    _paths: dict[str, str | None] = field(default_factory=dict)

    @contextlib.contextmanager
    def traced(self) -> Iterator[None]:
        """Inside, calls in this thread and in threads that are started are seen."""
        threading.setprofile(self._seen)
        sys.setprofile(self._seen)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)

    def begin(self) -> None:
        """Forget what was recorded, and record from here on."""
        self.files, self.before, self.is_recording = {}, None, True

    def end(self) -> None:
        """Record nothing more."""
        self.is_recording = False

    @property
    def functions(self) -> int:
        """How many functions were called."""
        return sum(len(one) for one in self.files.values())

    def _seen(self, frame: FrameType, event: str, _argument: object) -> None:
        if event != "call":
            return
        code = frame.f_code
        path = self._path(code)
        if path is None or code.co_name.startswith("<"):
            return
        if self.source is not None:
            if (path, code.co_name) == self.source:
                _ON_THE_WAY.set(True)
            elif not _ON_THE_WAY.get():
                return
        if not self.is_recording or self._goes_on(frame):
            return
        if self.before is None and path == START[0] and code.co_name in START[1:]:
            self.before = len(self.files)
        self.files.setdefault(path, {}).setdefault(code.co_qualname)

    def _goes_on(self, frame: FrameType) -> bool:
        """Tell whether a coroutine or generator goes on that was called before: that is no call."""
        code = frame.f_code
        if not code.co_flags & _SUSPENDED:
            return False
        if code not in self._begins:
            begins = (one.offset for one in dis.get_instructions(code) if one.opname == "RESUME")
            self._begins[code] = next(begins, 0)
        return frame.f_lasti > self._begins[code]

    def _path(self, code: CodeType) -> str | None:
        name = code.co_filename
        if name not in self._paths:
            path = Path(name)
            is_ours = path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in PACKAGES
            told = path.relative_to(ROOT).as_posix() if is_ours else None
            self._paths[name] = None if told and told.startswith("evaluation/audit/") else told
        return self._paths[name]


def of_ask(env: Mapping[str, str], question: str) -> QuestionWalk:
    """Trace ``chengwen ask``; it is run once before, so that no import is counted."""
    walk = QuestionWalk()
    with walk.traced(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        cli.run(["ask", question], env)
        walk.begin()
        cli.run(["ask", question], env)
        walk.end()
    return walk


def of_telegram(env: Mapping[str, str], question: str) -> QuestionWalk:
    """Trace the bot from an update to the sent message; one question is answered before, for the imports."""
    walk, answered = QuestionWalk(source=TAKEN_IN), threading.Event()
    is_second = False

    def handed_out() -> None:
        if is_second:
            walk.begin()

    def sent(_text: str) -> None:
        walk.end()
        answered.set()

    async def answer(recorder: BotApiRecorder) -> None:
        answered.clear()
        recorder.write(question)
        if not await asyncio.to_thread(answered.wait, _PATIENCE):
            raise TimeoutError("the bot did not answer")

    async def both(service: TelegramService, recorder: BotApiRecorder) -> None:
        nonlocal is_second
        stop = asyncio.Event()
        serving = asyncio.create_task(service.serve(stop))
        try:
            await answer(recorder)
            # Suggestions are tried under the answer; nothing tells when that is over.
            while time.monotonic() - recorder.called < _QUIET:  # noqa: ASYNC110
                await asyncio.sleep(_QUIET / 4)
            is_second = True
            await answer(recorder)
        finally:
            stop.set()
            await serving

    with walk.traced(), BotApiRecorder(handed_out=handed_out, sent=sent) as recorder:
        own = {"TELEGRAM_BOT_TOKEN": "1:walk", "TELEGRAM_BASE_URL": recorder.url}
        wiring = Wiring(Settings.load({**env, **own}))
        with wiring.library() as library, wiring.store() as store:
            asyncio.run(both(wiring.telegram(library, store, tell=lambda _: None), recorder))
    return walk


WALKS: Mapping[str, Callable[[Mapping[str, str], str], QuestionWalk]] = {
    "telegram": of_telegram,
    "ask": of_ask,
}


def main(arguments: Sequence[str]) -> int:
    """Print the walks; returns the exit code."""
    asked = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="chengwen-walk-") as passing:
        home = asked.home or Path(passing)
        env = {**os.environ, "CHENGWEN_HOME": str(home)}
        if asked.home is None:
            # An empty home is filled with the texts that ship, in a process whose threads are not traced.
            command = [sys.executable, "-m", "bot", "ask", asked.question]
            subprocess.run(command, env=env, cwd=ROOT, check=False, capture_output=True)  # noqa: S603 - ours
        if asked.walk is not None:
            walk = WALKS[asked.walk](env, asked.question)
            print("\n".join(told(asked.walk, walk, functions=asked.functions)), flush=True)
            return 0
        # Each in a process of its own: threads that one leaves behind would not be traced in the other.
        options = ["--home", str(home), "--question", asked.question, *["--functions"] * asked.functions]
        command = [sys.executable, "-m", "evaluation", "walk"]
        return max(
            subprocess.run([*command, name, *options], cwd=ROOT, check=False).returncode  # noqa: S603 - ours
            for name in WALKS
        )


def told(name: str, walk: QuestionWalk, *, functions: bool) -> Iterator[str]:
    """Yield the lines on one walk: its figures beside their targets, then its files."""
    files, before = TARGETS[name]
    yield f"{name}: {len(walk.files)} files (at most {files}), {walk.functions} functions"
    yield f"  before the answerer starts: {walk.before} files (at most {before})"
    for package in PACKAGES:
        entered = {path: called for path, called in walk.files.items() if path.startswith(f"{package}/")}
        if entered:
            yield f"  {package}: {len(entered)} files, {sum(map(len, entered.values()))} functions"
    for number, (path, called) in enumerate(walk.files.items(), 1):
        yield f"  {number:3} {path} ({len(called)})"
        if functions:
            yield from (f"        {one}" for one in called)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation walk", description=__doc__)
    parser.add_argument("walk", nargs="?", choices=list(WALKS), help="default: both")
    parser.add_argument("--question", default=QUESTION, help="what is asked")
    parser.add_argument(
        "--home", type=Path, help="a filled home; default: a new one with the texts that ship"
    )
    parser.add_argument("--functions", action="store_true", help="list the functions too")
    return parser
