"""A Telegram in this process that refuses what the real one would: nothing goes over a network."""

from __future__ import annotations

import itertools
import json
import sys
import time
from pathlib import Path
from typing import Any

TELEGRAM = Path(__file__).resolve().parent.parent / "telegram"
sys.path[:0] = [one for one in [str(TELEGRAM)] if one not in sys.path]

from stage.messages import BOT, Chats, RefusedError
from telegram.request import BaseRequest

TAKEN_WELL = ("not modified", "not found")  # refusals that the program reckons with
NUMBERS = itertools.count(2_000_000)  # of messages


class Telegram(BaseRequest):
    """A Telegram in this process that refuses what the real one would."""

    def __init__(self) -> None:
        self.chats = Chats()
        self.refused: list[str] = []

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(
        self, url: str, method: str, request_data: Any = None, **_: Any
    ) -> tuple[int, bytes]:
        given = dict(request_data.json_parameters) if request_data else {}
        try:
            told: dict[str, Any] = {"ok": True, "result": self._result(url.rpartition("/")[2], given)}
        except RefusedError as why:
            if not any(words in str(why) for words in TAKEN_WELL):
                self.refused.append(str(why))
            told = {"ok": False, "error_code": 400, "description": str(why)}
        return 200 if told["ok"] else 400, json.dumps(told).encode()

    def _result(self, name: str, given: dict[str, str]) -> Any:
        match name:
            case "getMe":
                return BOT
            case "sendMessage":
                return self.chats.keep(self.chats.new(given, next(NUMBERS)))
            case "editMessageText":
                return self.chats.keep(self.chats.edited(given))
            case "editMessageReplyMarkup":
                return self.chats.keep(self.chats.remarked(given))
            case "sendDocument" | "sendPhoto" | "sendRichMessage":
                chat = self.chats.chat(int(given["chat_id"]))
                return {"message_id": next(NUMBERS), "date": int(time.time()), "chat": chat, "from": BOT}
            case "getMyCommands":
                return []
            case "getChatMember":
                return {
                    "status": "member",
                    "user": {"id": int(given["user_id"]), "is_bot": False, "first_name": "x"},
                }
            case _:
                return True
