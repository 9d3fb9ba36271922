"""The house is in order: the map names every room, files stay small, locks carry hashes and no addresses."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("retrieval", "answering", "bot", "evaluation")
LONGEST = 500  # lines of a file
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-extras.lock")


def modules() -> list[Path]:
    return [path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]


def test_the_map_names_every_room() -> None:
    """Each folder of modules, or one that holds it, is named in docs/architecture.md."""
    rooms = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_0-9/]+)(?:/\*)?`", rooms))
    folders = {path.relative_to(ROOT).parent for path in modules()}
    lost = [
        folder.as_posix()
        for folder in sorted(folders)
        if len(folder.parts) > 1 and not any(up.as_posix() in named for up in (folder, *folder.parents))
    ]
    assert not lost


def test_each_test_file_has_a_name_of_its_own() -> None:
    names = sorted(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(names) == len(set(names)), [one for one in names if names.count(one) > 1]


def test_no_module_is_longer_than_its_subject() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert not [path for path, number in lines.items() if number > LONGEST]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_and_hashes_everything_and_names_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    pinned = re.findall(r"^([a-z0-9][\w.\-\[\]]*)==", text, re.MULTILINE | re.IGNORECASE)
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE | re.IGNORECASE)[1:]
    assert len(pinned) > 50
    assert len(pinned) == len(blocks)
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"https?://|--index-url|--find-links", text)


def test_make_tells_what_it_can_do() -> None:
    told = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {"make chat", "make test", "make bot", "make check"} <= set(re.findall(r"make \w+", told))
