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


def packed(files: dict[str, bytes | str]) -> bytes:
    """Return a zip archive of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


_LAUGHS = "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 30))


def book(chapter: bytes | str, *, head: str = "", title: str = "", times: int = 1) -> bytes:
    """An EPUB with this chapter so many times over."""
    spine = '<itemref idref="c"/>' * times
    return packed(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfile full-path="a.opf"/></container>',
            "a.opf": f"{head}<package><title>{title}</title>"
            f'<manifest><item id="c" href="c.xhtml"/></manifest><spine>{spine}</spine></package>',
            "c.xhtml": chapter,
        }
    )


def book_bomb() -> bytes:
    """An EPUB whose one chapter unfolds to 100 MB."""
    return book(b"<html><body>" + b"<p>a</p>" * (100 * 2**20 // 8))


def book_flood() -> bytes:
    """An EPUB whose spine names one chapter two hundred thousand times."""
    return book("<html><body><p>" + "好" * 2000 + "</p></body></html>", times=200_000)


def book_entities() -> bytes:
    """An EPUB whose title is made of entities that double."""
    return book("<html/>", head=f'<!DOCTYPE p [<!ENTITY a0 "ha">{_LAUGHS}]>', title="&a29;")


def layout_document(page: bytes | str, *, base: str = "Content.xml", times: int = 1) -> bytes:
    """An OFD document with this page so many times over."""
    named = f'<Page BaseLoc="{base}"/>' * times
    return packed(
        {
            "OFD.xml": "<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>",
            "Doc_0/Document.xml": f"<Document><Pages>{named}</Pages></Document>",
            "Doc_0/Content.xml": page,
        }
    )


_OFD_TEXT = '<TextObject Boundary="{box}" Size="{size}"><TextCode X="0" Y="0">{text}</TextCode></TextObject>'


def layout_flood() -> bytes:
    """An OFD document that names one page of a thousand texts fifty thousand times."""
    texts = "".join(_OFD_TEXT.format(box=f"0 {n} 9 9", size=5, text="好") for n in range(1000))
    return layout_document(f"<Page>{texts}</Page>", times=50_000)


def layout_outside() -> bytes:
    """An OFD document whose page is said to be a file of this machine."""
    return layout_document("<Page/>", base="../../../../../../etc/passwd")


def layout_odd_places() -> bytes:
    """An OFD document whose texts stand at places that are no numbers, without end, and of no size."""
    texts = "".join(
        _OFD_TEXT.format(box=box, size=size, text="好")
        for box, size in (
            ("nan nan 1 1", "5"),
            ("inf 0 1 1", "0"),
            ("0 -inf 1 1", "nan"),
            ("1e308 1e308 1 1", "1e308"),
        )
    )
    return layout_document(f"<Page>{texts}</Page>")


def rich_nest() -> bytes:
    """A document of Rich Text with two million groups inside each other."""
    return b"{\\rtf1\\ansi" + b"{" * 2_000_000 + b"a" + b"}" * 2_000_000 + b"}"


def saved_nest() -> bytes:
    """A saved page whose parts stand inside each other three thousand deep."""
    head, tail = [], []
    for n in range(3000):
        head.append(f'Content-Type: multipart/related; boundary="b{n}"\n\n--b{n}\n')
        tail.append(f"\n--b{n}--\n")
    return (
        "MIME-Version: 1.0\n" + "".join(head) + "Content-Type: text/plain\n\nx" + "".join(reversed(tail))
    ).encode()


def sheet_bomb() -> bytes:
    """An ODS sheet of few bytes that repeats its one cell over all rows and columns."""
    cell = (
        '<table:table-cell office:value-type="float" office:value="7" table:number-columns-repeated="16384"/>'
    )
    rows = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="a">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def slides_entities() -> bytes:
    """A presentation whose first part doubles entities."""
    text = f'<!DOCTYPE p [<!ENTITY a0 "ha">{_LAUGHS}]><p:presentation>&a29;</p:presentation>'
    return packed({"[Content_Types].xml": text, "ppt/presentation.xml": text})


def compound_loop() -> bytes:
    """An older Word document whose chain of sectors leads back to where it began."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[30:32] = (9).to_bytes(2, "little")
    head[48:52] = (1).to_bytes(4, "little")
    head[76:80] = bytes(4)
    for at in range(80, 512, 4):
        head[at : at + 4] = b"\xff\xff\xff\xff"
    table = b"".join((1 if n == 1 else 0xFFFFFFFD).to_bytes(4, "little") for n in range(128))
    return bytes(head) + table + "WordDocument".encode("utf-16-le").ljust(512, b"\0") * 3
