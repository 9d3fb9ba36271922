"""``chengwen export``: the library as open data."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it
from typing import Annotated

import typer

from bot.commands.session import of


def export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="写到哪个文件夹 · the folder to write into")],
) -> None:
    """把事实、目标与结果、文档、段落写成 SQLite 和 Parquet。Write the library as open data."""
    # The ledger takes numpy, which help can spare.
    from bot.operations.data_export import export as write_out  # noqa: PLC0415
    from bot.operations.data_export import has_parquet  # noqa: PLC0415

    session = of(context)
    with session.library() as library:
        counts = write_out(library, folder)
    session.say("export_done", out=folder, **counts)
    if not has_parquet():
        session.say("export_without_parquet")
