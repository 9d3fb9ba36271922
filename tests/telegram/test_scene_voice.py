"""Scenes of voice messages: what is heard is asked, and shown; what can't be heard is told in a sentence."""

from __future__ import annotations

import hashlib

import pytest
from speech_server import listening, text
from stage.faults import Refusal
from stage.people import MENTION

from bot.assembly.wiring import Wiring

SOUND = b"OggS a question"
ASKED = "清河市建了多少停车泊位？"


@pytest.fixture
def server():
    with listening(text(ASKED)) as server:
        yield server


@pytest.fixture
def stage(stage, server):
    """A bot that listens, wired by its settings."""
    stage.more |= {
        "TRANSCRIPTION_MODEL": "m",
        "TRANSCRIPTION_BASE_URL": server.url,
        "TRANSCRIPTION_SECONDS": "90",
    }
    stage.parts["speech"] = Wiring(stage.settings()).speech()
    return stage


def recorded(stage, kind="voice", *, seconds=3, data=SOUND, **more):
    """Return a recording as a message holds it."""
    file_id = "AwAC" + hashlib.sha256(data).hexdigest()[:20]
    stage.proxy.files.held[file_id] = data
    told = {"file_id": file_id, "file_unique_id": "u", "file_size": len(data), "duration": seconds}
    return {kind: told | more}


async def test_a_voice_message_is_answered_with_the_words_heard_above(stage, server):
    room = stage.room()
    async with stage.running():
        await room.posts(recorded(stage))
        answer = await room.hears()
        await room.says("那图书馆呢？")
        await room.hears()
    assert answer["text"].startswith(f"问：{ASKED}")
    assert stage.answerer.asked == [ASKED, "那图书馆呢？"]
    (came,) = server.came
    assert (came.name, came.data, came.fields["model"]) == ("voice.ogg", SOUND, "m")
    assert len(room.said()) == 2


@pytest.mark.parametrize(
    ("kind", "more", "name"),
    [
        ("audio", {"file_name": "../../会议.m4a"}, "audio.m4a"),
        ("audio", {}, "audio.mp3"),
        ("video_note", {"length": 240}, "video.mp4"),
    ],
)
async def test_audio_files_and_round_videos_are_listened_to_under_a_name_that_tells_their_format(
    stage, server, kind, more, name
):
    room = stage.room()
    async with stage.running():
        await room.posts(recorded(stage, kind, **more))
        await room.hears()
    assert [one.name for one in server.came] == [name]
    assert stage.answerer.asked == [ASKED]


async def test_what_is_too_long_or_too_large_is_not_fetched(stage, server):
    room = stage.room()
    async with stage.running():
        await room.posts(recorded(stage, seconds=91))
        long = await room.hears()
        await room.posts(recorded(stage, file_size=21 << 20))
        large = await room.hears()
    assert "最长90秒" in long["text"]
    assert "20 MB" in large["text"]
    assert (server.came, stage.proxy.files.fetched, stage.answerer.asked) == ([], 0, [])


async def test_what_fails_is_a_sentence_and_the_log_has_the_reason_without_the_key(stage, server, caplog):
    room = stage.room()
    async with stage.running():
        for reply in ((401, "application/json", b"{}"), (200, "text/html", b"<html>")):
            server.reply = reply
            await room.posts(recorded(stage))
            assert "没能转成文字" in (await room.hears())["text"]
        server.reply = text(" ")
        await room.posts(recorded(stage))
        assert "没听到话" in (await room.hears())["text"]
    assert stage.answerer.asked == []
    assert "TRANSCRIPTION_API_KEY" in caplog.text


async def test_a_recording_that_telegram_no_longer_has_is_told_too(stage, server):
    room = stage.room()
    stage.proxy.play(Refusal(method="getFile", description="Bad Request: wrong file_id"))
    async with stage.running():
        await room.posts(recorded(stage))
        assert "没能转成文字" in (await room.hears())["text"]
    assert server.came == []


async def test_in_a_group_only_a_reply_to_the_bot_is_listened_to(stage, server):
    room = stage.room(chat={"id": -1001234567899, "type": "supergroup", "title": "群"})
    async with stage.running():
        await room.says(f"{MENTION} 你好")
        answer = await room.hears()
        await room.posts(recorded(stage))
        await room.posts(recorded(stage), to=answer)
        heard = await room.hears()
    assert heard["text"].startswith(f"问：{ASKED}")
    assert len(server.came) == 1


async def test_a_spoken_claim_is_checked_and_a_spoken_doubt_checks_what_it_replies_to(stage, server):
    room = stage.room()
    server.reply = text("这是真的吗")
    async with stage.running():
        first = await room.says("群里说清河市建了两万个泊位")
        await room.hears()
        await room.posts(recorded(stage), to=first)
        await room.hears()
    assert stage.answerer.asked[-1].endswith("群里说清河市建了两万个泊位")
    assert stage.answerer.asked[-1] != "群里说清河市建了两万个泊位"


async def test_who_may_ask_no_more_is_not_listened_to(stage, server):
    stage.more["TELEGRAM_PERSON_DAY"] = "1"
    room = stage.room()
    async with stage.running():
        await room.posts(recorded(stage))
        await room.hears()
        await room.posts(recorded(stage))
        await room.hears()
    assert len(server.came) == 1
    assert stage.answerer.asked == [ASKED]


async def test_privacy_tells_that_recordings_are_handed_on(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/privacy")
        assert "录音不保存" in (await room.hears())["text"]
