"""The way of an update to its handler.

The application's own way logs what a handler raises and goes on, so that an update would count as answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import Application

    App = Application[Any, Any, Any, Any, Any, Any]


async def dispatch(app: App, update: Update) -> None:
    """Hand an update to the first handler that wants it; raises what that raises."""
    for handlers in app.handlers.values():
        for handler in handlers:
            check = handler.check_update(update)
            if check is not None and check is not False:
                context = app.context_types.context.from_update(update, app)
                await handler.handle_update(update, app, check, context)
                return
