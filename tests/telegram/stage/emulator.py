"""The emulator others wrote, as a process of its own on a free loopback port."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

# The emulator keeps queues for so many tokens; a fresh one is started after these.
TOKENS_EACH = 15
PATIENCE = 60.0


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Emulator:
    """One running emulator."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        program = Path(sys.executable).with_name("lo-bot-api-emulator")
        self._process = subprocess.Popen(
            [
                str(program),
                "--port",
                str(self.port),
                "--enable-control",
                "--allow-insecure-loopback-webhooks",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._await_up()

    def _await_up(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.url}/", timeout=1)
            except urllib.error.HTTPError:
                return  # it answers: there is nothing at "/"
            except OSError:
                time.sleep(0.02)
        self.stop()
        raise RuntimeError("the emulator did not come up")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Emulators:
    """Hands out tokens, each good at the emulator that stands with it."""

    def __init__(self) -> None:
        self._current: Emulator | None = None
        self._given = 0

    def token(self) -> tuple[str, Emulator]:
        if self._current is None or self._given % TOKENS_EACH == 0:
            self.stop()
            self._current = Emulator()
        self._given += 1
        return f"{7000 + self._given}:AA{self._given:033d}", self._current

    def stop(self) -> None:
        if self._current is not None:
            self._current.stop()
            self._current = None
