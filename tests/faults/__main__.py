"""Make one fault of what stands beside the program; ``python -m evaluation faults`` runs this for each.

``python tests/faults NAME --home HOME`` prints what came of it as JSON, or what is missing here.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[2]), str(HERE.parents[1]), str(HERE.parents[1] / "telegram")]

from beside.every import EVERY, made

from evaluation.faults.fault_home import FaultHome, MissingPrerequisiteError


def main() -> None:
    """Make the fault that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=EVERY)
    parser.add_argument("--home", type=Path, required=True, help="a filled home, to be broken")
    asked = parser.parse_args()
    try:
        told = {"row": asdict(made(asked.name, FaultHome(asked.home.resolve())))}
    except MissingPrerequisiteError as why:
        told = {"missing": str(why)}
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
