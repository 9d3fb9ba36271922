"""Word documents before 2007 are read whole, with their tables; damaged ones end in a sentence."""

from __future__ import annotations

import random
import struct
from contextlib import suppress

import pytest

from retrieval.loaders.formats.dispatch import contents
from retrieval.loaders.load import read_bytes
from retrieval.values.errors import BrokenFile, EncryptedFile, ReadError, UnsupportedFile
from retrieval.values.printed_layout import TABLES

END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
TEXT = (
    "云泽市水利工作总结\r2031年2月6日\r全年加固水库\x13 HYPERLINK x \x14十二座\x15，新建泵站4座。\r"
    "县区\x07泵站（座）\x07投资（万元）\x07\x07东河\x073\x07820\x07\x07西河\x071\x07260\x07\x07其余明年建设。\r"
)


def entry(name: str, kind: int, start: int, size: int) -> bytes:
    words = name.encode("utf-16-le")
    head = words.ljust(64, b"\0") + struct.pack("<HBB", len(words) + 2 if name else 0, kind, 1)
    return (
        head
        + struct.pack("<III", FREE, FREE, 1 if kind == 5 else FREE)
        + b"\0" * 36
        + struct.pack("<II", start, size)
        + b"\0" * 4
    )


def word97(text: str = TEXT, *, flags: int = 0x0200, version: int = 0xC1, notes: str = "") -> bytes:
    """Give a .doc of one piece in UTF-16 and one in a byte a character."""
    plain = "Index 2031"
    body = bytearray(4096)
    struct.pack_into("<HH", body, 0, 0xA5EC, version)
    struct.pack_into("<H", body, 10, flags)
    struct.pack_into("<ii", body, 0x4C, len(text) + len(plain) + 1, len(notes))
    wide = (text + notes).encode("utf-16-le")
    offset = len(body)
    body += wide + plain.encode() + b"\r"
    pieces = (0, len(text), len(text) + len(plain) + 1, len(text) + len(plain) + 1 + len(notes))
    places = (offset, (offset + len(wide)) * 2 | 0x40000000, offset + 2 * len(text))
    plc = struct.pack("<4I", *pieces) + b"".join(struct.pack("<HIH", 0, one, 0) for one in places)
    clx = b"\x02" + struct.pack("<I", len(plc)) + plc
    struct.pack_into("<II", body, 0x1A2, 0, len(clx))
    table = clx.ljust(4096, b"\0")
    body += b"\0" * (-len(body) % 512)
    sectors = [bytes(body), table]
    counts = [len(one) // 512 for one in sectors]
    fat = [TABLE, END]
    for count in counts:
        first = len(fat)
        fat += [*range(first + 1, first + count), END]
    fat += [FREE] * (128 - len(fat))
    directory = b"".join(
        (
            entry("Root Entry", 5, END, 0),
            entry("WordDocument", 2, 2, len(body)),
            entry("1Table", 2, 2 + counts[0], len(table)),
            entry("", 0, 0, 0),
        )
    )
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0)
    head += struct.pack("<I", 0) + struct.pack("<I", FREE) * 108
    return head + struct.pack("<128I", *fat) + directory + b"".join(sectors)


@pytest.mark.parametrize("name", ["总结.doc", "总结.wps", "总结"])
def test_text_fields_and_tables_are_read(name: str) -> None:
    source = read_bytes(word97(), name)
    assert source.text.split("\n") == [
        "云泽市水利工作总结",
        "2031年2月6日",
        "全年加固水库十二座，新建泵站4座。",
        "东河：东河泵站3座；东河投资820万元。",
        "西河：西河泵站1座；西河投资260万元。",
        "其余明年建设。",
        "Index 2031",
    ]
    assert source.metadata[TABLES]


def test_footnotes_come_after_the_text() -> None:
    source = read_bytes(word97(notes="注：数字为快报数。\r"), "a.doc")
    assert source.text.endswith("Index 2031\n注：数字为快报数。")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (word97(flags=0x0300), EncryptedFile),
        (word97(version=0x68), UnsupportedFile),
        (word97()[:3000], BrokenFile),
        (b"<no word at all>", BrokenFile),
    ],
)
def test_what_cannot_be_read_ends_in_a_sentence(data: bytes, kind: type[ReadError]) -> None:
    with pytest.raises(kind, match=r"a\.doc"):
        read_bytes(data, "a.doc")


def test_a_chain_without_end_is_broken() -> None:
    data = bytearray(word97())
    struct.pack_into("<I", data, 512 + 4 * 3, 3)  # a sector of the text that leads to itself
    with pytest.raises(BrokenFile):
        contents(bytes(data), "a.doc")


def test_damage_anywhere_is_no_crash() -> None:
    draw = random.Random(5)
    whole = word97()
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 30)):
            data[draw.randrange(8, len(data))] = draw.randrange(256)
        with suppress(ReadError):
            contents(bytes(data[: draw.randint(600, len(data))]), "a.doc")
