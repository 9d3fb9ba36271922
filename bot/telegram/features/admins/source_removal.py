"""The library for admins: which sources it holds, and taking one out."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING

from bot.errors import BotError
from bot.presentation.rendering import TextStyle, line
from bot.telegram.access_control import admins_tap
from bot.telegram.context.feature import BotFeature, ButtonRoute
from bot.telegram.formatting import html, keyboards
from bot.telegram.formatting.keyboards import ButtonData

if TYPE_CHECKING:
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies
    from retrieval.catalog.models import IngestedSource

LIST, ONE, GONE = "at", "ato", "atx"
PAGE = 8
LABEL = 40  # characters of a name on a button


def feature(parts: BotDependencies) -> BotFeature:
    """Return the feature."""
    removal = RemovalFeature(parts)
    return BotFeature(
        buttons=(
            ButtonRoute(act=LIST, work=admins_tap(parts.gate, removal.list)),
            ButtonRoute(act=ONE, work=admins_tap(parts.gate, removal.ask)),
            ButtonRoute(act=GONE, work=admins_tap(parts.gate, removal.remove)),
        )
    )


class RemovalFeature:
    """Lists sources, asks, and lets the library worker remove one."""

    def __init__(self, parts: BotDependencies) -> None:
        self._library = parts.library
        self._office = parts.office

    async def list(self, visit: UpdateContext, tap: ButtonData) -> None:
        """List the sources."""
        said, page = visit.said, keyboards.page_of(tap)
        sources = await asyncio.to_thread(self._library.sources)
        shown = sources[page * PAGE : (page + 1) * PAGE]
        rows = [[(_name(one.key)[:LABEL], ButtonData(ONE, (_mark(one.key),)))] for one in shown]
        turning = keyboards.turning(LIST, page, -(-len(sources) // PAGE), (), said)
        back = [(said.say("admin_back"), ButtonData("ao", ("state",)))]
        told = [
            line(said.say("texts_title", count=len(sources)), style=TextStyle.STRONG),
            line(said.say("texts_hint")),
        ]
        await visit.reply.edit(
            visit.message_id, html.page(told), markup=keyboards.rows([*rows, turning, back])
        )

    async def ask(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Ask whether a source is to go."""
        said, found = visit.said, await self._found(tap)
        back = (said.say("admin_back"), ButtonData(LIST, ("0",)))
        if found is None:
            await visit.reply.edit(
                visit.message_id, said.say("texts_gone"), markup=keyboards.keyboard([back])
            )
            return
        told = said.say(
            "texts_ask", name=_name(found.key), documents=found.documents, passages=found.passages
        )
        yes = (said.say("texts_remove"), ButtonData(GONE, (_mark(found.key),)))
        await visit.reply.edit(
            visit.message_id, html.page([line(told)]), markup=keyboards.keyboard([yes, back])
        )

    async def remove(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Take a source out of the library, and say what became of it."""
        said, found, tools = visit.said, await self._found(tap), self._office.tools
        if tools is None:
            told = said.say("admin_no_tools")
        elif found is None:
            told = said.say("texts_gone")
        else:
            try:
                async with visit.reply.typing():
                    await tools.keeper.remove(found.key)
                told = said.say("texts_removed", name=_name(found.key))
            except BotError as error:
                told = said.say("texts_kept", why=error)
        back = keyboards.keyboard([(said.say("admin_back"), ButtonData(LIST, ("0",)))])
        await visit.reply.edit(visit.message_id, html.page([line(told)]), markup=back)

    async def _found(self, tap: ButtonData) -> IngestedSource | None:
        mark = tap.fields[0] if tap.fields else ""
        sources = await asyncio.to_thread(self._library.sources)
        return next((one for one in sources if _mark(one.key) == mark), None)


def _name(key: str) -> str:
    return PurePath(key).name or key


def _mark(key: str) -> str:
    """Name a source in as many characters as a button can carry; a key may be a long path."""
    return sha256(key.encode()).hexdigest()[:16]
