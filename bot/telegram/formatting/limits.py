"""Telegram's limits, and texts cut to fit them without breaking a character apart."""

from __future__ import annotations

import re
import unicodedata

MESSAGE_UNITS = 4096  # of visible text, counted in UTF-16 code units
MESSAGE_BYTES = 32_768  # of text as it is sent, tags and all
MESSAGE_ENTITIES = 100  # what comes after is shown without its style
RICH_BYTES = 32_000  # of a rich message as it is sent; its text may have 32,768 characters
RICH_BLOCKS = 480  # of a rich message, nested ones counted; 500 are allowed
ROW_BUTTONS = 8
KEYBOARD_BUTTONS = 100
DATA_BYTES = 64
COPY_UNITS = 256  # of what a button copies
NOTICE_UNITS = 200  # of what a tap may answer in a notice

JOINER, KEYCAP = "\u200d", "\u20e3"
# Where a text may be parted, best first: after a sentence, after a clause, at white space.
SEAMS = (
    re.compile(r"[。！？!?…][”’」』）)]*|\n"),
    re.compile(r"[；;：:，,、][”’」』）)]*"),
    re.compile(r"\s"),
)
# A cluster longer than this is no character any more but an attack; it is cut like anything else.
CLUSTER = 64


def units(text: str) -> int:
    """Count the UTF-16 code units of ``text``, as Telegram counts characters."""
    return len(text) + sum(char > "\uffff" for char in text)


def clean(text: str) -> str:
    """Drop what can't be sent: control characters; a lone half of a pair becomes U+FFFD."""
    kept = (
        char for char in text.replace("\r\n", "\n") if char in "\n\t" or unicodedata.category(char) != "Cc"
    )
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in kept)


def prefix(text: str, limit: int) -> int:
    """Return where to cut ``text`` so that at most ``limit`` units stand before, at a seam if one is near."""
    end = _reach(text, limit)
    if end == len(text):
        return end
    for seam in SEAMS:
        ends = [found.end() for found in seam.finditer(text, 0, end)]
        if ends and ends[-1] >= end // 2:
            return ends[-1]
    return _whole(text, end)


def pieces(text: str, limit: int) -> list[str]:
    """Part ``text`` into pieces of at most ``limit`` units; put together again they are ``text``."""
    found = []
    while units(text) > limit:
        at = prefix(text, limit)
        found.append(text[:at])
        text = text[at:]
    return [*found, text]


def shorten(text: str, limit: int) -> str:
    """Cut ``text`` to at most ``limit`` units, the last of which is then an ellipsis."""
    return text if units(text) <= limit else text[: _whole(text, _reach(text, limit - 1))] + "…"


def _reach(text: str, limit: int) -> int:
    """Return how many characters of ``text`` have room in ``limit`` units."""
    end = min(len(text), limit)
    over = units(text[:end]) - limit
    while over > 0:
        end -= 1
        over -= units(text[end])
    return end


def _whole(text: str, at: int) -> int:
    """Move a cut to the left until it stands between two characters as people see them."""
    for start in range(at, max(0, at - CLUSTER), -1):
        if not _joined(text, start):
            return start
    return at


def _joined(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    continues = unicodedata.category(after) in ("Mn", "Me", "Mc") or after in (JOINER, KEYCAP)
    return continues or before == JOINER or _is_skin(after) or (_is_flag(after) and _flags(text, at) % 2 == 1)


def _is_skin(char: str) -> bool:
    return "\U0001f3fb" <= char <= "\U0001f3ff"


def _flags(text: str, at: int) -> int:
    """Count the halves of flags that stand in a row before ``at``."""
    start = at
    while start and _is_flag(text[start - 1]):
        start -= 1
    return at - start


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
