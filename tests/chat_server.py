"""A chat server on this machine that speaks OpenAI's protocol over real HTTP, well or badly, as a test asks.

Replies are given one after the other, the last one for ever::

    with serving(say("新建停车位2.8万余个[1]。"), fails(429, after=1)) as server:
        server.url            # "http://127.0.0.1:40123/v1": OPENAI_BASE_URL; any key and model will do
        server.requests       # what was asked: path, headers, body; .said is its whole prompt
        server.requests[0].gone.wait(2)   # True once the client hung up before the reply was over
        server.add(say("后来的话[1]。"))    # more replies, after those that were given

A reply may look at what it is asked::

    serving(say(lambda body: "……[2]。" if "台州" in body["messages"][-1]["content"] else "……[1]。"))
    serving(lambda body: fails(400) if len(said(body)) > 9000 else say("好[1]。"))

Slow and small, as a real model speaks::

    say("一句很长的话[1]。", size=2, pause=0.02, first=0.5)   # two characters at a time
    say("还有一句。", endless=True)                          # until the client hangs up

Faults, one each: ``fails`` (a status with JSON or HTML), ``page`` (200, and a web page), ``redirects``,
``hangs`` (no head, no word), ``say(..., first=9)`` (slow first token), ``stalls``, ``cuts``, ``garbles``,
``amiss`` (an error amid the stream), ``nothing`` (no choices), ``say("")`` (an empty answer),
``say(..., finish="content_filter")``, ``thinks`` (reasoning before the answer), ``raw`` (these very bytes).
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import chain, cycle
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Body = dict[str, Any]
MODEL = "scripted"
NEVER = 3600.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Script:
    """One reply: a head, then bytes to send and seconds to wait."""

    status: int = 200
    kind: str = "text/event-stream; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    steps: tuple[bytes | float, ...] = ()
    then: Iterable[bytes | float] = ()  # after those; may go on until the client hangs up
    mute: float = 0.0  # seconds before even the head is sent
    cut: bool = False  # the connection is closed amid the body


Reply = Script | Callable[[Body], "Reply"]
Text = str | Callable[[Body], str]


@dataclass
class Asked:
    """One request, and what became of its reply."""

    path: str
    headers: dict[str, str]  # names in lower case
    body: Body
    at: float  # time.monotonic()
    gone: threading.Event = field(default_factory=threading.Event)  # the client hung up before the end
    over: threading.Event = field(default_factory=threading.Event)  # nothing more is sent
    sent: int = 0  # bytes of the body that were sent

    @property
    def said(self) -> str:
        return said(self.body)


@dataclass
class Server:
    """Where it listens, what it will reply and what it was asked."""

    url: str
    replies: list[Reply]
    requests: list[Asked] = field(default_factory=list)
    wrong: list[Exception] = field(default_factory=list)  # what callables among the replies raised

    def add(self, *replies: Reply) -> None:
        self.replies.extend(replies)

    def asked(self, times: int, *, within: float = 5.0) -> bool:
        """Wait until so many requests have come; tell whether they did within so many seconds."""
        end = time.monotonic() + within
        while len(self.requests) < times and time.monotonic() < end:
            time.sleep(0.01)
        return len(self.requests) >= times

    @property
    def texts(self) -> list[str]:
        """Return the whole prompt of each request."""
        return [asked.said for asked in self.requests]


def said(body: Body) -> str:
    """Return all that a request tells the model, one message after the other."""
    return "\n".join(str(message.get("content") or "") for message in body.get("messages", ()))


# -- replies that are well


def say(
    text: Text,
    *,
    size: int = 4,
    pause: float = 0.0,
    first: float = 0.0,
    finish: str = "stop",
    usage: tuple[int, int] | None = None,
    always: bool = False,
    endless: bool = False,
) -> Reply:
    """Answer with ``text`` in pieces of ``size`` characters, ``pause`` seconds before each.

    ``first`` is waited before the first piece, after the head was sent. ``usage`` is (prompt, completion), by
    default one token a character; it is told when the request asks for it, or ``always``. An ``endless``
    answer says its last piece again and again until the client hangs up, however fast either side is.
    """

    def reply(body: Body) -> Script:
        words = text(body) if callable(text) else text
        cost = usage or (len(said(body)), len(words))
        if not body.get("stream"):
            return _whole(words, cost, finish=finish, mute=first)
        steps: list[bytes | float] = [first, _delta({"role": "assistant", "content": ""})]
        for piece in _pieces(words, size):
            steps += [pause, _delta({"content": piece})]
        if endless:
            return Script(steps=tuple(steps), then=cycle(steps[-2:]))
        steps.append(_delta({}, finish=finish))
        if always or (body.get("stream_options") or {}).get("include_usage"):
            steps.append(_event(_chunk([], usage=_usage(cost))))
        return Script(steps=(*steps, DONE))

    return reply


def thinks(thought: str, text: Text, *, field_name: str = "reasoning_content", **how: Any) -> Reply:
    """Reason first, in a field of its own as DeepSeek and vLLM do, then answer."""

    def reply(body: Body) -> Script:
        spoken = _made(say(text, **how), body)
        thoughts = tuple(_delta({field_name: piece}) for piece in _pieces(thought, 4))
        return replace(spoken, steps=(*thoughts, *spoken.steps))

    return reply


# -- replies that are not


def fails(
    status: int,
    message: str = "no",
    *,
    after: float | str | None = None,
    code: str | None = "c",
    kind: str = "t",
    html: bool = False,
) -> Script:
    """Refuse with a status; ``after`` is Retry-After in seconds or as a date, ``html`` a gateway's manner."""
    content = {"error": {"message": message, "type": kind, "code": code}}
    told = f"<html><body><h1>{status}</h1>{message}</body></html>" if html else json.dumps(content)
    headers = () if after is None else (("Retry-After", str(after)),)
    media = "text/html" if html else "application/json"
    return Script(status=status, kind=media, headers=headers, steps=(told.encode(),))


