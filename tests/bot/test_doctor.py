from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from chat_server import fails, hangs, page, say, serving
from town import Town, TownWiring

from answering.values.answer import Language
from bot.assembly.wiring import Wiring
from bot.config.settings import Settings
from bot.messages import messages
from bot.operations.doctor import CheckResult, examine
from bot.telegram.diagnostics.probe import NetworkHop, ProbeResult
from retrieval.index.status import IndexStatus
from retrieval.values.errors import CatalogueBroken, EmbeddingRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chat_server import Reply

    from retrieval.index.chroma.address import ChromaAddress

KEY = "sk-secret-0123456789"
SAID = messages(Language.HANS)


class Model:
    name = "a-model"
    dimension = 2

    def query(self, text: str) -> np.ndarray:
        return np.array([1.0, 0.0], np.float32)


class Wired(TownWiring):
    """Parts that are all well; each test breaks one."""

    def embedder(self) -> Model:  # type: ignore[override]
        return Model()

    def probe(self) -> ProbeResult:
        return ProbeResult(ok=True, hop=NetworkHop.NONE, sentence="能连上，机器人是 @somebody。")


def look(wiring: TownWiring, **env: str) -> list[CheckResult]:
    return list(examine(wiring, env, SAID))


def settings(home: Path, **more: object) -> Settings:
    return Settings(home=home, **more)  # type: ignore[arg-type]


def chatting(home: Path, url: str, **more: object) -> Settings:
    more = {"chat_model": "m", "openai_base_url": url, "openai_api_key": KEY, "chat_retries": 0} | more
    return settings(home, **more)


def test_all_is_well(home: Path) -> None:
    with serving(say("好", usage=(12, 1))) as server:
        found = look(Wired(chatting(home, server.url, telegram_bot_token="1:x")))
    assert all(one.good for one in found)
    told = "".join(one.told for one in found)
    for word in (str(home), "清河市", "a-model", "@somebody", "模型 m 可用", "13个 token"):
        assert word in told


def test_a_model_whose_server_reports_no_usage_is_well_too(home: Path) -> None:
    with serving(say("好")) as server:
        found = look(Wired(chatting(home, server.url, chat_stream_usage=False)))
    assert [one.good for one in found if "用量由本机估算" in one.told] == [True]


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (fails(401, f"bad {KEY}"), "OPENAI_API_KEY"),
        (fails(404), "CHAT_MODEL"),
        (fails(400, "unknown field stream_options"), "CHAT_STREAM_USAGE"),
        (page(), "OPENAI_BASE_URL"),
        (hangs(), "CHAT_FIRST_TIMEOUT"),
        (say("", finish="length"), "CHAT_MAX_TOKENS"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_model_that_does_not_answer_is_a_fault_and_what_to_do_is_told(
    home: Path, reply: Reply, word: str
) -> None:
    with serving(reply) as server:
        found = look(Wired(chatting(home, server.url, chat_first_timeout=1)))
    (fault,) = [one for one in found if one.good is False]
    assert word in fault.told
    assert fault.told.count("。") == 1
    assert KEY not in fault.told


def test_a_provider_whose_package_is_missing_is_told_with_what_to_install(home: Path) -> None:
    found = look(Wired(settings(home, chat_model="m", chat_provider="cohere")))
    assert [one.good for one in found if "pip install langchain-cohere" in one.told] == [False]


def test_no_model_is_a_note_that_says_how_to_have_one(home: Path) -> None:
    assert [one.good for one in look(Wired(settings(home))) if "CHAT_MODEL" in one.told] == [None]


def test_what_is_not_set_up_is_a_note_and_no_fault(home: Path) -> None:
    found = look(Wired(settings(home)), TELEGRAM_BOT_TOKN="x")
    notes = [one.told for one in found if one.good is None]
    assert any("TELEGRAM_BOT_TOKN" in one for one in notes)
    assert any("TELEGRAM_BOT_TOKEN" in one for one in notes)
    assert not [one for one in found if one.good is False]


def test_words_alone_is_a_note_with_its_reason(home: Path) -> None:
    class Wordy(Wired):
        def embedder(self) -> None:  # type: ignore[override]
            return None

    (note,) = [one for one in look(Wordy(settings(home, embeddings="none"))) if "只按字词" in one.told]
    assert note.good is None


def test_an_empty_library_tells_what_to_do(home: Path) -> None:
    class Empty(Wired):
        @contextmanager
        def library(self, **_: bool) -> Iterator[Town]:  # type: ignore[override]
            yield Town(held={}, version=0)

    for shipped, word in ((True, "随附"), (False, "chengwen ingest")):
        found = look(Empty(settings(home, shipped=shipped)))
        assert [one.good for one in found if word in one.told] == [None]


def test_indexes_that_are_behind_are_a_note_that_says_how_far_each_is(home: Path) -> None:
    class Behind(Wired):
        @contextmanager
        def library(self, **_: bool) -> Iterator[Town]:  # type: ignore[override]
            town = Town(version=9)
            town.standing = IndexStatus(version=9, words=9, vectors=7)
            yield town

    told = "资料库第9版，词语索引到第9版，向量到第7版"
    assert [one.good for one in look(Behind(settings(home))) if told in one.told] == [None]


def test_a_server_of_vectors_is_told_of_and_a_wrong_one_is_a_fault(
    home: Path, chroma_address: ChromaAddress
) -> None:
    class Served(Wiring):
        def embedder(self) -> Model:  # type: ignore[override]
            return Model()

    for url, good in ((chroma_address.url, True), ("http://127.0.0.1:1", False)):
        chosen = settings(home, chroma_url=url, chroma_database=chroma_address.database)
        (found,) = [one for one in examine(Served(chosen), {}, SAID) if url in one.told]
        assert found.good is good


def test_a_home_that_can_not_be_written_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    fault, *_ = [one for one in look(Wired(settings(tmp_path / "file"))) if one.good is False]
    assert "CHENGWEN_HOME" in fault.told


def test_each_part_that_fails_is_told_and_the_others_are_still_looked_at(home: Path) -> None:
    class Broken(Wired):
        @contextmanager
        def library(self, **_: bool) -> Iterator[Town]:  # type: ignore[override]
            raise CatalogueBroken("库坏了。")
            yield

        def embedder(self) -> Model:  # type: ignore[override]
            raise EmbeddingRefused("钥匙不对。")

        def probe(self) -> ProbeResult:
            return ProbeResult(ok=False, hop=NetworkHop.PROXY, sentence="代理连不上。")

    found = look(Broken(settings(home, telegram_bot_token="1:x")))
    assert [one.told for one in found if one.good is False] == ["库坏了。", "钥匙不对。", "代理连不上。"]


@pytest.mark.parametrize(("more", "told"), [({}, True), ({"telegram_admins": frozenset({1})}, False)])
def test_a_bot_that_is_closed_to_everybody_is_noticed(home: Path, more: dict[str, Any], told: bool) -> None:
    found = look(Wired(settings(home, telegram_bot_token="1:x", telegram_mode="closed", **more)))
    assert any("谁也用不了" in one.told for one in found) is told
