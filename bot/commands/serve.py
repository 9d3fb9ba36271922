"""``chengwen bot``: the face in Telegram."""

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer

from bot.commands.session import of
from bot.errors import MissingPartError


def bot(context: typer.Context) -> None:
    """运行 Telegram 机器人，要先设 TELEGRAM_BOT_TOKEN。Run the Telegram bot."""
    session = of(context)
    if not session.settings.telegram_bot_token:
        raise MissingPartError(session.messages.say("no_token"))
    with session.library() as library:
        session.wiring.serve(library)


def read(
    context: typer.Context,
    *,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="端口，0 是任选一个 · port, 0 for any")
    ] = 0,
    show: Annotated[bool, typer.Option("--open", help="在浏览器里打开 · open it in a browser")] = False,
) -> None:
    """在本机浏览器里读材料、查原文。Read the texts in a browser on this machine."""
    session = of(context)

    def told(address: str) -> None:
        print(address, flush=True)
        session.say("reading")
        if show:
            webbrowser.open(address)

    with session.library() as library:
        session.wiring.read(library, port=port, told=told)
