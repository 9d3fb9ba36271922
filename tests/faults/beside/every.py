"""All faults of what stands beside the program, by name."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING

from beside import chromas, databases, disks, models, names, outages, upgrades

if TYPE_CHECKING:
    from evaluation.faults.fault_home import FaultHome, FaultOutcome

EVERY = {
    **upgrades.UPGRADES,
    **models.MODELS,
    **outages.OUTAGES,
    **names.NAMES,
    **disks.DISKS,
    **databases.INGESTS,
    **databases.BOTS,
    **chromas.INGESTS,
    **chromas.BOTS,
}


def made(name: str, stand: FaultHome) -> FaultOutcome:
    """Make a fault, and return what came of it. Raises MissingError."""
    fault = EVERY[name]
    if name in names.NAMES:
        names.apart()
    found = fault(stand)
    return asyncio.run(found) if inspect.iscoroutine(found) else found
