"""Each hop of the way to Telegram fails once, on real sockets, and is told from all others."""

from __future__ import annotations

import asyncio
import base64
import ssl
from contextlib import asynccontextmanager

import pytest
from certificates import self_signed
from stage.emulator import free_port

from bot.config.settings import Settings
from bot.telegram.diagnostics.hops import NetworkHop, UnreachableHopError, proxy_of, walk
from bot.telegram.diagnostics.probe import reach
from bot.telegram.sending.timeouts import Timeouts

BRISK = Timeouts(connect=0.5, read=1.0)
SECRET = "pass-word"


def settings(**more):
    named = {f"TELEGRAM_{name.upper()}": value for name, value in more.items()}
    return Settings.load({"TELEGRAM_BOT_TOKEN": "123456:abc", **named})


@asynccontextmanager
async def serving(handle, **kwargs):
    """Serve on a port of this machine, and give the port."""
    done = asyncio.Event()

    async def one(reader, writer):
        try:
            await handle(reader, writer)
            await done.wait()
        except (OSError, EOFError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0, **kwargs)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        done.set()
        server.close()
        await server.wait_closed()


def says(*answers):
    """Make a proxy that answers each thing that it hears with the next of these."""

    async def handle(reader, writer):
        for answer in answers:
            await reader.read(1000)
            writer.write(answer)
            await writer.drain()

    return handle


async def hangs_up(reader, writer):
    await reader.read(1000)
    writer.close()


async def is_silent(reader, writer):
    await asyncio.sleep(0)


OPEN, GOES = b"\x05\x00", b"\x05\x00\x00\x01" + bytes(6)


@pytest.mark.parametrize(
    ("scheme", "handle", "words"),
    [
        ("http", says(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"), "不认这个用户名和密码"),
        ("http", says(b"HTTP/1.1 502 Bad Gateway\r\n\r\n"), "HTTP 502"),
        ("http", says(b"SSH-2.0-server\r\n\r\n"), "不是 HTTP 代理"),
        ("http", hangs_up, "不是 http 代理"),
        ("http", is_silent, "很久没有回应"),
        ("socks5", says(b"\x05\x02", b"\x01\x01"), "不认这个用户名和密码"),
        ("socks5", says(b"\x05\xff"), "它要用户名和密码"),
        ("socks5", says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "不是 SOCKS5 代理"),
        ("socks5h", says(OPEN, b"\x05\x04\x00\x01" + bytes(6)), "查不到它的地址"),
        ("socks5h", says(OPEN, b"\x05\x01\x00\x01" + bytes(6)), "SOCKS5 回复 1"),
        ("socks5", hangs_up, "不是 socks5 代理"),
    ],
)
async def test_a_proxy_that_does_not_let_through_is_told_with_its_reason(scheme, handle, words):
    async with serving(handle) as port:
        chosen = settings(proxy=f"{scheme}://user:{SECRET}@127.0.0.1:{port}")
        found = await reach(chosen, BRISK)
    assert (found.ok, found.hop) == (False, NetworkHop.HANDSHAKE)
    assert words in found.sentence
    assert "TELEGRAM_PROXY" in found.sentence
    assert SECRET not in found.sentence


async def test_a_proxy_is_given_the_name_and_the_password_and_not_an_address():
    heard = []

    async def handle(reader, writer):
        heard.append(await reader.read(100))
        writer.write(b"\x05\x02")
        heard.append(await reader.read(100))
        writer.write(b"\x01\x00")
        heard.append(await reader.read(100))
        writer.write(b"\x05\x05\x00\x01" + bytes(6))
        await writer.drain()

    async with serving(handle) as port:
        await reach(settings(proxy=f"socks5://user:{SECRET}@127.0.0.1:{port}"), BRISK)
    assert heard[0] == b"\x05\x02\x00\x02"
    assert heard[1] == b"\x01\x04user\x09" + SECRET.encode()
    assert heard[2] == b"\x05\x01\x00\x03\x10api.telegram.org\x01\xbb"


async def test_an_http_proxy_is_given_the_password_too():
    heard = []

    async def handle(reader, writer):
        heard.append((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n"))
        writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        await writer.drain()

    async with serving(handle) as port:
        found = await reach(settings(proxy=f"http://user:{SECRET}@127.0.0.1:{port}"), BRISK)
    known = base64.b64encode(f"user:{SECRET}".encode())
    assert heard[0][0] == b"CONNECT api.telegram.org:443 HTTP/1.1"
    assert b"Proxy-Authorization: Basic " + known in heard[0]
    assert "HTTP 403" in found.sentence


async def test_a_certificate_that_nobody_vouches_for_is_told(tmp_path):
    async with serving(is_silent, ssl=self_signed(tmp_path)) as port:
        found = await reach(settings(base_url=f"https://127.0.0.1:{port}"), BRISK)
    assert (found.ok, found.hop) == (False, NetworkHop.TLS)
    assert "证书不可信" in found.sentence


async def test_a_server_without_encryption_where_it_should_be_is_told():
    async with serving(says(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        found = await reach(settings(base_url=f"https://127.0.0.1:{port}"), BRISK)
    assert (found.ok, found.hop) == (False, NetworkHop.TLS)
    assert "加密连接" in found.sentence


async def test_through_a_proxy_and_encryption_the_way_goes_on(tmp_path):
    async def relays(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(f"CONNECT localhost:{beyond} HTTP/1.1\r\n".encode())
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        there, far = await asyncio.open_connection("127.0.0.1", beyond)
        await asyncio.wait(
            {asyncio.create_task(_flow(reader, far)), asyncio.create_task(_flow(there, writer))}
        )

    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    async with serving(is_silent, ssl=self_signed(tmp_path)) as beyond, serving(relays) as port:
        chosen = settings(base_url=f"https://localhost:{beyond}", proxy=f"http://127.0.0.1:{port}")
        await walk(chosen, seconds=2.0, trust=trust)
        with pytest.raises(UnreachableHopError) as ended:
            await walk(chosen, seconds=2.0, trust=ssl.create_default_context())
    assert ended.value.hop is NetworkHop.TLS


async def _flow(reader, writer):
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()
    writer.close()


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
async def test_a_proxy_of_the_environment_is_on_the_way_too(monkeypatch, name):
    for one in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(one, raising=False)
    monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    found = await reach(settings(), BRISK)
    assert found.hop is NetworkHop.PROXY
    assert f"环境变量 {name.upper()}" in found.sentence
    monkeypatch.setenv("no_proxy", "api.telegram.org")
    assert proxy_of(settings()) is None
