"""``python -m evaluation vulnerabilities``: known vulnerabilities of the packages of the lock, as of today.

pip-audit asks PyPI's advisories (https://github.com/pypa/pip-audit). It is no part of the locks, since it is
needed nowhere else: ``pip install pip-audit`` beside the program, or elsewhere and name that Python by
``--with``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation.audit.supply import LOCK, ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

CLEAN, FOUND, UNKNOWN = 0, 1, 2  # exit codes
PATIENCE = 600  # seconds


@dataclass(frozen=True, slots=True)
class AdvisoryReport:
    """What the advisories tell: how many packages were asked about, and a line for each vulnerability."""

    asked: int
    unknown: int  # packages that the service told nothing of
    found: tuple[str, ...]

    @classmethod
    def of(cls, told: str) -> AdvisoryReport:
        """Read what pip-audit writes as JSON. Raises ValueError for anything else."""
        read = json.loads(told)
        if not isinstance(read, dict) or not isinstance(read.get("dependencies"), list):
            raise ValueError("no report of pip-audit")  # noqa: TRY004 - the text is wrong, not its type
        packages = read["dependencies"]
        audited = [one for one in packages if "skip_reason" not in one]
        lines = (_line(one, hole) for one in audited for hole in one["vulns"])
        return cls(len(audited), len(packages) - len(audited), tuple(lines))

    @property
    def code(self) -> int:
        """The exit code: 2 where nothing could be asked, or not of every package."""
        return FOUND if self.found else UNKNOWN if self.unknown or not self.asked else CLEAN

    def __str__(self) -> str:
        if not self.asked:
            return "the advisories could not be asked: PyPI's service is not reached from here"
        left = f", {self.unknown} that it tells nothing of" if self.unknown else ""
        return f"{self.asked} packages asked{left}, {len(self.found)} known vulnerabilities"


def _line(package: dict[str, Any], hole: dict[str, Any]) -> str:
    mended = ", ".join(hole["fix_versions"]) or "no version"
    return f"{package['name']} {package['version']}: {hole['id']}, mended in {mended}"


def main(arguments: Sequence[str]) -> int:
    """Print what is known; 1 where anything is, 2 where it could not be asked."""
    asked = _parser().parse_args(arguments)
    lock = ROOT / asked.lock
    command = [asked.python, "-m", "pip_audit", "--disable-pip", "--require-hashes", "-f", "json"]
    command += ["-r", str(lock)]
    try:
        done = subprocess.run(  # noqa: S603 - a Python that the caller names
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
        report = AdvisoryReport.of(done.stdout)
    except subprocess.TimeoutExpired:
        print(f"The advisories could not be asked: no answer in {PATIENCE} seconds.")
        return UNKNOWN
    except OSError as error:
        print(f"{asked.python} can't be run: {error.strerror}.")
        return UNKNOWN
    except ValueError:
        print(_reason(done.stderr))
        return UNKNOWN
    print(f"{asked.lock}, {datetime.now(UTC):%Y-%m-%d}: {report}")
    print(*report.found, sep="\n", end="\n" if report.found else "")
    return report.code


def _reason(stderr: str) -> str:
    if "No module named" in stderr:
        return "pip-audit is not installed: pip install pip-audit, or name a Python that has it with --with."
    lines = [line for line in stderr.splitlines() if line.strip()]
    return f"The advisories could not be asked: {lines[-1] if lines else 'pip-audit said nothing'}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation vulnerabilities", description=__doc__)
    parser.add_argument("--lock", type=Path, default=Path(LOCK), help="which lock")
    parser.add_argument("--with", dest="python", default=sys.executable, help="a Python that has pip-audit")
    return parser
