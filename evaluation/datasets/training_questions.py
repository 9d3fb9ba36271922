"""Questions to learn on, each with the words that answer it and the file that holds them."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any

from answering.values.answer import Turn
from evaluation.datasets.material import SharedMaterial, rows, squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator

REPORT_SETS = ("train-facts", "train-talks", "train-rules", "train-claims")
PASSAGE_SETS = ("cmrc_dev", "dureader_robust_dev")
_EVERY = 2  # of the questions on other texts than reports one of so many is learned on
_SEVERAL = frozenset(("list", "howwhy", "outline", "procedure"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingQuestion:
    """One question; without ``quotes`` no text answers it."""

    id: str
    origin: str  # "reports", "policies" or "passages"
    text: str
    history: tuple[Turn, ...] = ()
    files: tuple[str, ...] = ()  # of its quotes, one each
    quotes: tuple[str, ...] = ()  # without white space
    whole: bool = True  # a sentence answers by most of a quote; else only by all of it
    several: bool = False  # it asks for several things: a list, measures or reasons, an outline


def report_questions(material: SharedMaterial) -> Iterator[TrainingQuestion]:
    """Yield the shared questions on reports and by-laws; claims, which another score judges, are left out."""
    for name in REPORT_SETS:
        for row in rows(material.path("eval", "bench", f"{name}.jsonl")):
            if row["type"] != "claim":
                yield TrainingQuestion(
                    id=row["id"],
                    origin="reports",
                    text=row["question"],
                    history=tuple(Turn(role=t["role"], content=t["content"]) for t in row["history"]),
                    files=tuple(one["doc"] for one in row["gold"]),
                    quotes=tuple(squeezed(one["quote"]) for one in row["gold"]),
                    several=row["type"] in _SEVERAL,
                )


def policy_questions(material: SharedMaterial) -> Iterator[TrainingQuestion]:
    """Yield each other of the citizens' questions on policy texts, each text in a file of its id."""
    for row in islice(read_set(material, "ncp_queries"), 0, None, _EVERY):
        yield TrainingQuestion(
            id=row["id"],
            origin="policies",
            text=row["question"],
            files=(f"{row['document']}.txt",),
            quotes=(squeezed(row["answer"]),),
        )


def passage_questions(material: SharedMaterial) -> Iterator[TrainingQuestion]:
    """Yield a question on each other text of the web and an encyclopedia, in files of ``passage_file``."""
    for name in PASSAGE_SETS:
        held = {passage_file(name, row["context"]): row for row in read_set(material, name)}
        for file, row in sorted(held.items())[::_EVERY]:
            answers = tuple(dict.fromkeys(squeezed(one) for one in row["answers"] if squeezed(one)))
            yield TrainingQuestion(
                id=row["id"],
                origin="passages",
                text=row["question"],
                files=(file,) * len(answers),
                quotes=answers,
                whole=False,
            )


def texts(material: SharedMaterial, origin: str) -> Iterator[tuple[str, str]]:
    """Yield file name and words of the texts that ``policies`` or ``passages`` are asked of."""
    if origin == "policies":
        for row in read_set(material, "ncp_documents"):
            yield f"{row['id']}.txt", row["text"]
        return
    for name in PASSAGE_SETS:
        held = {passage_file(name, row["context"]): row["context"] for row in read_set(material, name)}
        yield from sorted(held.items())


def passage_file(name: str, text: str) -> str:
    """Return the name of the file that holds a short text of a set."""
    return f"{name}-{sha256(text.encode()).hexdigest()[:16]}.txt"


def read_set(material: SharedMaterial, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of one of the sets of questions or texts of others."""
    with gzip.open(material.path("data", "train", f"{name}.jsonl.gz"), "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)
