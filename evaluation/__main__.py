"""``python -m evaluation``: print the tables, each figure beside its target; ``COMMANDS`` do other work."""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.audit import question_walk, vulnerabilities
from evaluation.datasets.material import ROOT, SharedMaterial
from evaluation.harness.bench import PASSAGES, Bench
from evaluation.harness.homes import ForeignFolderError
from evaluation.performance.engine import ProcessEndedError
from evaluation.promises import choice_fit, pair_check, pair_fit, question_fit
from evaluation.quality import documents, large_files, unrelated
from evaluation.reporting.saved_results import packaged, save
from evaluation.reporting.tables import markdown
from evaluation.run import ALIASES, PARTS, chosen, tables
from evaluation.simulation import simulate
from evaluation.training import page_lines, rules
from evaluation.training.learners import claim_fit, fact_fit
from evaluation.verification import changed_claims, code_mutants, judge_commands, scripted
from evaluation.web import pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# The first argument chooses one of these; it takes the others.
COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "documents": documents.main,
    "large-files": large_files.main,
    "train-furniture": page_lines.main,
    "promise-weights": pair_fit.main,
    "promise-choices": choice_fit.main,
    "promise-questions": question_fit.main,
    "promises": pair_check.main,
    "train-rules": rules.main,
    "train-claims": claim_fit.main,
    "train-figures": fact_fit.main,
    "judge": judge_commands.judge_main,
    "mutants": code_mutants.main,
    "mutations": judge_commands.mutations_main,
    "changed-claims": changed_claims.main,
    "train-judge": judge_commands.train_main,
    "oracle": scripted.main,
    "unrelated": unrelated.main,
    "simulate": simulate.main,
    "walk": question_walk.main,
    "vulnerabilities": vulnerabilities.main,
    "pictures": pictures.main,
}
STRICT = ("audit", "faults")  # of these tables every figure must be met, or the run has failed
RESULTS = ROOT / "evaluation" / "results"
PACKAGED = ROOT / "bot" / "reader" / "data"  # what the reader page tells of the results


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for; returns the exit code, 0 also where a part had to be skipped."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] in COMMANDS:
        return COMMANDS[given[0]](given[1:])
    asked = _parser().parse_args(given)
    try:
        parts = chosen(asked.parts)
    except KeyError as error:
        print(f"there is no part {error}; there are: {', '.join((*PARTS, *ALIASES))}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="chengwen-evaluation-") as passing:
        return _measure(asked, parts, asked.home or Path(passing))


def _measure(asked: argparse.Namespace, parts: Sequence[str], root: Path) -> int:
    root.mkdir(parents=True, exist_ok=True)
    done = []
    with Bench(SharedMaterial(folder=asked.shared), root.resolve(), passages=asked.passages) as bench:
        try:
            for table in tables(parts, bench):
                print(markdown(table), flush=True)
                done.append(table)
        except (ForeignFolderError, ProcessEndedError) as error:
            print(error, file=sys.stderr)
            return 2
        if asked.show:
            print("\n".join(bench.remarks))
    if asked.save:
        date = datetime.now(UTC).date().isoformat()
        print(f"saved: {save(done, asked.results, date=date).name}")
        if asked.results == RESULTS and (told := packaged(done, PACKAGED, date=date)):
            print(f"saved: {told.name}")
    strict = (figure for table in done if table.key.startswith(STRICT) for figure in table.figures)
    return 1 if any(figure.met is False for figure in strict) else 0


def _numbers(told: str) -> tuple[int, ...]:
    return tuple(int(one) for one in told.split(","))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="part", help=", ".join((*PARTS, *ALIASES)) + "; default: all"
    )
    parser.add_argument("--home", type=Path, help="a folder to keep homes and records in, for the next run")
    parser.add_argument(
        "--shared", type=Path, default=SharedMaterial().folder, help="the folder of shared material"
    )
    parser.add_argument("--save", action="store_true", help="keep the tables under evaluation/results")
    parser.add_argument("--results", type=Path, default=RESULTS, help="another folder to keep them in")
    parser.add_argument(
        "--passages", type=_numbers, default=PASSAGES, help="sizes for scale, like 1000,10000 (the default)"
    )
    parser.add_argument("--show", action="store_true", help="print a line for each question that fell short")
    return parser


if __name__ == "__main__":
    sys.exit(main())
