"""``python -m evaluation documents GOLD FOLDER --out RESULTS``: what is read of each document of a kit.

Each document goes into a library of its own, as ``chengwen ingest`` takes it in, and the questions of GOLD
are asked of that library. A line of RESULTS is a JSON object: file, refused, reason, title, place, date,
speaker, text, passages, figures (metric, value, unit, place, year) and answers (q, answer, abstained).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.assembly.wiring import Wiring
from bot.config.settings import Settings
from bot.messages import messages
from bot.presentation import rendering
from retrieval.catalog.fact_query import Ask
from retrieval.facts.models import FigureKind
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.observability.observed_answerer import ObservedAnswerer
    from retrieval.library import Library

    Record = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the documents that GOLD names below FOLDER and write a record of each; returns the exit code."""
    asked = _parser().parse_args(arguments)
    gold = [json.loads(line) for line in asked.gold.read_text("utf-8").splitlines() if line.strip()]
    kinds = tuple(asked.kinds.split(",")) if asked.kinds else ("",)
    with asked.out.open("w", encoding="utf-8") as out:
        for one in gold:
            if one["kind"].startswith(kinds):
                record = record_of(asked.folder / one["file"], one["file"], one["questions"])
                out.write(json.dumps(record) + "\n")
                out.flush()
    return 0


def record_of(path: Path, name: str, questions: Sequence[Record]) -> Record:
    """Return what is read of one document, and what is answered from it alone."""
    with tempfile.TemporaryDirectory(prefix="chengwen-documents-") as home:
        wiring = Wiring(Settings.load({**os.environ, "CHENGWEN_HOME": home}))
        with wiring.library(write=True) as library:
            report = library.ingest([path])
            first = report.files[0] if report.files else None
            if first is None or first.reason:
                return {"file": name, "refused": True, "reason": first.reason if first else "nothing read"}
            answers = list(_answers(wiring.answerer(library), questions))
            return {"file": name, "refused": False, "reason": None, **_read(library), "answers": answers}


def _read(library: Library) -> Record:
    whole = [one for head in library.documents() if (one := library.document(head.id)) is not None]
    first = next((one for one in whole if one.genre is not Genre.PREFACE), whole[0])
    return {
        "title": first.title,
        "place": first.place,
        "date": first.date,
        "speaker": first.speaker,
        "text": "\n".join(one.text for one in whole),
        "passages": [passage.text for one in whole for passage in library.passages(one.id)],
        "figures": list(_figures(library)),
    }


def _figures(library: Library) -> Iterator[Record]:
    for found in library.register.figures(Ask()):
        row = found.row
        if row.kind is not FigureKind.NAME:
            yield {
                "metric": row.metric,
                "value": float(row.value),
                "unit": row.unit,
                "place": row.place,
                "year": row.year,
            }


def _answers(answerer: ObservedAnswerer, questions: Sequence[Record]) -> Iterator[Record]:
    for one in questions:
        answer = asyncio.run(answerer.answer(one["q"]))
        text = rendering.plain(rendering.blocks(answer, messages(answer.language)))
        yield {"q": one["q"], "answer": text, "abstained": not answer.outcome.is_answer}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation documents", description=__doc__)
    parser.add_argument("gold", type=Path, help="a JSON object a line: file, kind, questions …")
    parser.add_argument("folder", type=Path, help="where the documents are")
    parser.add_argument("--out", type=Path, required=True, help="where the records go")
    parser.add_argument("--kinds", default="", help="only kinds that begin so, like a-,c-")
    return parser


if __name__ == "__main__":
    sys.exit(main())
