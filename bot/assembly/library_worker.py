"""Changes to the library for a running bot, each in a process of its own, beside the answers."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.errors import BotError
from retrieval.ingest.preview import Preview
from retrieval.ingest.report import FileReport

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Told = TypeVar("Told")
PREVIEWS: TypeAdapter[list[Preview]] = TypeAdapter(list[Preview])
REPORTS: TypeAdapter[list[FileReport]] = TypeAdapter(list[FileReport])
TOLD = 500  # characters of what a process says when it fails


class LibraryWorkerError(BotError):
    """The library could not be changed; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryWorker:
    """Runs ``chengwen`` to look at files and to change the library; ``env`` comes over the environment."""

    env: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 600.0  # that one change may take

    async def preview(self, path: Path) -> Preview:
        """Return what would be read of a file. Raises KeeperError."""
        told = await self._run("preview", "--json", "--", str(path))
        return _parsed(PREVIEWS, told)[0]

    async def take(self, path: Path) -> FileReport:
        """Read a file into the library. Raises KeeperError."""
        told = await self._run("ingest", "--json", "--", str(path))
        return _parsed(REPORTS, told)[0]

    async def remove(self, key: str) -> None:
        """Take a source out of the library. Raises KeeperError."""
        await self._run("corpus", "remove", "--yes", "--", key)

    async def _run(self, *arguments: str) -> bytes:
        """Run one command, ended with this call whatever happens, and return what it printed."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "bot", *arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **self.env},
        )
        try:
            async with asyncio.timeout(self.seconds):
                told, complaint = await process.communicate()
        except TimeoutError:
            raise LibraryWorkerError(
                f"超过 {self.seconds:.0f} 秒还没做完，已经停下。请改用 chengwen ingest。"
            ) from None
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if process.returncode and not told.strip():
            raise LibraryWorkerError(
                complaint.decode("utf-8", "replace").strip()[-TOLD:] or "没有做成，原因见日志。"
            )
        return told


def _parsed(adapter: TypeAdapter[list[Told]], told: bytes) -> list[Told]:
    try:
        return adapter.validate_json(told)
    except ValidationError as error:
        raise LibraryWorkerError("读文件的进程说了看不懂的话，原因见日志。") from error
