"""Labelled messages: questions of our own, and those of the shared training sets by type and evidence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation.datasets.material import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.datasets.material import SharedMaterial
    from evaluation.training.evidence_states import EvidenceStates

OWN = Path(__file__).parent / "questions.tsv"
OUTLINES = Path(__file__).parents[1] / "outline_questions.tsv"
_KINDS = {
    "single": "fact",
    "two": "fact",
    "figure": "fact",
    "list": "list",
    "how": "how",
    "howwhy": "how",
    "where": "which_places",
    "which": "which_places",
    "define": "definition",
    "compare": "comparison",
    "outline": "outline",
    "summary": "summary",
    "count": "count",
    "meta": "library",
    "claim": "claim",
    "target_result": "promise",
    "target_vs_result": "promise",
    "chitchat": "none",
}
# Messages of the training conversations that keep the place spoken of and ask of another topic.
_PLACE_KEPT = (94, 104, 106, 107, 108, 109, 110, 111, 116, 117, 121, 122)
_KEEPS_PLACE = frozenset(
    (*(f"train-talks-{n:03}" for n in _PLACE_KEPT), "train-claims-032", "train-claims-058", "train-rules-049")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A message with what is known of it; an empty label is not learned from."""

    text: str
    before: str = ""
    kind: str = ""
    state: str = ""
    scope: str = ""
    follow: str = ""
    extent: str = ""  # of a document: "whole" or "part"
    group: str = ""  # the document or set it goes with, kept together when examples are held out
    worth: float = 1.0  # how much it counts beside the others of its class


def own() -> Iterator[Example]:
    """Yield the questions of our own."""
    for number, line in enumerate(OWN.read_text(encoding="utf-8").splitlines()):
        if line and not line.startswith("#"):
            kind, state, scope, follow, text, before = [*line.split("\t"), ""][:6]
            state = state.replace("-", "open")
            yield Example(
                text=text,
                before=before,
                kind=kind,
                state=state,
                scope=scope,
                follow=follow,
                group=f"own{number // 3}",
            )


def outlines() -> Iterator[Example]:
    """Yield the questions on documents and their parts, with which of both they ask of."""
    for line in OUTLINES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            document, part, kind, text = line.split("\t")
            yield Example(
                text=text, kind=kind.strip("-"), extent="whole" if part == "-" else "part", group=document
            )


def shared(material: SharedMaterial, states: EvidenceStates, *names: str) -> Iterator[Example]:
    """Yield the questions of shared sets, such as ``train-facts``, with the states of their evidence."""
    for name in names:
        for row in rows(material.path("eval", "bench", f"{name}.jsonl")):
            told = (
                {states.of(one["doc"], one["quote"]) for one in row["gold"]} if name != "train-rules" else ()
            )
            yield _example(row, name, state=told.pop() if len(told) == 1 else "")


def _example(row: dict[str, Any], name: str, *, state: str) -> Example:
    asked = [turn["content"] for turn in row["history"] if turn["role"] == "user"]
    rule = "rules" in name
    follow = "alone"
    if asked:
        follow = "place" if row["id"] in _KEEPS_PLACE else "topic"
    documents = sorted({one["doc"] for one in row["gold"]})
    return Example(
        text=row["question"],
        before=asked[-1] if asked else "",
        kind="" if asked else _kind(row, rule=rule),
        state="required" if rule else state,
        scope="every" if row["type"] in ("where", "which") else _scope(documents),
        follow=follow if name.startswith("train") else "",
        group=documents[0] if documents else row["id"],
    )


def _kind(row: dict[str, Any], *, rule: bool) -> str:
    kind = row["type"]
    if rule:
        return "rule" if kind not in ("definition", "list", "count", "compare") else ""
    if kind == "yesno":
        return "claim" if any(letter.isdigit() for letter in row["question"]) else "yes_no"
    return _KINDS.get(kind, "")


def _scope(documents: list[str]) -> str:
    if not documents:
        return ""
    return "country" if all("国务院" in name for name in documents) else "place"
