"""The options of a batch, alike for every command that takes one: lines in, records out. Seam: typer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Batch = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="一行一个 JSON 问题，- 为标准输入 · questions, one JSON object a line"),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="批量结果写到哪里，默认标准输出 · where the records go"),
]
