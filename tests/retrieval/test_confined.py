"""Files made to do harm end in a sentence, soon, and cost nothing but themselves."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import hostile
import pytest
from samples import SPEECH, pdf_report, word_speech
from shelf import HashedWords

from retrieval.ingest.report import Status
from retrieval.library import Library
from retrieval.loaders import load as readers
from retrieval.loaders.sandbox.client import SandboxedReader
from retrieval.loaders.sandbox.limits import ReaderLimits
from retrieval.loaders.sandbox.worker_process import _surroundings
from retrieval.values.errors import ReadError, TooLargeFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOON = 24.0  # seconds for the worst of them, with the limits below, beside other work
HOSTILE: dict[str, Callable[[], bytes]] = {
    "declared.docx": hostile.declared_bomb,
    "many.zip": hostile.many_entries,
    "entities.docx": hostile.entities,
    "nested.zip": hostile.nested_archive,
    "loop.pdf": hostile.pdf_loop,
    "bomb.docx": hostile.zip_bomb,
    "bomb.pdf": hostile.pdf_bomb,
    "form.pdf": hostile.pdf_form_loop,
    "deep.html": lambda: b"<!doctype html>" + b"<div>" * 400_000,
    "bomb.epub": hostile.book_bomb,
    "flood.epub": hostile.book_flood,
    "entities.epub": hostile.book_entities,
    "flood.ofd": hostile.layout_flood,
    "outside.ofd": hostile.layout_outside,
    "places.ofd": hostile.layout_odd_places,
    "nest.mht": hostile.saved_nest,
    "cells.ods": hostile.sheet_bomb,
    "entities.pptx": hostile.slides_entities,
    "loop.doc": hostile.compound_loop,
    "attributes.html": lambda: b"<!doctype html><p " + b"a=1 " * 200_000 + b">",
}


@pytest.fixture(scope="module")
def strict() -> Iterator[SandboxedReader]:
    confined = SandboxedReader(ReaderLimits(memory=384 * 2**20, seconds=2.0, seconds_per_mb=0.0))
    yield confined
    confined.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_made_to_do_harm_ends_in_a_sentence_soon(strict: SandboxedReader, name: str) -> None:
    data = HOSTILE[name]()
    began = time.monotonic()
    with pytest.raises(ReadError) as refused:
        strict.contents(data, name)
    assert time.monotonic() - began < SOON
    assert name in str(refused.value)
    assert str(refused.value).endswith("。")


def test_two_million_groups_inside_each_other_are_one_letter() -> None:
    confined = SandboxedReader(ReaderLimits(memory=384 * 2**20, seconds=60.0, seconds_per_mb=0.0))
    try:
        _, read = confined.contents(hostile.rich_nest(), "nest.rtf")
    finally:
        confined.close()
    assert read.text == "a"


def test_the_next_file_is_read_as_if_nothing_had_been(strict: SandboxedReader) -> None:
    with pytest.raises(TooLargeFile, match=r"太久|内存"):
        strict.contents(hostile.pdf_bomb(), "bomb.pdf")
    assert "背街小巷" in strict.contents(word_speech(), "x.docx")[1].text


def test_what_is_nested_or_climbs_is_read_without_following(strict: SandboxedReader, tmp_path: Path) -> None:
    assert strict.contents(hostile.nested_boxes(), "x.docx")[1].text == "深处"
    assert strict.contents(hostile.climbing_archive(), "x.docx")[1].text == "正文"
    secret = tmp_path / "secret.txt"
    secret.write_text("机密")
    assert strict.contents(hostile.outside_entity(str(secret)), "x.docx")[1].text.strip() == "正文"
    assert not (tmp_path.parent / "escaped.txt").exists()


def test_files_are_read_side_by_side(strict: SandboxedReader) -> None:
    texts: list[str] = []
    data = pdf_report(pages=1)
    threads = [
        threading.Thread(target=lambda: texts.append(strict.contents(data, "x.pdf")[1].text))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(texts) == 3
    assert len(set(texts)) == 1


def test_many_small_files_share_one_process(strict: SandboxedReader) -> None:
    data = b"<!doctype html><p>" + SPEECH.encode()
    strict.contents(data, "warm.html")
    idle = list(strict._idle)
    for _ in range(50):
        strict.contents(data, "x.html")
    assert strict._idle == idle


def test_the_child_gets_nothing_of_our_environment_but_where_it_runs() -> None:
    given = set(_surroundings()) - {"PYTHONPATH", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE"}
    assert given <= {"PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "TMPDIR", "TEMP"}


def test_a_child_may_neither_write_nor_connect_nor_start_anything(tmp_path: Path) -> None:
    tries = {
        "write": f"open({str(tmp_path / 'x')!r}, 'w')",
        "connect": "__import__('socket').socket()",
        "start": "__import__('subprocess').run(['true'])",
        "system": "__import__('os').system('true')",
        "remove": f"__import__('os').unlink({str(tmp_path)!r})",
    }
    for name, what in tries.items():
        bound = "from retrieval.loaders.sandbox.limits import confine\nconfine(1 << 30)\n"
        code = f"{bound}try:\n {what}\nexcept PermissionError:\n print('no')"
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert told.stdout == "no\n", (name, told)


def test_a_line_of_ten_million_characters_is_refused_and_one_of_two_million_is_read() -> None:
    with pytest.raises(TooLargeFile, match="1000 万字"):
        readers.read_bytes(("好" * 10_000_000).encode(), "x.txt")
    assert len(readers.read_bytes(("好" * 2_000_000).encode(), "x.txt").text) == 2_000_000


def test_what_is_not_seen_is_not_read() -> None:
    tricks = "整治1\u200b00条\u202e，好\u2066不\ufeff好\U000e0041\U000e0042，红\x1b[31m字\x9b2J"
    assert readers.read_bytes(tricks.encode(), "x.txt").text == "整治100条，好不好，红[31m字2J"
    page = f"<!doctype html><p>{tricks}"
    assert readers.read_bytes(page.encode(), "x.html").text == "整治100条，好不好，红[31m字2J"


def test_a_file_that_changes_while_it_is_read_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"a" * 3_000_000)
    stop = threading.Event()

    def scribble() -> None:
        mark = 0
        while not stop.is_set():
            mark += 1
            path.write_bytes(b"abcd"[mark % 4 : mark % 4 + 1] * 3_000_000)

    writer = threading.Thread(target=scribble)
    writer.start()
    try:
        for _ in range(4):
            with suppress(ReadError):
                assert len(set(readers.read(path).text)) == 1
    finally:
        stop.set()
        writer.join()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_pipes_devices_and_links_that_lead_out_of_a_folder_are_refused(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("别处的机密，不该读进来。", encoding="utf-8")
    (folder / "good.txt").write_text(SPEECH, encoding="utf-8")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "up.txt").symlink_to("../secret.txt")
    (folder / "in.txt").symlink_to("good.txt")
    (folder / "round.txt").symlink_to("round.txt")
    os.mkfifo(folder / "pipe.txt")
    with Library.open(home, embedder=HashedWords(), write=True) as library:
        report = {Path(one.path).name: one for one in library.ingest([folder]).files}
        assert {name for name, one in report.items() if one.status is Status.INGESTED} == {"good.txt"}
        assert "指向文件夹以外" in report["out.txt"].reason
        assert "不是普通文件" in report["pipe.txt"].reason
        assert report["round.txt"].reason.endswith("。")
        assert not [one for one in library.documents() if "机密" in one.text]
        assert library.ingest([folder / "out.txt"]).files[0].status is Status.INGESTED
