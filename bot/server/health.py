"""Whether the program is ready to serve: each part is asked, and those that aren't ready are named."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Check = Callable[[], bool]

log = logging.getLogger(__name__)
PATIENCE = 5.0  # seconds that a part may take to answer


@dataclass(frozen=True, slots=True)
class HealthChecks:
    """The parts to ask, by name; one that says False, raises or takes too long is not ready.

    Without ``lesser`` parts the program serves, only less well. ``versions`` tells how far things are.
    """

    checks: Mapping[str, Check]
    patience: float = PATIENCE
    lesser: Mapping[str, Check] = field(default_factory=dict)
    versions: Callable[[], Mapping[str, int]] = dict

    async def unready(self) -> tuple[str, ...]:
        """Return the names of the parts that aren't ready, in their order; empty when all is well."""
        return await self._unwell(self.checks)

    async def away(self) -> tuple[str, ...]:
        """Return the names of the lesser parts that aren't there."""
        return await self._unwell(self.lesser)

    async def told(self) -> Mapping[str, int]:
        """Return how far things are; nothing where that can't be had."""
        try:
            async with asyncio.timeout(self.patience):
                return await asyncio.to_thread(self.versions)
        except Exception:
            log.warning("the versions can't be told", exc_info=True)
            return {}

    async def _unwell(self, checks: Mapping[str, Check]) -> tuple[str, ...]:
        well = await asyncio.gather(*(self._is_well(name, check) for name, check in checks.items()))
        return tuple(name for name, good in zip(checks, well, strict=True) if not good)

    async def _is_well(self, name: str, check: Check) -> bool:
        try:
            async with asyncio.timeout(self.patience):
                return await asyncio.to_thread(check)
        except Exception:
            log.warning("%s is not ready", name, exc_info=True)
            return False
