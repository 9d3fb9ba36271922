"""Traces and metrics of questions, for those who ask for them; what they need is an extra of the package."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.errors import MissingPartError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.observability.metrics import QuestionMetrics
    from bot.observability.tracing import QuestionTraces

EXTRA = (
    "设了 {variable}，可是观测用的部件没有装。"
    "请在程序的文件夹里运行 .venv/bin/python -m pip install '.[observability]'，或去掉这项设置。"
)
TAKEN = "CHENGWEN_METRICS_PORT 指的端口 {port} {why}。请换一个端口，或去掉这项设置。"


def traces(*, told: bool = False) -> QuestionTraces:
    """Return what sends each account as a trace; ``told``: with the words of questions.

    Raises MissingPartError where the extra is not installed.
    """
    with _extra("CHENGWEN_TRACES"):
        from bot.observability.tracing import QuestionTraces  # noqa: PLC0415 - only anyone who asks for it has the extra
    return QuestionTraces(told=told)


def metrics(port: int) -> QuestionMetrics:
    """Return what counts accounts, and shows the counts on ``port`` of this machine's loopback.

    Raises MissingPartError where the extra is not installed, and where the port can't be had.
    """
    with _extra("CHENGWEN_METRICS_PORT"):
        from bot.observability.metrics import QuestionMetrics  # noqa: PLC0415 - only anyone who asks for it has the extra
    counts = QuestionMetrics()
    try:
        counts.serve(port)
    except OSError as error:
        why = "已经被别的程序占用" if error.errno == errno.EADDRINUSE else f"用不了（{error.strerror}）"
        raise MissingPartError(TAKEN.format(port=port, why=why)) from error
    return counts


@contextmanager
def _extra(variable: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingPartError(EXTRA.format(variable=variable)) from error
