"""Results kept by date, so that a change can be held against what was reached before it."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound, markdown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KINDS = "kinds"  # the key of the table that the reader page tells of
_TOLD = (
    "chengwen",
    "chromadb",
    "onnxruntime",
    "tantivy",
    "langchain-chroma",
    "llama-index-core",
    "haystack-ai",
)


def save(tables: Sequence[ResultTable], folder: Path, *, date: str) -> Path:
    """Keep tables under a date as JSON and Markdown; a table kept earlier that day gives way to the newer.

    Returns the path of the Markdown.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data, page = folder / f"{date}.json", folder / f"{date}.md"
    merged = {one.key: one for one in (*load(data), *tables) if not one.key.startswith("skipped-")}
    around = setting()
    kept = {"date": date, "setting": around, "tables": [asdict(one) for one in merged.values()]}
    data.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    told = ", ".join(f"{name} {value}" for name, value in around.items())
    body = "\n".join(markdown(one) for one in merged.values())
    page.write_text(f"# Measured on {date}\n\n{told}\n\n{body}", encoding="utf-8")
    return page


def packaged(tables: Sequence[ResultTable], folder: Path, *, date: str) -> Path | None:
    """Write the answers by kind where the reader page finds them; None where they were not measured."""
    found = next((one for one in tables if one.key == KINDS), None)
    if found is None:
        return None
    told: dict[str, dict[str, Any]] = {}
    for one in found.figures:
        kind, _, name = one.name.partition(": ")
        told.setdefault(kind, {"kind": kind})[name] = one.value
    kept = {"date": date, "kinds": [{**one, "questions": int(one["questions"])} for one in told.values()]}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "measured.json"
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def load(path: Path) -> tuple[ResultTable, ...]:
    """Return the tables that were kept in a file, none where there is no file."""
    if not path.is_file():
        return ()
    return tuple(table_of(one) for one in json.loads(path.read_text(encoding="utf-8"))["tables"])


def setting() -> dict[str, str]:
    """Return what the figures depend on beside the code: Python, system, versions of packages."""
    told = {"Python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    return told | {name: found for name in _TOLD if (found := _version(name))}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def table_of(told: dict[str, Any]) -> ResultTable:
    """Return a table that was written as JSON."""
    figures = tuple(
        Measurement(
            name=one["name"],
            value=one["value"],
            unit=MeasureUnit(one["unit"]),
            target=one["target"],
            bound=TargetBound(one["bound"]),
            beside=tuple(one["beside"]),
        )
        for one in told["figures"]
    )
    lists = {name: tuple(told[name]) for name in ("others", "notes")}
    return ResultTable(key=told["key"], title=told["title"], figures=figures, **lists)
