"""A home to be broken: filled once, copied for each fault, and looked at afterwards."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QUESTION, WORDS = "吉林市新增了多少停车位？", "停车泊位近5万个"
SOURCES = "出处"  # stands between an answer and what proves it
TEXTS = 24  # that an ingest to be broken off takes


class MissingPrerequisiteError(Exception):
    """What a fault takes to be made is not to be had here; the message says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandOutput:
    """What a command said before it ended."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> str:
        """The last line that a person saw, errors first; of an answer, itself and what is noted on it."""
        rows = [row.strip() for row in (self.err.strip() or self.out.strip()).splitlines() if row.strip()]
        if SOURCES in rows:
            rows = ["".join(row for row in rows[: rows.index(SOURCES)])]
        return rows[-1] if rows else ""

    @property
    def plain(self) -> bool:
        """Whether it is all for people to read."""
        return "Traceback" not in self.err + self.out


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultOutcome:
    """What came of one fault."""

    fault: str
    seen: str  # by the person, at the command after it
    logged: str
    lost: int  # sources that had been acknowledged and are gone
    mended: bool  # whether the program answers as before with nobody's hand


@dataclass
class FaultHome:
    """One home, with the command line before it."""

    home: Path
    env: dict[str, str] = field(default_factory=dict)
    before: tuple[str, ...] = ()  # put before each command, such as another clock

    def begin(self, *command: str) -> subprocess.Popen[str]:
        """Start a command."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        env = {
            **kept,
            "PYTHONPATH": str(ROOT),
            "HOME": str(self.home.parent),
            "CHENGWEN_HOME": str(self.home),
        }
        return subprocess.Popen(  # noqa: S603 - our own command
            [*self.before, sys.executable, "-m", "bot", *command],
            env={**env, "PYTHONDONTWRITEBYTECODE": "1", **self.env}, cwd=self.home.parent,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def say(self, *command: str) -> CommandOutput:
        """Run a command to its end."""
        return ended(self.begin(*command))

    def log(self) -> str:
        """Return the last warning or error in the log, without its time."""
        path = self.home / "logs" / "chengwen.log"
        rows = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        told = [row for row in rows if " WARNING " in row or " ERROR " in row]
        return told[-1].partition(" ")[2].partition(" ")[2] if told else ""

    def sources(self) -> frozenset[str]:
        """Return the keys that the catalogue holds, read as any program may."""
        with sqlite3.connect(f"file:{self.home / 'catalogue.db'}?mode=ro", uri=True) as connection:
            found = frozenset(key for (key,) in connection.execute("SELECT key FROM sources"))
        connection.close()
        return found

    def row(self, fault: str, known: frozenset[str], *, seen: CommandOutput | None = None) -> FaultOutcome:
        """Ask and search, and tell what came of a fault; ``seen``: of it, where not the first answer is."""
        first = self.say("ask", QUESTION)
        found = self.say("search", WORDS)
        lost = known - self.sources()
        return FaultOutcome(
            fault=fault,
            seen=(seen or first).last,
            logged=self.log(),
            lost=len(lost),
            mended=(
                first.code == found.code == 0
                and WORDS in first.out
                and WORDS in found.out
                and all(one.plain for one in (first, found, *((seen,) if seen else ())))
            ),
        )


def ended(process: subprocess.Popen[str], *, seconds: float = 900) -> CommandOutput:
    """Wait for a command."""
    out, err = process.communicate(timeout=seconds)
    return CommandOutput(code=process.returncode, out=out, err=err)


def filled(folder: Path) -> FaultHome:
    """Make a home with the shipped texts and the embedded model, as a first question does."""
    stand = FaultHome(folder / "whole" / "home")
    stand.home.mkdir(parents=True)
    stand.say("ask", QUESTION)
    return stand


def copied(whole: FaultHome, folder: Path) -> FaultHome:
    """Return a copy of a stand, to be broken."""
    shutil.copytree(whole.home, folder / "home", symlinks=True)
    return FaultHome(folder / "home")


def complete(stand: FaultHome, folder: Path) -> bool:
    """Tell whether the catalogue holds just the files that stand in a folder."""
    held = {key for key in stand.sources() if key.startswith(f"{folder}/")}
    return held == {str(path) for path in folder.iterdir()}


def texts(folder: Path, number: int = TEXTS) -> Path:
    """Write invented texts, and return their folder."""
    made = folder / "texts"
    made.mkdir(parents=True, exist_ok=True)
    for n in range(number):
        body = "".join(f"第{n}项第{m}款已经办结，经办单位按月公布进度，群众评议为满意。" for m in range(12))
        (made / f"{n:03d}.txt").write_text(f"清河市第{n}号通报\n{body}\n", encoding="utf-8")
    return made
