"""The library is looked at and changed by processes of their own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.assembly.library_worker import LibraryWorker, LibraryWorkerError
from bot.assembly.wiring import Wiring
from bot.config.settings import Settings
from retrieval.ingest.report import Status
from retrieval.library import Library

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "清河市2024年政府工作报告\n\n一是建成公园12个。二是新增学位3000个。\n"


@pytest.fixture
def keeper(home: Path) -> LibraryWorker:
    return LibraryWorker(env={"CHENGWEN_HOME": str(home), "EMBEDDINGS": "none", "CHENGWEN_SHIPPED": "0"})


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "-清河市 报告.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


async def test_a_text_is_looked_at_taken_and_removed_while_a_reader_has_the_library_open(
    keeper: LibraryWorker, home: Path, text: Path
) -> None:
    with Library.open(home, embedder=None) as library:
        seen = await keeper.preview(text)
        assert (seen.reason, seen.figures, seen.documents[0].place) == ("", 2, "清河市")
        assert library.documents() == ()
        report = await keeper.take(text)
        assert report.status is Status.INGESTED
        assert (await keeper.take(text)).status is Status.UNCHANGED
        assert library.places() == ("清河市",)
        await keeper.remove(report.key)
        assert library.places() == ()


async def test_what_can_not_be_done_is_told_in_the_words_of_the_process(
    keeper: LibraryWorker, home: Path, text: Path
) -> None:
    assert "找不到" in (await keeper.preview(text.with_name("nowhere.txt"))).reason
    with (
        Library.open(home, embedder=None, write=True),
        pytest.raises(LibraryWorkerError, match="正在写入资料库"),
    ):
        await keeper.take(text)
    with pytest.raises(LibraryWorkerError, match="nowhere"):
        await keeper.remove("nowhere")


async def test_what_changes_the_library_gets_no_secret_of_the_bot_or_the_model(home: Path) -> None:
    token = "123456:" + "Ab-_" * 9
    named = {
        "CHENGWEN_HOME": str(home),
        "TELEGRAM_BOT_TOKEN": token,
        "CHAT_MODEL": "m",
        "OPENAI_API_KEY": "k",
    }
    keeper = Wiring(Settings.load(named)).tools().keeper
    assert isinstance(keeper, LibraryWorker)
    assert {name: keeper.env[name] for name in named} == {
        **dict.fromkeys(named, ""),
        "CHENGWEN_HOME": str(home),
    }
    assert not {"EMBEDDINGS_API_KEY", "DATABASE_URL"} & keeper.env.keys()


async def test_what_takes_too_long_is_ended(home: Path, text: Path) -> None:
    with pytest.raises(LibraryWorkerError, match="还没做完"):
        await LibraryWorker(env={"CHENGWEN_HOME": str(home)}, seconds=0.01).take(text)


async def test_a_change_that_nobody_waits_for_any_more_is_ended(keeper: LibraryWorker, text: Path) -> None:
    work = asyncio.create_task(keeper.take(text))
    await asyncio.sleep(0.3)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
