"""What is served over HTTP: the JSON interface, the reader's pages; and what a Mini App brings."""

from __future__ import annotations

import atexit
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(one) for one in (TESTS / "api", TESTS / "reader") if str(one) not in sys.path]

import inputs
from api_counter import Counter
from reader_stand import Stand
from starlette.testclient import TestClient

from bot.reader.init_data import InitDataError, signature, verified

if TYPE_CHECKING:
    from random import Random

    from retrieval import Library

_TOKEN = "1:invented"  # of no bot
_NOW = 1_900_000_000.0
_NAMES = (
    "place",
    "year",
    "k",
    "q",
    "offset",
    "limit",
    "metric",
    "unit",
    "kind",
    "c",
    "a",
    "n",
    "part",
    "lang",
)
_ROOMS = ("search", "documents", "figures", "passages/{0}", "documents/{0}", "ask", "{0}")
_PAGES = ("/", "/s", "/d/{0}", "/p/{0}", "/q/{0}", "/static/{0}", "/session", "/{0}")


def query(chance: Random) -> str:
    """Make what may stand after the question mark of an address."""
    pairs = [(chance.choice(_NAMES), _odd(chance)) for _ in range(chance.randint(0, 4))]
    return urlencode(pairs, errors="replace") if chance.random() < 0.9 else quote(inputs.words(chance))


def _odd(chance: Random) -> str:
    numbers = ("-1", "0", "1", "9" * 30, "1-2", "2-1", "1e9", "٣", "1-999999999999", "")
    return chance.choice(numbers) if chance.random() < 0.5 else inputs.words(chance)


def init_data(chance: Random) -> str:
    """Make what Telegram might give a Mini App: rightly signed, but odd; or not signed at all."""
    fields = {
        "auth_date": str(int(_NOW) - chance.choice((0, 10, -10, 10**6))),
        "user": inputs.payload(chance),
    }
    fields |= {inputs.words(chance)[:5]: inputs.words(chance) for _ in range(chance.randint(0, 2))}
    fields.pop("hash", None)
    if chance.random() < 0.8:
        fields["hash"] = signature(fields, _TOKEN)
    return urlencode(fields, errors="surrogatepass") if chance.random() < 0.8 else inputs.words(chance)


def verify(given: str) -> None:
    """Whatever is given, a visitor or one kind of error comes out."""
    with suppress(InitDataError):
        assert isinstance(verified(given, token=_TOKEN, now=_NOW).id, int)


def request(chance: Random) -> str:
    """Make a request of the interface: method, address and body, in three lines."""
    room = chance.choice(_ROOMS).format(quote(inputs.words(chance)[:30], safe=""))
    body = inputs.payload(chance) if chance.random() < 0.5 else _question(chance)
    return "\n".join((chance.choice(("GET", "POST")), f"{room}?{query(chance)}", body))


def _question(chance: Random) -> str:
    return inputs.json.dumps(
        {"question": inputs.words(chance) or "?", "language": chance.choice(("en", "xx", None))}
    )


def page(chance: Random) -> str:
    """Make the address of a page."""
    return f"{chance.choice(_PAGES).format(quote(inputs.words(chance)[:30], safe=''))}?{query(chance)}"


@cache
def _client(library: Library, kind: str) -> TestClient:
    made: Any = Counter(library).client() if kind == "api" else None
    made = made or TestClient(Stand(library).app(), "http://reader.test", raise_server_exceptions=False)
    made.__enter__()
    atexit.register(made.__exit__, None, None, None)
    return made


def ask(library: Library, given: str) -> None:
    """No request makes the interface fail."""
    method, address, body = [*given.split("\n", 2), "", ""][:3]
    headers = {"Content-Type": "application/json"}
    answer = _client(library, "api").request(method, address, content=body.encode(), headers=headers)
    assert answer.status_code < 500, answer.text


def look(library: Library, address: str) -> None:
    """No address makes the reader fail."""
    answer = _client(library, "reader").get(address, follow_redirects=False)
    assert answer.status_code < 500, answer.text
