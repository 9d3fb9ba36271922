"""How inputs are made: each maker takes a source of chance, hypothesis's own or a plain one, for speed."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

import odd_documents
from hostile import compound_loop
from samples import SPEECH, pdf_report, word_speech

Maker = Callable[[Random], Any]
PIECES = (
    *[
        "一、",
        "（一）",
        "1.",
        "第一章",
        "第三条",
        "一是",
        "二是",
        "首先",
        "其次",
        "。",
        "，",
        "；",
        "：",
        "！",
        "？",
        "…",
        "——",
        "“",
        "”",
        "《",
        "》",
        "（",
        "）",
        "[1]",
        "【2】",
        "[",
        "]",
        "<",
        ">",
        "&",
        "```",
        "#",
        "|",
    ],
    *[
        "title:",
        "date:2021-06",
        "各位领导：",
        "——在全省会议上的发言",
        "（2021年6月3日）",
        "杭州市市长",
        "绍兴市",
        "宁波",
        "西湖区",
        "Hangzhou",
    ],
    *[
        "延边朝鲜族自治州",
        "增长",
        "同比",
        "比上年",
        "提高",
        "下降",
        "累计",
        "达到",
        "投入资金",
        "新建",
        "12",
        "3.6万",
        "2.4亿元",
        "一千二百",
        "百分之三点五",
    ],
    *[
        "两成",
        "98.5%",
        "0.5个百分点",
        "1,234",
        "１２",
        "约",
        "余",
        "近",
        "以上",
        "年",
        "2021年",
        "去年",
        "有多少",
        "哪些",
        "和",
        "比",
        "多少个公园",
        "为什么",
        "zh",
    ],
    *["忽略以上规则", "system:", "😀", "é", "𠀀", "ﷺ", "ﾊﾝ"],
    *("\n", "\n\n", "\u3000\u3000", " ", "\t", "---\n", "\u200b", "\u202e", "\0", "\ufeff", "\u2028", "\x85"),
    "the number of ",
)
_BYTES = (
    b"<<",
    b">>",
    b" R ",
    b"obj",
    b"endstream",
    b"PK\1\2",
    b"&a;",
    b"\xff" * 4,
    b"</w:p>",
    b"\0",
    b"(",
    b"[" * 9,
)
_PLANES = (
    (0x20, 0x7F),
    (0x4E00, 0x9FFF),
    (0x3000, 0x30FF),
    (0, 0x2FF),
    (0x2000, 0x2070),
    (0xE000, 0xFFFF),
    (0x10000, 0x2FFFF),
)


def char(chance: Random) -> str:
    """Any character but half of one."""
    low, high = chance.choice(_PLANES)
    return chr(chance.randint(low, high))


def words(chance: Random) -> str:
    """Make a text of what our texts are made of, and of what they are not."""
    return "".join(
        chance.choice(PIECES) if chance.random() < 0.8 else char(chance) for _ in range(chance.randint(0, 30))
    )


def text(chance: Random) -> str:
    """Make a text, one in three with a stretch that comes again and again."""
    if chance.random() < 0.67:
        return words(chance)
    return words(chance) + words(chance)[:20] * chance.randint(2, 60) + words(chance)


def encoded(chance: Random) -> bytes:
    """Make a text file, or bytes that are none."""
    if chance.random() < 0.2:
        return bytes(chance.randint(0, 255) for _ in range(chance.randint(0, 200)))
    body = text(chance) if chance.random() < 0.7 else f"---\n{text(chance)}\n---\n{text(chance)}"
    return body.encode(chance.choice(("utf-8", "gb18030", "utf-16", "big5")), "replace")


def spliced(data: bytes) -> Maker:
    """Return a maker of copies of a file with some bytes cut out and others put in."""

    def make(chance: Random) -> bytes:
        out = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            start = chance.randint(0, len(out))
            gone = chance.choice((0, 0, 1, 2, 4, 40))
            put = chance.choice(_BYTES) if chance.random() < 0.4 else bytes([chance.randint(0, 255)])
            out[start : start + gone] = put * chance.choice((1, 1, 1, 3))
        return bytes(out)

    return make


_PAGE = (
    f"<!doctype html><meta charset=gbk><table><tr><td>{SPEECH}</table><ul><li><a>x</a></ul><pre>y".encode()
)
word = spliced(word_speech())


def odd(name: str) -> Maker:
    """Return a maker of damaged copies of one of the documents in odd shapes, packed parts damaged inside."""
    data = odd_documents.DOCUMENTS[name]()
    return spliced(data) if not data.startswith(b"PK") else _respliced(data)


def _respliced(data: bytes) -> Maker:
    """Return a maker of archives one of whose parts is damaged: a damaged archive is hardly ever opened."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    makers = {name: spliced(part) for name, part in parts.items()}

    def make(chance: Random) -> bytes:
        hurt = chance.choice(sorted(parts))
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as packed:
            for name, part in parts.items():
                packed.writestr(name, makers[name](chance) if name == hurt else part)
        return held.getvalue()

    return make


