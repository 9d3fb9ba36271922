"""The checking proxy: fills what the emulator lacks, checks each call, keeps messages, plays faults."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession, web

from stage.faults import Stall
from stage.files import Files
from stage.inline import Inline
from stage.members import Members
from stage.messages import BOT, Chats, RefusedError
from stage.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from stage.faults import Fault
    from stage.spec import Spec

PATIENCE = 60.0  # seconds, on a machine with much else to do
# What the emulator takes of these methods; the rest is played here.
FORWARDED = {
    "sendMessage": ("chat_id",),
    "editMessageText": ("chat_id", "message_id"),
    "editMessageReplyMarkup": ("chat_id", "message_id", "reply_markup"),
    "sendChatAction": ("chat_id", "action"),
    "getUpdates": ("offset", "limit", "timeout", "allowed_updates"),
    "setWebhook": ("url", "secret_token", "allowed_updates", "max_connections", "drop_pending_updates"),
}
# The emulator brings these kinds of updates; others travel in a message's clothes.
FIRST = 5_000_001  # number of the messages that the emulator can't send, from here on
BROUGHT = ("message", "callback_query", "inline_query")
UNKNOWN = ("guest_message",)  # kinds that it refuses even to be asked for
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(frozen=True)
class Call:
    """One call that the bot made, as it was answered."""

    method: str
    given: dict[str, str]
    status: int
    fault: bool = False


@dataclass
class Proxy:
    """Stands where api.telegram.org would stand for one bot with one token."""

    emulator: str
    token: str
    spec: Spec | None
    chats: Chats = field(default_factory=Chats)
    profile: Profile = field(default_factory=Profile)
    members: Members = field(default_factory=Members)
    inline: Inline = field(default_factory=Inline)
    reactions: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    me: dict[str, Any] = field(default_factory=lambda: {**BOT, "supports_inline_queries": True})
    files: Files = field(default_factory=Files)
    calls: list[Call] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    queries: set[str] = field(default_factory=set)
    rich: set[int] | None = None  # chats that take rich messages, all where it is empty; None as of old
    url: str = ""
    acknowledged: int = 0  # updates up to this id won't be brought again
    expected: str | None = None  # words of the one refusal that a scene is about

    async def start(self) -> None:
        self._changed = asyncio.Condition()
        self._client = ClientSession()
        self._poll: asyncio.Event | None = None
        self._delivered: list[dict[str, Any]] = []
        self._again = False
        self._number = FIRST
        self._special = {
            "getMe": self._me,
            "sendMessage": self._send,
            "sendRichMessage": self._send_rich,
            "sendMessageDraft": self._draft,
            "sendDocument": self._document,
            "sendPhoto": self._photo,
            "editMessageText": self._edit,
            "editMessageReplyMarkup": self._remark,
            "deleteMessage": self._delete,
            "getChat": self._chat,
            "getChatMember": self._member,
            "setMessageReaction": self._react,
            "answerInlineQuery": self._offer,
            "answerGuestQuery": self._replied_as_guest,
            "answerCallbackQuery": self._acknowledge,
            "getUpdates": self._bring,
            **self.profile.methods(),
            **self.files.methods(),
        }
        await self.online()

    async def stop(self) -> None:
        for fault in self.faults:
            if isinstance(fault, Stall):
                fault.release.set()
        await self.offline()
        await self._client.close()

    async def online(self) -> None:
        """Listen; after a time without, on the same port as before."""
        app = web.Application(client_max_size=1 << 24)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get(f"/file/bot{self.token}/documents/{{name}}", self.files.serve)
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.05)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", int(self.url.rpartition(":")[2] or 0)).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def offline(self) -> None:
        """Listen no more, and cut all connections."""
        await self._runner.cleanup()

    def play(self, *faults: Fault) -> None:
        """Let the next calls that meet these fail so."""
        self.faults.extend(faults)

    async def inject(self, update: dict[str, Any]) -> int:
        """Bring an update on its way to the bot, and return its id."""
        if not update.keys() & set(BROUGHT):
            update = {"message": {"clothes_of": update}}
        body = {"token": self.token, "update": update}
        async with self._client.post(f"{self.emulator}/__fixture/updates", json=body) as answer:
            told = await answer.json()
        assert told["ok"], told
        return int(told["result"]["update_id"])

    async def deliver(self) -> int:
        """Let the server try again what its webhook has not taken yet; return how many it took."""
        async with self._client.post(
            f"{self.emulator}/__fixture/deliver", json={"token": self.token}
        ) as answer:
            return int((await answer.json())["result"]["delivered"])

    def redeliver(self) -> None:
        """Let the next getUpdates bring once more what was brought before."""
        self._again = True
        if self._poll is not None:
            self._poll.set()

    async def until(self, seen: Callable[[], Any], *, patience: float = PATIENCE) -> Any:
        """Wait until ``seen()`` is true, looking again after every call, and return what it returned."""
        async with self._changed, asyncio.timeout(patience):
            while not (found := seen()):
                await self._changed.wait()
        return found

    def made(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def _note(self, call: Call) -> None:
        self.calls.append(call)
        async with self._changed:
            self._changed.notify_all()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method, token = request.match_info["method"], request.match_info["token"]
        if token != self.token:
            return _refusal(401, "Unauthorized")
        given = await _read(request)
        if self.spec is not None:
            self.violations += self.spec.faults(method, given)
        fault = next((fault for fault in self.faults if fault.meets(method, given)), None)
        if fault is None:
            return await self._answered(method, given)
        fault.played += 1
        if fault.delivered:
            await self._answered(method, given)
        else:
            await self._note(Call(method, given, 0, fault=True))
        return await fault.play(request)

    async def _answered(self, method: str, given: dict[str, str]) -> web.Response:
        polling = method == "getUpdates"
        # A call that has arrived takes effect, whether or not the bot still listens.
        work = asyncio.ensure_future(self._result(method, given))
        try:
            status, result = await (work if polling else asyncio.shield(work))
        except RefusedError as why:
            is_old = "rich_message" in given and (why.code == 404 or "NOT_ALLOWED" in str(why))
            if (
                not is_old
                and not (polling and why.code == 409)
                and (self.expected is None or self.expected not in str(why))
            ):
                self.refused.append(f"{method}: {why}")
            await self._note(Call(method, given, why.code))
            return _refusal(why.code, str(why))
        await self._note(Call(method, given, status))
        return web.json_response({"ok": True, "result": result})

    async def _result(self, method: str, given: dict[str, str]) -> tuple[int, Any]:
        if method in self._special:
            return 200, await self._special[method](given)
        return 200, await self._forward(method, given)

    async def _forward(self, method: str, given: dict[str, str]) -> Any:
        known = FORWARDED.get(method, tuple(given))
        body = {name: given[name] for name in known if name in given}
        if "allowed_updates" in body:
            kinds = json.loads(body["allowed_updates"])
            body["allowed_updates"] = json.dumps([one for one in kinds if one not in UNKNOWN])
        async with self._client.post(f"{self.emulator}/bot{self.token}/{method}", data=body) as answer:
            told = await answer.json()
        if not told["ok"]:
            raise RefusedError(told["description"], told["error_code"])
        return told["result"]

    async def _me(self, given: dict[str, str]) -> Any:
        return {**await self._forward("getMe", given), **self.me}

    async def _send(self, given: dict[str, str]) -> Any:
        draft = self.chats.new(given, 0)
        body = {"chat_id": given["chat_id"], "text": draft["text"]}
        if "inline_keyboard" in given.get("reply_markup", ""):  # the only kind that the emulator takes
            body["reply_markup"] = given["reply_markup"]
        async with self._client.post(f"{self.emulator}/bot{self.token}/sendMessage", json=body) as answer:
            told = await answer.json()
        if not told["ok"]:
            raise RefusedError(told["description"], told["error_code"])
        return self.chats.keep({**draft, "message_id": told["result"]["message_id"]})

    async def _send_rich(self, given: dict[str, str]) -> Any:
        self._take_rich(given)
        sent = self.chats.new(given, self._number)
        self._number += 1
        return _plainly(self.chats.keep(sent))

    def _take_rich(self, given: dict[str, str]) -> None:
        """Refuse rich messages as an older server does, or one that has them not for this chat."""
        if self.rich is None:
            raise RefusedError("Not Found", 404)
        if int(given["chat_id"]) not in self.rich and self.rich:
            raise RefusedError("Bad Request: RICH_MESSAGE_NOT_ALLOWED")

    async def _document(self, given: dict[str, str]) -> Any:
        sent = self.chats.attached(given, self._number)
        self._number += 1
        return self.chats.keep(sent)

    async def _photo(self, given: dict[str, str]) -> Any:
        sent = self.chats.pictured(given, self._number)
        self._number += 1
        return self.chats.keep(sent)

    async def _draft(self, given: dict[str, str]) -> Any:
        return self.chats.draft(given)

    async def _edit(self, given: dict[str, str]) -> Any:
        if "inline_message_id" in given:
            return self.inline.edited(given)
        if "rich_message" in given:
            self._take_rich(given)
            return _plainly(self.chats.keep(self.chats.edited(given)))
        if int(given["message_id"]) >= FIRST:
            return self.chats.keep(self.chats.edited(given))
        after = self.chats.edited(given)
        body = {"chat_id": int(given["chat_id"]), "message_id": given["message_id"], "text": after["text"]}
        if "reply_markup" in given:
            body["reply_markup"] = given["reply_markup"]
        async with self._client.post(f"{self.emulator}/bot{self.token}/editMessageText", json=body) as answer:
            told = await answer.json()
        if not told["ok"]:
            raise RefusedError(told["description"], told["error_code"])
        return self.chats.keep(after)

    async def _remark(self, given: dict[str, str]) -> Any:
        after = self.chats.remarked(given)
        if int(given["message_id"]) < FIRST:
            await self._forward("editMessageReplyMarkup", given)
        return _plainly(self.chats.keep(after))

    async def _delete(self, given: dict[str, str]) -> Any:
        gone = self.chats.at(given, "delete")
        del self.chats.messages[gone["chat"]["id"], gone["message_id"]]
        return await self._forward("deleteMessage", given)

    async def _chat(self, given: dict[str, str]) -> Any:
        return {**self.chats.chat(int(given["chat_id"])), "accent_color_id": 0, "max_reaction_count": 11}

    async def _member(self, given: dict[str, str]) -> Any:
        return self.members.told(given)

    async def _react(self, given: dict[str, str]) -> Any:
        place = (int(given["chat_id"]), int(given["message_id"]))
        if place not in self.chats.messages:
            raise RefusedError("Bad Request: message to react not found")
        self.reactions[place] = [one["emoji"] for one in json.loads(given.get("reaction", "[]"))]
        return True

    async def _offer(self, given: dict[str, str]) -> Any:
        self.inline.answered(given)
        return await self._forward("answerInlineQuery", given)

    async def _replied_as_guest(self, given: dict[str, str]) -> Any:
        return {"inline_message_id": self.inline.replied(given)}

    async def _acknowledge(self, given: dict[str, str]) -> Any:
        if given["callback_query_id"] not in self.queries:
            raise RefusedError(
                "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        return await self._forward("answerCallbackQuery", given)

    async def _bring(self, given: dict[str, str]) -> Any:
        """Poll; a newer poll ends this one with a conflict, as the real server does it."""
        if self._poll is not None:
            self._poll.set()
        self._poll = mine = asyncio.Event()
        self.acknowledged = max(self.acknowledged, int(given.get("offset", 0)) - 1)
        async with self._changed:
            self._changed.notify_all()
        if self._again:
            self._again = False
            return self._delivered
        upstream = asyncio.ensure_future(self._polled(given))
        ended = asyncio.ensure_future(mine.wait())
        try:
            await asyncio.wait({upstream, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not upstream.done():
                if self._again:
                    return []
                raise RefusedError(CONFLICT, 409)
            self._delivered = upstream.result() or self._delivered
            return upstream.result()
        finally:
            upstream.cancel()
            ended.cancel()

    async def _polled(self, given: dict[str, str]) -> Any:
        while True:
            try:
                updates = await self._forward("getUpdates", given)
                return [_undressed(one, json.loads(given["allowed_updates"])) for one in updates]
            except RefusedError as why:
                # The emulator needs a moment to see that the older poll has left.
                if "another getUpdates" not in str(why):
                    raise
                await asyncio.sleep(0.02)


def _plainly(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message as it goes over the wire, without what this stage keeps beside it."""
    return {name: value for name, value in message.items() if name != "tree"}


