from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from town import Town, TownWiring

from answering.answer import Language
from bot.doctor import Finding, examine
from bot.messages import messages
from bot.settings import Settings
from bot.telegram.probe import Hop, Probe
from retrieval.errors import CatalogueBroken, EmbeddingRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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

    def probe(self) -> Probe:
        return Probe(ok=True, hop=Hop.NONE, sentence="能连上，机器人是 @somebody。")


def look(wiring: TownWiring, **env: str) -> list[Finding]:
    return list(examine(wiring, env, SAID))


def settings(home: Path, **more: object) -> Settings:
    return Settings(home=home, **more)  # type: ignore[arg-type]


def test_all_is_well(home: Path) -> None:
    found = look(Wired(settings(home, telegram_bot_token="1:x")))
    assert all(one.good for one in found)
    told = "".join(one.told for one in found)
    for word in (str(home), "清河市", "a-model", "@somebody"):
        assert word in told


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


def test_a_home_that_can_not_be_written_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (fault,) = [one for one in look(Wired(settings(tmp_path / "file"))) if one.good is False]
    assert "CHENGWEN_HOME" in fault.told


def test_each_part_that_fails_is_told_and_the_others_are_still_looked_at(home: Path) -> None:
    class Broken(Wired):
        @contextmanager
        def library(self, **_: bool) -> Iterator[Town]:  # type: ignore[override]
            raise CatalogueBroken("库坏了。")
            yield

        def embedder(self) -> Model:  # type: ignore[override]
            raise EmbeddingRefused("钥匙不对。")

        def probe(self) -> Probe:
            return Probe(ok=False, hop=Hop.PROXY, sentence="代理连不上。")

    found = look(Broken(settings(home, telegram_bot_token="1:x")))
    assert [one.told for one in found if one.good is False] == ["库坏了。", "钥匙不对。", "代理连不上。"]
