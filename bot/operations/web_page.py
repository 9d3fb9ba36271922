"""A page or file of the public web, fetched to be read in: from public addresses, of bounded size and time.

Each name is looked up once and the connection goes to the address that was checked, so that no second answer
of a name server, and no redirect, leads inwards.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from bot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    Admits = Callable[[str], bool]

LIMIT = 64 * 1024 * 1024  # bytes
PATIENCE = 60.0  # seconds for one page, redirects and robots.txt included
AGENT = "chengwen"
_STEP = 15.0  # seconds that the other side may be silent
_REDIRECTS = 5
_ROBOTS = 512 * 1024  # bytes of robots.txt that count (RFC 9309)
_MOVED = (301, 302, 303, 307, 308)
_CHUNK = 65_536
_SAFE = "/:?#[]@!$&'()*+,;=%~-._"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPage:
    """What was fetched: the address it came from in the end, its bytes, and its media type as told."""

    url: str
    data: bytes
    media: str


def is_address(text: str) -> bool:
    """Return whether a text is an address of the web."""
    return text.lower().startswith(("http://", "https://"))


def is_public(address: str) -> bool:
    """Return whether an IP address is one that anybody may reach."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (inner is None or inner.is_global)


def fetch(url: str, *, admits: Admits = is_public, patience: float = PATIENCE, limit: int = LIMIT) -> WebPage:
    """Return a page. ``admits`` says which IP addresses may be asked. Raises InputError with the reason."""
    until = time.monotonic() + patience
    at = _plain(url)
    asked: set[str] = set()
    for _ in range(_REDIRECTS + 1):
        root = urlunsplit((*urlsplit(at)[:2], "", "", ""))
        if root not in asked:
            _check_robots(root, at, _Asking(admits, until))
            asked.add(root)
        status, moved, page = _get(at, _Asking(admits, until), limit)
        if status in _MOVED and moved:
            at = _plain(urljoin(at, moved))
            continue
        if status != 200:
            raise InputError(f"“{url}”打不开：网站回答 {status}。请在浏览器里看看地址对不对。")
        return page
    raise InputError(f"“{url}”一再转到别处，没有读。请换成最后打开的那个地址。")


@dataclass(frozen=True, slots=True)
class _Asking:
    admits: Admits
    until: float  # by time.monotonic

    def left(self, url: str) -> float:
        """Return the seconds left; raises InputError where there are none."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise InputError(f"“{url}”太慢，没有在限定时间里读完。请稍后再试，或下载后读入文件。")
        return min(left, _STEP)


def _plain(url: str) -> str:
    """Return an address in ASCII, without its fragment. Raises InputError for one that can't be asked."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname or "", parts.port
        name = host if ":" in host else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError) as error:
        raise InputError(f"“{url}”不是完整的网址。请从浏览器的地址栏复制。") from error
    if parts.scheme not in ("http", "https") or not name:
        raise InputError(f"“{url}”不是 http 或 https 的网址，没有读。")
    if parts.username or parts.password:
        raise InputError("网址里有用户名或密码，没有读。请换成公开的地址。")
    where = f"[{name}]" if ":" in name else name
    where = f"{where}:{port}" if port else where
    return urlunsplit((parts.scheme, where, quote(parts.path or "/", _SAFE), quote(parts.query, _SAFE), ""))


def _check_robots(root: str, url: str, asking: _Asking) -> None:
    """Raise InputError where the site asks programs not to read the page."""
    status, _, page = _get(f"{root}/robots.txt", asking, _ROBOTS, cut=True)
    if status != 200:
        return
    rules = RobotFileParser()
    rules.parse(page.data.decode("utf-8", "replace").splitlines())
    if not rules.can_fetch(AGENT, url):
        raise InputError(
            f"“{url}”：网站的 robots.txt 不许程序读这一页，没有读。可以在浏览器里存下再读入文件。"
        )


def _get(url: str, asking: _Asking, limit: int, *, cut: bool = False) -> tuple[int, str, WebPage]:
    """Ask once; give the status, where it leads on to, and what came. What is too long is refused, or cut."""
    parts = urlsplit(url)
    connection = _connected(url, asking)
    # One who sends a byte now and then is never silent: at the end of the time the line is cut.
    end = threading.Timer(max(0.0, asking.until - time.monotonic()), _hang_up, [connection])
    end.daemon = True
    end.start()
    try:
        target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        headers = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity", "Host": parts.netloc}
        connection.request("GET", target, headers=headers)
        answer = connection.getresponse()
        data = (
            b"" if answer.status in _MOVED else _body(url, answer, connection, asking, limit=limit, cut=cut)
        )
        media = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        return answer.status, answer.getheader("Location") or "", WebPage(url=url, data=data, media=media)
    except (OSError, http.client.HTTPException, ValueError) as error:
        asking.left(url)
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise InputError(f"“{url}”没有读完：{reason}。请稍后再试。") from error
    finally:
        end.cancel()
        connection.close()


def _hang_up(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _body(
    url: str,
    answer: http.client.HTTPResponse,
    connection: http.client.HTTPConnection,
    asking: _Asking,
    *,
    limit: int,
    cut: bool,
) -> bytes:
    parts: list[bytes] = []
    size = 0
    while asking.left(url) and (piece := answer.read1(_CHUNK)):
        parts.append(piece)
        size += len(piece)
        if size > limit:
            if cut:
                break
            raise InputError(f"“{url}”超过 {limit // 2**20} MB，没有读。请下载后拆成几个文件再读入。")
        if connection.sock is not None:
            connection.sock.settimeout(asking.left(url))
    asking.left(url)  # a line that was cut ends like a text that is complete
    return b"".join(parts)


def _connected(url: str, asking: _Asking) -> http.client.HTTPConnection:
    """Connect to an address of a host that may be asked. Raises InputError where there is none."""
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError(f"找不到网站“{host}”。请检查网址和网络。") from error
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not addresses or not all(map(asking.admits, addresses)):
        raise InputError(f"“{host}”不是公网上的网站，没有读。要读内部的文件，请下载后读入。")
    connection = http.client.HTTPConnection(host, port, timeout=asking.left(url))
    try:
        plain = socket.create_connection((addresses[0], port), timeout=asking.left(url))
    except OSError as error:
        raise InputError(f"连不上“{host}”（{error.strerror or error}）。请检查网络后再试。") from error
    try:
        context = ssl.create_default_context() if secure else None
        connection.sock = context.wrap_socket(plain, server_hostname=host) if context else plain
    except (OSError, ValueError) as error:
        plain.close()
        raise InputError(f"和“{host}”的加密连接没有建成（{error}）。请检查网址。") from error
    return connection