def _undressed(update: dict[str, Any], allowed: list[str]) -> dict[str, Any]:
    """Return an update as what it is; of a kind that the bot didn't ask for, one that tells nothing."""
    meant = update.get("message", {}).get("clothes_of", update)
    known = {name: value for name, value in meant.items() if name in allowed}
    return {"update_id": update["update_id"], **known}


async def _read(request: web.Request) -> dict[str, str]:
    """Return the parameters of a call; those of a file are its name, and its bytes as text."""
    given = dict(request.query)
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            content = value.file.read()
            text = content.decode("latin-1" if content.startswith(b"\x89PNG") else "utf-8")
            given[name] = json.dumps({"name": value.filename, "content": text})
        else:
            given[name] = str(value)
    return given


def _refusal(code: int, description: str) -> web.Response:
    return web.json_response({"ok": False, "error_code": code, "description": description}, status=code)


def shown(message: dict[str, Any]) -> list[list[str]]:
    """Return the labels of a message's buttons, row by row."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [[button["text"] for button in row] for row in rows]


def sourced(message: dict[str, Any]) -> list[list[str]]:
    """Return the buttons that open a message's sources, row by row."""
    rows = ([one for one in row if re.fullmatch(r"\[\d+\]", one)] for row in shown(message))
    return [row for row in rows if row]


def parameters(call: Call, name: str) -> Any:
    """Return a parameter of a call, read from its JSON."""
    return json.loads(call.given[name])
