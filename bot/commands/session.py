"""What every command is given: the settings, the parts, and the library filled when it is first needed."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self, TextIO

import typer

from bot.assembly.wiring import Wiring
from bot.config.file_permissions import close_home
from bot.config.setting_values import environment
from bot.config.settings import Settings
from bot.errors import InputError
from bot.messages import Messages, messages
from bot.observability.logs import start_log, stop_log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from types import TracebackType

    from bot.assembly.wiring import Progress
    from retrieval.library import Library


Batch = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="一行一个 JSON 问题，- 为标准输入 · questions, one JSON object a line"),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="批量结果写到哪里，默认标准输出 · where the records go"),
]


STDIN = "标准输入"
LONGEST_LINE = 4_000_000  # characters; a batch has a question a line, with its conversation
LONGEST_TEXT = 16_000_000  # characters of what is read as one


class CommandSession:
    """One run of the program: settings are read when a command asks, so that help needs none."""

    def __init__(self, process: Mapping[str, str], wire: Callable[[Settings], Wiring] = Wiring) -> None:
        self._process = process
        self._wire = wire
        self._nowhere = logging.NullHandler()
        self.log: logging.Handler | None = None

    def __enter__(self) -> Self:
        # Where there is no log, nothing that is written to it may end up on the person's screen instead.
        logging.getLogger().addHandler(self._nowhere)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for handler in (self.log, self._nowhere):
            if handler is not None:
                stop_log(handler)

    @cached_property
    def env(self) -> dict[str, str]:
        """The environment with the .env file under it. Raises SettingsError."""
        return environment(self._process)

    @cached_property
    def settings(self) -> Settings:
        """The settings; from here on there is a log. Raises SettingsError."""
        settings = Settings.load(self.env)
        close_home(settings.home)
        self.log = start_log(settings)
        return settings

    @cached_property
    def wiring(self) -> Wiring:
        """The parts that the settings ask for."""
        return self._wire(self.settings)

    @property
    def messages(self) -> Messages:
        """What the program says in the language of its settings."""
        return messages(self.settings.language)

    def say(self, key: str, /, **names: object) -> None:
        """Tell the person at the terminal something that is no result."""
        print(self.messages.say(key, **names), file=sys.stderr, flush=True)

    def sum_up(self, bad: int) -> int:
        """Tell how a batch went; returns the exit code."""
        if bad:
            self.say("batch_bad", bad=bad)
        return 1 if bad else 0

    @contextmanager
    def library(self) -> Iterator[Library]:
        """Open the library for asking; an empty home is first filled with the texts that ship."""
        with self.wiring.filled(self._first_use) as library:
            yield library
            self.warn_away(library)

    def _first_use(self) -> AbstractContextManager[Progress]:
        self.say("first_use")
        self.warn_words_alone()
        from bot.terminal.progress import bar  # noqa: PLC0415 - rich's bars take 0.03 s, and are seldom needed

        return bar(self.messages)

    def warn_away(self, library: Library) -> None:
        """Say it when the server of vectors could not be asked or filled just now."""
        if why := library.standing.away:
            self.say("words_alone", why=why)

    def warn_words_alone(self) -> None:
        """Say it when vectors were wanted and can't be had."""
        if self.settings.embeddings != "none" and (why := self.wiring.words_alone()):
            self.say("words_alone", why=why)


def text_lines(file: TextIO, name: str) -> Iterator[str]:
    """Yield the lines of a text.

    Raises InputError for a line that does not end, and for what can't be read.
    """
    while True:
        try:
            line = file.readline(LONGEST_LINE + 1)
        except OSError as error:
            raise InputError(f"读不了 {name}：{error.strerror or error}。") from error
        if len(line) > LONGEST_LINE:
            raise InputError(f"{name} 里有一行超过 {LONGEST_LINE} 个字，没有读下去。")
        if not line:
            return
        yield line


def whole_text(lines: Iterable[str], name: str) -> str:
    """Put lines together. Raises InputError where they are more than a text of a person's."""
    parts, length = [], 0
    for line in lines:
        parts.append(line)
        length += len(line)
        if length > LONGEST_TEXT:
            raise InputError(f"{name} 超过 {LONGEST_TEXT} 个字，没有读下去。")
    return "".join(parts)


def of(context: typer.Context) -> CommandSession:
    """Return the session that a command runs in."""
    found = context.find_object(CommandSession)
    assert found is not None, "the program's entry point hands a session in"
    return found
