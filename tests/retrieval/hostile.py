"""Files made to do harm: bombs, loops and floods, each small enough to send."""

from __future__ import annotations

import io
import zipfile
import zlib

from samples import word_speech

_WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _word_with(document: bytes, **more: bytes) -> bytes:
    """Return a Word file whose text part is replaced, and others added."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word_speech())) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, document if name == "word/document.xml" else old.read(name))
        for name, data in more.items():
            new.writestr(name, data)
    return made.getvalue()


def _body(inside: str, head: str = "") -> bytes:
    text = f'{head}<w:document xmlns:w="{_WORDS}"><w:body>{inside}</w:body></w:document>'
    return f'<?xml version="1.0"?>{text}'.encode()


def zip_bomb() -> bytes:
    """A Word file of a few hundred kilobytes whose text unfolds to 100 MB, just under the limit."""
    return _word_with(_body("<w:p/>" * (100 * 2**20 // 6)))


def declared_bomb() -> bytes:
    """A Word file that itself says that its text unfolds to more than is allowed."""
    return _word_with(_body("<w:p/>" * (130 * 2**20 // 6)))


def many_entries() -> bytes:
    """A zip archive with a list of contents of 300,000 names, all of one empty file."""
    entry = zipfile.ZipInfo("word/a")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr(entry, b"")
    data = made.getvalue()
    at, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    listed = data[at:end] * 65_535
    tail = b"PK\x05\x06" + bytes(4) + b"\xff\xff\xff\xff" + len(listed).to_bytes(4, "little")
    return data[:at] + listed + tail + at.to_bytes(4, "little") + bytes(2)


def entities() -> bytes:
    """A Word file whose entities double thirty times over (billion laughs)."""
    levels = "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 30))
    head = f'<!DOCTYPE w [<!ENTITY a0 "ha">{levels}]>'
    return _word_with(_body("<w:p><w:r><w:t>&a29;</w:t></w:r></w:p>", head))


def outside_entity(path: str) -> bytes:
    """A Word file that asks for a file of this machine."""
    head = f'<!DOCTYPE w [<!ENTITY a SYSTEM "file://{path}">]>'
    return _word_with(_body("<w:p><w:r><w:t>正文 &a;</w:t></w:r></w:p>", head))


def nested_boxes(depth: int = 60) -> bytes:
    """A Word file with text boxes inside each other; a reader that visits each from each above never ends."""
    inner = "<w:p><w:r><w:t>深处</w:t></w:r></w:p>"
    for _ in range(depth):
        inner = f"<w:p><w:r><w:txbxContent>{inner}</w:txbxContent></w:r></w:p>"
    return _word_with(_body(inner))


def nested_archive() -> bytes:
    """A zip archive inside a zip archive, many times over."""
    data = b"text"
    for n in range(40):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as packed:
            packed.writestr(f"{n}.zip", data)
        data = made.getvalue()
    return data


def climbing_archive() -> bytes:
    """A Word file with parts whose names lead out of any folder it might be unpacked to."""
    return _word_with(
        _body("<w:p><w:r><w:t>正文</w:t></w:r></w:p>"), **{"../../escaped.txt": b"x", "/abs.txt": b"x"}
    )


def pdf_of(*objects: str | bytes) -> bytes:
    """Return a PDF file of these objects, the first of which is its catalogue."""
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        raw = body.encode() if isinstance(body, str) else body
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, raw))
    start = out.tell()
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, rows))
    out.write(b"trailer <</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, start))
    return out.getvalue()


def pdf_loop() -> bytes:
    """A PDF whose pages are each other's kids."""
    return pdf_of(
        "<</Type /Catalog /Pages 2 0 R>>",
        "<</Type /Pages /Kids [3 0 R 3 0 R] /Count 9>>",
        "<</Type /Pages /Kids [2 0 R 2 0 R] /Count 9>>",
    )


def pdf_page(content: bytes) -> bytes:
    """A PDF of one page with this stream, packed."""
    packed = zlib.compress(content, 9)
    stream = b"<</Length %d /Filter /FlateDecode>>\nstream\n%s\nendstream" % (len(packed), packed)
    return pdf_of(
        "<</Type /Catalog /Pages 2 0 R>>",
        "<</Type /Pages /Kids [3 0 R] /Count 1>>",
        "<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R "
        "/Resources <</Font <</F 5 0 R>> /XObject <</X 6 0 R>>>>>>",
        stream,
        "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
        b"<</Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</X 6 0 R>>>> /Length 9>>\n"
        b"stream\n/X Do /X Do\nendstream",
    )


def pdf_bomb() -> bytes:
    """A PDF whose one stream unfolds to 60 MB of drawing."""
    return pdf_page(b"BT /F 1 Tf (a) Tj ET\n" * (60 * 2**20 // 21))


def pdf_form_loop() -> bytes:
    """A PDF whose form draws itself twice."""
    return pdf_page(b"/X Do")