def page(text: str = "<html><body>hello</body></html>") -> Script:
    """Answer 200 with a web page, as a wrong address does."""
    return Script(kind="text/html; charset=utf-8", steps=(text.encode(),))


def redirects(where: str, status: int = 302) -> Script:
    """Send the client elsewhere."""
    return Script(status=status, kind="text/plain", headers=(("Location", where),))


def hangs(seconds: float = NEVER) -> Script:
    """Take the request and say nothing at all."""
    return Script(mute=seconds, cut=True)


def stalls(text: str, seconds: float = NEVER) -> Script:
    """Begin with ``text`` and then fall silent."""
    return Script(steps=(_delta({"role": "assistant", "content": text}), seconds), cut=True)


def cuts(text: str, *, tidy: bool = False) -> Script:
    """Begin with ``text`` and break off: amid the body, or ``tidy``, without a last word but in good form."""
    return Script(steps=(_delta({"role": "assistant", "content": text}),), cut=not tidy)


def garbles(text: str = "") -> Script:
    """Begin with ``text``, then send an event that is no JSON."""
    begun = (_delta({"role": "assistant", "content": text}),) if text else ()
    return Script(steps=(*begun, b'data: {"choices": [{"delta": \n\n', DONE))


def amiss(text: str, message: str = "the engine died", *, code: str | int | None = None) -> Script:
    """Begin with ``text``, then send an error as an event of the stream."""
    begun = (_delta({"role": "assistant", "content": text}),) if text else ()
    told = {"message": message, "type": "server_error", "code": code}
    return Script(steps=(*begun, _event({"error": told})))


def nothing() -> Script:
    """Answer with events that have no choices."""
    return Script(steps=(_event(_chunk([])), DONE))


def raw(content: bytes, *, status: int = 200, kind: str = "text/event-stream") -> Script:
    """Answer with these very bytes."""
    return Script(status=status, kind=kind, steps=(content,))


# -- how it is said

DONE = b"data: [DONE]\n\n"


