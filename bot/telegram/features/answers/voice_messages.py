"""Voice messages: fetched and turned into words, where a server for that is set; else a sentence on it."""

from __future__ import annotations

import asyncio
from pathlib import PurePath
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from answering.values.errors import ModelError
from bot.observability.logs import record_failure
from bot.presentation.rendering import line
from bot.telegram.admin.attachments import MEGABYTE

if TYPE_CHECKING:
    from telegram import Audio, Message, VideoNote, Voice

    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies

    Recording = Voice | Audio | VideoNote

MOST = 20  # megabytes of a file that Telegram hands to a bot; servers take 25
LISTENING = 4  # recordings that are fetched and listened to at a time
# Names for the server, which knows the format by the ending and needs no name that a person gave.
VOICE, ROUND = "voice.ogg", "video.mp4"


class VoiceMessages:
    """Listens to recordings."""

    def __init__(self, parts: BotDependencies) -> None:
        self._speech = parts.speech
        self._longest = parts.settings.transcription_seconds
        self._turns = asyncio.Semaphore(LISTENING)

    def is_for(self, message: Message) -> bool:
        """Tell whether a message is a recording, and there is something that listens to it."""
        return self._speech is not None and _recording(message) is not None

    async def words(self, visit: UpdateContext) -> str | None:
        """Return what is said in a recording; None where that can't be known, and the person was told why."""
        recording, name = _recording(visit.message) or (None, "")
        if recording is None or self._speech is None:
            return None
        if _seconds(recording) > self._longest:
            return await _silenced(visit, "voice_long", seconds=self._longest)
        if (recording.file_size or 0) > MOST * MEGABYTE:
            return await _silenced(visit, "voice_large", limit=MOST)
        try:
            async with self._turns, visit.reply.typing():
                found = await visit.reply.bot.get_file(recording.file_id)
                heard = await self._speech.heard(bytes(await found.download_as_bytearray()), name)
        except (TelegramError, ModelError) as error:
            record_failure(error)
            return await _silenced(visit, "voice_failed")
        return heard or await _silenced(visit, "voice_silent")


async def _silenced(visit: UpdateContext, key: str, **names: object) -> str | None:
    """Say why nothing was heard, and return nothing."""
    await visit.say([line(visit.said.say(key, **names))])
    return None


def _recording(message: Message) -> tuple[Recording, str] | None:
    """Return what was recorded, and how its file is called."""
    if message.voice:
        return message.voice, VOICE
    if message.video_note:
        return message.video_note, ROUND
    if message.audio:
        suffix = PurePath(message.audio.file_name or "").suffix
        return message.audio, f"audio{suffix if suffix.isascii() and len(suffix) > 1 else '.mp3'}"
    return None


def _seconds(recording: Recording) -> float:
    """Return how long it is."""
    told = recording.duration
    return told.total_seconds() if hasattr(told, "total_seconds") else float(told)
