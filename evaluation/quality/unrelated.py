"""``python -m evaluation unrelated HOME LARGER…``: tell whether texts on other things spoil answers.

The same questions are answered from HOME and from homes that hold its texts and others beside. Printed are
how many answers were right in HOME, and which of them are wrong in a larger home.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands.ask import answer_all
from bot.presentation.answer_records import json_line, questions
from evaluation.datasets.material import SharedMaterial, rows
from evaluation.harness.bench import BenchWiring
from evaluation.reporting.shared_scorer import Scorer
from retrieval import Library, open_embedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

SETS = ("talks-dev", "rules-dev", "figures-dev", "promises-dev")


def spoilt(
    asked: Iterable[dict[str, Any]],
    before: Mapping[str, dict[str, Any]],
    after: Mapping[str, dict[str, Any]],
    judge: Callable[[dict[str, Any], dict[str, Any]], Mapping[str, Any]],
) -> tuple[list[str], list[str]]:
    """Return the ids of the questions answered rightly before, and of those answered wrongly after."""
    right = [one for one in asked if judge(one, before[one["id"]])["right"]]
    return [one["id"] for one in right], [
        one["id"] for one in right if not judge(one, after[one["id"]])["right"]
    ]


def answered(home: Path, asked: Sequence[dict[str, Any]]) -> tuple[int, dict[str, dict[str, Any]]]:
    """Return how many documents a home holds, and the records of its answers by id."""
    embedder, made = open_embedder(home=home), []
    with Library.open(home, embedder=embedder) as library:
        answerer = BenchWiring(home, embedder).answerer(library)
        lines = (json.dumps(one, ensure_ascii=False) for one in asked)
        answer_all(questions(lines), answerer, lambda record: made.append(json.loads(json_line(record))))
        return len(library.documents()), {record["id"]: record for record in made}


def main(arguments: Sequence[str]) -> int:
    """Answer from each home and print what was spoilt; 1 where anything was."""
    parser = argparse.ArgumentParser(prog="python -m evaluation unrelated", description=__doc__)
    parser.add_argument("homes", type=Path, nargs="+", help="the first holds the texts asked of, others more")
    parser.add_argument(
        "--questions", type=Path, nargs="*", help="files of questions, by default the dev sets"
    )
    given = parser.parse_args(arguments)
    material = SharedMaterial()
    files = given.questions or [material.path("eval", "bench", f"{name}.jsonl") for name in SETS]
    judge = Scorer.load(material.path("eval", "score_bench.py")).module.judge
    asked = [row for file in files for row in rows(file)]
    held, first = answered(given.homes[0], asked)
    bad = 0
    for home in given.homes[1:]:
        more, later = answered(home, asked)
        right, lost = spoilt(asked, first, later, judge)
        gained = len(spoilt(asked, later, first, judge)[1])
        bad += len(lost)
        print(
            f"{more - held} more documents: {len(right)} of {len(asked)} right before, {len(lost)} spoilt, "
            f"{gained} mended; spoilt: {', '.join(lost) or 'none'}"
        )
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