def _pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def _event(content: object) -> bytes:
    return f"data: {json.dumps(content, ensure_ascii=False)}\n\n".encode()


def _chunk(choices: list[Any], **more: Any) -> Body:
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": MODEL}
    return {**head, "choices": choices, **more}


def _delta(delta: Body, *, finish: str | None = None) -> bytes:
    return _event(_chunk([{"index": 0, "delta": delta, "finish_reason": finish}]))


def _usage(cost: tuple[int, int]) -> Body:
    return {"prompt_tokens": cost[0], "completion_tokens": cost[1], "total_tokens": sum(cost)}


def _whole(text: str, cost: tuple[int, int], *, finish: str, mute: float) -> Script:
    message = {"role": "assistant", "content": text}
    choices = [{"index": 0, "message": message, "finish_reason": finish}]
    content = {**_chunk(choices, usage=_usage(cost)), "object": "chat.completion"}
    return Script(kind="application/json", steps=(json.dumps(content).encode(),), mute=mute)


def _made(reply: Reply, body: Body) -> Script:
    while not isinstance(reply, Script):
        reply = reply(body)
    return reply


# -- the server


@contextmanager
def serving(*replies: Reply, port: int = 0) -> Iterator[Server]:
    """Serve these replies on loopback until the block ends; clients that still wait are cut off."""
    server = Server(url="", replies=list(replies))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="chat server")
    thread.start()
    try:
        listening = asyncio.run_coroutine_threadsafe(_listen(server, port), loop).result(10)
        try:
            yield server
        finally:
            asyncio.run_coroutine_threadsafe(_stop(listening), loop).result(10)
        for error in server.wrong:
            raise error
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _listen(server: Server, port: int) -> asyncio.Server:
    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await _serve(server, reader, writer)
        writer.close()
        with suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()

    listening = await asyncio.start_server(met, "127.0.0.1", port)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1"
    return listening


async def _stop(listening: asyncio.Server) -> None:
    listening.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def _serve(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    asked = await _read(reader)
    server.requests.append(asked)
    reply = server.replies[min(len(server.requests), len(server.replies)) - 1]
    try:
        script = _made(reply, asked.body)
    except Exception as error:  # noqa: BLE001 - told to the test when the block ends
        server.wrong.append(error)
        script = fails(500, "the scripted reply raised")
    speaking = asyncio.ensure_future(_speak(script, asked, writer))
    leaving = asyncio.ensure_future(reader.read(1))  # nothing more is to come from the client but its end
    try:
        await asyncio.wait({speaking, leaving}, return_when=asyncio.FIRST_COMPLETED)
        # Its end may be met first in reading, or in a write that fails.
        if not speaking.done() or speaking.exception() is not None:
            asked.gone.set()
    finally:
        speaking.cancel()
        leaving.cancel()
        asked.over.set()
        await asyncio.gather(speaking, leaving, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Asked:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    parts = (line.partition(":") for line in lines if line)
    headers = {name.lower(): value.strip() for name, _, value in parts}
    content = await reader.readexactly(int(headers.get("content-length", "0")))
    body: Body = {}
    with suppress(ValueError):  # what is no JSON is of no interest
        body = json.loads(content)
    return Asked(path=first.split()[1], headers=headers, body=body, at=time.monotonic())


async def _speak(script: Script, asked: Asked, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(script.mute)
    if script.mute and script.cut:
        return
    told = {"Content-Type": script.kind, "Transfer-Encoding": "chunked", "Connection": "close"}
    head = "".join(f"{name}: {value}\r\n" for name, value in (*told.items(), *script.headers))
    writer.write(f"HTTP/1.1 {script.status} Scripted\r\n{head}\r\n".encode())
    for step in chain(script.steps, script.then):
        if isinstance(step, bytes):
            writer.write(f"{len(step):x}\r\n".encode() + step + b"\r\n")
            asked.sent += len(step)
        else:
            await asyncio.sleep(step)
        await writer.drain()
    if not script.cut:
        writer.write(b"0\r\n\r\n")
    await writer.drain()
