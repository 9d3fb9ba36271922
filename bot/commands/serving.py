"""``chengwen bot``: the face in Telegram."""

from __future__ import annotations

import typer  # noqa: TC002 - typer reads it

from bot.commands.session import of
from bot.errors import MissingPartError


def bot(context: typer.Context) -> None:
    """运行 Telegram 机器人，要先设 TELEGRAM_BOT_TOKEN。Run the Telegram bot."""
    session = of(context)
    if not session.settings.telegram_bot_token:
        raise MissingPartError(session.messages.say("no_token"))
    with session.library() as library:
        session.wiring.serve(library)
