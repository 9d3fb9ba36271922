"""The house is in order: the map names every room, names are used once, nothing imports in a circle."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("retrieval", "answering", "bot", "evaluation")
LONGEST = 500  # lines of a file
SMALL = 60  # lines: a module below that has more than one importer in its folder
FULL = 15  # modules of a folder
FULLER = {"retrieval/catalog": 18}
# What is still to be taken apart or renamed; these lists may only get shorter.
FILES = {"models.py", "scope.py"}
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


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports() -> dict[str, set[str]]:
    """Return what each module imports of ours, also what only the type checker reads."""
    paths = {dotted(path): path for path in modules()}
    graph: dict[str, set[str]] = {}
    for name, path in paths.items():
        found = set()
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Import):
                found |= {one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                inner = {f"{node.module}.{one.name}" for one in node.names}
                found |= {one if one in paths else node.module for one in inner}
        graph[name] = (found & paths.keys()) - {name}
    return graph


def circles(graph: dict[str, set[str]]) -> list[str]:
    """Return the modules that are left when those that import nothing any more go, again and again."""
    left = {name: set(found) for name, found in graph.items()}
    while free := [name for name, found in left.items() if not found]:
        for name in free:
            del left[name]
        for found in left.values():
            found.difference_update(free)
    importers = {name: {one for one, found in left.items() if name in found} for name in left}
    while free := [name for name, found in importers.items() if not found]:
        for name in free:
            del importers[name]
        for found in importers.values():
            found.difference_update(free)
    return sorted(importers)


def test_circles_are_found() -> None:
    """Two that import each other are named; what leads to them, or is led to, is not."""
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}) == ["b", "c"]


def test_nothing_imports_in_a_circle() -> None:
    assert circles(imports()) == []


def test_no_public_class_has_the_name_of_another() -> None:
    homes = defaultdict(list)
    for path in modules():
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(dotted(path))
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def test_no_file_has_the_name_of_another_in_its_package() -> None:
    homes = defaultdict(list)
    for path in modules():
        if not path.name.startswith("__"):
            homes[path.relative_to(ROOT).parts[0], path.name].append(dotted(path))
    assert [found for (_, name), found in homes.items() if len(found) > 1 and name not in FILES] == []


def test_a_folder_holds_no_more_than_can_be_looked_over() -> None:
    sizes: dict[str, int] = defaultdict(int)
    for path in modules():
        if not path.name.startswith("__") and "migrations" not in path.parts:
            sizes[path.relative_to(ROOT).parent.as_posix()] += 1
    assert {name: size for name, size in sizes.items() if size > FULLER.get(name, FULL)} == {}


def test_a_small_module_of_one_neighbour_is_part_of_it() -> None:
    """In ``bot``: a few lines that only one module of the folder needs stand there."""
    importers = defaultdict(set)
    for name, found in imports().items():
        for one in found:
            importers[one].add(name)
    alone = []
    for path in modules():
        name, lines = dotted(path), len(path.read_text(encoding="utf-8").splitlines())
        by = importers[name]
        near = {one for one in by if one.rpartition(".")[0] == name.rpartition(".")[0]}
        if path.name != "__init__.py" and lines < SMALL and len(by) == 1 and near:
            alone.append(name)
    assert [name for name in alone if name.startswith("bot.")] == []


def test_each_folder_says_in_a_sentence_what_it_holds() -> None:
    short = []
    for path in modules():
        if path.name == "__init__.py":
            words = (ast.get_docstring(tree(path)) or "").split("\n")[0]
            if not words.endswith((".", ":")) or len(words.split()) < 4:
                short.append(dotted(path))
    assert [one for one in short if one.startswith(("bot", "evaluation"))] == []


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
