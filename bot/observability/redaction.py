"""Secrets taken out of texts, in all the forms in which they get there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

HIDDEN = "***"
SHORTEST = 6  # characters of a part: a shorter one would be hidden all over a text, and tell where it was


def forms(secrets: Collection[str]) -> tuple[str, ...]:
    """Return secrets as they stand in texts, longest first: whole, in part, quoted for an address."""
    found = {form for secret in secrets for part in _parts(secret) for form in (part, quote(part, safe=""))}
    return tuple(sorted(found, key=len, reverse=True))


def hide(text: str, secrets: Collection[str]) -> str:
    """Return ``text`` with every secret replaced."""
    for form in forms(secrets):
        text = text.replace(form, HIDDEN)
    return text


def _parts(secret: str) -> Iterator[str]:
    yield secret
    if "://" in secret:
        yield from _long(_password(secret))
    else:
        # The number before the colon of a bot's token is its public id; what follows is all of the secret.
        yield from _long(secret.partition(":")[2])


def _long(part: str) -> Iterator[str]:
    if len(part) >= SHORTEST:
        yield from {part, unquote(part)}


def _password(address: str) -> str:
    try:
        return urlsplit(address).password or ""
    except ValueError:
        return ""
