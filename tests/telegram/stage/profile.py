"""What Telegram keeps of how a bot presents itself: commands, descriptions, the menu button."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

# The scopes from which a client in such a chat takes the first that has commands, narrowest first.
PRIVATE = ("all_private_chats", "default")
GROUP = ("all_group_chats", "default")
ADMIN = ("all_chat_administrators", *GROUP)


@dataclass
class Profile:
    """Played as the server does it: what is set is returned, and an empty list unsets."""

    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu: dict[str, Any] = field(default_factory=lambda: {"type": "default"})

    def methods(self) -> dict[str, Any]:
        played = {
            "getMyCommands": self._commands,
            "setMyCommands": self._set_commands,
            "getChatMenuButton": self._menu,
            "setChatMenuButton": self._set_menu,
        }
        for name, method in (("description", "Description"), ("short_description", "ShortDescription")):
            played[f"getMy{method}"] = self._text(name)
            played[f"setMy{method}"] = self._set_text(name)
        return played

    def shown(self, scopes: tuple[str, ...], code: str, *, chat: int | None = None) -> dict[str, str]:
        """Return the commands that a client lists: those of the narrowest scope, in its language or any."""
        narrow = (f"chat:{chat}",) if chat else ()
        keys = ((scope, language) for scope in (*narrow, *scopes) for language in (code, ""))
        found = next((self.commands[key] for key in keys if self.commands.get(key)), [])
        return {one["command"]: one["description"] for one in found}

    async def _commands(self, given: dict[str, str]) -> Any:
        return self.commands.get(_key(given), [])

    async def _set_commands(self, given: dict[str, str]) -> Any:
        self.commands[_key(given)] = json.loads(given["commands"])
        return True

    async def _menu(self, given: dict[str, str]) -> Any:
        return self.menu

    async def _set_menu(self, given: dict[str, str]) -> Any:
        self.menu = json.loads(given["menu_button"])
        return True

    def _text(self, name: str) -> Any:
        async def get(given: dict[str, str]) -> Any:
            return {name: self.texts.get((name, given.get("language_code", "")), "")}

        return get

    def _set_text(self, name: str) -> Any:
        async def put(given: dict[str, str]) -> Any:
            self.texts[name, given.get("language_code", "")] = given[name]
            return True

        return put


def _key(given: dict[str, str]) -> tuple[str, str]:
    scope = json.loads(given.get("scope", '{"type": "default"}'))
    name = f"chat:{scope['chat_id']}" if scope["type"] == "chat" else scope["type"]
    return name, given.get("language_code", "")
