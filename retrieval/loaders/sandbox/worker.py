"""The process that opens untrusted files: it has no secrets, little time and memory, and no network.

Run as ``python -m retrieval.loaders.sandbox.worker MEMORY``; it answers each file on standard input with
its text, with the picture of a page that is asked for, or with the sentence that refuses it, on standard
output. It ends with its input, or when nothing comes.
"""

from __future__ import annotations

import select
import sys
import traceback
from typing import TYPE_CHECKING, Any

from retrieval.loaders.formats import scan
from retrieval.loaders.formats.dispatch import contents, page_picture
from retrieval.loaders.sandbox.limits import confine, grant
from retrieval.loaders.sandbox.protocol import ProtocolError, receive, send
from retrieval.values.errors import ReadError

if TYPE_CHECKING:
    from typing import IO

IDLE = 60.0  # seconds after which it ends
_BODY = 1 << 31


def main() -> None:
    """Answer one file after the other; with "ocr" after the memory, also those that are pictures."""
    if "ocr" in sys.argv[2:]:
        scan.load()
    if "pictures" in sys.argv[2:]:
        scan.load_pictures()
    confine(int(sys.argv[1]))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while _comes(source):
        try:
            head, data = receive(source, most=_BODY)
        except ProtocolError:
            return
        grant(float(head["seconds"]))
        reply, text = _answer(data, str(head["name"]), head["media"], head.get("page"))
        send(sink, reply, text)
        if reply.get("error") == "MemoryError":
            return  # what was half made may still keep its memory


def _comes(source: IO[bytes]) -> bool:
    if sys.platform == "win32":
        return True  # only sockets can be waited for
    return bool(select.select([source], [], [], IDLE)[0])


def _answer(data: bytes, name: str, media: str | None, page: int | None) -> tuple[dict[str, Any], bytes]:
    try:
        if page is not None:
            return {}, page_picture(data, name, page, media=media)
        kind, reading = contents(data, name, media=media)
        found = {"media": kind, "encoding": reading.encoding, "metadata": reading.metadata}
        return found, reading.text.encode()
    except ReadError as error:
        return {"error": type(error).__name__, "message": str(error)}, b""
    except MemoryError:
        return {"error": "MemoryError"}, b""
    except Exception as error:  # noqa: BLE001 - the parent logs it
        return {"error": type(error).__name__, "trace": traceback.format_exc()[-4000:]}, b""


if __name__ == "__main__":
    main()
