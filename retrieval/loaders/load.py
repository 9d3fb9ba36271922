"""A file of any usual kind, or its bytes, to a Source; what can't be read ends in a sentence for a person.

This is the one way in for files. What takes a library to read is read in a child process with little time and
memory (``loaders.sandbox``); plain text, which takes none, is read here.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from retrieval.loaders.formats import scan
from retrieval.loaders.formats.dispatch import contents
from retrieval.loaders.formats.extracted import SCANNED
from retrieval.loaders.formats.media_type import IMAGES, SUFFIXES, kind_of, needs_a_library
from retrieval.loaders.sandbox import client as sandbox
from retrieval.values.documents import Source
from retrieval.values.errors import EmptyFile, ReadError, ScannedFile, TooLargeFile, UnsupportedFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from retrieval.loaders.formats.extracted import ExtractedText

LIMIT = 64 * 1024 * 1024  # bytes a file
_LONE = re.compile("[\udc80-\udcff]")  # bytes of a name that are no UTF-8
_HAN = re.compile("[\u4e00-\u9fff]")
_NOT_TEXTS = (".py", ".pyc", ".pyi", ".lock")  # in a folder: what surrounds texts, and is none
_NOT_FOLDERS = ("__pycache__", "__MACOSX", "node_modules")

_TRIES = 4  # while another program writes it
_PAUSE = 0.05  # seconds, doubled each time
# A pipe put in the place of a file would be waited for without end.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def kinds() -> tuple[str, ...]:
    """Return the file name endings that can be read."""
    return tuple(SUFFIXES)


def read(path: Path | str, *, key: str | None = None, limit: int = LIMIT) -> Source:
    """Read a file; its key is its absolute path unless another is given. Raises a ReadError."""
    place = Path(path)
    name = _printable(place.name or str(place))
    try:
        data = bytes_of(place, name, limit=limit)
    except FileNotFoundError as error:
        raise ReadError(f"找不到“{_printable(str(place))}”：可能已被移走或改名。请检查路径。") from error
    except PermissionError as error:
        raise ReadError(f"没有权限读“{name}”。请修改文件的权限，或换一个有权限的用户。") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ReadError(f"读“{name}”时出错：{reason}。请检查磁盘或网络位置后再试。") from error
    return _source(data, name, _printable(key or os.path.abspath(place)))  # noqa: PTH100  resolve() follows links


def read_bytes(data: bytes, name: str, *, media: str | None = None, limit: int = LIMIT) -> Source:
    """Read the bytes of a file or of standard input; ``name`` becomes the key. Raises a ReadError."""
    if len(data) > limit:
        raise _too_large(len(data), name, limit)
    return _source(data, PurePath(name).name or name, name, media=media)


def read_page(data: bytes, url: str, media: str, *, limit: int = LIMIT) -> Source:
    """Read what the web gave for an address, which becomes the key. Raises a ReadError.

    A media type that has a reader goes before the ending of the address, which may be .do or .jsp?id=3.
    """
    if len(data) > limit:
        raise _too_large(len(data), url, limit)
    name = PurePath(url.partition("?")[0]).name or url
    known = media if media in SUFFIXES.values() else None
    return _source(data, name, url, media=known)


def files(paths: Iterable[Path | str], unread: Callable[[OSError], object] | None = None) -> Iterator[Path]:
    """List files and the files in folders, in order of names, each once; ``unread`` hears of shut folders.

    In folders, hidden files, program files and README files are left out; a file named itself always counts.
    """
    seen: set[str] = set()
    for path in map(Path, paths):
        for found in _walk(path, unread) if path.is_dir() else (path,):
            real = os.path.realpath(found)
            if real not in seen:
                seen.add(real)
                yield found


def leads_out(path: Path, folders: Iterable[Path]) -> bool:
    """Return whether a file found in one of these folders is a link to something outside of them all."""
    if not path.is_symlink():
        return False
    real = os.path.realpath(path)
    return not any(Path(os.path.realpath(folder)) in Path(real).parents for folder in folders)


def _walk(folder: Path, unread: Callable[[OSError], object] | None) -> Iterator[Path]:
    for root, folders, names in os.walk(folder, onerror=unread):
        folders[:] = sorted(one for one in folders if not one.startswith(".") and one not in _NOT_FOLDERS)
        yield from (Path(root, one) for one in sorted(names) if _is_text_name(one))


def _is_text_name(name: str) -> bool:
    lower = name.lower()
    hidden = lower.startswith((".", "~$")) or lower in ("thumbs.db", "desktop.ini")
    return not hidden and not lower.startswith("readme") and not lower.endswith(_NOT_TEXTS)


def _source(data: bytes, name: str, key: str, *, media: str | None = None) -> Source:
    if not data:
        raise EmptyFile(f"“{name}”是空文件，里面没有内容。请检查是否传错了文件。")
    kind, reading = _contents(data, name, media)
    return Source(
        key=key,
        text=reading.text,
        digest=hashlib.sha256(data).hexdigest(),
        media=kind,
        encoding=reading.encoding,
        metadata=reading.metadata,
    )


def _contents(data: bytes, name: str, media: str | None) -> tuple[str, ExtractedText]:
    """Read the text of some bytes, by recognition where they are pictures and the extra is installed."""
    if not needs_a_library(data, name, media=media):
        return contents(data, name, media=media)
    if kind_of(data, name, media=media) in IMAGES.values() and scan.available():
        return sandbox.scans.contents(data, name, media=media)
    try:
        kind, reading = sandbox.shared.contents(data, name, media=media)
    except ScannedFile:
        if not scan.available():
            raise
    else:
        if SCANNED not in reading.metadata or not scan.available():
            return kind, reading
    return sandbox.scans.contents(data, name, media=media)


def _mended(name: str) -> str:
    """Return a file name that a Chinese Windows packed, as it was written there; any other as it is."""
    try:
        data = name.encode("utf-8", "surrogateescape") if _LONE.search(name) else name.encode("cp437")
        read = data.decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return name
    return read if not name.isascii() and len(_HAN.findall(read)) * 2 >= len(read.split(".")[0]) else name


def _printable(text: str) -> str:
    """Write bytes of a file name that are no text as escapes, so that every key can be stored and shown.

    Names that an unpacker read in the wrong encoding are set right: GBK as bytes, or shown as code page 437.
    """
    folder, sep, name = text.rpartition("/")
    text = folder + sep + _mended(name)
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def bytes_of(place: Path, name: str, *, limit: int = LIMIT) -> bytes:
    """Return the bytes of a file of at most ``limit``. Raises a ReadError, or the system's OSError."""
    _check(place.stat(), name, limit)
    for attempt in range(_TRIES):
        data = _at_once(place, name, limit)
        if data is not None:
            return data
        time.sleep(_PAUSE * 2**attempt)
    raise ReadError(f"“{name}”正被另一个程序改写，没有读入。请等它写完后再试。")


