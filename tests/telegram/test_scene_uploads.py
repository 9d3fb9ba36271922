"""Scenes of documents from admins: looked at, confirmed, read in beside the running bot, taken out."""

from __future__ import annotations

import asyncio
import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from stage.proxy import shown

from answering.pipeline import Answerer
from bot.assembly.library_worker import LibraryWorker
from bot.assembly.wiring import Wiring
from bot.config.settings import Settings
from bot.telegram.admin.tools import AdminTools

if TYPE_CHECKING:
    from pathlib import Path

    from stage.people import Room

    from retrieval.ingest.report import FileReport

NAME = "清河市2024年政府工作报告.txt"
TEXT = """清河市2024年政府工作报告

一、过去一年
一是建成口袋公园12个。二是新增学位3000个。
"""


@pytest.fixture
def stage(stage):
    """A bot over an empty library of its own, which its keeper changes."""
    named = {"CHENGWEN_HOME": str(stage.home), "EMBEDDINGS": "none", "CHENGWEN_SHIPPED": "0"}
    with Wiring(Settings.load(named)).library() as library:
        stage.library, stage.answerer = library, Answerer(library)
        stage.tools = AdminTools(keeper=LibraryWorker(env=named), reread=stage.settings)
        yield stage


@pytest.fixture
def admin(stage):
    room = stage.room()
    stage.more["TELEGRAM_ADMINS"] = str(room.person.id)
    return room


async def sends(room: Room, name: str | None, data: bytes, *, size: int | None = None, caption: str = ""):
    document = room.proxy.files.document(name, data, size=size)
    await room.posts({"document": document, **({"caption": caption} if caption else {})})
    return await room.hears()


def packed(**files: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return data.getvalue()


async def test_a_document_is_looked_at_confirmed_answered_from_and_removed(stage, admin):
    other = stage.room()
    async with stage.running():
        seen = await sends(admin, NAME, TEXT.encode())
        assert "还没有入库" in seen["text"]
        assert "清河市2024年政府工作报告 · 清河市 · 2024" in seen["text"]
        assert "登记簿里的数字2个" in seen["text"]
        assert shown(seen) == [["入库", "不要"]]
        assert stage.library.documents() == ()
        await admin.taps("入库", on=seen)
        done = await admin.sees(seen)
        assert "已入库" in done["text"]
        await other.says("清河市建成了多少个口袋公园？")
        assert "12个" in (await other.hears())["text"]
        await admin.says("/admin")
        page = await admin.hears()
        for label in ("文库", NAME, "移除"):
            await admin.taps(label, on=page)
            page = await admin.sees(page)
        assert "已移除" in page["text"]
        assert stage.library.documents() == ()
    assert [path.name for path in (stage.home / "texts").iterdir()] == [NAME]
    assert list(stage.home.glob("passing-*")) == []


async def test_a_document_that_is_not_wanted_leaves_nothing_behind(stage, admin):
    async with stage.running():
        seen = await sends(admin, NAME, TEXT.encode())
        await admin.taps("不要", on=seen)
        assert "没有入库" in (await admin.sees(seen))["text"]
    assert stage.library.documents() == ()
    assert not (stage.home / "texts").exists()


async def test_the_buttons_work_after_a_restart_and_once_only(stage, admin):
    async with stage.running():
        seen = await sends(admin, NAME, TEXT.encode())
    async with stage.running():
        await admin.taps("入库", on=seen)
        await stage.proxy.inject({"callback_query": await again(stage, admin, seen)})
        done = await admin.sees(seen)
        assert "已入库" in done["text"] or "已经处理过" in (await admin.sees(done))["text"]
    assert len(stage.library.documents()) == 1


async def again(stage, room, message):
    """Return the tap of a client that has not yet seen that the buttons are gone."""
    data = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    stage.proxy.queries.add("4711")
    return {
        "id": "4711",
        "from": room.person.user,
        "message": message,
        "chat_instance": str(room.id),
        "data": data,
    }


async def test_a_newer_file_of_the_same_name_takes_the_place_of_the_older(stage, admin):
    async with stage.running():
        for text in (TEXT, TEXT.replace("12", "15")):
            seen = await sends(admin, NAME, text.encode())
            await admin.taps("入库", on=seen)
            assert "已入库" in (await admin.sees(seen))["text"]
        assert "会替换它" in seen["text"]
        await admin.says("清河市建成了多少个口袋公园？")
        assert "15个" in (await admin.hears())["text"]
    assert len(stage.library.documents()) == 1


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        (None, b"x", "没有名字"),
        ("../报告.txt", b"x", "不该有的字符"),
        ("报告.exe.pdf", b"x", "两个扩展名"),
        ("报告.zip", b"x", "还不会读"),
        ("报告.docx", packed(a__b="x"), "压缩包"),
        ("报告.docx", b"MZ\0\0", "读不出文字"),
        ("报告.txt", b"%PDF-1.4\n%%EOF", "报告.txt"),
        (
            "报告.docx",
            packed(word__document="x", word__vbaProject_bin="x").replace(b"Project_", b"Project."),
            "宏",
        ),
        ("空白.txt", b" \n", "空白"),
    ],
)
async def test_tricks_are_refused_with_a_reason_and_leave_nothing_behind(stage, admin, name, data, words):
    async with stage.running():
        told = await sends(admin, name, data)
    assert words in told["text"]
    assert "reply_markup" not in told
    assert list(stage.home.glob("passing-*")) == []
    assert stage.library.documents() == ()


