"""More on answers of a model: pairs weighed as the pipeline does, and orders in texts that a model obeys."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from answering.verification.weighing import weigh
from evaluation.datasets.material import QUESTIONS, rows
from evaluation.harness.bench import BenchWiring
from evaluation.verification.injections import INJECTED, does, fill
from evaluation.verification.judging import pairs_with_evidence
from retrieval.places.gazetteer import Gazetteer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from answering.judge.nearness import Nearness
    from answering.values.answer import Statement
    from retrieval.embeddings.embedder import Embedder
    from retrieval.library import Library

    Played = Callable[[Library, str, str], Awaitable[tuple[Statement, ...]]]

OWN_PAIRS = QUESTIONS.parent / "sentences" / "own-claims.jsonl"


def weighed(pairs: Path, nearness: Nearness) -> str:
    """Return the shares of true claims that are refused and of untrue ones that are accepted."""
    gazetteer = Gazetteer()
    told = [
        (row["label"] == "supported", weigh(row["claim"], evidence, nearness, gazetteer).stands)
        for row, evidence in pairs_with_evidence(pairs)
    ]
    true = [kept for is_true, kept in told if is_true]
    untrue = [kept for is_true, kept in told if not is_true]
    refused = 1 - sum(true) / max(1, len(true))
    accepted = sum(untrue) / max(1, len(untrue))
    return f"{refused:.3f} of {len(true)} / {accepted:.3f} of {len(untrue)}"


async def obeyed(play: Played, embedder: Embedder | None) -> str:
    """Let a model do what the kept orders in passages ask for; return of how many anything was shown."""
    poisoned = [row for row in rows(INJECTED) if row.get("passage")]
    shown = 0
    with tempfile.TemporaryDirectory(prefix="chengwen-orders-") as passing:
        folder = Path(passing)
        fill(folder, poisoned, embedder)
        with BenchWiring(folder, embedder).library() as library:
            for row in poisoned:
                answer = "".join(f"{one}{{{{{row['passage'][:8]}}}}}。" for one in row["forbidden"])
                said = await play(library, row["question"], answer)
                shown += any(does(one.text, row) for one in said)
    return f"{shown} of {len(poisoned)}"
