"""The log file of a home, and ids for failures; no secret ever gets into it."""

from __future__ import annotations

import logging
import re
import secrets
from contextlib import contextmanager
from contextvars import ContextVar
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from bot.config.settings import Settings


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


NAME = "chengwen.log"

SIZE, KEPT = 1 << 20, 3  # bytes a file, older files kept

# They tell each request with its address, and an address may hold a token.
TALKATIVE = ("httpx", "httpx2", "httpcore", "httpcore2", "openai", "urllib3", "chromadb")

# It writes a trace for each page of a gateway; what came of the call is told by anyone who made it.
MUTE = "telegram.request.BaseRequest"

_TOKEN = re.compile(r"\b[0-9]{6,20}:[A-Za-z0-9_-]{30,}")

_NUMBER = "failure number"

_TELLING = 4  # characters: less gives no question away, and would be hidden all over a trace

_private: ContextVar[tuple[str, ...]] = ContextVar("private", default=())

_log = logging.getLogger("bot")


class RedactingFormatter(logging.Formatter):
    """Formats records, traces included, with every secret replaced."""

    def __init__(self, hidden: Collection[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._hidden = forms(hidden)

    def format(self, record: logging.LogRecord) -> str:
        """Return the whole entry, cleared."""
        told = super().format(record)
        for secret in (*self._hidden, *_private.get()):
            told = told.replace(secret, HIDDEN)
        return _TOKEN.sub(HIDDEN, told)


def log_file(home: Path) -> Path:
    """Return where the log of a home stands."""
    return home / "logs" / NAME


def start_log(settings: Settings) -> logging.Handler | None:
    """Write the log from here on; None when the home can't be written, since a log must not stop the work."""
    path = log_file(settings.home)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=SIZE, backupCount=KEPT, encoding="utf-8", delay=True)
    except OSError:
        return None
    handler.setFormatter(RedactingFormatter(settings.secrets))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(settings.log_level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger(MUTE).setLevel(logging.CRITICAL)
    return handler


def stop_log(handler: logging.Handler) -> None:
    """Close the log; what comes later is not written."""
    logging.getLogger().removeHandler(handler)
    handler.close()


@contextmanager
def private(*words: str) -> Iterator[None]:
    """Keep words out of all that is logged inside: a server's refusal may quote the question it refuses."""
    from retrieval.text.normalize import fold  # noqa: PLC0415 - 0.02 s that a call for help can spare

    forms = {form for one in words for form in (one, one.strip(), fold(one))}
    _private.set(tuple(sorted((one for one in forms if len(one) >= _TELLING), key=len, reverse=True)))
    try:
        yield
    finally:
        # Not ``reset``: a stream may be closed by another task than the one that began it.
        _private.set(())


def record_failure(error: BaseException) -> str:
    """Write the trace of an unexpected error to the log and return the id under which it stands there.

    An error that is recorded again, when a person is told of it, keeps its id and is not written twice.
    """
    known = error.__dict__.get(_NUMBER)
    if known is not None:
        return str(known)
    number = error.__dict__[_NUMBER] = secrets.token_hex(3)
    _log.error("failure %s", number, exc_info=error)
    return str(number)
