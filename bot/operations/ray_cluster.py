"""The Ray cluster of an ingest, where the extra for it is installed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.errors import MissingPartError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from retrieval.ingest.ray_workers import Cluster


OPTION, HERE = "--ray", "local"
_ADDRESS = re.compile(r"local|auto|(?:ray://)?[^/\s]+:\d+")


def addressed(arguments: Sequence[str]) -> list[str]:
    """Return a command line in which an ingest's ``--ray`` without an address means this machine.

    Typer knows no option whose value may be left out.
    """
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    if "ingest" not in arguments[:1]:
        return list(arguments)
    made: list[str] = []
    for word, after in zip(arguments[:end], [*arguments[1:end], ""], strict=True):
        made.append(word)
        if word == OPTION and not _ADDRESS.fullmatch(after):
            made.append(HERE)
    return [*made, *arguments[end:]]


def cluster(address: str) -> AbstractContextManager[Cluster]:
    """Join a cluster: ``local``, ``auto`` or ``ray://host:port``. Raises MissingPartError without Ray."""
    try:
        from retrieval.ingest.ray_workers import joined  # noqa: PLC0415 - an extra, and a second to import
    except ImportError as error:
        raise MissingPartError("没有安装 Ray。请运行 pip install 'chengwen[cluster]' 再试。") from error
    return joined(address)
