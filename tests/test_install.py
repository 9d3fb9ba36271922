"""A package that can't be had does not end the installation, unless the program can't do without it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "scripts" / "install.py"
sys.path.insert(0, str(SCRIPT.parent))

import install  # noqa: E402

OPTIONAL = set(
    tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["chengwen"]["optional"]
)
LOCK = """\
needed==1 \\
    --hash=sha256:{needed}
    # via
    #   chengwen (pyproject.toml)
    #   opencc
opencc==1 \\
    --hash=sha256:{opencc}
    # via chengwen (pyproject.toml)
only-of-opencc==1 \\
    --hash=sha256:{only}
    # via opencc
"""


def wheel(folder: Path, name: str) -> str:
    """Make an empty package and return its digest."""
    module = name.replace("-", "_")
    path = folder / f"{module}-1-py3-none-any.whl"
    info = f"{module}-1.dist-info"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(f"{module}.py", "")
        packed.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        packed.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        packed.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run(tmp_path: Path, *, had: tuple[str, ...]) -> tuple[int, str, set[str]]:
    """Install the lock in a new environment from a folder that holds some of it; return what became of it."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    names = {"needed": "needed", "opencc": "opencc", "only": "only-of-opencc"}
    digests = {key: wheel(wheels, name) if key in had else "0" * 64 for key, name in names.items()}
    lock = tmp_path / "requirements.lock"
    lock.write_text(LOCK.format(**digests), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "new"], check=True)
    python = tmp_path / "new" / "bin" / "python"
    done = subprocess.run(
        [python, SCRIPT, lock],
        env={**os.environ, "WHEELS": str(wheels)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    listed = subprocess.run([python, "-m", "pip", "list"], capture_output=True, text=True, check=True).stdout
    return (
        done.returncode,
        done.stderr,
        {line.split()[0] for line in listed.splitlines()} & set(names.values()),
    )


@pytest.mark.skipif(os.name == "nt", reason="an environment has other folders on Windows")
@pytest.mark.parametrize("had", [("needed", "opencc", "only"), ("needed", "only"), ("needed", "opencc")])
def test_an_optional_package_that_is_gone_is_left_out_and_told(tmp_path: Path, had: tuple[str, ...]) -> None:
    status, told, there = run(tmp_path, had=had)
    assert status == 0
    assert "needed" in there
    whole = len(had) == 3
    assert ("opencc" in there) == whole
    assert ("opencc：" in told) == (not whole)


@pytest.mark.skipif(os.name == "nt", reason="an environment has other folders on Windows")
def test_a_necessary_package_that_is_gone_ends_it_with_advice(tmp_path: Path) -> None:
    status, told, _ = run(tmp_path, had=("opencc", "only"))
    assert status == 1
    assert "needed" in told
    assert "PIP_INDEX_URL" in told


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-extras.lock"])
def test_a_lock_says_who_needs_what(lock: str) -> None:
    """Each optional package of a lock has a family, which holds nothing that is needed otherwise."""
    packages = install.blocks((ROOT / lock).read_text(encoding="utf-8"))
    groups = install.families(packages, OPTIONAL)
    assert set(groups) == OPTIONAL & set(packages)
    assert {"opencc"} == groups["opencc"]
    assert "onnxruntime" in groups["chromadb"]
    assert not {"httpx", "numpy", "langchain-core", "rich", "tantivy"} & set().union(*groups.values())
