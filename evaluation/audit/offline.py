"""A whole run without any network set up: every address that it, or a child of it, speaks to is counted."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT = Path(__file__).resolve().parents[2]
SPOKEN, TRACED = "spoken.txt", "traced.txt"
# Run in the child before anything else: what Python does with sockets is written down, a line each.
_WATCHED = """
import os, sys
out = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def hear(event, told):
    if event in ("socket.connect", "socket.bind", "socket.sendto"):
        os.write(out, f"{event} {told[1]!r}\\n".encode())
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        os.write(out, f"{event} {told[0]!r}\\n".encode())
sys.addaudithook(hear)
from bot.cli import main
sys.argv = ["chengwen", *sys.argv[2:]]
main()
"""
STEPS: tuple[tuple[tuple[str, ...], str], ...] = (  # a command, and what is typed
    (("ingest", str(ROOT / "corpus")), ""),
    (("ask", "吉林市新增了多少停车位？"), ""),
    (("chat",), "吉林市新增了多少停车位？\n那台州呢？\n/quit\n"),
    (("search", "停车"), ""),
    (("figures", "--place", "吉林市"), ""),
    (("doctor",), ""),
)
_QUOTED = re.compile(r"'([^']*)'")
_TRACED = re.compile(
    r"(?:connect|bind|sendto|sendmsg)\(.*?sa_family=AF_INET6?.*?"
    r'(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRecord:
    """What was spoken to: addresses and names, as Python and as the system tell."""

    python: tuple[str, ...]
    system: tuple[str, ...] | None  # None where the system can't be asked (no strace)
    failed: tuple[str, ...]  # commands that ended badly, with what they said

    @property
    def beside_loopback(self) -> list[str]:
        """The addresses that are not this machine's own."""
        return sorted({one for one in (*self.python, *(self.system or ())) if not is_loopback(one)})


def is_loopback(address: str) -> bool:
    """Tell whether an address or name is this machine's own; a path is one."""
    if address in ("localhost", "") or address.startswith(("/", "\\0")):
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def listen(
    home: Path, *, steps: Iterable[tuple[Sequence[str], str]] = STEPS, program: str = _WATCHED
) -> NetworkRecord:
    """Run each command in ``home``, one after the other, and return what they spoke to."""
    home.mkdir(parents=True, exist_ok=True)
    spoken, traced = home / SPOKEN, home / TRACED
    spoken.touch()
    failed = [told for command, typed in steps if (told := _run(program, command, typed, home))]
    python = [one for row in spoken.read_text(encoding="utf-8").splitlines() for one in _QUOTED.findall(row)]
    files = sorted(home.glob(f"{traced.name}*"))
    system = [one for file in files for one in _TRACED.findall(file.read_text(errors="replace"))]
    return NetworkRecord(python=tuple(python), system=tuple(system) if files else None, failed=tuple(failed))


def _run(program: str, command: Sequence[str], typed: str, home: Path) -> str:
    tracer = shutil.which("strace")
    tracing = [tracer, "-f", "-ff", "-qq", "-e", "trace=network", "-o", str(home / TRACED)] if tracer else []
    known = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    env = {**known, "CHENGWEN_HOME": str(home / "home"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(  # noqa: S603 - our own command
        [*tracing, sys.executable, "-c", program, str(home / SPOKEN), *command],
        input=typed, env=env, cwd=home, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    return f"{command[0]}: {done.stderr[-500:]}" if done.returncode else ""
