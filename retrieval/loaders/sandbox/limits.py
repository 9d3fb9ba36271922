"""What the process that reads strangers' files may use: time, memory, and nothing of this machine.

Windows has no such limits for a process that sets them itself: there, the parent limits the time alone.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_NEVER = (
    "socket.", "subprocess.", "ctypes.dlopen", "os.system", "os.exec", "os.fork", "os.posix_spawn",
    "os.spawn", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate",
    "os.chmod",    "os.chown", "os.kill", "os.putenv", "shutil.", "pty.", "ftplib.", "smtplib.", "urllib.",
)  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderLimits:
    """What the reading of one file may take."""

    memory: int = 1 << 30  # bytes, over what the process has when it starts
    seconds: float = 20.0  # of the processor, for a small file
    seconds_per_mb: float = 4.0  # and more for each 2**20 bytes
    extras: tuple[str, ...] = ()  # what the process loads before it is bound: "ocr"

    def processor(self, size: int) -> float:
        """Return how many seconds of the processor a file of so many bytes may take."""
        return self.seconds + self.seconds_per_mb * size / 2**20

    def patience(self, size: int) -> float:
        """Return for how many seconds by the clock a file is waited for: others need the processor too."""
        return 4 * self.processor(size) + 10


def confine(memory: int) -> None:
    """Bind this process from here on; there is no way back."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - POSIX alone has it

        bounds = {"AS": _address_space() + memory, "FSIZE": 0, "NOFILE": 64, "CORE": 0, "NPROC": 0}
        for name, bound in bounds.items():
            with suppress(AttributeError, OSError, ValueError):  # not every system knows or holds each
                kind = getattr(resource, f"RLIMIT_{name}")
                resource.setrlimit(kind, (bound, bound))
    sys.addaudithook(_refuse)


def grant(seconds: float) -> None:
    """Return this process so many seconds of the processor from now on; after that the system ends it."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - POSIX alone has it

        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime + seconds) + 1
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (soft if hard < 0 else min(soft, hard), hard))


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 1 << 29
    return pages * os.sysconf("SC_PAGE_SIZE")


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_NEVER) or (event == "open" and _writes(*arguments)):
        raise PermissionError(f"a reader may not do this: {event}")


def _writes(_path: object, _mode: object, flags: object) -> bool:
    return isinstance(flags, int) and bool(flags & _WRITING)