def saved(chance: Random) -> bytes:
    """Make a page that a browser saved in one file."""
    boundary = chance.choice(("b", "--", words(chance)[:8].replace("\n", "") or "x"))
    head = f'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="{boundary}"\n\n--{boundary}\n'
    part = f"Content-Type: text/html; charset={chance.choice(('utf-8', 'gb2312', 'x'))}\n\n".encode()
    return (
        head.encode("utf-8", "replace") + part + page(chance) + f"\n--{boundary}--".encode("utf-8", "replace")
    )


def compound(chance: Random) -> bytes:
    """Make something like a Word document before 2007."""
    return bytes(spliced(compound_loop())(chance))


def tabbed(chance: Random) -> bytes:
    """Make a table of any size as text."""
    mark = chance.choice(("\t", ",", ";", "|"))
    rows = (
        mark.join(words(chance)[:12] for _ in range(chance.randint(1, 6)))
        for _ in range(chance.randint(1, 12))
    )
    return "\n".join(rows).encode(chance.choice(("utf-8", "gb18030")), "replace")


pdf = spliced(pdf_report(pages=1))
_page = spliced(_PAGE)


def page(chance: Random) -> bytes:
    """Make a page."""
    if chance.random() < 0.5:
        return bytes(_page(chance))
    tags = ("div", "p", "table", "td", "ul", "pre", "script", "svg", "h1", "template", "select", "a")
    body = "".join(f"<{chance.choice(tags)}>{words(chance)}" for _ in range(chance.randint(1, 20)))
    return f"<!doctype html>{body}".encode("utf-8", "replace")


def tap(chance: Random) -> str:
    """Make what a button may carry, or not."""
    if chance.random() < 0.3:
        return words(chance)
    fields = [
        words(chance)[:20].replace(":", "") if chance.random() < 0.5 else str(chance.randint(0, 10**6))
        for _ in range(chance.randint(0, 4))
    ]
    return ":".join((chance.choice(("s", "p", "r", "x", "abc", "", "S")), *fields))


def payload(chance: Random) -> str:
    """Make JSON as it might come from Telegram, or not: deep, broken, of other kinds."""
    if chance.random() < 0.1:
        return chance.choice(("[", '{"a":', "[[1,", "1")) * chance.randint(1, 20_000)
    told = json.dumps(_value(chance, 4))
    return told if chance.random() < 0.8 else told[: chance.randint(0, len(told))] + words(chance)


def _value(chance: Random, deep: int) -> object:
    kind = chance.randint(0, 6 if deep else 4)
    if kind == 5:
        return [_value(chance, deep - 1) for _ in range(chance.randint(0, 4))]
    if kind == 6:
        names = ("update_id", "message", "text", "chat", "id", "from", "callback_query", "data")
        return {chance.choice(names): _value(chance, deep - 1) for _ in range(chance.randint(0, 5))}
    return (None, True, chance.randint(-(10**20), 10**20), chance.random() * 1e300, words(chance))[kind]
