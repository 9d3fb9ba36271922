"""Streams of an OLE compound file (MS-CFB), the box of Word and Excel before 2007; every chain is bounded."""

from __future__ import annotations

import struct

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = 512  # bytes
_LAST = 0xFFFFFFFA  # from here on a number of a sector is a mark
_ENTRY = 128  # bytes of an entry of the directory
_STREAM, _ROOT = 2, 5
_SMALL = 64  # bytes of a small sector


class CompoundFileError(ValueError):
    """The file is damaged, or no compound file."""


def streams(data: bytes, *, wanted: tuple[str, ...]) -> dict[str, bytes]:
    """Return the contents of the streams of these names that are there. Raises CompoundFileError."""
    try:
        return _Box(data).streams(wanted)
    except (struct.error, IndexError) as error:
        raise CompoundFileError(str(error)) from error


class _Box:
    def __init__(self, data: bytes) -> None:
        if data[:8] != MAGIC or len(data) < _HEADER:
            raise CompoundFileError("no compound file")
        self._data = data
        shift = struct.unpack_from("<H", data, 30)[0]
        if shift not in (9, 12):
            raise CompoundFileError("odd size of sectors")
        self._size = 1 << shift
        self._most = len(data) // self._size + 1  # sectors of any chain
        first_directory, cutoff, first_mini = struct.unpack_from("<I4xII", data, 48)
        self._cutoff = cutoff
        self._table = self._numbers(self._table_sectors())
        self._mini_table = self._numbers(self._chain(first_mini, self._table))
        self._directory = b"".join(map(self._sector, self._chain(first_directory, self._table)))
        self._mini = b""

    def streams(self, wanted: tuple[str, ...]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for at in range(0, len(self._directory) - _ENTRY + 1, _ENTRY):
            entry = self._directory[at : at + _ENTRY]
            length, kind = struct.unpack_from("<HB", entry, 64)
            start, size = struct.unpack_from("<II", entry, 116)
            if kind == _ROOT:
                self._mini = self._whole(start)
            elif kind == _STREAM and 2 <= length <= 64:
                name = entry[: length - 2].decode("utf-16-le", "replace")
                if name in wanted and name not in found:
                    found[name] = self._read(start, size)
        return found

    def _read(self, start: int, size: int) -> bytes:
        if size >= self._cutoff:
            return self._whole(start)[:size]
        parts = [
            self._mini[one * _SMALL : (one + 1) * _SMALL] for one in self._chain(start, self._mini_table)
        ]
        return b"".join(parts)[:size]

    def _whole(self, start: int) -> bytes:
        return b"".join(map(self._sector, self._chain(start, self._table)))

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        return self._data[at : at + self._size]

    def _chain(self, start: int, table: tuple[int, ...]) -> list[int]:
        chain: list[int] = []
        while start < _LAST:
            if len(chain) > max(self._most, len(table)) or start >= len(table):
                raise CompoundFileError("a chain of sectors has no end")
            chain.append(start)
            start = table[start]
        return chain

    def _table_sectors(self) -> list[int]:
        """Return the sectors of the allocation table: 109 in the header, the rest in a chain of their own."""
        found = [one for one in struct.unpack_from("<109I", self._data, 76) if one < _LAST]
        following, count = struct.unpack_from("<II", self._data, 68)
        for _ in range(min(count, self._most)):
            if following >= _LAST:
                break
            *some, following = struct.unpack(f"<{self._size // 4}I", self._sector(following))
            found += [one for one in some if one < _LAST]
        if len(found) > self._most:
            raise CompoundFileError("too many sectors")
        return found

    def _numbers(self, sectors: list[int]) -> tuple[int, ...]:
        whole = b"".join(map(self._sector, sectors))
        return struct.unpack(f"<{len(whole) // 4}I", whole[: len(whole) // 4 * 4])
