"""Which tables there are, and the running of them one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.audit import audit_tables as audit
from evaluation.datasets.material import MissingMaterialError
from evaluation.faults import report as faults
from evaluation.performance import (
    engine,
    ray_workers,
    register_cost,
    register_scale,
    scale,
    side,
    speed,
    stores,
    telegram,
)
from evaluation.quality import (
    answers,
    model,
    perturbations,
    register,
    register_dev,
    register_held,
    register_names,
    reports,
    searches,
    structure,
)
from evaluation.reporting import answer_kinds
from evaluation.reporting.tables import ResultTable
from evaluation.verification import gates, injections
from evaluation.web import reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from evaluation.harness.bench import Bench

    Part = Callable[[Bench], Iterator[ResultTable]]

PARTS: Mapping[str, Part] = {
    "structure": structure.tables,
    "answers": answers.tables,
    "reports": reports.tables,
    "register": register.tables,
    "register-dev": register_dev.tables,
    "register-held": register_held.tables,
    "register-names": register_names.tables,
    "register-cost": register_cost.tables,
    "register-scale": register_scale.tables,
    "perturbations": perturbations.tables,
    "gates": gates.tables,
    "search": searches.tables,
    "peers": searches.beside,
    "side": side.tables,
    "engine": engine.tables,
    "ray": ray_workers.tables,
    "speed": speed.warm,
    "cold": speed.cold,
    "store": stores.tables,
    "model": model.tables,
    "injections": injections.tables,
    "kinds": answer_kinds.tables,
    "reader": reader.tables,
    **telegram.PARTS,
    "scale": scale.tables,
    "audit": audit.tables,
    "faults": faults.tables,
}
LONG = frozenset(
    {"perturbations", "side", "engine", "ray", "scale", "audit", "faults", "register-scale", *telegram.PARTS}
)  # when asked for by name
ALIASES: Mapping[str, tuple[str, ...]] = {
    "telegram": tuple(telegram.PARTS),
    "follow": ("telegram-follow",),
    "bench": ("speed", "cold", "store"),
    "all": tuple(part for part in PARTS if part not in LONG),
}


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """Return the parts that these names ask for, in the order of ``PARTS``; all for none.

    Raises KeyError for a name that is no part.
    """
    wanted = {part for name in names or ("all",) for part in ALIASES.get(name, (name,))}
    if strange := wanted - set(PARTS):
        raise KeyError(min(strange))
    return tuple(part for part in PARTS if part in wanted)


def tables(parts: Sequence[str], bench: Bench, *, known: Mapping[str, Part] = PARTS) -> Iterator[ResultTable]:
    """Yield the tables of these parts; one whose material is absent says so instead."""
    for part in parts:
        try:
            yield from known[part](bench)
        except MissingMaterialError as error:
            yield ResultTable(key=f"skipped-{part}", title=f"{part}: skipped", notes=(f"skipped: {error}",))
