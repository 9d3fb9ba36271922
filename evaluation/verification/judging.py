"""``python -m evaluation judge PAIRS.jsonl --out VERDICTS.jsonl`` and the learning of the judge's weights."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answering.judge import ClaimEvidence, load
from evaluation.datasets.material import SharedMaterial, rows
from evaluation.datasets.scale_texts import passages_of
from retrieval.embeddings.embedder import EMBEDDED, open_embedder

if TYPE_CHECKING:
    from answering.judge import Judge


def judge_pairs(pairs: Path, out: Path, *, home: Path | None = None) -> int:
    """Judge each claim of a file of pairs and write its verdict; returns how many there were.

    ``home`` keeps the embedding model between runs.
    """
    with tempfile.TemporaryDirectory(prefix="chengwen-judge-") as passing:
        judge = load(open_embedder(home=home or Path(passing), spec=EMBEDDED))
        found = [_record(row, judge) for row in with_evidence(rows(pairs))]
    lines = (json.dumps(record, ensure_ascii=False) for record in found)
    out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(found)


def pairs_with_evidence(pairs: Path) -> list[tuple[dict[str, Any], tuple[ClaimEvidence, ...]]]:
    """Return each row of a file of pairs with its evidence."""
    return [(row, evidence_of(row)) for row in with_evidence(rows(pairs))]


def with_evidence(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give pairs that name passages or files of the shared material, and where in them, the words there."""
    shared = SharedMaterial()
    cited = [[row] if {"passage", "file"} & set(row) else row["evidence"] for row in found]
    named = {one["passage"] for items in cited for one in items if "passage" in one}
    texts = passages_of(shared, named) if named else {}
    for name in {one["file"] for items in cited for one in items if "file" in one}:
        texts[name] = _text(shared.path("data", name))
    return [
        {**row, "evidence": [_held(one, texts) for one in items]}
        for row, items in zip(found, cited, strict=True)
    ]


def _text(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _held(item: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    name = item.get("passage") or item.get("file")
    if name is None:
        return item
    quote = texts[name][item["start"] : item["end"]]
    return {"quote": quote, "place": item["place"], "year": item["year"], "heading": item.get("heading", "")}


def evidence_of(row: dict[str, Any]) -> tuple[ClaimEvidence, ...]:
    """Return the evidence of a pair as the judge takes it."""
    return tuple(
        ClaimEvidence(
            quote=item["quote"],
            document=item.get("doc") or "",
            place=item.get("place") or "",
            year=item.get("year"),
            heading=item.get("heading") or "",
        )
        for item in row["evidence"]
    )


def _record(row: dict[str, Any], judge: Judge) -> dict[str, str]:
    found = judge(row["claim"], evidence_of(row))
    return {"id": row["id"], "verdict": found.verdict.value, "reason": found.reason}
