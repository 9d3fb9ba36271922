"""``python -m evaluation simulate``: many seeds, each a run of its own; those that went wrong are named."""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from evaluation.simulation.scenario import simulate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evaluation.simulation.auditor import AuditedRun

UPDATES = 1_000  # questions a seed


def main(arguments: Sequence[str]) -> int:
    """Run seeds until the time or the number of updates is reached; 1 where anything went wrong."""
    asked = _parser().parse_args(arguments)
    began = time.monotonic()
    runs: list[AuditedRun] = []
    first = asked.seed if asked.seed is not None else int(time.time()) * 1_000
    with ProcessPoolExecutor(asked.processes) as pool:
        work = partial(simulate, updates=asked.each)
        for seeds in _groups(first, 1 if asked.seed is not None else 2 * asked.processes):
            runs += pool.map(work, seeds)
            spent = time.monotonic() - began
            print(f"{len(runs)} seeds in {spent:,.0f} s", file=sys.stderr, flush=True)
            is_enough = sum(run.updates for run in runs) >= asked.updates if asked.updates else False
            if asked.seed is not None or is_enough or (asked.seconds and spent >= asked.seconds):
                break
    for run in runs:
        if not run.is_good or asked.seed is not None:
            print(_line(run))
    print(_sum(runs, time.monotonic() - began))
    return 0 if all(run.is_good for run in runs) else 1


def _groups(first: int, size: int) -> Iterator[list[int]]:
    numbers = iter(range(first, first + 10**9))
    while True:
        yield list(islice(numbers, size))


def _line(run: AuditedRun) -> str:
    told = {
        "lost": run.lost,
        "doubled": run.doubled,
        "doubled inside a send": run.doubled_inside,
        "out of order": run.out_of_order,
        "given up": run.given_up,
    }
    parts = [f"{name} {len(found)} {list(found[:5])}" for name, found in told.items() if found]
    left = [f"unfinished {run.unfinished}"] if run.unfinished else []
    again = f"python -m evaluation simulate --seed {run.seed} --each {run.updates}"
    return f"seed {run.seed}: {'; '.join(parts + left) or 'good'} ({again}; digest {run.digest[:12]})"


def _sum(runs: Sequence[AuditedRun], seconds: float) -> str:
    updates, kills = sum(run.updates for run in runs), sum(run.kills for run in runs)
    counts = {
        "lost": sum(len(run.lost) for run in runs),
        "doubled outside a send": sum(len(run.doubled) for run in runs),
        "out of order": sum(len(run.out_of_order) for run in runs),
        "unfinished": sum(run.unfinished for run in runs),
        "doubled inside a send": sum(len(run.doubled_inside) for run in runs),
        "given up": sum(len(run.given_up) for run in runs),
    }
    told = ", ".join(f"{number} {name}" for name, number in counts.items())
    hours = sum(run.virtual_seconds for run in runs) / 3_600
    first, last = runs[0].seed, runs[-1].seed
    return (
        f"{updates:,} updates, {kills:,} kills, {len(runs)} seeds ({first} to {last}), "
        f"{hours:,.1f} virtual hours in {seconds:,.0f} s: {told}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation simulate", description=__doc__)
    parser.add_argument("--seed", type=int, help="this seed alone, told also where all went well")
    parser.add_argument("--each", type=int, default=UPDATES, help="updates a seed")
    parser.add_argument("--updates", type=int, default=0, help="end after so many updates")
    parser.add_argument("--seconds", type=float, default=120, help="end after so many seconds")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="seeds at a time")
    return parser
