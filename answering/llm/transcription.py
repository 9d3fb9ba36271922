"""Spoken words as text, by a server that speaks OpenAI's protocol for it. Seam: openai.

``POST …/audio/transcriptions``, as OpenAI, vLLM, whisper.cpp, faster-whisper-server, SiliconFlow and others
serve it. What the server says of a failure gets into no message: it may hold the key.
"""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass, field

import openai

from answering.values.errors import (
    ModelBroken,
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelSlow,
    ModelUnreachable,
)

_NO_KEY = "none"  # the client wants a key even for a server that asks for none
_RATE = 16_000  # samples a second of what a server is tried with
_LONGEST = 4000  # characters of what was heard: a Telegram message of speech
_UNCLEAR = "回答的不是文字，请检查 TRANSCRIPTION_BASE_URL 是否指向接口（多半以 /v1 结尾）。"
_KEY = "不接受这个密钥，请检查 TRANSCRIPTION_API_KEY。"
_SOUND = "不收这段录音，可能是它不认识的格式，或者太长。"
REASONS: dict[type[openai.OpenAIError], tuple[type[ModelError], str]] = {
    openai.AuthenticationError: (ModelRefused, _KEY),
    openai.PermissionDeniedError: (ModelRefused, _KEY),
    openai.NotFoundError: (ModelRefused, "没有这个模型或地址，请检查 TRANSCRIPTION_MODEL 和地址。"),
    openai.BadRequestError: (ModelRefused, _SOUND),
    openai.UnprocessableEntityError: (ModelRefused, _SOUND),
    openai.RateLimitError: (ModelBusy, "说请求太多或额度已用完，请稍后再试或检查额度。"),
    openai.APITimeoutError: (ModelSlow, "在限定的时间内没有回答，请稍后再试或调大 TRANSCRIPTION_TIMEOUT。"),
    openai.APIConnectionError: (ModelUnreachable, "连不上，请检查 TRANSCRIPTION_BASE_URL 和网络。"),
    openai.InternalServerError: (ModelBroken, "自身出错，请稍后再试。"),
    openai.APIResponseValidationError: (ModelBroken, _UNCLEAR),
    openai.OpenAIError: (ModelBroken, "出了意外的错误，请稍后再试。"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechToText:
    """One model behind one address; ``timeout`` is in seconds, for each of two tries."""

    model: str
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    timeout: float = 60.0
    tries_again: int = 1

    async def heard(self, sound: bytes, name: str) -> str:
        """Return what is said in a recording, "" where nothing is; its name tells the format (voice.ogg).

        Raises ModelError.
        """
        try:
            async with openai.AsyncOpenAI(
                api_key=self.api_key or _NO_KEY,
                base_url=self.base_url,
                timeout=self.timeout,
                max_retries=self.tries_again,
            ) as client:
                found: object = await client.audio.transcriptions.create(
                    model=self.model, file=(name, sound), response_format="json"
                )
        except openai.OpenAIError as error:
            raise self._mapped(error) from None
        except (AttributeError, LookupError, TypeError, ValueError):
            raise ModelBroken(f"{self._where}{_UNCLEAR}") from None
        words = getattr(found, "text", None)
        if not isinstance(words, str):
            raise ModelBroken(f"{self._where}{_UNCLEAR}")
        return " ".join(words.split())[:_LONGEST]

    async def check(self) -> None:
        """Let a second of silence be listened to, whatever is heard in it. Raises ModelError."""
        await self.heard(_silence(1.0), "silence.wav")

    @property
    def _where(self) -> str:
        return f"语音转文字（模型 {self.model}）"

    def _mapped(self, error: openai.OpenAIError) -> ModelError:
        kind, reason = next(REASONS[known] for known in type(error).__mro__ if known in REASONS)
        status = getattr(error, "status_code", None)
        return kind(f"{self._where}{reason}" + (f"（HTTP {status}）" if status else ""))


def _silence(seconds: float) -> bytes:
    """Return a WAV file of silence, 16 kHz, 16 bit, one channel."""
    written = io.BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE)
        sound.writeframes(bytes(2 * int(_RATE * seconds)))
    return written.getvalue()
