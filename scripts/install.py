"""Install a lock file; optional packages that can't be had are left out, and a sentence says what is lost.

Usage: ``python scripts/install.py LOCK``, by the Python of the environment to install into. The optional
packages are those of pyproject.toml, ``[tool.chengwen.optional]``. Everything is installed in one step if
possible; only if that fails, the necessary packages go first, and each optional one follows with what it
alone needs. With ``WHEELS=FOLDER`` packages come from that folder only, as ``make wheels`` fills it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_NAME = re.compile(r"^([A-Za-z0-9][\w.-]*)")
_OURS = {"chengwen", "-r"}  # the project itself, and scripts/build.in
_ADVICE = """\
安装没有完成：{why}
请检查网络；也可以用 PIP_INDEX_URL 指定镜像，或用 WHEELS=文件夹 从本地安装包安装。
The installation did not finish. Check the network, name a mirror with PIP_INDEX_URL, or use WHEELS=FOLDER.
"""


def blocks(lock: str) -> dict[str, str]:
    """Split a lock into its packages: the text of each, by its name; a name may have several versions."""
    found: dict[str, str] = {}
    for block in re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE):
        if match := _NAME.match(block):
            found[match[1]] = found.get(match[1], "") + block
    return found


def needed_by(block: str) -> set[str]:
    """Return who needs a package, as the ``# via`` comments of its block say."""
    comments = (line.strip("# \n") for line in block.splitlines() if line.lstrip().startswith("#"))
    return {line.removeprefix("via").split()[0] for line in comments if line.removeprefix("via").strip()}


def families(packages: dict[str, str], optional: set[str]) -> dict[str, set[str]]:
    """Return, for each optional package of a lock, it and what no necessary package needs but it does."""
    parents = {name: needed_by(block) for name, block in packages.items()}
    necessary: set[str] = set()
    while more := {
        name for name, by in parents.items() if name not in optional | necessary and by & (necessary | _OURS)
    }:
        necessary |= more
    return {root: _below(root, parents) - necessary for root in optional if root in packages}


def _below(root: str, parents: dict[str, set[str]]) -> set[str]:
    found, edge = {root}, {root}
    while edge := {name for name, by in parents.items() if by & edge} - found:
        found |= edge
    return found


def pip(packages: dict[str, str]) -> str | None:
    """Install the packages of a lock; return what pip said last where it failed, None for nothing."""
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder, "lock.txt")
        lock.write_text("".join(packages.values()), encoding="utf-8")
        wheels = os.environ.get("WHEELS")
        source = ["--no-index", "--find-links", wheels] if wheels else []
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-q"]
        done = subprocess.run(  # noqa: S603 - our own command
            [*command, *source, "--only-binary", ":all:", "--require-hashes", "-r", str(lock)],
            capture_output=True,
            text=True,
            check=False,
        )
    said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [done.stderr[-300:]]
    return None if done.returncode == 0 else said[-1]


def install(lock: Path) -> int:
    """Install a lock file, tell what had to be left out, and return the exit status."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["chengwen"][
        "optional"
    ]
    packages = blocks(lock.read_text(encoding="utf-8"))
    if pip(packages) is None:
        return 0
    groups = families(packages, set(told))
    dropped = set().union(*groups.values())
    if why := pip({name: block for name, block in packages.items() if name not in dropped}):
        sys.stderr.write(_ADVICE.format(why=why))
        return 1
    for root, group in groups.items():
        if pip({name: block for name, block in packages.items() if name in group}):
            sys.stderr.write(f"{root}：{told[root]}\n")
    return 0


if __name__ == "__main__":
    sys.exit(install(Path(sys.argv[1])))
