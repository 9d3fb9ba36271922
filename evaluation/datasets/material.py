"""The shared material that is measured on: read where it stands, never copied into the project."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = ROOT / "evaluation" / "questions"  # our own on the four speeches: seed-NAME.jsonl


class MissingMaterialError(Exception):
    """What a table is measured on is not to be had here; the message says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """A text to search in, under a name that a hit can be traced to."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportQuestion:
    """A question on a report, with the report it is about and the words that answer it."""

    id: str
    question: str
    answers: tuple[str, ...]
    evidence: str
    title: str
    place: str
    year: int
    kind: str

    @property
    def answerable(self) -> bool:
        """Whether the reports hold an answer."""
        return bool(self.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupQuestion:
    """A question whose answer stands in known texts."""

    id: str
    question: str
    right: frozenset[str]  # names of those texts


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedMaterial:
    """The folder of shared material; each reader raises MissingMaterialError where its part is absent."""

    folder: Path = field(default=ROOT.parent / "shared")

    def path(self, *parts: str) -> Path:
        """Return the path of a part that is there."""
        path = self.folder.joinpath(*parts)
        if not path.exists():
            raise MissingMaterialError(
                f"{'/'.join(parts)} is not in {self.folder.name}/ beside this checkout"
            )
        return path

    @property
    def scorer(self) -> Path:
        """The script that scores answers."""
        return self.path("eval", "score.py")

    @property
    def seed(self) -> Path:
        """The folder with the source of four speeches."""
        return self.path("corpus")

    @property
    def seed_text(self) -> str:
        """The words of the source of four speeches."""
        return "".join(path.read_text(encoding="utf-8") for path in sorted(self.seed.glob("*.txt")))

    @property
    def gov(self) -> Path:
        """The folder of government documents."""
        return self.path("data", "gov")

    def dev_questions(self) -> list[dict[str, Any]]:
        """Return the questions on the four speeches, as the scorer wants them."""
        return rows(self.path("eval", "seed-dev.jsonl"))

    def cmrc_texts(self) -> tuple[SourceText, ...]:
        """Return the passages of the CMRC trial set."""
        found = rows(self.path("data", "cmrc_trial_passages.jsonl"))
        return tuple(SourceText(name=row["id"], text=row["text"]) for row in found)

    def cmrc_queries(self) -> tuple[LookupQuestion, ...]:
        """Return the questions of the CMRC trial set."""
        found = rows(self.path("data", "cmrc_trial_queries.jsonl"))
        return tuple(
            LookupQuestion(id=row["id"], question=row["question"], right=frozenset(row["positive_ids"]))
            for row in found
        )

    def scale(self) -> Path:
        """Return the file of 150,000 official passages, packed."""
        return self.path("data", "scale", "official-passages-150k.jsonl.zst")

    def facts(self) -> tuple[ReportQuestion, ...]:
        """Return the questions on government reports, those without an answer among them."""
        titles = {row["doc_id"]: row["title"] for row in rows(self.path("data", "gov_facts_passages.jsonl"))}
        return tuple(_fact(row, titles) for row in rows(self.path("data", "gov_facts_queries.jsonl")))


def rows(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a file of JSON lines."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def squeezed(text: str) -> str:
    """Return a text without white space, so that layout does not decide whether words agree."""
    return re.sub(r"\s+", "", text)


def _fact(row: dict[str, Any], titles: dict[str, str]) -> ReportQuestion:
    return ReportQuestion(
        id=row["id"],
        question=row["question"],
        answers=tuple(row["answers"]),
        evidence=row.get("evidence", ""),
        title=titles.get(row.get("doc_id", ""), ""),
        place=row["place"],
        year=row["year"],
        kind=row["kind"],
    )
