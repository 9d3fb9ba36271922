"""The Ray cluster of an ingest, where the extra for it is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import MissingPartError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from retrieval.ray_cluster import Cluster


def cluster(address: str) -> AbstractContextManager[Cluster]:
    """Join a cluster: ``local``, ``auto`` or ``ray://host:port``. Raises MissingPartError without Ray."""
    try:
        from retrieval.ray_cluster import joined  # noqa: PLC0415 - an extra, and a second to import
    except ImportError as error:
        raise MissingPartError("没有安装 Ray。请运行 pip install 'chengwen[cluster]' 再试。") from error
    return joined(address)
