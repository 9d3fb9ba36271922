"""Files of all kinds are read by their content; what can't be read is told in a sentence."""

from __future__ import annotations

import os
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import SPEECH, pdf_locked, pdf_pictures, pdf_report, word_speech

from retrieval.loaders import load as readers
from retrieval.values.errors import (
    BrokenFile,
    EmptyFile,
    EncryptedFile,
    ReadError,
    TooLargeFile,
    UnsupportedFile,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def packed(*names: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name in names:
            made.writestr(name, "<x/>")
    return buffer.getvalue()


def read_or_refused(data: bytes, name: str) -> str:
    """Return a file's text, or the sentence that refuses it."""
    try:
        return readers.read_bytes(data, name).text
    except ReadError as error:
        return str(error)


REFUSED = [
    ("empty.txt", b"", EmptyFile, "空文件"),
    ("blank.txt", " \n\t\u3000\u00a0\n".encode(), EmptyFile, "只有空白"),
    ("blank.docx", b"", EmptyFile, "空文件"),
    ("scan.png", b"\x89PNG\r\n\x1a\n" + bytes(64), ReadError, "图片"),
    ("renamed.txt", b"\xff\xd8\xff\xe0" + bytes(64), ReadError, "图片"),
    ("setup.txt", b"MZ\x90\0" + bytes(200), UnsupportedFile, "程序"),
    ("tool", b"\x7fELF" + bytes(64), UnsupportedFile, "程序"),
    ("zeros.txt", bytes(400), BrokenFile, "NUL"),
    ("nul.txt", "正文里混入了".encode() + b"\0\0" + "空字节".encode(), BrokenFile, "NUL"),
    ("noise.txt", bytes(range(1, 256)) * 20, BrokenFile, "不是文本"),
    ("lost.txt", ("好" + "\ufffd" * 3).encode() * 50, BrokenFile, "无法识别"),
    ("notes.dwg", "项目,数量\n公园,12".encode(), UnsupportedFile, ".dwg"),
    ("table.xlsx", packed("xl/workbook.xml"), BrokenFile, "表格"),
    ("slides.pptx", packed("ppt/presentation.xml"), BrokenFile, "幻灯片"),
    ("many.zip", packed("a.txt", "b.txt"), UnsupportedFile, "解压"),
    ("old.doc", OLE + "WordDocument".encode("utf-16-le"), BrokenFile, "另存为 .docx"),
    ("locked.docx", OLE + "EncryptedPackage".encode("utf-16-le"), EncryptedFile, "密码"),
    ("locked.pdf", pdf_locked("secret"), EncryptedFile, "密码"),
    ("scan.pdf", pdf_pictures(), EmptyFile, "文字"),
    ("cut.pdf", pdf_report(pages=1)[:2000], BrokenFile, "不完整"),
    ("cut.docx", word_speech()[:3000], BrokenFile, "不完整"),
    ("hollow.docx", packed("word/other.xml"), BrokenFile, "不完整"),
    ("not.docx", "其实是文本".encode(), BrokenFile, "改错了扩展名"),
    ("not.pdf", "其实是文本".encode(), BrokenFile, "改错了扩展名"),
]


@pytest.mark.parametrize(("name", "data", "error", "words"), REFUSED, ids=[one[0] for one in REFUSED])
def test_what_cannot_be_read_is_refused_with_name_reason_and_advice(
    name: str, data: bytes, error: type[ReadError], words: str
) -> None:
    with pytest.raises(error) as refused:
        readers.read_bytes(data, name)
    message = str(refused.value)
    assert words in message
    assert name in message
    assert "请" in message
    assert message.endswith("。")


def test_a_file_is_read_with_its_digest_media_and_absolute_path(tmp_path: Path) -> None:
    path = tmp_path / "发言.txt"
    path.write_bytes(SPEECH.replace("\n", "\r\n").encode("gb18030"))
    source = readers.read(path)
    assert source.text == SPEECH
    assert source.key == str(path)
    assert (source.media, source.encoding) == ("text/plain", "gb18030")
    assert re.fullmatch("[0-9a-f]{64}", source.digest)
    assert readers.read(path, key="corpus/发言.txt").key == "corpus/发言.txt"


def test_a_folder_a_device_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFile, match="文件夹"):
        readers.read(tmp_path)
    with pytest.raises(UnsupportedFile, match="不是普通文件"):
        readers.read(os.devnull)
    with pytest.raises(ReadError, match="找不到"):
        readers.read(tmp_path / "gone.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text(SPEECH, encoding="utf-8")
    path.chmod(0)
    with pytest.raises(ReadError, match="没有权限"):
        readers.read(path)


def test_a_file_of_200_mb_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as huge:
        huge.truncate(200 * 2**20)  # a hole in the file: its bytes stand nowhere
    with pytest.raises(TooLargeFile, match=r"200 MB.*64 MB"):
        readers.read(path)
    with pytest.raises(TooLargeFile):
        readers.read_bytes(b"x" * 11, "stdin", limit=10)


def test_standard_input_is_told_by_its_content() -> None:
    assert readers.read_bytes(SPEECH.encode(), "stdin").media == "text/plain"
    assert readers.read_bytes(b"<!doctype html><p>x", "stdin").media == "text/html"
    assert readers.read_bytes(b"---\ntitle: x\n---\ny", "stdin").media == "text/markdown"
    assert readers.read_bytes(pdf_report(pages=1), "stdin").media == "application/pdf"
    assert readers.read_bytes(b"x", "stdin", media="text/html").media == "text/html"


def test_content_counts_more_than_the_name() -> None:
    assert readers.read_bytes(word_speech(), "misnamed.txt").media.endswith("wordprocessingml.document")
    assert "背街小巷" in readers.read_bytes(word_speech(), "misnamed.pdf").text


def test_folders_are_walked_in_order_without_hidden_files_and_each_file_once(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a.md",
        ".hidden.txt",
        "README.md",
        "~$lock.docx",
        "x/c.txt",
        ".git/d.txt",
        "x/e.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("字", encoding="utf-8")
    found = [path.relative_to(tmp_path).as_posix() for path in readers.files([tmp_path, tmp_path / "b.txt"])]
    assert found == ["a.md", "b.txt", "x/c.txt"]
    assert list(readers.files([tmp_path / ".hidden.txt"])) == [tmp_path / ".hidden.txt"]
    assert list(readers.files([tmp_path / "gone"])) == [tmp_path / "gone"]


def test_a_file_name_that_is_no_text_makes_a_key_that_can_be_stored(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb7\xa2.txt"))
    path.write_bytes(SPEECH.encode())
    source = readers.read(path)
    assert source.key.encode("utf-8")
    assert source.text == SPEECH


def test_the_kinds_are_those_that_can_be_read() -> None:
    assert {".txt", ".md", ".html", ".docx", ".pdf"} <= set(readers.kinds())


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.html", "a.docx", "a.pdf", "stdin"]))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused_never_anything_else(data: bytes, name: str) -> None:
    text = read_or_refused(data, name)
    assert text.strip()
    assert "\r" not in text
    assert "\0" not in text


@given(st.integers(0, 6000), st.integers(0, 255), st.sampled_from(["docx", "pdf"]))
@settings(max_examples=60, deadline=None)
def test_a_damaged_document_is_read_or_refused(at: int, value: int, kind: str) -> None:
    data = bytearray(word_speech() if kind == "docx" else PDF)
    data[at % len(data)] = value
    assert read_or_refused(bytes(data), f"x.{kind}").strip()


PDF = pdf_report(pages=1)
