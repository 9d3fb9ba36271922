"""Keep secrets out of every log record, whoever writes it."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

HIDDEN = "***"
# They tell each request with its address, and the address holds the token.
TALKATIVE = ("httpx", "httpcore")


def hide(text: str, secrets: Collection[str]) -> str:
    """Return ``text`` with every secret replaced."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


@contextmanager
def kept(secrets: Collection[str]) -> Iterator[None]:
    """Inside, no log record holds a secret: neither its message nor the trace of its exception."""
    make = logging.getLogRecordFactory()
    levels = {name: logging.getLogger(name).level for name in TALKATIVE}

    def made(*args: object, **kwargs: object) -> logging.LogRecord:
        return _cleared(make(*args, **kwargs), secrets)

    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.setLogRecordFactory(made)
    try:
        yield
    finally:
        logging.setLogRecordFactory(make)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _cleared(record: logging.LogRecord, secrets: Collection[str]) -> logging.LogRecord:
    try:
        message = record.getMessage()
    except (TypeError, ValueError):
        message = f"{record.msg} {record.args}"  # whoever wrote it mistook the arguments
    if any(secret in message for secret in secrets):
        record.msg, record.args = hide(message, secrets), ()
    if record.exc_info:
        trace = logging.Formatter().formatException(record.exc_info)
        if any(secret in trace for secret in secrets):
            # The exception itself can't be cleared, so only its cleared trace goes on.
            record.exc_info, record.exc_text = None, hide(trace, secrets)
    return record
