"""Whether names of one measured thing meet and those of two stay apart; half of the pairs were held out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.datasets.material import QUESTIONS
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable
from retrieval.facts.name_similarity import FLOOR, likeness
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evaluation.harness.bench import Bench

PAIRS = QUESTIONS / "names.tsv"
_FLOORS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePair:
    """Two names, and whether they are those of one thing."""

    asked: str
    name: str
    same: bool

    @property
    def alike(self) -> float:
        """How alike the names are, whichever of them is asked for."""
        one, other = fold(self.asked), fold(self.name)
        return max(likeness(one, other), likeness(other, one))


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield how the floor does on the pairs that were held out, beside those it may be chosen on."""
    halves = pairs()
    held = halves["held"]
    wrong = [one for one in held if (one.alike >= FLOOR) != one.same]
    bench.remark(f"{one.asked} | {one.name}: {one.alike:.2f}" for one in wrong)
    yield ResultTable(
        key="register-names",
        title=f"Names of measured things, floor {FLOOR:.2f}: {len(held)} pairs held out",
        figures=(
            Measurement(name="one thing that meets", value=share(held, FLOOR, same=True)),
            Measurement(name="two things kept apart", value=share(held, FLOOR, same=False)),
            Measurement(
                name="the same on the other half: meets", value=share(halves["chosen"], FLOOR, same=True)
            ),
            Measurement(
                name="the same on the other half: apart", value=share(halves["chosen"], FLOOR, same=False)
            ),
            Measurement(name="best floor by the other half", value=best(halves["chosen"])),
            Measurement(name="pairs held out", value=len(held), unit=MeasureUnit.COUNT),
        ),
    )


def pairs() -> dict[str, list[NamePair]]:
    """Return the pairs by half: "chosen" and "held"."""
    halves: defaultdict[str, list[NamePair]] = defaultdict(list)
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            half, kind, asked, name = line.split("\t")
            halves[half].append(NamePair(asked=asked, name=name, same=kind == "same"))
    return halves


def share(some: Sequence[NamePair], floor: float, *, same: bool) -> float:
    """Return the share of the pairs of one kind that a floor judges rightly."""
    own = [one for one in some if one.same == same]
    return sum((one.alike >= floor) == same for one in own) / len(own)


def best(some: Sequence[NamePair]) -> float:
    """Return the floor that judges most pairs rightly, both kinds weighed alike; the lowest of several."""
    return max(_FLOORS, key=lambda f: (share(some, f, same=True) + share(some, f, same=False), -f))
