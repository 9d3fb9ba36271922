"""Names that can't be resolved for a while: this process and the bot see name files of their own."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from beside.outages import SECONDS
from beside.people import through
from evaluation.faults.disks_and_clocks import mounted
from evaluation.faults.fault_home import MissingPrerequisiteError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from beside.people import Scene
    from evaluation.faults.fault_home import FaultHome, FaultOutcome

HOST = "telegram.chengwen.test"
APART = "CHENGWEN_FAULTS_APART"  # set in the process that has name files of its own


def apart() -> None:
    """Begin this process anew where what it mounts is seen by nobody else. Raises MissingError."""
    if os.environ.get(APART):
        return
    if os.geteuid() != 0 or not shutil.which("unshare"):
        raise MissingPrerequisiteError("only root may give a process name files of its own (unshare -m)")
    command = ["unshare", "-m", "--propagation", "private", sys.executable, *sys.argv]
    os.execvpe(command[0], command, {**os.environ, APART: "1"})


def _mounts(folder: Path) -> Path:
    """Lay this process's name files over those of the machine, and return the one of hosts."""
    hosts, resolver = folder / "hosts", folder / "resolv.conf"
    resolver.write_text("nameserver 127.0.0.1\n")  # where nobody answers
    hosts.write_text("")
    for ours, theirs in ((hosts, "/etc/hosts"), (resolver, "/etc/resolv.conf")):
        if not mounted("bind", str(ours), str(Path(theirs).resolve())):
            raise MissingPrerequisiteError(f"{theirs} can't be covered here")
    return hosts


async def _gone(stand: FaultHome) -> FaultOutcome:
    """Take the name away, cut what is connected, and give the name back."""
    hosts = _mounts(stand.home.parent)
    hosts.write_text(f"127.0.0.1 {HOST}\n")

    @asynccontextmanager
    async def nameless(made: Scene) -> AsyncIterator[None]:
        hosts.write_text("")
        await made.proxy.offline()
        await made.proxy.online()
        try:
            yield
            await asyncio.sleep(SECONDS)
        finally:
            hosts.write_text(f"127.0.0.1 {HOST}\n")

    return await through(stand, f"DNS is gone for a bot, {SECONDS:.0f} s", nameless, host=HOST)


NAMES = {"dns gone": _gone}
