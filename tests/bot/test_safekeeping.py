"""Backup and restore: what is put back is what was there, and nothing is half done."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from bot.cli import run
from bot.errors import InputError
from bot.operations.backup import restored, unpacked, write
from retrieval.catalog.catalog import Catalogue
from retrieval.catalog.digests import digests_of
from retrieval.library import Library
from retrieval.runtime.temporary_folders import passing
from retrieval.values.documents import Source
from retrieval.values.errors import IndexLocked

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "吉林市新建口袋公园八十七处，群众满意。"
SECOND = "台州市新开夜班公交十二条，方便晚归的人。"


def _source(key: str, text: str) -> Source:
    return Source(key=key, text=text, digest=key, media="text/plain", metadata={"title": key})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a home with one text and a store with one note in it."""
    made = tmp_path / "home"
    with Library.open(made, embedder=None, write=True) as library:
        library.ingest_source(_source("first", FIRST))
    return made


def _digests(home: Path) -> dict[str, str]:
    with closing(Catalogue.open(home / "catalogue.db")) as catalogue:
        return asdict(digests_of(catalogue))


def _changed(home: Path) -> None:
    with Library.open(home, embedder=None, write=True) as library:
        library.remove("first")
        library.ingest_source(_source("second", SECOND))


def test_a_backup_brings_back_what_was_there(home: Path, tmp_path: Path) -> None:
    """By the command line: backup, change, restore; texts and digests are those of before, and are found."""
    env = {"CHENGWEN_HOME": str(home), "EMBEDDINGS": "none", "CHENGWEN_SHIPPED": "0"}
    before = _digests(home)
    assert run(["backup", str(tmp_path / "kept.zip")], env) == 0
    _changed(home)
    assert _digests(home) != before
    with Library.open(home, embedder=None) as reader:
        assert reader.find("夜班公交")
        assert run(["restore", str(tmp_path / "kept.zip")], env) == 0
        assert [hit.document.source for hit in reader.find("口袋公园")] == ["first"]
        assert all(hit.document.source == "first" for hit in reader.find("夜班公交"))
    assert _digests(home) == before
    assert not list(home.glob("passing-*"))


def test_a_backup_into_an_empty_home_is_a_move(home: Path, tmp_path: Path) -> None:
    """Another machine starts from the file alone, vectors and all."""
    write(home, tmp_path / "kept.zip")
    other = tmp_path / "other"
    with unpacked(tmp_path / "kept.zip", other) as (told, folder):
        restored(folder, other, store=True)
    assert _digests(other) == _digests(home) == {name: getattr(told, name) for name in _digests(home)}


def test_a_backup_is_one_state_while_a_writer_is_at_work(home: Path, tmp_path: Path) -> None:
    """What is being written meanwhile is in it whole or not at all; the writer goes on."""
    with Library.open(home, embedder=None, write=True) as library:
        for n in range(5):
            library.ingest_source(_source(f"more{n}", SECOND * (n + 1)))
            write(home, tmp_path / f"{n}.zip")
        assert len(library.sources()) == 6
    with (
        unpacked(tmp_path / "2.zip", home) as (_, folder),
        closing(Catalogue.open(folder / "catalogue.db")) as held,
    ):
        assert len(held.sources()) == 4


def test_nothing_is_restored_under_a_writer(home: Path, tmp_path: Path) -> None:
    """Who writes is named, and keeps what he wrote."""
    write(home, tmp_path / "kept.zip")
    with (
        Library.open(home, embedder=None, write=True),
        unpacked(tmp_path / "kept.zip", home) as (_, folder),
        pytest.raises(IndexLocked),
    ):
        restored(folder, home, store=True)


def _altered(path: Path, **values: object) -> None:
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(files["chengwen.json"]) | values
    files["chengwen.json"] = json.dumps(told).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"format": 99}, "升级"),
        ({"schema": 99}, "升级"),
        ({"texts": "0" * 64}, "不符"),
        ({"vectors": "0" * 64}, "不符"),
        ({"files": {"catalogue.db": "0" * 64}}, "损坏"),
        ({"files": {"../catalogue.db": "0" * 64}}, "不是本程序的备份"),
        ({"made": None, "odd": 1}, "不是本程序的备份"),
    ],
)
def test_what_can_not_be_trusted_is_refused(
    home: Path, tmp_path: Path, values: dict[str, object], told: str
) -> None:
    """A newer format, a changed file, another digest: a sentence, and the home stays as it is."""
    path = tmp_path / "kept.zip"
    write(home, path)
    _altered(path, **values)
    before = _digests(home)
    with pytest.raises(InputError, match=told), unpacked(path, home):
        pass
    assert _digests(home) == before


@pytest.mark.parametrize("damage", ["cut", "noise", "gone"])
def test_a_damaged_backup_is_refused(home: Path, tmp_path: Path, damage: str) -> None:
    """Whatever became of the file, it is told in a sentence."""
    path = tmp_path / "kept.zip"
    write(home, path)
    held = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(held[: len(held) // 2] if damage == "cut" else b"noise" * 1000)
    with pytest.raises(InputError), unpacked(path, home):
        pass


def test_a_backup_with_one_changed_byte_is_refused_wherever_it_is(home: Path, tmp_path: Path) -> None:
    """The directory at the end of the file says nothing of the texts, and is looked at all the same."""
    path = tmp_path / "kept.zip"
    write(home, path)
    held = path.read_bytes()
    with unpacked(path, home):
        pass
    for at in (*range(1, 260), *range(300, len(held), len(held) // 40)):
        changed = bytearray(held)
        changed[-at] ^= 1
        path.write_bytes(changed)
        with pytest.raises(InputError), unpacked(path, home):
            pass


def test_a_store_of_a_newer_program_is_refused(home: Path, tmp_path: Path) -> None:
    """A downgrade would lose what the newer program wrote."""
    from bot.errors import StoreError
    from bot.store.database import Database

    Database.open(home / "store.db").close()
    with closing(sqlite3.connect(home / "store.db")) as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
        file.commit()
    write(home, tmp_path / "kept.zip")
    with pytest.raises(StoreError, match="升级"), unpacked(tmp_path / "kept.zip", tmp_path / "other"):
        pass


def test_a_home_without_texts_has_nothing_to_back_up(tmp_path: Path) -> None:
    """It is told, and no file is written."""
    env = {"CHENGWEN_HOME": str(tmp_path / "empty"), "EMBEDDINGS": "none"}
    assert run(["backup", str(tmp_path / "kept.zip")], env) == 1
    assert not (tmp_path / "kept.zip").exists()


def test_what_a_killed_backup_left_goes_with_the_next_and_what_is_in_use_stays(
    home: Path, tmp_path: Path
) -> None:
    dying = multiprocessing.get_context("spawn").Process(target=_die_with_a_folder, args=(home,))
    dying.start()
    dying.join(240)
    assert dying.exitcode == -signal.SIGKILL
    (left,) = (path for path in home.glob("passing-*") if path.is_dir())
    with passing(home) as used:
        assert not left.exists()
        write(home, tmp_path / "kept.zip")
        assert used.is_dir()
    assert not list(home.glob("passing-*"))


def _die_with_a_folder(home: Path) -> None:
    with passing(home) as folder:
        (folder / "catalogue.db").write_bytes(b"half of it")
        os.kill(os.getpid(), signal.SIGKILL)
