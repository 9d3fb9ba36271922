"""Keep secrets out of every log record and every trace, no matter who writes it."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.observability.logs import forms, hide

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

# They tell each request with its address, and the address holds the token.
TALKATIVE = ("httpx", "httpcore")


@contextmanager
def kept(secrets: Collection[str]) -> Iterator[None]:
    """Inside, no log record holds a secret, nor does the trace of an error that nobody caught."""
    secrets = forms(secrets)
    make = logging.getLogRecordFactory()
    levels = {name: logging.getLogger(name).level for name in TALKATIVE}

    def made(*args: object, **kwargs: object) -> logging.LogRecord:
        return _cleared(make(*args, **kwargs), secrets)

    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.setLogRecordFactory(made)
    try:
        with _cleared_traces(secrets):
            yield
    finally:
        logging.setLogRecordFactory(make)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@contextmanager
def _cleared_traces(secrets: Collection[str]) -> Iterator[None]:
    """Inside, traces that the interpreter prints are cleared: of the program, a thread, a finalizer."""
    program, thread, finalizer = sys.excepthook, threading.excepthook, sys.unraisablehook

    def shown(kind: Any, error: BaseException | None, trace: Any) -> bool:
        """Print a trace that holds a secret, without it."""
        told = "".join(traceback.format_exception(kind, error, trace))
        holds = any(secret in told for secret in secrets)
        if holds:
            sys.stderr.write(hide(told, secrets))
        return holds

    def show(told: Any, otherwise: Callable[[Any], object]) -> None:
        if not shown(told.exc_type, told.exc_value, told.exc_traceback):
            otherwise(told)

    sys.excepthook = lambda *told: None if shown(*told) else program(*told)
    threading.excepthook = lambda told: show(told, thread)
    sys.unraisablehook = lambda told: show(told, finalizer)
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook, sys.unraisablehook = program, thread, finalizer


def _cleared(record: logging.LogRecord, secrets: Collection[str]) -> logging.LogRecord:
    try:
        message = record.getMessage()
    except (TypeError, ValueError):
        message = f"{record.msg} {record.args}"  # anyone who wrote it mistook the arguments
    if any(secret in message for secret in secrets):
        record.msg, record.args = hide(message, secrets), ()
    if record.exc_info:
        trace = logging.Formatter().formatException(record.exc_info)
        if any(secret in trace for secret in secrets):
            # The exception itself can't be cleared, so only its cleared trace goes on.
            record.exc_info, record.exc_text = None, hide(trace, secrets)
    return record
