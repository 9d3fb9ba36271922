"""A backup in one file: the catalogue and the store as they stood at one moment, with what proves them."""

from __future__ import annotations

import json
import os
import re
import uuid
import zipfile
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import IO, TYPE_CHECKING, Any

from bot.errors import InputError
from bot.store.database import Database
from retrieval.catalog.catalog import Catalogue
from retrieval.catalog.digests import digests_of
from retrieval.catalog.fact_writer import READER
from retrieval.catalog.tables import SCHEMA
from retrieval.database.sqlite_backup import copied, poured
from retrieval.runtime.temporary_folders import passing
from retrieval.runtime.writer_lock import WriterLock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


FORMAT = 1  # raised when an older program could not restore it
CATALOGUE, STORE = "catalogue.db", "store.db"
_MANIFEST = "chengwen.json"
_PIECE = 1 << 20
_SEAL, _HEX = b"sha256:", 64  # the end of the file: this mark and the digest of all before it, in hexadecimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupManifest:
    """What a backup says of itself."""

    format: int
    program: str
    made: str  # ISO 8601, UTC
    schema: int  # of the catalogue
    reader: int  # of the register
    texts: str  # digests, see retrieval.catalog.digests
    register: str
    vectors: str
    files: dict[str, str] = field(default_factory=dict)  # name → SHA-256


def write(home: Path, target: Path) -> BackupManifest:
    """Write what a home holds into one file, whole or not at all, while others go on with it.

    Raises InputError where the file can't be written, ``CatalogueBroken`` or StoreError.
    """
    with passing(home) as folder:
        for name in (CATALOGUE, STORE):
            if (home / name).exists():
                copied(home / name, folder / name)
        manifest = _manifest(folder)
        try:
            _pack(folder, manifest, target)
        except OSError as error:
            raise InputError(
                f"备份文件 {target} 写不进去（{error.strerror}）。请换个位置，或腾出空间。"
            ) from error
    return manifest


def _manifest(folder: Path) -> BackupManifest:
    with closing(Catalogue.open(folder / CATALOGUE)) as catalogue:
        told = digests_of(catalogue)
    return BackupManifest(
        format=FORMAT,
        program=_program(),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        schema=SCHEMA,
        reader=READER,
        texts=told.texts,
        register=told.register,
        vectors=told.vectors,
        files={path.name: _sum(path) for path in sorted(folder.glob("*.db"))},
    )


def _pack(folder: Path, manifest: BackupManifest, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.part")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(_MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
        for name in manifest.files:
            archive.write(folder / name, name)
        archive.comment = _SEAL + b"0" * _HEX
    _seal(beside)
    beside.chmod(0o600)
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    beside.replace(target)


def _seal(path: Path) -> None:
    """Put the digest of all that comes before it at the end of a file whose last bytes are kept for it."""
    size = path.stat().st_size - _HEX
    with path.open("r+b") as file:
        digest = _digest(file, size)
        file.seek(size)
        file.write(digest.encode())


def _check_seal(source: Path) -> None:
    """Raise InputError where a byte has changed since the file was sealed; older backups have no seal."""
    size = source.stat().st_size - _HEX
    with source.open("rb") as file:
        file.seek(max(0, size - len(_SEAL)))
        end = file.read()
        file.seek(0)
        # One changed byte can spoil the mark or the digest, not both.
        is_sealed = end.startswith(_SEAL) or re.fullmatch(rb"[0-9a-f]{64}", end[-_HEX:])
        if is_sealed and not (end.startswith(_SEAL) and _digest(file, size).encode() == end[-_HEX:]):
            raise InputError(f"备份 {source} 已损坏（与它末尾的摘要不符），没有恢复。请换一份备份。")


def _digest(file: IO[bytes], size: int) -> str:
    whole, left = sha256(), size
    while left and (piece := file.read(min(_PIECE, left))):
        whole.update(piece)
        left -= len(piece)
    return whole.hexdigest()


@contextmanager
def unpacked(source: Path, home: Path) -> Iterator[tuple[BackupManifest, Path]]:
    """Give what a backup says of itself and a folder of the home with its files, proved and brought up.

    Raises InputError with a sentence for a file that is none, is damaged or was made by a newer program.
    """
    with passing(home) as folder:
        try:
            _check_seal(source)
            with zipfile.ZipFile(source) as archive:
                manifest = _told(archive, source)
                for name, known in manifest.files.items():
                    _unpack(archive, name, folder)
                    if _sum(folder / name) != known:
                        raise InputError(f"备份 {source} 里的 {name} 已损坏，没有恢复。请换一份备份。")
        except (OSError, zipfile.BadZipFile, EOFError) as error:
            why = getattr(error, "strerror", None) or error
            raise InputError(f"备份 {source} 打不开或已损坏（{why}），没有恢复。") from error
        _prove(manifest, folder, source)
        yield manifest, folder


def _told(archive: zipfile.ZipFile, source: Path) -> BackupManifest:
    try:
        told: dict[str, Any] = json.loads(archive.read(_MANIFEST))
        if told["format"] > FORMAT or told["schema"] > SCHEMA:
            raise InputError(
                f"备份 {source} 由更新的版本（{told['program']}）写成，没有恢复。请先升级本程序。"
            )
        manifest = BackupManifest(**told)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{source} 不是本程序的备份。") from error
    if not {CATALOGUE} <= manifest.files.keys() <= {CATALOGUE, STORE}:
        raise InputError(f"{source} 不是本程序的备份。")
    return manifest


def _unpack(archive: zipfile.ZipFile, name: str, folder: Path) -> None:
    with archive.open(name) as packed, (folder / name).open("wb") as file:
        while piece := packed.read(_PIECE):
            file.write(piece)


def _prove(manifest: BackupManifest, folder: Path, source: Path) -> None:
    with closing(Catalogue.open(folder / CATALOGUE)) as catalogue:
        found = asdict(digests_of(catalogue))
    # Another reader has read the register again on opening.
    proved = ("texts", "vectors", *(("register",) if manifest.reader == READER else ()))
    if any(found[name] != getattr(manifest, name) for name in proved):
        raise InputError(f"备份 {source} 的内容与它的摘要不符，没有恢复。请换一份备份。")
    if STORE in manifest.files:
        Database.open(folder / STORE).close()  # brought up, or refused when a newer program made it


def _sum(path: Path) -> str:
    whole = sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            whole.update(piece)
    return whole.hexdigest()


def _program() -> str:
    try:
        return version("chengwen")
    except PackageNotFoundError:
        return "?"


def restored(folder: Path, home: Path, *, store: bool) -> None:
    """Pour the files of an unpacked backup into those of a home, the store's only if asked for.

    Raises ``IndexLocked`` while a writer is at work, and ``CatalogueBroken``.
    """
    # The indexes stand at versions of the other catalogue: under a new name they are built again.
    with closing(Catalogue.open(folder / CATALOGUE)) as catalogue:
        catalogue.note("identity", uuid.uuid4().hex)
    with WriterLock(home):
        for name in (STORE, CATALOGUE) if store else (CATALOGUE,):
            if (folder / name).exists():
                poured(folder / name, home / name)
