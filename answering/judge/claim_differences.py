"""What a comparison of a claim with its evidence found: numbers, and differences in the order they weigh."""

from __future__ import annotations

from dataclasses import dataclass, field

WEIGHT = (
    "place", "year", "value", "figure", "bound", "direction", "role", "state", "scope", "rank", "modality", "absent", "quote", "words", "content",
)  # fmt: skip
HARD = frozenset(WEIGHT) - {"content"}


@dataclass(slots=True)
class Difference:
    """One way in which a claim differs from its evidence."""

    kind: str  # figure, bound, role, direction, state, place, year, words …
    said: str  # the claim's words
    right: str = ""  # the evidence's words
    source: int = 0


@dataclass(slots=True)
class Comparison:
    """Everything that was compared."""

    features: dict[str, float] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    proved: int = 0  # figures that hold
    fit: float = (
        0.0  # how much the evidence has the things that the claim's figures count, 0…1; the least of them
    )
    one_of_several: bool = False  # a figure said of several things (都) is that of one of them only
    spoken: int = 0  # figures of the claim of whose thing the evidence tells, whatever it says of it
    best: int = 0  # index of the nearest evidence
    repeated: bool = False  # the evidence says it word for word, and nothing else is said
    untrue: bool = False  # a clause repeats the evidence's with a word that makes it untrue

    @property
    def decisive(self) -> Difference | None:
        """The difference that weighs most."""
        return min(self.differences, key=lambda d: WEIGHT.index(d.kind), default=None)

    def add(self, name: str, value: float = 1.0) -> None:
        """Count something."""
        self.features[name] = self.features.get(name, 0.0) + value

    def most(self, name: str, value: float) -> None:
        """Keep the greatest value of something."""
        self.features[name] = max(self.features.get(name, 0.0), value)
