"""The shared scorer, run as it stands where it stands."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from types import ModuleType


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchScore:
    """What the scorer says of a batch of answers."""

    figures: Mapping[str, float]
    by_type: Mapping[str, tuple[float, int]]  # type of question → share answered rightly, how many
    remarks: tuple[str, ...]  # a line for each question that fell short


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer:
    """The scoring script as a module."""

    module: ModuleType

    @classmethod
    def load(cls, path: Path) -> Scorer:
        """Import the script from its path."""
        spec = importlib.util.spec_from_file_location("shared_scorer", path)
        if spec is None or spec.loader is None:
            raise ImportError(f"{path} is not a Python script")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return cls(module=module)

    def score(
        self, questions: Sequence[dict[str, Any]], records: Iterable[dict[str, Any]], *, corpus: str
    ) -> BatchScore:
        """Score the records of ``chengwen ask --batch``; quotes are sought in ``corpus``."""
        by_id = {record["id"]: record for record in records}
        figures, remarks, by_type = self.module.score(list(questions), by_id, corpus)
        return BatchScore(figures=figures, by_type=by_type, remarks=tuple(remarks))

    def naming(self, forms: Sequence[str]) -> Callable[[str], bool]:
        """Return what tells whether a text names a fact in one of these forms."""
        return lambda text: bool(self.module.named(list(forms), text))
