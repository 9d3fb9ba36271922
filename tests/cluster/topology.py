"""The processes of a cluster on loopback: PostgreSQL, Chroma, nginx with TLS, replicas of the bot."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import certificates
import chroma
from aiohttp import ClientError, ClientSession, ClientTimeout
from stage.emulator import free_port

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bringing import Bringing
    from postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
NGINX = ROOT / "deploy" / "nginx"
START = 240.0  # seconds that a start may take on a busy machine
STOP = 40.0
BACK = 60.0  # seconds for a replica to notice that the vectors are there again


def missing() -> list[str]:
    """Return what has to be installed, as a sentence each."""
    from postgres import programs

    wanted = {
        "PostgreSQL (Debian: apt-get install postgresql)": programs() is not None,
        "nginx (Debian: apt-get install nginx-light)": nginx() is not None,
    }
    return [name for name, there in wanted.items() if not there]


def nginx() -> str | None:
    """Return where nginx is; it stands beside programs that only an administrator looks for."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@dataclass
class Program:
    """A process that can be killed and started again; what it says goes to a file."""

    command: list[str]
    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "output.txt").open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env={**os.environ, **self.env},
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def end(self, number: int = signal.SIGTERM) -> None:
        """Send a signal, and wait for the end; a program that does not end is killed, with what it began."""
        if self.process is None:
            return
        if number == signal.SIGKILL:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        try:
            self.process.wait(STOP)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    @property
    def lives(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def output(self) -> str:
        return (self.folder / "output.txt").read_text("utf-8", "replace")


@dataclass
class Cluster:
    """Everything but Telegram, which is told of later: it has to know nginx's certificate."""

    folder: Path
    postgres: Postgres
    url: str  # of the database
    settings: Mapping[str, str]
    replicas: list[Program] = field(default_factory=list)
    port: int = field(default_factory=free_port)
    chroma: int = field(default_factory=free_port)

    @property
    def address(self) -> str:
        """Where the public comes in."""
        return f"https://127.0.0.1:{self.port}"

    def lay(self, count: int = 2) -> None:
        """Lay down what the programs need: folders, settings, nginx's configuration."""
        ports = [free_port() for _ in range(count)]
        self.vectors = self._vectors()
        self.replicas = [self._replica(number, port) for number, port in enumerate(ports, 1)]
        self.front = self._front(ports)

    @property
    def searches_by_meaning(self) -> bool:
        """Whether Chroma is asked for anything."""
        return self.settings.get("EMBEDDINGS") != "none"

    def told_of(self, telegram: Bringing) -> None:
        """Let the replicas speak to this Telegram."""
        self.telegram = telegram
        for one in self.replicas:
            one.env |= {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_BASE_URL": telegram.url}

    async def up(self) -> None:
        """Start all at once, as a machine does after a power cut; return when updates are taken."""
        before = self.telegram.hooks
        for program in (self.vectors, self.front, *self.replicas):
            program.start()
        await self.ready(before + len(self.replicas))

    async def restart(self, replica: Program) -> float:
        """Start a replica again, and return after how many seconds it took updates."""
        began, before = monotonic(), self.telegram.hooks
        replica.start()
        await self.ready(before + 1)
        return monotonic() - began

    async def ready(self, hooks: int) -> None:
        """Wait until so many webhooks were set. Raises RuntimeError where a program ends meanwhile."""
        until = monotonic() + START
        while self.telegram.hooks < hooks:
            for one in (self.vectors, self.front, *self.replicas):
                if one.process is not None and not one.lives:
                    raise RuntimeError(f"{one.command} ended:\n{one.output[-3000:]}")
            if monotonic() > until:
                raise RuntimeError("the replicas do not come up")
            await asyncio.sleep(0.1)

    async def blind(self) -> int | None:
        """Return how many replicas don't reach the vectors, given time to look; None without any."""
        if not self.searches_by_meaning:
            return None
        until, away = monotonic() + BACK, len(self.replicas)
        async with ClientSession(timeout=ClientTimeout(total=15)) as session:
            while away and monotonic() < until:
                away = sum([not await _sees(session, one) for one in self.replicas])
                await asyncio.sleep(0.5)
        return away

    def down(self) -> None:
        """End the replicas in good order, then nginx and Chroma."""
        for program in (*self.replicas, self.front, self.vectors):
            program.end()

    def _replica(self, number: int, port: int) -> Program:
        home = self.folder / f"replica{number}"
        home.mkdir()
        (home / "empty.env").touch()
        env = {
            "CHENGWEN_ENV": str(home / "empty.env"),
            "CHENGWEN_HOME": str(home),
            "CHENGWEN_CATALOGUE": "database",
            "DATABASE_URL": self.url,
            "CHROMA_URL": f"http://127.0.0.1:{self.chroma}",
            "TELEGRAM_WEBHOOK_URL": f"{self.address}/telegram",
            "TELEGRAM_WEBHOOK_SECRET": "cluster-test",
            "TELEGRAM_WEBHOOK_PORT": str(port),
            "READER_URL": f"{self.address}/read",
            "PYTHONPATH": str(ROOT),
            **self.settings,
        }
        return Program([sys.executable, "-m", "bot", "bot"], home, env)

    def _vectors(self) -> Program:
        folder = self.folder / "chroma"
        folder.mkdir()
        where = ["--host", "127.0.0.1", "--port", str(self.chroma), "--path", str(folder / "data")]
        return Program([*chroma.program(), "run", *where], folder)

    def _front(self, ports: list[int]) -> Program:
        folder = self.folder / "nginx"
        folder.mkdir()
        certificates.self_signed(folder)
        rendered(folder, ports=ports, port=self.port)
        found = nginx()
        assert found is not None
        return Program(
            [found, "-p", str(folder), "-c", str(folder / "main.conf"), "-g", "daemon off;"], folder
        )


async def _sees(session: ClientSession, replica: Program) -> bool:
    url = f"http://127.0.0.1:{replica.env['TELEGRAM_WEBHOOK_PORT']}/readyz"
    try:
        async with session.get(url) as answer:
            told = await answer.json()
    except (ClientError, TimeoutError):
        return False
    return bool(told["parts"]["vectors"] == "ok" and len(set(told["versions"].values())) == 1)


def rendered(folder: Path, *, ports: list[int], port: int) -> None:
    """Write the configuration of ``deploy/`` into a folder, with this machine's addresses and files."""
    inside = (NGINX / "chengwen.conf").read_text("utf-8")
    names = iter(ports)
    inside = re.sub(r"server bot\d:8080", lambda _: f"server 127.0.0.1:{next(names)}", inside)
    inside = inside.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    inside = inside.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    inside = re.sub(r"/etc/nginx/tls/\w+\.pem", str(folder / certificates.NAME), inside)
    around = (NGINX / "main.conf").read_text("utf-8")
    around = around.replace("/tmp/", f"{folder}/").replace("/etc/nginx/conf.d", str(folder))
    if os.geteuid() == 0:
        around = f"user root;\n{around}"
    (folder / "chengwen.conf").write_text(inside, "utf-8")
    (folder / "main.conf").write_text(around, "utf-8")
