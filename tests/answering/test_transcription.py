"""What is said in a recording comes as words; what a server does wrong is told in a sentence."""

from __future__ import annotations

import asyncio
import socket
import wave
from io import BytesIO

import pytest
from speech_server import listening, text

from answering.llm.transcription import SpeechToText
from answering.values.errors import ModelBroken, ModelBusy, ModelRefused, ModelSlow, ModelUnreachable

KEY = "sk-secret-0123456789"


def heard(url: str, **more: object) -> str:
    speech = SpeechToText(
        model="m", base_url=url, **{"api_key": KEY, "tries_again": 0, "timeout": 5.0} | more
    )
    return asyncio.run(speech.heard(b"OggS sound", "voice.ogg"))


def test_the_recording_goes_to_the_given_address_with_its_name_and_the_key():
    with listening(text("  台州新增了\n多少停车位 ")) as server:
        assert heard(server.url) == "台州新增了 多少停车位"
    (came,) = server.came
    assert (came.path, came.authorization) == ("/v1/audio/transcriptions", f"Bearer {KEY}")
    assert (came.name, came.data) == ("voice.ogg", b"OggS sound")
    assert came.fields["model"] == "m"


def test_a_server_without_keys_needs_none():
    with listening(text("好")) as server:
        assert heard(server.url, api_key=None) == "好"


def test_silence_is_no_words_and_endless_talk_is_cut():
    with listening(text(" \n")) as server:
        assert heard(server.url) == ""
    with listening(text("说" * 90_000)) as server:
        assert len(heard(server.url)) == 4000


@pytest.mark.parametrize(
    ("reply", "kind", "word"),
    [
        (
            (401, "application/json", b'{"error": {"message": "bad key sk-secret-0123456789"}}'),
            ModelRefused,
            "KEY",
        ),
        ((404, "application/json", b"{}"), ModelRefused, "TRANSCRIPTION_MODEL"),
        ((400, "application/json", b"{}"), ModelRefused, "录音"),
        ((429, "application/json", b"{}"), ModelBusy, "额度"),
        ((503, "text/html", b"<html>"), ModelBroken, "自身出错"),
        ((418, "text/plain", b"teapot"), ModelBroken, "意外"),
        ((200, "text/html", b"<html>hello</html>"), ModelBroken, "不是文字"),
        ((200, "application/json", b"{nonsense"), ModelBroken, "不是文字"),
        ((200, "application/json", b'["a"]'), ModelBroken, "不是文字"),
        ((200, "application/json", b'{"text": 7}'), ModelBroken, "不是文字"),
        ((200, "application/json", b"null"), ModelBroken, "不是文字"),
    ],
)
def test_what_goes_wrong_is_told_in_a_sentence_without_the_key(reply, kind, word):
    with listening(reply) as server, pytest.raises(kind) as caught:
        heard(server.url)
    assert word in str(caught.value)
    assert KEY not in str(caught.value)


def test_a_server_that_takes_too_long_or_is_away_is_told_apart():
    with listening(text("好"), wait=1.0) as server, pytest.raises(ModelSlow):
        heard(server.url, timeout=0.1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ModelUnreachable):
        heard(f"http://127.0.0.1:{port}/v1")


def test_a_check_sends_a_second_of_silence_that_players_can_open():
    with listening(text("")) as server:
        asyncio.run(SpeechToText(model="m", base_url=server.url).check())
    with wave.open(BytesIO(server.came[0].data)) as sound:
        assert sound.getnframes() == sound.getframerate() == 16_000
