"""The long run, ``make fuzz``: each target until it has had 200,000 inputs or ten minutes; finds are kept.

``python tests/fuzz/long.py [--inputs N] [--seconds S] [target …]`` prints a row each, ends with 1 on a find.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from finds import keep, kept
from targets import TARGETS, Target
from watch import trouble

HEAD = "| target | inputs | seconds | slowest input, s | crashes | hangs |\n|---|---|---|---|---|---|"


@dataclass
class Tally:
    """What came of one target."""

    inputs: int = 0
    slowest: float = 0.0
    seconds: float = 0.0
    finds: dict[str, Any] = field(default_factory=dict)  # what was told last → the input

    def row(self, name: str) -> str:
        """Return the row of a target."""
        hangs = sum(told == "hang" for told in self.finds)
        cells = [name, f"{self.inputs:,}", f"{self.seconds:.0f}", f"{self.slowest:.2f}"]
        return f"| {' | '.join([*cells, str(len(self.finds) - hangs), str(hangs)])} |"


def run(target: Target, *, most: int, seconds: float, start: list[Any], seed: int) -> Tally:
    """Feed a target, first with what is kept."""
    tally, began, chance = Tally(), time.monotonic(), random.Random(seed)
    while tally.inputs < most and tally.seconds < seconds:
        one = start[tally.inputs] if tally.inputs < len(start) else target.make(chance)
        at = time.thread_time()
        told = trouble(target, one)
        tally.slowest = max(tally.slowest, time.thread_time() - at)
        tally.inputs += 1
        tally.seconds = time.monotonic() - began
        if told:
            tally.finds.setdefault(told.strip().splitlines()[-1][:80], one)
    return tally


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="target", help=", ".join(TARGETS))
    parser.add_argument("--inputs", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=random.getrandbits(32))
    asked = parser.parse_args()
    warnings.simplefilter("error")
    print(f"seed {asked.seed}\n\n{HEAD}", flush=True)
    found = 0
    for name in asked.targets or TARGETS:
        limits = {"most": asked.inputs, "seconds": asked.seconds, "seed": asked.seed}
        tally = run(TARGETS[name], start=kept(name), **limits)
        print(tally.row(name), flush=True)
        for told, one in tally.finds.items():
            print(f"  {told}: {one!r:.300}", file=sys.stderr, flush=True)
            keep(name, one)
        found += len(tally.finds)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
