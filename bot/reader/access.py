"""Who may read: everybody, or those alone whom Telegram names and the settings allow."""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.reader.init_data import InitDataError, verified

if TYPE_CHECKING:
    from collections.abc import Callable

    MayRead = Callable[[int], bool]

LASTING = 2 * 3_600  # seconds of a session
COOKIE = "reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAccess:
    """Lets in whom ``may_read`` allows, by sessions that are signed under the bot's ``token``.

    A session is the person's number, when it ends, and a signature; who is no longer allowed is shut out
    at once.
    """

    token: str = field(repr=False)
    may_read: MayRead
    clock: Callable[[], float] = time.time

    def admitted(self, init_data: str) -> str | None:
        """Return a session for anyone who opened the Mini App, or None for anyone who may not read."""
        try:
            visitor = verified(init_data, token=self.token, now=self.clock())
        except InitDataError:
            return None
        if not self.may_read(visitor.id):
            return None
        told = f"{visitor.id}.{int(self.clock()) + LASTING}"
        return f"{told}.{self._signed(told)}"

    def knows(self, session: str) -> bool:
        """Tell whether a session is ours, has not ended, and is of one who may still read."""
        told, _, signature = session.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signed(told).encode()):
            return False
        person, _, end = told.partition(".")
        return int(end) > self.clock() and self.may_read(int(person))

    def _signed(self, told: str) -> str:
        key = hmac.digest(b"chengwen reader session", self.token.encode(), hashlib.sha256)
        return hmac.new(key, told.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
