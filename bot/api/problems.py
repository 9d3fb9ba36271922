"""What goes wrong, told as a problem document (RFC 9457). Seam: FastAPI."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from answering.values.errors import AnsweringError
from bot.errors import BotError, InputError
from bot.observability.logs import record_failure
from retrieval.values.errors import RetrievalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI, Request

MEDIA = "application/problem+json"


def problem(
    status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    """Return a problem document: what went wrong, and what to do about it."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(told | more, status_code=status, headers=dict(headers or {}), media_type=MEDIA)


def handle_all(app: FastAPI) -> None:
    """Let ``app`` tell every error as a problem; what nobody foresaw is logged and told by its number."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _misshapen)
    app.add_exception_handler(InputError, _unusable)
    for kind in (AnsweringError, RetrievalError, BotError, Exception):
        app.add_exception_handler(kind, _broken)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), headers=error.headers)


async def _misshapen(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # What was sent is not told back: it may be long, and a log of errors would hold it.
    errors = [{"where": [str(part) for part in one["loc"]], "what": one["msg"]} for one in error.errors()]
    return problem(422, "The request can't be used; see errors.", errors=errors)


async def _unusable(_: Request, error: Exception) -> JSONResponse:
    return problem(400, str(error))


async def _broken(_: Request, error: Exception) -> JSONResponse:
    number = record_failure(error)
    return problem(500, f"Something went wrong; the log has it under {number}.", id=number)
