"""What a judge is given and what it returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ClaimVerdict(StrEnum):
    """How a claim fares against its evidence."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    PARTLY = "partly"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEvidence:
    """A sentence or a few of a document, in its own words, with what its document says of itself."""

    quote: str
    document: str = ""  # name or title
    place: str = ""
    year: int | None = None  # of the document
    heading: str = ""  # headings from the outermost to the innermost, parted by " / "
    context: str = ""  # what stands around the quote in its passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment:
    """A verdict with its reason in words.

    ``right`` is what the evidence has in place of a wrong figure, in its own characters; ``lost`` are the
    parts of the claim that the evidence does not bear out; ``item`` is the index of the evidence that
    decides, None where none is near.
    """

    verdict: ClaimVerdict
    reason: str
    right: str = ""
    lost: tuple[str, ...] = ()
    near: str = ""  # the words of the evidence around what decides
    item: int | None = None
    score: float = 0.0  # probability that the claim is supported
    fault: str = ""  # kind of the decisive difference: "figure", "state", "place" …
    features: dict[str, float] = field(default_factory=dict)