async def test_a_file_that_is_too_large_is_not_even_fetched(stage, admin):
    stage.more["TELEGRAM_FILE_MEGABYTES"] = "1"
    async with stage.running():
        told = await sends(admin, NAME, b"x", size=2 << 20)
        assert "最多 1 MB" in told["text"]
        assert stage.proxy.files.fetched == 0
        told = await sends(admin, NAME, b"x" * (2 << 20), size=1)
        assert "最多 1 MB" in told["text"]
    assert stage.proxy.files.fetched == 0


class Slow:
    """A keeper that does not come to an end with what it is given."""

    def __init__(self, keeper: LibraryWorker) -> None:
        self.preview, self.remove = keeper.preview, keeper.remove
        self.begun = asyncio.Event()

    async def take(self, path: Path) -> FileReport:
        self.begun.set()
        await asyncio.Event().wait()
        raise AssertionError(path)


async def test_a_document_that_was_being_read_in_when_the_bot_stopped_is_read_in_at_the_next_start(
    stage, admin
):
    tools, slow = stage.tools, Slow(stage.tools.keeper)
    stage.patience = replace(stage.patience, stop=0.2)
    stage.tools = replace(tools, keeper=slow)
    async with stage.running():
        seen = await sends(admin, NAME, TEXT.encode())
        await admin.taps("入库", on=seen)
        await slow.begun.wait()
    assert stage.library.documents() == ()
    stage.tools = tools
    async with stage.running():
        assert "已入库" in (await admin.sees(seen))["text"]
    assert len(stage.library.documents()) == 1


async def test_a_writer_at_work_is_told_and_the_buttons_stay(stage, admin):
    home = {"CHENGWEN_HOME": str(stage.home), "EMBEDDINGS": "none"}
    async with stage.running():
        seen = await sends(admin, NAME, TEXT.encode())
        with Wiring(Settings.load(home)).library(write=True):
            await admin.taps("入库", on=seen)
            assert "正在写入资料库" in (await admin.hears())["text"]
        await admin.taps("入库", on=seen)
        assert "已入库" in (await admin.sees(seen))["text"]


async def test_a_document_of_anyone_else_is_a_question_or_gets_a_kind_word(stage, admin):
    other = stage.room()
    async with stage.running():
        seen = await sends(admin, NAME, TEXT.encode())
        await admin.taps("入库", on=seen)
        await admin.sees(seen)
        told = await sends(other, NAME, TEXT.encode())
        assert "入库" not in told["text"]
        told = await sends(other, NAME, TEXT.encode(), caption="清河市建成了多少个口袋公园？")
        assert "12个" in told["text"]
    assert len(stage.library.documents()) == 1
