"""A private reader opens to whom Telegram names and the settings allow, for as long as they do."""

from __future__ import annotations

import re
from time import time

import pytest
from test_init_data import TOKEN, signed

from bot.reader.access import LASTING, MemberAccess


def members(*allowed: int, now: float | None = None) -> MemberAccess:
    return MemberAccess(token=TOKEN, may_read=set(allowed).__contains__, clock=lambda: now or time())


def test_a_session_is_known_until_it_ends() -> None:
    now = time()
    session = members(4711, now=now).admitted(signed(at=now))
    assert session is not None
    assert members(4711, now=now + LASTING - 1).knows(session)
    assert not members(4711, now=now + LASTING + 1).knows(session)


def test_who_is_not_allowed_gets_no_session_and_loses_the_one_there_was() -> None:
    assert members(12).admitted(signed()) is None
    session = members(4711).admitted(signed())
    assert session is not None
    assert not members(12).knows(session)


@pytest.mark.parametrize(
    "forged", ["", "4711", "4711.9999999999", "4711.9999999999.0", "..", "ü.1.2", "a.b.c"]
)
def test_a_session_that_we_did_not_sign_is_unknown(forged: str) -> None:
    assert not members(4711).knows(forged)


def test_a_session_that_was_changed_is_unknown() -> None:
    session = members(4711, 12).admitted(signed())
    assert session is not None
    assert not members(4711, 12).knows(session.replace("4711.", "12.", 1))


async def test_pages_are_shut_until_the_mini_app_brought_its_data(stand) -> None:
    stand.members, stand.url = members(4711), "https://reader.test/read"
    document = stand.speech("吉林市").id
    async with stand.client() as client:
        for path in (
            "/read/",
            f"/read/d/{document}",
            "/read/s?q=停车",
            "/read/nowhere",
            f"/read/q/{document}",
        ):
            shut = await client.get(path)
            assert shut.status_code == 403
            assert "请从机器人里打开" in shut.text
            assert "停车泊位近5万个" not in shut.text
        given = await client.post("/read/session", content=signed())
        assert given.status_code == 204
        cookie = given.headers["set-cookie"]
        assert {"HttpOnly", "Secure", "SameSite=None", "Path=/read"} <= set(cookie.split("; "))
        session = re.match(r"reader=([^;]+)", cookie)[1]
        opened = await client.get(f"/read/d/{document}", headers={"Cookie": f"reader={session}"})
        assert "停车泊位近5万个" in opened.text
        assert opened.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(("body", "status"), [("", 403), ("a=b", 403), ("x" * 9000, 413)])
async def test_what_is_not_telegrams_opens_nothing(stand, body: str, status: int) -> None:
    stand.members = members(4711)
    async with stand.client() as client:
        answer = await client.post("/session", content=body)
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers


async def test_a_public_reader_asks_for_no_session(stand) -> None:
    async with stand.client() as client:
        assert (await client.get("/")).status_code == 200
        assert (await client.post("/session", content=signed())).status_code == 404