def _too_large(size: int, name: str, limit: int) -> TooLargeFile:
    """Return the refusal of a file of so many bytes."""
    return TooLargeFile(
        f"“{name}”有 {size / 2**20:.0f} MB，超过上限 {limit / 2**20:.0f} MB。请拆成几个小文件再读入。"
    )


def _at_once(place: Path, name: str, limit: int) -> bytes | None:
    """Return the bytes, or None where the file changed meanwhile."""
    with open(os.open(place, _FLAGS), "rb", closefd=True) as file:  # noqa: PTH123 - pathlib has no flags
        before = os.fstat(file.fileno())
        _check(before, name, limit)
        data = file.read(limit + 1)
        after = os.fstat(file.fileno())
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return data if same and len(data) == after.st_size else None


def _check(about: os.stat_result, name: str, limit: int) -> None:
    if stat.S_ISDIR(about.st_mode):
        raise UnsupportedFile(
            f"“{name}”是文件夹，不是文件。请给出其中的文件，或用 chengwen ingest 读入文件夹。"
        )
    if not stat.S_ISREG(about.st_mode):
        raise UnsupportedFile(f"“{name}”不是普通文件，读不出文字。请给出一个文件。")
    if about.st_size > limit:
        raise _too_large(about.st_size, name, limit)
