"""``make cluster-test``: the topology of ``deploy/`` as processes here, struck while 200 chats ask.

``python tests/cluster [--chats N] [--ahead N] [--calm SECONDS] [--words-only] [--save]`` prints a table and
ends with 1 where a figure falls short. It needs PostgreSQL and nginx.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS), str(TESTS / "telegram"), str(TESTS / "cluster")]

import certificates
from blows import CALM, Blows
from bringing import Bringing
from crowd import Crowd, outcomes
from postgres import programs, running
from readers import Reader
from stage.spec import Spec
from table import Fate, table
from topology import Cluster, missing

from evaluation.datasets.material import QUESTIONS, ROOT
from evaluation.reporting.saved_results import save
from evaluation.reporting.tables import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg
    from postgres import Postgres

SPEC = ROOT.parent / "shared" / "telegram" / "bot-api-10.1.json"
STILL = 90.0  # seconds without any progress after which what is missing counts as lost
# Whoever takes over puts buttons where the dead may have put them already.
UNCHANGED = "message is not modified"
AFTER = 3.0  # seconds for what would come twice


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the test once; 2 where something has to be installed first."""
    asked = _parser().parse_args(arguments)
    if wanted := missing():
        print("missing: " + "; ".join(wanted), file=sys.stderr)
        return 2
    found = programs()
    assert found is not None
    with tempfile.TemporaryDirectory(prefix="chengwen-cluster-") as folder, running(found) as postgres:
        fate = asyncio.run(_run(asked, Path(folder), postgres))
    made = table(fate)
    print(markdown(made))
    if asked.save:
        date = datetime.now(UTC).date().isoformat()
        print(f"saved: {save([made], ROOT / 'evaluation' / 'results', date=date).name}")
    return 1 if any(figure.met is False for figure in made.figures) else 0


async def _run(asked: argparse.Namespace, folder: Path, postgres: Postgres) -> Fate:
    spec = Spec.load(SPEC) if SPEC.is_file() else None
    certificate = folder / "nginx" / certificates.NAME
    settings = {"EMBEDDINGS": "none"} if asked.words_only else {}
    cluster = Cluster(folder=folder, postgres=postgres, url=postgres.fresh(), settings=settings)
    cluster.lay()
    telegram = Bringing.trusting(certificate, spec)
    telegram.expected = UNCHANGED
    await telegram.start()
    try:
        cluster.told_of(telegram)
        await cluster.up()
        return await _struck(asked, cluster, Reader(cluster.address, certificate))
    finally:
        await asyncio.to_thread(cluster.down)
        await telegram.stop()


async def _struck(asked: argparse.Namespace, cluster: Cluster, reader: Reader) -> Fate:
    telegram, stop = cluster.telegram, asyncio.Event()
    crowd = Crowd(telegram, asked.chats, _questions(), asked.ahead)
    blows = Blows(cluster, crowd, calm=asked.calm)
    asking = [asyncio.create_task(one.go_on(stop)) for one in (crowd, reader)]
    await blows.all()
    await asyncio.sleep(asked.calm)
    stop.set()
    await asyncio.gather(*asking)
    blind = await cluster.blind()
    with cluster.postgres.connected(cluster.url) as store:
        await _settled(crowd, store)
        await asyncio.sleep(AFTER)
        found = outcomes(crowd, store)
    return Fate(crowd=crowd, blows=blows, reader=reader, found=found, blind=blind, load=os.getloadavg()[0])


async def _settled(crowd: Crowd, store: psycopg.Connection[Any]) -> None:
    """Wait until nothing is left to answer, or nothing moves any more."""
    until, before = monotonic() + STILL, -1
    while monotonic() < until:
        row = store.execute("SELECT count(*) FROM inbox WHERE finished IS NULL").fetchone()
        left = (row[0] if row else 0) + crowd.telegram.underway
        if not left:
            return
        if left != before:
            until, before = monotonic() + STILL, left
        await asyncio.sleep(0.2)


def _questions() -> tuple[str, ...]:
    """Return the project's own questions on the texts that ship, those that stand alone."""
    lines = (QUESTIONS / "seed-own.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return tuple(row["question"] for row in rows if row["answerable"] and not row["history"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make cluster-test", description=__doc__)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument(
        "--ahead", type=int, default=100, help="questions that are kept waiting for an answer"
    )
    parser.add_argument("--calm", type=float, default=CALM, help="seconds between two blows")
    parser.add_argument(
        "--words-only", action="store_true", help="search without vectors, for a small machine"
    )
    parser.add_argument("--save", action="store_true", help="keep the table under evaluation/results")
    return parser


if __name__ == "__main__":
    sys.exit(main())
