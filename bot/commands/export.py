"""``chengwen export``: the library as open data."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it
from typing import Annotated

import typer

from bot.commands.session import of
from bot.operations.data_export import export as write_out
from bot.operations.data_export import has_parquet


def export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="写到哪个文件夹 · the folder to write into")],
) -> None:
    """把事实、目标与结果、文档、段落写成 SQLite 和 Parquet。Write the library as open data."""
    session = of(context)
    with session.library() as library:
        counts = write_out(library, folder)
    session.say("export_done", out=folder, **counts)
    if not has_parquet():
        session.say("export_without_parquet")
