"""``python -m evaluation large-files``: what reading very large files takes, by the clock and in memory.

Each file is made here and read by a confined process; what came of it is printed with the most memory that
such a process held (resident, MiB). The limits are those of ``chengwen ingest``.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.loaders.load import LIMIT, read_bytes
from retrieval.values.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SENTENCE = "全市新建口袋公园12个，改造老旧小区85个，惠及群众3.6万余户，优良天数达到321天。"
_MIB = 2**20
_FONT = b"<</Type /Font /BaseFont /STSong-Light "


def pdf_of(pages: int) -> bytes:
    """Return a PDF of so many pages of Chinese text, 28 lines each."""
    objects: list[bytes] = []
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(pages))
    objects += [
        b"<</Type /Catalog /Pages 2 0 R>>",
        f"<</Type /Pages /Kids [{kids}] /Count {pages}>>".encode(),
        _FONT + b"/Subtype /Type0 /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R]>>",
        _FONT + b"/Subtype /CIDFontType0 /CIDSystemInfo 5 0 R>>",
        b"<</Registry (Adobe) /Ordering (GB1) /Supplement 0>>",
    ]
    for page in range(pages):
        lines = "".join(
            f"1 0 0 1 60 {780 - 26 * n} Tm <{f'{page}{n}{_SENTENCE}'.encode('utf-16-be').hex()}> Tj\n"
            for n in range(28)
        )
        text = f"BT /F 12 Tf\n{lines}ET".encode()
        objects.append(
            f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * page} 0 R "
            "/Resources <</Font <</F 3 0 R>>>>>>".encode()
        )
        objects.append(b"<</Length %d>>\nstream\n%s\nendstream" % (len(text), text))
    return _written(objects)


def _written(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer <</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


def page_of(size: int) -> bytes:
    """Return a page of HTML of so many bytes, mostly tags, as pages of that size are."""
    row = f"<tr class='x' style='height:18px'><td>{_SENTENCE}</td><td>{'&nbsp;' * 90}</td></tr>\n".encode()
    return b"<!doctype html><meta charset=utf-8><table>" + row * (size // len(row)) + b"</table>"


FILES: dict[str, Callable[[], bytes]] = {
    "1000-pages.pdf": lambda: pdf_of(1000),
    "60-mb.html": lambda: page_of(60 * _MIB),
    "100-mb.html": lambda: page_of(100 * _MIB),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Read each file and print a line of it; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evaluation large-files", description=__doc__)
    parser.add_argument("names", nargs="*", default=list(FILES), help="which of them")
    print(f"limit of a file: {LIMIT // _MIB} MiB")
    for name in parser.parse_args(arguments).names:
        data = FILES[name]()
        began = time.perf_counter()
        try:
            told = f"{len(read_bytes(data, name).text):,} characters"
        except ReadError as error:
            told = str(error)
        taken = f"{len(data) / _MIB:.0f} MiB, {time.perf_counter() - began:.1f} s, most memory {_most()} MiB"
        print(f"{name}: {taken}: {told}", flush=True)
    return 0


def _most() -> int:
    """Return the most memory that a child that still lives has held; 0 where the system does not tell."""
    found = [0]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.partition(":")[::2] for line in status.read_text("utf-8").splitlines())
        except OSError:
            continue
        if int(told["PPid"]) == os.getpid() and "VmHWM" in told:
            found.append(int(told["VmHWM"].split()[0]) // 1024)
    return max(found)


if __name__ == "__main__":
    sys.exit(main())
