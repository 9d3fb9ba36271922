"""The judge on the command line: ``judge`` pairs, ``mutations`` of clauses, ``train-judge``."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from answering.judge import ClaimVerdict, load
from answering.judge.decision import WEIGHTS
from answering.judge.meaning import WEIGHTS as NETWORKS
from evaluation.verification.judge_training import TrainingPlan, mutations, train
from evaluation.verification.judging import judge_pairs
from retrieval.embeddings.embedder import open_embedder
from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Sequence


def judge_main(words: Sequence[str]) -> int:
    """Judge a file of pairs; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evaluation judge", description=judge_pairs.__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--home", type=Path, help="a folder that keeps the embedding model between runs")
    asked = parser.parse_args(words)
    if not asked.pairs.is_file():
        print(f"there is no file {asked.pairs}", file=sys.stderr)
        return 2
    print(f"judged: {judge_pairs(asked.pairs, asked.out, home=asked.home)}")
    return 0


def mutations_main(words: Sequence[str]) -> int:
    """Judge true clauses of a home and their mutations, and print the shares; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evaluation mutations", description=_mutations.__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--many", type=int, default=10_000)
    asked = parser.parse_args(words)
    return _mutations(asked.home, asked.many)


def train_main(words: Sequence[str]) -> int:
    """Learn the judge's weights; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evaluation train-judge", description=train.__doc__)
    parser.add_argument("home", type=Path, help="a home with documents to take clauses from")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--networks", type=Path, default=NETWORKS, help="where the networks of meaning go")
    parser.add_argument("--many", type=int, default=1_800, help="clauses that the trees of words learn from")
    parser.add_argument("--clauses", type=int, default=8_000, help="clauses that meaning is learned from")
    parser.add_argument("--threshold", type=float, default=0.6)
    parser.add_argument("--cut", type=float, default=0.62, help="probability from which a claim is supported")
    parser.add_argument("--meaning-cut", type=float, default=0.75, help="the same where meaning is compared")
    asked = parser.parse_args(words)
    plan = TrainingPlan(
        many=asked.many,
        clauses=asked.clauses,
        threshold=asked.threshold,
        cut=asked.cut,
        meaning_cut=asked.meaning_cut,
    )
    embedder = open_embedder(home=asked.home)
    with Library.open(asked.home, embedder=None) as library:
        many = train(library, embedder, asked.out, asked.networks, plan)
    print(f"learned from {many} examples: {asked.out}, {asked.networks}")
    return 0


def _mutations(home: Path, many: int) -> int:
    """Print the share of each kind of mutation that is accepted, and of true clauses that are refused."""
    judge = load(open_embedder(home=home))
    accepted: Counter[str] = Counter()
    total: Counter[str] = Counter()
    with Library.open(home, embedder=None) as library:
        for pair in mutations(library, many=many, seed=2):
            total[pair.kind] += 1
            found = judge(pair.claim, pair.evidence)
            accepted[pair.kind] += found.verdict is ClaimVerdict.SUPPORTED
    print(f"true clauses refused: {1 - accepted[''] / max(1, total['']):.3f} of {total['']}")
    for kind in sorted(kind for kind in total if kind):
        print(f"{kind:<14} accepted {accepted[kind] / total[kind]:.3f} of {total[kind]}")
    return 0
