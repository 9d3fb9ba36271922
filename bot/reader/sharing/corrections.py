"""What readers say is wrong on a page: checked, bounded, and kept without telling who wrote it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONGEST = 1_000  # characters of a correction
SHORTEST = 4
BODY = 16_384  # bytes of a form
FRESH = 6 * 3_600  # seconds for which a form may be filled in
EVERY, BURST = 1_200.0, 3.0  # of one address: three at once, then one each twenty minutes
EVERY_OF_ALL, BURST_OF_ALL = 60.0, 60.0  # of all together


class CorrectionShelf(Protocol):
    """Keeps corrections, and counts them."""

    def add(self, *, document: str, start: int, end: int, text: str) -> bool:
        """Keep one; False where too many wait to be read."""
        ...

    def wait(self, sender: str) -> float:
        """Count one of a sender, or return for how many seconds the sender is to wait."""
        ...


class CorrectionRefusedError(Exception):
    """A form is not taken; ``key`` is what the page says, ``status`` its HTTP status."""

    def __init__(self, key: str, status: int) -> None:
        super().__init__(key)
        self.key, self.status = key, status


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionDesk:
    """Makes and takes forms.

    A form bears a signature over its document and time, so that no other site can send one in a visitor's
    name; browsers that tell where a form comes from must tell this site.
    """

    shelf: CorrectionShelf
    secret: bytes = field(repr=False, default_factory=lambda: secrets.token_bytes(32))
    clock: Callable[[], float] = time.time

    def stamp(self, document: str) -> str:
        """Return what a form for a document bears."""
        now = int(self.clock())
        return f"{now}.{self._signed(document, now)}"

    def take(self, body: bytes, document: str, *, sender: str, headers: Mapping[str, str]) -> None:
        """Keep what a form says. Raises CorrectionRefusedError."""
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise CorrectionRefusedError("page_fix_stale", 403)
        told = {name: found[0] for name, found in _read(body).items()}
        if not self._is_ours(told.get("stamp", ""), document):
            raise CorrectionRefusedError("page_fix_stale", 403)
        if told.get("address"):  # a field that people do not see
            return
        text = " ".join(told.get("text", "").split())
        if not SHORTEST <= len(text) <= LONGEST:
            raise CorrectionRefusedError("page_fix_length", 400)
        # Only a digest under a secret of this process is counted, and forgotten with the count.
        name = hmac.new(self.secret, sender.encode(), hashlib.sha256).hexdigest()[:24]
        if self.shelf.wait(name):
            raise CorrectionRefusedError("page_fix_wait", 429)
        start, end = (_offset(told.get(one, "")) for one in ("start", "end"))
        if not self.shelf.add(document=document, start=start, end=max(start, end), text=text):
            raise CorrectionRefusedError("page_fix_full", 503)

    def _is_ours(self, stamp: str, document: str) -> bool:
        at, _, signature = stamp.partition(".")
        if not (at.isascii() and at.isdigit() and len(at) < 16):
            return False
        if not hmac.compare_digest(signature.encode(), self._signed(document, int(at)).encode()):
            return False
        return 0 <= self.clock() - int(at) <= FRESH

    def _signed(self, document: str, at: int) -> str:
        told = f"correction\n{document}\n{at}".encode("utf-8", "surrogatepass")
        return hmac.new(self.secret, told, hashlib.sha256).hexdigest()


def _read(body: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=12)
    except ValueError:
        raise CorrectionRefusedError("page_fix_length", 400) from None


def _offset(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
