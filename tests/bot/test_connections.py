"""Who keeps the server waiting is let go of, and never in the way of who asks."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.server import app as server
from bot.server import connections
from bot.server.app import HEALTH, LONGEST, assembled, serving
from bot.server.connections import LimitedConnection
from bot.server.health import HealthChecks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request


async def read(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def long(_: Request) -> PlainTextResponse:
    await asyncio.sleep(1.2)
    return PlainTextResponse("done")


@asynccontextmanager
async def served(monkeypatch: pytest.MonkeyPatch, **limits: float) -> AsyncIterator[int]:
    for name, value in limits.items():
        monkeypatch.setattr(LimitedConnection, name, value)
    routes = [Route("/read", read, methods=["POST"]), Route("/long", long)]
    async with serving(assembled(HealthChecks({}), routes), host="127.0.0.1", port=0, settings="-") as port:
        yield port


async def ended(reader: asyncio.StreamReader, seconds: float) -> bytes | None:
    """Return what came until the other side closed, or None where it did not within the time."""
    try:
        async with asyncio.timeout(seconds):
            return await reader.read()
    except TimeoutError:
        return None
    except ConnectionError:
        return b""


@pytest.mark.parametrize(
    "said", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST /read HTTP/1.1\r\nContent-Length: 9\r\n\r\nab"]
)
async def test_who_says_nothing_or_not_all_is_let_go_of(monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    async with served(monkeypatch, head=0.4, whole=0.4) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said)
        assert await ended(reader, 5) == b""
        writer.close()


async def test_who_drips_a_head_is_let_go_of_also_after_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(monkeypatch, head=0.6) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200" in await reader.readline()
        drips = asyncio.create_task(drip(writer))
        assert await ended(reader, 5) is not None
        drips.cancel()
        writer.close()


async def drip(writer: asyncio.StreamWriter) -> None:
    for byte in b"GET /" + b"a" * 100:
        writer.write(bytes([byte]))
        await asyncio.sleep(0.1)


async def test_an_answer_may_take_longer_than_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(monkeypatch, head=0.4, whole=0.4) as port, httpx.AsyncClient() as client:
        assert (await client.get(f"http://127.0.0.1:{port}/long")).text == "done"


async def test_a_crowd_that_says_nothing_does_not_keep_others_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST", 20)
    async with served(monkeypatch) as port:
        crowd = [await asyncio.open_connection("127.0.0.1", port) for _ in range(60)]
        async with httpx.AsyncClient() as client:
            answers = [await client.get(f"http://127.0.0.1:{port}{HEALTH}") for _ in range(5)]
        assert [one.status_code for one in answers] == [200] * 5
        gone = await asyncio.gather(*(ended(reader, 0.5) for reader, _ in crowd))
        assert gone[0] == b""  # the oldest gave way
        assert sum(one is None for one in gone) <= 20
        for _, writer in crowd:
            writer.close()


async def test_an_address_that_nobody_means_is_refused_and_not_told_back() -> None:
    transport = httpx.ASGITransport(app=assembled(HealthChecks({}), [Route("/d/{name}", long)]))
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        for path, status in (
            (f"/d/{'x' * LONGEST}", 414),
            ("/d/a%0Ab", 400),
            ("/d/a%00b", 400),
            ("/nothing", 404),
        ):
            answer = await client.get(path)
            assert answer.status_code == status
            assert answer.headers["content-type"] == server.PROBLEM
            assert len(answer.content) < 300
        slash = await client.get("/healthz/", headers={"Host": "elsewhere.example"})
        assert (slash.status_code, slash.headers.get("location")) == (404, None)
