"""What the bot itself says, in three languages: data files beside this module, filled strictly.

``NAME.LANGUAGE.toml`` holds messages as ``key = "text with $names"``. All files of a language make one table.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Template
from typing import TYPE_CHECKING

from bot.errors import MessageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from answering.values.answer import Language

__all__ = ["Messages", "messages", "read"]


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages of one language."""

    language: Language
    texts: Mapping[str, str]

    def __contains__(self, key: object) -> bool:
        return key in self.texts

    def names(self, key: str) -> frozenset[str]:
        """Return the names that the message ``key`` has to be given."""
        return frozenset(Template(self._text(key)).get_identifiers())

    def say(self, key: str, /, **names: object) -> str:
        """Fill a message; a missing or unknown key or name raises MessageError."""
        wanted = self.names(key)
        if wanted != names.keys():
            told = "、".join(sorted(wanted ^ names.keys()))
            raise MessageError(f"{self.language} 的消息“{key}”给错了名字：{told}。")
        return Template(self._text(key)).substitute(names)

    def _text(self, key: str) -> str:
        try:
            return self.texts[key]
        except KeyError:
            raise MessageError(f"{self.language} 没有叫“{key}”的消息。") from None


@cache
def messages(language: Language) -> Messages:
    """Return the messages of ``language``."""
    suffix = f".{language.value}.toml"
    folder = resources.files(__name__)
    files = {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(suffix)
    }
    return read(language, files)


def read(language: Language, files: Mapping[str, str]) -> Messages:
    """Make one table of a language's files; a broken text or a key told twice raises MessageError."""
    texts: dict[str, str] = {}
    for name, content in files.items():
        for key, text in _table(name, content).items():
            if key in texts:
                raise MessageError(f"{name} 里的消息“{key}”已经有了。")
            if not isinstance(text, str) or not text.strip() or not Template(text).is_valid():
                raise MessageError(f"{name} 里的消息“{key}”写得不对：要一段文字，$ 后面跟名字。")
            texts[key] = text
    if not texts:
        raise MessageError(f"没有 {language} 的消息。")
    return Messages(language, texts)


def _table(name: str, content: str) -> dict[str, object]:
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise MessageError(f"{name} 读不懂：{error}。") from error
