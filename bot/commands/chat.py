"""``chengwen chat``: ask and ask on, in a terminal or through a pipe."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import typer  # noqa: TC002 - typer reads it

from bot.commands.session import STDIN, of, text_lines
from bot.presentation.answer_records import cleaned
from bot.presentation.rendering import line
from bot.terminal.console import screen
from bot.terminal.live_answer import live
from bot.terminal.repl import ReplConversation, welcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.commands.session import CommandSession
    from bot.terminal.console import TerminalOutput
    from bot.terminal.repl import ReplResponse


def chat(context: typer.Context) -> None:
    """在终端里对话，可以接着追问。Have a conversation in the terminal."""
    session = of(context)
    with session.library() as library:
        answerer = session.wiring.answerer(library)
        conversation = ReplConversation(answerer, library, session.settings.language)
        on = screen()
        if not person():
            converse(conversation, text_lines(sys.stdin, STDIN), on)
            return
        from bot.presentation.example_questions import examples  # noqa: PLC0415 - only a person is greeted

        on.show(welcome(library, examples(library, conversation.said), conversation.said))
        converse(conversation, _typed(session, conversation), on)
        on.show([line(conversation.said.say("goodbye"))])


def person() -> bool:
    """Tell whether someone sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _typed(session: CommandSession, conversation: ReplConversation) -> Iterator[str | None]:
    from bot.terminal.line_editor import typed  # noqa: PLC0415 - prompt_toolkit takes 0.2 s, and a pipe needs none

    return typed(conversation.commands, session.settings.home / "history")


def converse(conversation: ReplConversation, lines: Iterable[str | None], on: TerminalOutput) -> None:
    """Reply to lines until they end or one of them ends the conversation."""
    with asyncio.Runner() as runner:
        for text in lines:
            try:
                reply = runner.run(heard(conversation, cleaned(text or ""), on))
                if reply.blocks:
                    on.gap()
            except KeyboardInterrupt:
                on.show([line(conversation.said.say("chat_cancelled"))])
                continue
            if reply.ends:
                return


async def heard(conversation: ReplConversation, text: str, on: TerminalOutput) -> ReplResponse:
    """Show the reply to a line; an interrupt stops this answer alone, and what was proved stays."""
    async with live(on, conversation.said) as shown:
        settle = shown.settle if shown else on.show
        try:
            reply = await conversation.hear(text, shown.hear if shown else None)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            # Ctrl-C is the only one who cancels this; a second one ends the program as it does elsewhere.
            if task is None or task.uncancel():
                raise
            reply = conversation.cut_off()
        if reply.blocks:
            settle(reply.blocks)
    return reply
