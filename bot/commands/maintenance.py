"""``chengwen backup`` and ``chengwen restore``: everything in one file, and back, while the bot runs."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.session import of
from bot.errors import InputError, SettingsError
from bot.operations.doctor import examine
from bot.presentation.rendering import TextStyle, line
from bot.terminal.console import screen

if TYPE_CHECKING:
    from bot.commands.session import CommandSession


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="写到哪个文件 · the file to write")],
) -> None:
    """把资料库和对话记录备份成一个文件，机器人可以照常运行。Write everything to one file."""
    from bot.operations.backup import STORE, write  # noqa: PLC0415 - SQLAlchemy takes a third of a second

    session = of(context)
    _check_place(session)
    if not (session.settings.home / "catalogue.db").exists():
        raise InputError(f"{session.settings.home} 里还没有资料库，没有可备份的。")
    made = write(session.settings.home, file)
    screen().show([line(session.messages.say("backed_up", file=file, digest=made.texts[:12]))])
    _tell_of_database(session)
    if STORE not in made.files and not session.settings.database_url:
        screen().show([line(session.messages.say("backup_without_store"))])


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="备份文件 · the backup")],
) -> None:
    """用备份替换现有的资料库和对话记录，索引随后重建。Put a backup in the place of what is there."""
    from bot.operations.backup import restored, unpacked  # noqa: PLC0415 - see above
    from bot.terminal.progress import bar  # noqa: PLC0415 - as in ingesting
    from retrieval.values.documents import Genre  # noqa: PLC0415 - as the others

    session = of(context)
    _check_place(session)
    with unpacked(file, session.settings.home) as (told, folder):
        restored(folder, session.settings.home, store=not session.settings.database_url)
        with session.wiring.library(write=True) as library, bar(session.messages) as progress:
            library.catch_up(progress)
            held = sum(one.genre is not Genre.PREFACE for one in library.documents())
    screen().show([line(session.messages.say("restored", made=told.made, held=held, digest=told.texts[:12]))])
    _tell_of_database(session)


def _check_place(session: CommandSession) -> None:
    if session.settings.catalogue_url:
        raise InputError("资料库在 DATABASE_URL 的数据库里：请用 pg_dump 备份、pg_restore 恢复。")


def _tell_of_database(session: CommandSession) -> None:
    if session.settings.database_url:
        screen().show([line(session.messages.say("backup_of_database"))])


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
