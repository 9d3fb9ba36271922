"""``python -m evaluation promises PAIRS``: how many known pairs the ledger finds, and judges right."""

from __future__ import annotations

import argparse
import difflib
import json
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from answering.ledger.promise_ledger import PromiseLedger
from bot.presentation.promise_records import promise_record
from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Record = dict[str, Any]

_RUN = 0.6  # share of a known quotation that has to stand in ours in one run


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCheck:
    """One known pair and the likest pair of the ledger."""

    known: Record
    found: bool  # both quotations, and both values where values are known
    state: bool
    shown: Record | None


def check(known: Iterable[Record], shown: Sequence[Record]) -> list[PairCheck]:
    """Set each known pair beside the one of the ledger that fits it best."""
    by_year: dict[tuple[str, int], list[Record]] = defaultdict(list)
    for one in shown:
        by_year[one["place"], one["year"]].append(one)
    return [_checked(pair, by_year[pair["place"], pair["year"]]) for pair in known]


def _checked(pair: Record, candidates: Sequence[Record]) -> PairCheck:
    fitting = [one for one in candidates if _fits(pair, one)]
    best = next((one for one in fitting if one["state"] == pair["state"]), fitting[0] if fitting else None)
    right = best is not None and best["state"] == pair["state"]
    return PairCheck(known=pair, found=best is not None, state=right, shown=best)


def _fits(pair: Record, one: Record) -> bool:
    if pair["state"] == "not_told":
        return one["result"] is None and _side(pair["target"], one["target"])
    return _side(pair["target"], one["target"]) and _side(pair["result"], one["result"])


def _side(known: Record | None, ours: Record | None) -> bool:
    if known is None or ours is None:
        return known is ours
    same = not known.get("value") or _number(known["value"]) == _number(ours["value"])
    return bool(known["doc"] == ours["doc"] and same and covers(known["quote"], ours["quote"]))


def _number(printed: str) -> str:
    return printed.rstrip("0").rstrip(".") if "." in printed else printed


def covers(known: str, ours: str) -> bool:
    """Tell whether one quotation holds the other, or they share most of the known one in a run."""
    one, other = _flat(known), _flat(ours)
    if one in other or (len(other) >= 8 and other in one):
        return True
    run = difflib.SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size
    return run >= _RUN * len(one)


def _flat(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def main(arguments: Sequence[str]) -> int:
    """Print recall, the share of right states, and the time; with ``--show`` each pair that fell short."""
    asked = _parser().parse_args(arguments)
    known = [json.loads(line) for line in asked.pairs.read_text("utf-8").splitlines() if line.strip()]
    with Library.open(asked.home, embedder=None) as library:
        began = perf_counter()
        promises = PromiseLedger(library).promises()
        seconds = perf_counter() - began
    checks = check(known, [promise_record(one) for one in promises])
    found = [one for one in checks if one.found]
    right = sum(one.state for one in found)
    for one in checks:
        if asked.show and not one.state:
            told = one.shown["state"] if one.shown else "not found"
            print(f"- {one.known['id']} {one.known['metric']}: {one.known['state']}, here {told}")
    told = sum(one.result is not None for one in promises)
    print(
        f"pairs {len(checks)}, found {len(found)} ({len(found) / max(1, len(checks)):.3f}), "
        f"state right {right / max(1, len(found)):.3f}; shown with a result {told}; {seconds:.2f} s"
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation promises", description=__doc__)
    parser.add_argument(
        "pairs", type=Path, help="a JSON object a line: place, metric, year, target, result, state"
    )
    parser.add_argument("--home", type=Path, required=True, help="a home that holds the texts")
    parser.add_argument("--show", action="store_true", help="print each pair that fell short")
    return parser
