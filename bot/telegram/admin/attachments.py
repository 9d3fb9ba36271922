"""Documents that are sent to be read in: what is refused before anything is done with them, and why."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from retrieval.loaders.formats.media_type import SUFFIXES
from retrieval.loaders.load import kinds

if TYPE_CHECKING:
    from bot.messages import Messages

MEGABYTE = 1 << 20
LONGEST = 200  # bytes of a name: file systems take 255
# Endings that programs and archives have: before the last one they are there to deceive.
_WORDS = "7z apk app bat cmd com dll dmg doc docm exe gz hta iso jar js jse lnk msi pif ps1 py rar rtf scr sh"
_MORE = "svg tar vbe vbs wsf xls xlsm xz zip"
DECEIVING = {*f"{_WORDS} {_MORE}".split(), *(kind.removeprefix(".") for kind in kinds())}
MACROS = b"vbaProject.bin"  # names stand uncompressed in an archive's directory


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentFault:
    """Why a document is refused: the key of a message, and its names."""

    key: str
    names: tuple[tuple[str, object], ...] = ()

    def told(self, said: Messages) -> str:
        """Say it."""
        return said.say(self.key, **dict(self.names))


def fault_of_name(name: str) -> AttachmentFault | None:
    """Return what is wrong with a name; None for one that a text would have."""
    if not name.strip():
        return AttachmentFault(key="upload_nameless")
    if _hides(name) or name.startswith((".", "~", "-")) or len(name.encode("utf-8", "replace")) > LONGEST:
        return AttachmentFault(key="upload_name")
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        return AttachmentFault(key="upload_kind", names=(("kinds", " ".join(kinds())),))
    inner = re.split(r"[.\s]+", name.lower())[1:-1]
    if DECEIVING & set(inner):
        return AttachmentFault(key="upload_double", names=(("suffix", suffix),))
    return None


def fault_of_size(size: int, megabytes: int) -> AttachmentFault | None:
    """Return what is wrong with a size in bytes, of which so many megabytes are allowed."""
    if megabytes == 0:
        return AttachmentFault(key="upload_off")
    if size == 0:
        return AttachmentFault(key="upload_empty")
    if size > megabytes * MEGABYTE:
        return AttachmentFault(key="upload_large", names=(("limit", megabytes),))
    return None


def fault_of_content(data: bytes) -> AttachmentFault | None:
    """Return what is wrong with the bytes of a document that its readers would not mind."""
    return AttachmentFault(key="upload_macros") if MACROS.lower() in data.lower() else None


def fault_of_kind(name: str, media: str) -> AttachmentFault | None:
    """Return what is wrong where a name promises one kind of file, and the content is of another."""
    promised = SUFFIXES[PurePath(name).suffix.lower()]
    return None if media == promised else AttachmentFault(key="upload_mismatch", names=(("name", name),))


def _hides(name: str) -> bool:
    """Tell whether a name leads elsewhere, or looks like another one."""
    unseen = any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for char in name)
    return unseen or any(char in name for char in '/\\:*?"<>|') or PurePath(name).name != name
