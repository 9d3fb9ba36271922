"""The log file of a home, and ids for failures; no secret ever gets into it."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections import OrderedDict
from contextlib import contextmanager
from contextvars import ContextVar
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from bot.config.settings import Settings


HIDDEN = "***"

SHORTEST = 6  # characters of a part: a shorter one would be hidden all over a text, and tell where it was


def forms(secrets: Collection[str]) -> tuple[str, ...]:
    """Return secrets as they are in texts, longest first: whole, in part, quoted for an address."""
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
ALIKE, PERIOD = 20, 60.0  # entries that are alike, in so many seconds
LIKENESSES = 1_000  # that are remembered
SHOWN = 200  # characters of an entry that is told of again

# They tell each request with its address, and an address may hold a token.
TALKATIVE = ("httpx", "httpx2", "httpcore", "httpcore2", "openai", "urllib3", "chromadb")

# It writes a trace for each page of a gateway; what came of the call is told by anyone who made it.
MUTE = "telegram.request.BaseRequest"

_TOKEN = re.compile(r"\b[0-9]{6,20}:[A-Za-z0-9_-]{30,}")

_NUMBER = "failure number"
_Likeness = tuple[str, int, str]  # a logger, a level, and the words of an entry without its numbers
_DIGITS = re.compile(r"[0-9]+")

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
        for secret in (*self._hidden, *_private_forms()):
            told = told.replace(secret, HIDDEN)
        return _TOKEN.sub(HIDDEN, told)


class ThinnedLog(RotatingFileHandler):
    """A log file that one error can't fill, and that nobody hears of when its disk is full.

    Of warnings and errors that are alike but for their numbers the first ``ALIKE`` in ``PERIOD`` seconds are
    written; then one entry tells how many more there were. What can't be written is counted, and told where
    there is room again.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(path, maxBytes=SIZE, backupCount=KEPT, encoding="utf-8", delay=True)
        self._clock = clock
        self._alike: OrderedDict[_Likeness, tuple[float, int]] = OrderedDict()  # since when, and how many
        self._lost = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Write an entry, unless too many like it were written."""
        for told in self._over(self._clock() - PERIOD):
            self._write(told)
        if record.levelno >= logging.WARNING:
            since, many = self._alike.get(key := _likeness(record), (self._clock(), 0))
            self._alike[key] = since, many + 1
            if many >= ALIKE:
                return
        self._write(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - the name is logging's
        """Count what could not be written: a trace on a terminal helps nobody there."""
        self._lost += 1

    def close(self) -> None:
        """Tell of what is still counted, and close."""
        for told in self._over(self._clock()):
            self._write(told)
        super().close()

    def _write(self, record: logging.LogRecord) -> None:
        if self._lost:
            lost, self._lost = self._lost, 0
            text = f"{lost} entries could not be written before this one"
            super().emit(logging.LogRecord(record.name, logging.WARNING, "", 0, text, (), None))
        super().emit(record)

    def _over(self, before: float) -> Iterator[logging.LogRecord]:
        """Forget what began by ``before``, and give an entry for each likeness of which there was more."""
        while self._alike:
            (name, level, text), (since, many) = next(iter(self._alike.items()))
            if since > before and len(self._alike) <= LIKENESSES:
                return
            self._alike.popitem(last=False)
            if many > ALIKE:
                again = f"{many - ALIKE} more entries like this one: {text[:SHOWN]}"
                yield logging.LogRecord(name, level, "", 0, again, (), None)


def _likeness(record: logging.LogRecord) -> _Likeness:
    error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    return record.name, record.levelno, _DIGITS.sub("0", f"{record.msg} {error}".strip())


def log_file(home: Path) -> Path:
    """Return where the log of a home stands."""
    return home / "logs" / NAME


def start_log(settings: Settings) -> logging.Handler | None:
    """Write the log from here on; None when the home can't be written, since a log must not stop the work."""
    path = log_file(settings.home)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = ThinnedLog(path)
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
    _private.set(words)
    try:
        yield
    finally:
        # Not ``reset``: a stream may be closed by another task than the one that began it.
        _private.set(())


def _private_forms() -> list[str]:
    """Return how the words that are kept out may be written, the longest first."""
    words = _private.get()
    if not words:
        return []
    from retrieval.text.normalize import fold  # noqa: PLC0415 - 0.02 s that a call for help can spare

    found = {form for one in words for form in (one, one.strip(), fold(one))}
    return sorted((one for one in found if len(one) >= _TELLING), key=len, reverse=True)


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
