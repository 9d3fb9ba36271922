"""The line on which a person types: history, completion, pasted lines. Seam: prompt_toolkit."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from prompt_toolkit.key_binding import KeyPressEvent

MARK = "› "


def typed(commands: Sequence[str], history: Path) -> Iterator[str | None]:
    """Give each line that is typed until Ctrl-D; None for one that was given up with Ctrl-C."""
    session: PromptSession[str] = PromptSession(
        FormattedText([("bold ansicyan", MARK)]),
        history=_history(history),
        completer=WordCompleter(list(commands), sentence=True),
        complete_while_typing=False,
        key_bindings=_keys(),
        enable_history_search=True,
    )
    while True:
        try:
            yield session.prompt()
        except KeyboardInterrupt:
            yield None
        except EOFError:
            return


def piped() -> Iterator[str]:
    """Give each line of standard input."""
    yield from sys.stdin


def _history(path: Path) -> History:
    """Return the lines typed before; what people asked is nobody else's to read."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        return FileHistory(str(path))
    return InMemoryHistory()


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return keys
