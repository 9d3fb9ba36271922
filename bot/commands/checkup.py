"""``chengwen doctor``: what works and what does not."""

from __future__ import annotations

import typer

from bot.commands.session import of
from bot.errors import SettingsError
from bot.operations.doctor import examine
from bot.presentation.rendering import TextStyle, line
from bot.terminal.console import screen


def doctor(context: typer.Context) -> None:
    """检查设置、资料、模型和 Telegram，逐项说明。Check the settings and every part."""
    session = of(context)
    on, bad = screen(), 0
    try:
        said = session.messages
    except SettingsError as error:
        on.show([line(f"✗ {error}", style=TextStyle.STRONG)])
        raise typer.Exit(1) from None
    for found in examine(session.wiring, session.env, said):
        mark = "good" if found.good else "note" if found.good is None else "bad"
        style = {"good": TextStyle.PLAIN, "note": TextStyle.FAINT, "bad": TextStyle.STRONG}[mark]
        on.show([line(said.say(f"doctor_{mark}", told=found.told), style=style)])
        bad += found.good is False
    on.gap()
    on.show(
        [
            line(
                said.say("doctor_sum_bad", bad=bad) if bad else said.say("doctor_sum_good"),
                style=TextStyle.STRONG,
            )
        ]
    )
    raise typer.Exit(1 if bad else 0)
