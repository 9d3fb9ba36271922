"""A bar for what takes over a second, on standard error and only for a person. Seam: rich."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.messages import Messages

    Report = Callable[[str, int, int], None]  # stage, done, total

PATIENCE = 1.0  # seconds before a bar is shown


@contextmanager
def bar(messages: Messages) -> Iterator[Report]:
    """Give a function to report to; what it is told is shown once the work has taken a second."""
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    shown = Progress(*columns, console=Console(stderr=True), transient=True)
    task = shown.add_task("", total=None)
    # What takes long may take long before it says anything.
    patience = threading.Timer(PATIENCE, shown.start)
    patience.daemon = True

    def report(stage: str, done: int, total: int) -> None:
        key = f"stage_{stage}"
        told = messages.say(key) if key in messages else stage
        shown.update(task, description=told, completed=done, total=total)

    patience.start()
    try:
        yield report
    finally:
        patience.cancel()
        patience.join()
        shown.stop()
