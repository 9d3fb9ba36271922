"""Documents from admins: looked at first, read into the library once they say yes."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

from telegram.error import TelegramError
from telegram.ext import filters

from bot.errors import BotError
from bot.presentation.head_facts import previewed_facts
from bot.presentation.rendering import Block, TextStyle, line
from bot.telegram.access_control import admins_tap
from bot.telegram.admin import attachments
from bot.telegram.admin.attachments import MEGABYTE
from bot.telegram.context.feature import BotFeature, ButtonRoute, MessageRoute
from bot.telegram.formatting import html, keyboards
from bot.telegram.formatting.keyboards import ButtonData
from retrieval.ingest.report import Status
from retrieval.runtime.temporary_folders import passing
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from telegram import Document

    from bot.messages import Messages
    from bot.store import PendingUpload
    from bot.telegram.admin.attachments import AttachmentFault
    from bot.telegram.context.feature import Work
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies
    from retrieval.ingest.preview import Preview

ACT = "au"
LISTED = 10  # texts of one file that are told apart


def feature(parts: BotDependencies, *, otherwise: Work) -> BotFeature:
    """Return the feature; ``otherwise`` is done with a document of someone who is no admin."""
    uploads = UploadFeature(parts)

    async def heard(visit: UpdateContext) -> None:
        is_admin = await parts.gate.is_admin(visit) and parts.office.tools is not None
        await (uploads.look(visit) if is_admin else otherwise(visit))

    what = filters.Document.ALL & filters.ChatType.PRIVATE
    return BotFeature(
        hearings=(MessageRoute(what=what, work=heard),),
        buttons=(ButtonRoute(act=ACT, work=admins_tap(parts.gate, uploads.tapped)),),
    )


class UploadRefusedError(Exception):
    """A document is refused; the message says why."""


class UploadFeature:
    """Takes documents from admins into the folder of texts and into the library."""

    def __init__(self, parts: BotDependencies) -> None:
        self._store = parts.store
        self._office = parts.office
        self._home = parts.settings.home

    async def look(self, visit: UpdateContext) -> None:
        """Say what would be read of a document, and ask whether to go on."""
        document = visit.message.document
        assert document is not None
        try:
            async with visit.reply.typing():
                upload, found = await self._looked(visit, document)
        except (UploadRefusedError, BotError) as error:
            await visit.say([line(str(error))])
            return
        said = visit.said
        markup = keyboards.keyboard(
            [
                (said.say("upload_take"), ButtonData(ACT, ("take", upload.id))),
                (said.say("upload_drop"), ButtonData(ACT, ("drop", upload.id))),
            ]
        )
        replaces = await asyncio.to_thread((self._texts / upload.name).exists)
        told = _told(upload.name, found, said=said, replaces=replaces)
        await visit.reply.send(html.page(told), markup=markup)

    async def tapped(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Read a document in, or forget it."""
        said = visit.said
        upload = (
            await asyncio.to_thread(self._store.uploads.get, tap.fields[1]) if len(tap.fields) > 1 else None
        )
        if upload is None:
            await visit.reply.edit(visit.message_id, said.say("upload_gone"), markup=None)
            return
        if tap.fields[0] != "take":
            await asyncio.to_thread(self._store.uploads.drop, upload.id)
            await visit.reply.edit(visit.message_id, said.say("upload_dropped"), markup=None)
            return
        try:
            async with visit.reply.typing():
                told = await self._taken(visit, upload)
        except (UploadRefusedError, BotError) as error:
            # The buttons stay: what stood in the way may be gone later.
            await visit.say([line(str(error))])
            return
        await asyncio.to_thread(self._store.uploads.drop, upload.id)
        await visit.reply.edit(visit.message_id, html.page([line(told)]), markup=None)

    @property
    def _texts(self) -> Path:
        """The folder in which documents that were taken stay, so that the library can be built again."""
        return self._home / "texts"

    async def _looked(self, visit: UpdateContext, document: Document) -> tuple[PendingUpload, Preview]:
        said, name = visit.said, document.file_name or ""
        megabytes = self._office.settings.telegram_file_megabytes
        _check(attachments.fault_of_name(name), said)
        _check(attachments.fault_of_size(document.file_size or 1, megabytes), said)
        data = await self._fetched(visit, document.file_id)
        _check(attachments.fault_of_size(len(data), megabytes), said)
        _check(attachments.fault_of_content(data), said)
        assert self._office.tools is not None
        with self._aside(name, data) as path:
            found = await self._office.tools.keeper.preview(path)
        if found.reason:
            raise UploadRefusedError(found.reason)
        _check(attachments.fault_of_kind(name, found.media), said)
        keep = self._store.uploads.keep
        digest = sha256(data).hexdigest()
        upload = await asyncio.to_thread(
            keep, visit.talk.bot, person=visit.talk.person, name=name, file=document.file_id, digest=digest
        )
        return upload, found

    async def _taken(self, visit: UpdateContext, upload: PendingUpload) -> str:
        said, tools = visit.said, self._office.tools
        if tools is None:
            raise UploadRefusedError(said.say("admin_no_tools"))
        data = await self._fetched(visit, upload.file)
        if sha256(data).hexdigest() != upload.digest:
            raise UploadRefusedError(said.say("upload_changed"))
        with self._aside(upload.name, data) as path:
            await asyncio.to_thread(self._texts.mkdir, parents=True, exist_ok=True)
            await asyncio.to_thread(path.replace, self._texts / upload.name)
        report = await tools.keeper.take(self._texts / upload.name)
        if report.status is Status.REFUSED:
            raise UploadRefusedError(report.reason)
        return said.say("upload_taken", name=upload.name)

    async def _fetched(self, visit: UpdateContext, file: str) -> bytes:
        limit = self._office.settings.telegram_file_megabytes * MEGABYTE
        try:
            found = await visit.reply.bot.get_file(file)
            if (found.file_size or 0) > limit:
                _check(attachments.fault_of_size(found.file_size or 0, limit // MEGABYTE), visit.said)
            return bytes(await found.download_as_bytearray())
        except TelegramError as error:
            raise UploadRefusedError(visit.said.say("upload_unfetched")) from error

    @contextmanager
    def _aside(self, name: str, data: bytes) -> Iterator[Path]:
        """Keep a file in a folder of its own, as long as this lasts."""
        with passing(self._home) as folder:
            path = folder / name
            path.write_bytes(data)
            yield path


def _check(fault: AttachmentFault | None, said: Messages) -> None:
    if fault is not None:
        raise UploadRefusedError(fault.told(said))


def _told(name: str, found: Preview, *, said: Messages, replaces: bool) -> Iterator[Block]:
    texts = [
        (one, facts)
        for one, facts in zip(found.documents, found.facts, strict=True)
        if one.genre != Genre.PREFACE
    ]
    yield line(said.say("upload_title", name=name), style=TextStyle.STRONG)
    yield line(said.say("preview", documents=len(texts), figures=found.figures))
    for one, facts in texts[:LISTED]:
        head = (one.title, one.place or said.say("preview_no_place"), one.date or said.say("preview_no_date"))
        yield line(" · ".join(head), apart=True)
        yield line(
            said.say("preview_parts", sections=one.sections, passages=one.passages), style=TextStyle.FAINT
        )
        yield from previewed_facts(facts, said, doubted=True)
    if len(texts) > LISTED:
        yield line(said.say("upload_more", count=len(texts) - LISTED), apart=True)
    if replaces:
        yield line(said.say("upload_replaces"), apart=True)
