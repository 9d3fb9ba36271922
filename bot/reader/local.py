"""The reader page on this machine's loopback, for the person who sits at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.server.app import LOOPBACK, assembled, on_this_machine, serving
from bot.server.health import HealthChecks

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from starlette.routing import BaseRoute


async def serve(site: BaseRoute, *, port: int, told: Callable[[str], None], stop: asyncio.Event) -> None:
    """Serve ``site`` until ``stop`` is set; ``told`` gets its address. Raises AddressError."""
    app = on_this_machine(assembled(HealthChecks({}), [site]))
    async with serving(app, host=LOOPBACK, port=port, settings="--port") as bound:
        told(f"http://{LOOPBACK}:{bound}/")
        await stop.wait()
