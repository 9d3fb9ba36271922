"""No file of the project repeats the sentences of the shared material, which is read and not copied."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
RUN = 24  # characters in a row, without white space
LEAST = 12  # of them Chinese: dates, figures and addresses are nobody's sentences
FOLDERS = ("corpus", "data/gov", "data/gov_more", "data/gov_train", "data/docs")
SUFFIXES = {".txt", ".md", ".html", ".json", ".jsonl", ".csv"}
HAN = re.compile("[\u4e00-\u9fff]")
# Titles of sources, by which a citation names them, and the five traits that every such speech quotes.
NAMES = (
    "2021年全国文明城市创建工作培训班交流发言材料摘编（三）（建设更高水平文明城市）",
    "“信仰坚定、崇德向善、文化厚重、和谐宜居、人民满意”",
)


def squeezed(path: Path) -> str:
    """Return a file's text without white space, or nothing where it is no text."""
    content = path.read_bytes()
    for encoding in ("utf-8", "gb18030"):
        try:
            return re.sub(r"\s+", "", content.decode(encoding))
        except UnicodeDecodeError:
            continue
    return ""


def runs(text: str) -> Iterator[str]:
    return (text[at : at + RUN] for at in range(len(text) - RUN + 1))


def test_no_file_repeats_a_sentence_of_the_shared_material(shared: Path) -> None:
    files = [
        path
        for folder in FOLDERS
        for path in sorted((shared / folder).rglob("*"))
        if path.suffix in SUFFIXES and path.is_file()
    ]
    known = {hash(run) for path in files for run in runs(squeezed(path))}
    known -= {hash(run) for name in NAMES for run in runs(name)}
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    found = {}
    for name in listed.decode().rstrip("\0").split("\0"):
        text = squeezed(ROOT / name) if (ROOT / name).is_file() else ""
        same = [run for run in runs(text) if hash(run) in known and len(HAN.findall(run)) >= LEAST]
        if same:
            found[name] = same[0]
    assert not found
