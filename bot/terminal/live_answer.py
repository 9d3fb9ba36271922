"""An answer as it comes into a terminal: what is proved stays, the line under it tells what is being done.

Only what changed is drawn again, and in one write: lines that stand are not touched.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager, contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from bot.presentation.partial_answer import PartialAnswer
from bot.presentation.rendering import Block, TextStyle, line, statements
from bot.terminal.console import RichOutput

if sys.platform != "win32":
    import termios

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

    from answering.values.answer import Answer
    from bot.messages import Messages
    from bot.terminal.console import TerminalOutput

PATIENCE = 0.3  # seconds before anything is shown: quicker answers come whole
COUNTED = 3  # seconds of waiting that need no telling
BEAT = 1.0
UP, ERASE, HIDE, SHOW = "\x1b[1A", "\r\x1b[2K", "\x1b[?25l", "\x1b[?25h"


class LiveRegion:
    """The last lines of a terminal, which may still change."""

    def __init__(self, terminal: RichOutput) -> None:
        self._terminal = terminal
        self._standing: list[tuple[str, int]] = []  # lines with their codes, and their cells

    def put(self, shown: Iterable[Block]) -> None:
        """Let the region show these blocks and nothing else."""
        console = self._terminal.console
        wanted = []
        for one in self._terminal.lines(shown):
            with console.capture() as drawn:
                console.print(one, soft_wrap=True)
            wanted.append((drawn.get(), one.cell_len))
        kept = _same(self._standing, wanted)
        rows = sum(self._rows(cells) for _, cells in self._standing[kept:])
        if rows >= console.height:
            # What has left the window can't be taken back: the whole stands again under it.
            rows, kept = console.height - 1, 0
        fresh = "".join(text for text, _ in wanted[kept:])
        if rows or fresh:
            # The first: a key that was pressed meanwhile may have left its mark on the line of the cursor.
            console.file.write(ERASE + (UP + ERASE) * rows + fresh)
            console.file.flush()
        self._standing = wanted

    def _rows(self, cells: int) -> int:
        """Return how many rows a line takes now, the window having perhaps become narrower."""
        return max(1, -(-cells // self._terminal.console.width))


class LiveAnswer:
    """Shows an answer that is being made, and lets the whole of it take that place."""

    def __init__(self, terminal: RichOutput, said: Messages) -> None:
        self._region = LiveRegion(terminal)
        self._said = said
        self._began = monotonic()
        self._heard = PartialAnswer()
        self._drawn = 0  # statements

    def hear(self, heard: PartialAnswer) -> None:
        """Show how far the answer has come."""
        self._heard = heard
        # What is taken back is often said again at once: it stays until the next beat.
        shrunk = len(heard.statements) < self._drawn
        if not shrunk and (heard.statements or self._waited() >= PATIENCE):
            self.beat()

    def beat(self) -> None:
        """Show how long it has taken."""
        if self._heard.answer is None:
            self._drawn = len(self._heard.statements)
            self._region.put((*statements(self._heard.statements, self._said), self._status()))

    def stopped(self) -> Answer:
        """Return what was proved by now, as an answer that says it was stopped."""
        return self._heard.stopped("", self._said.language)

    def settle(self, shown: Iterable[Block]) -> None:
        """Let ``shown`` take the place of what was shown."""
        self._region.put(shown)

    def _waited(self) -> float:
        return monotonic() - self._began

    def _status(self) -> Block:
        told = self._said.say(f"live_{self._heard.stage.value}")
        seconds = int(self._waited())
        if seconds >= COUNTED:
            told = self._said.say("live_long", told=told, seconds=seconds)
        return line(told, style=TextStyle.FAINT)


@asynccontextmanager
async def live(on: TerminalOutput, said: Messages) -> AsyncIterator[LiveAnswer | None]:
    """Give what shows an answer that comes into ``on``; None where nothing can be taken back."""
    if not isinstance(on, RichOutput) or not on.erases:
        yield None
        return
    shown = LiveAnswer(on, said)
    beating = asyncio.create_task(_beat(shown.beat))
    on.console.file.write(HIDE)
    try:
        with _unechoed():
            yield shown
    finally:
        beating.cancel()
        on.console.file.write(SHOW)
        on.console.file.flush()


@contextmanager
def _unechoed() -> Iterator[None]:
    """Inside, keys that are pressed leave no mark: a line break would move what is about to be redrawn."""
    if sys.platform == "win32" or not sys.stdin.isatty():
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    changed = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
    termios.tcsetattr(sys.stdin, termios.TCSANOW, changed)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSANOW, before)


async def _beat(show: Callable[[], None]) -> None:
    await asyncio.sleep(PATIENCE)
    while True:
        show()
        await asyncio.sleep(BEAT)


def _same(before: list[tuple[str, int]], after: list[tuple[str, int]]) -> int:
    """Count the lines at the beginning that are the same."""
    alike = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        alike += 1
    return alike
