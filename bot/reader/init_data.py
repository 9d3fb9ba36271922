"""What Telegram tells a Mini App of its user, verified as Telegram's documentation of Mini Apps says.

The fields without ``hash``, sorted by name and joined by line feeds, are signed with HMAC-SHA-256 under the
key HMAC-SHA-256("WebAppData", token).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 8_192  # bytes of init data: far above what Telegram sends
AGE = 3_600  # seconds that init data is taken
AHEAD = 60  # seconds that Telegram's clock may be before ours


class InitDataError(Exception):
    """The init data is not Telegram's, is too old, or names nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who opened the Mini App, and when: seconds since 1970."""

    id: int
    at: int


def verified(given: str, *, token: str, now: float, age: float = AGE) -> Visitor:
    """Return who opened the Mini App with this init data. Raises InitDataError."""
    fields = _fields(given)
    told = fields.pop("hash", "")
    if not hmac.compare_digest(told.encode(), signature(fields, token).encode()):
        raise InitDataError("the hash is wrong")
    at = _number(fields.get("auth_date", ""))
    if not now - age <= at <= now + AHEAD:
        raise InitDataError("too old")
    return Visitor(id=_user(fields.get("user", "")), at=at)


def signature(fields: Mapping[str, str], token: str) -> str:
    """Return the hash of init data with these fields, in hexadecimal."""
    key = hmac.digest(b"WebAppData", token.encode(), hashlib.sha256)
    text = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _fields(given: str) -> dict[str, str]:
    if len(given) > MOST:
        raise InitDataError("too long")
    try:
        pairs = parse_qsl(given, keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise InitDataError("not in the form of a query") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise InitDataError("a field is there twice")
    return fields


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise InitDataError("no date")
    return int(text)


def _user(text: str) -> int:
    try:
        user = json.loads(text)
    except (ValueError, RecursionError):
        raise InitDataError("no user") from None
    name = user.get("id") if isinstance(user, dict) else None
    if type(name) is not int:
        raise InitDataError("no user")
    return name
