"""Measure one part and print its table as JSON; ``python -m evaluation telegram`` runs this.

``python tests/telegram/pressure PART --home FOLDER [--spec FILE]``; parts: many, kills, texts,
memory, follow.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[3]), str(HERE.parents[1])]

from stage.spec import Spec

from pressure import kills, many, memory, news, texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from evaluation.reporting.tables import ResultTable

    Part = Callable[[Path, Spec | None], ResultTable]

PARTS: dict[str, Part] = {
    "many": lambda home, spec: many.table(asyncio.run(many.crowded(home, spec))),
    "kills": lambda home, spec: kills.table(asyncio.run(kills.killed(home, spec))),
    "texts": lambda _, spec: texts.table(texts.many(spec)),
    "memory": lambda home, spec: memory.table(asyncio.run(memory.grown(home, spec))),
    "follow": lambda home, spec: news.table(asyncio.run(news.followed(home, spec))),
}


def main() -> None:
    """Measure the part that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--home", type=Path, required=True, help="an empty folder")
    parser.add_argument("--spec", type=Path, help="the Bot API as data; calls are checked against it")
    asked = parser.parse_args()
    asked.home.mkdir(parents=True, exist_ok=True)
    table = PARTS[asked.part](asked.home.resolve(), Spec.load(asked.spec) if asked.spec else None)
    print(json.dumps(asdict(table), ensure_ascii=False))


if __name__ == "__main__":
    main()
