"""Every setting, read once at the edge and frozen.

A field's name is its variable's name in lower case, without the ``CHENGWEN_`` in front.
"""

from __future__ import annotations

import json
import re
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from platformdirs import user_data_dir

from answering.answer import Language
from bot.agreement import disagreements
from bot.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OURS_OF_BODY = frozenset({"max_tokens", "messages", "model", "stream", "stream_options"})
HIDDEN = "（值不显示）"


def _text(value: str) -> str:
    return value


def _folder(value: str) -> Path:
    return Path(value).expanduser().resolve()


def _flag(value: str) -> bool:
    known = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if value.lower() not in known:
        raise ValueError("1（是）或 0（否）")
    return known[value.lower()]


def _choice(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.lower() not in allowed:
            raise ValueError("、".join(allowed) + " 之一")
        return value.lower()

    return read


def _language(value: str) -> Language:
    for language in Language:
        if value.lower() == language.value.lower():
            return language
    raise ValueError("、".join(language.value for language in Language) + " 之一")


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
            raise ValueError(f"{low} 到 {high} 之间的整数")
        return int(value)

    return read


def _decimal(low: float, high: float) -> Callable[[str], float]:
    def read(value: str) -> float:
        if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4})?", value) or not low <= float(value) <= high:
            raise ValueError(f"{low:g} 到 {high:g} 之间的数")
        return float(value)

    return read


def _members(value: str) -> dict[str, Any]:
    try:
        read = json.loads(value)
    except ValueError:
        read = None
    if not isinstance(read, dict) or OURS_OF_BODY & read.keys():
        taken = "、".join(sorted(OURS_OF_BODY))
        raise ValueError(f'一个 JSON 对象，如 {{"enable_thinking": false}}，里面不能有 {taken}')
    return read


def _address(*schemes: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        try:
            parts = urlsplit(value)
            usable = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            usable = False
        if not usable:
            raise ValueError("以 " + " 或 ".join(f"{scheme}://" for scheme in schemes) + " 开头的完整地址")
        return value.rstrip("/")

    return read


def _pattern(pattern: str, told: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(told)
        return value

    return read


_TOKEN = _pattern(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,100}", "BotFather 给的“数字:字母”形式的令牌")
_PASSWORD = _pattern(r"[A-Za-z0-9_-]{1,256}", "1 到 256 个字母、数字、_ 或 -")
_NAME = _pattern(r"[a-z][a-z0-9_]*", "小写字母的名字，如 openai、anthropic、ollama")
_PROXY = _address("http", "https", "socks5", "socks5h")


def _from(variable: str, read: Callable[[str], object], *, secret: bool = False) -> dict[str, Any]:
    return {"variable": variable, "read": read, "secret": secret}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this copy of the program is set up; secrets stay out of its ``repr``."""

    home: Path = field(
        default=Path(user_data_dir("chengwen", appauthor=False)), metadata=_from("CHENGWEN_HOME", _folder)
    )
    shipped: bool = field(default=True, metadata=_from("CHENGWEN_SHIPPED", _flag))
    language: Language = field(default=Language.HANS, metadata=_from("CHENGWEN_LANGUAGE", _language))
    log_level: str = field(
        default="info", metadata=_from("LOG_LEVEL", _choice("debug", "info", "warning", "error"))
    )
    traces: bool = field(default=False, metadata=_from("CHENGWEN_TRACES", _flag))
    metrics_port: int = field(default=0, metadata=_from("CHENGWEN_METRICS_PORT", _number(0, 65535)))
    health: bool = field(default=False, metadata=_from("CHENGWEN_HEALTH", _flag))

    embeddings: str = field(
        default="embedded", metadata=_from("EMBEDDINGS", _choice("embedded", "none", "openai"))
    )
    embeddings_model: str | None = field(default=None, metadata=_from("EMBEDDINGS_MODEL", _text))
    embeddings_base_url: str | None = field(
        default=None, metadata=_from("EMBEDDINGS_BASE_URL", _address("http", "https"))
    )
    embeddings_api_key: str | None = field(
        default=None, repr=False, metadata=_from("EMBEDDINGS_API_KEY", _text, secret=True)
    )
    embeddings_batch: int = field(default=64, metadata=_from("EMBEDDINGS_BATCH", _number(1, 2048)))

    chat_model: str | None = field(default=None, metadata=_from("CHAT_MODEL", _text))
    openai_api_key: str | None = field(
        default=None, repr=False, metadata=_from("OPENAI_API_KEY", _text, secret=True)
    )
    openai_base_url: str | None = field(
        default=None, metadata=_from("OPENAI_BASE_URL", _address("http", "https"))
    )
    chat_provider: str = field(default="openai", metadata=_from("CHAT_PROVIDER", _NAME))
    chat_temperature: float | None = field(default=None, metadata=_from("CHAT_TEMPERATURE", _decimal(0, 2)))
    chat_max_tokens: int = field(default=800, metadata=_from("CHAT_MAX_TOKENS", _number(64, 32_768)))
    chat_evidence_tokens: int = field(
        default=1600, metadata=_from("CHAT_EVIDENCE_TOKENS", _number(200, 200_000))
    )
    chat_first_timeout: int = field(default=45, metadata=_from("CHAT_FIRST_TIMEOUT", _number(1, 600)))
    chat_timeout: int = field(default=120, metadata=_from("CHAT_TIMEOUT", _number(1, 3600)))
    chat_retries: int = field(default=2, metadata=_from("CHAT_RETRIES", _number(0, 5)))
    chat_stream_usage: bool = field(default=True, metadata=_from("CHAT_STREAM_USAGE", _flag))
    chat_extra_body: dict[str, Any] = field(default_factory=dict, metadata=_from("CHAT_EXTRA_BODY", _members))
    chat_question_tokens: int = field(
        default=0, metadata=_from("CHAT_QUESTION_TOKENS", _number(0, 999_999_999))
    )
    chat_day_tokens: int = field(default=0, metadata=_from("CHAT_DAY_TOKENS", _number(0, 999_999_999)))
    chat_langsmith: bool = field(default=False, metadata=_from("CHAT_LANGSMITH", _flag))

    telegram_bot_token: str | None = field(
        default=None, repr=False, metadata=_from("TELEGRAM_BOT_TOKEN", _TOKEN, secret=True)
    )
    telegram_base_url: str = field(
        default="https://api.telegram.org", metadata=_from("TELEGRAM_BASE_URL", _address("http", "https"))
    )
    telegram_proxy: str | None = field(
        default=None, repr=False, metadata=_from("TELEGRAM_PROXY", _PROXY, secret=True)
    )
    telegram_webhook_url: str | None = field(
        default=None, metadata=_from("TELEGRAM_WEBHOOK_URL", _address("https", "http"))
    )
    telegram_webhook_listen: str = field(
        default="127.0.0.1", metadata=_from("TELEGRAM_WEBHOOK_LISTEN", _text)
    )
    telegram_webhook_port: int = field(
        default=8080, metadata=_from("TELEGRAM_WEBHOOK_PORT", _number(1, 65535))
    )
    telegram_webhook_secret: str | None = field(
        default=None, repr=False, metadata=_from("TELEGRAM_WEBHOOK_SECRET", _PASSWORD, secret=True)
    )

    @classmethod
    def load(cls, env: Mapping[str, str]) -> Settings:
        """Read the settings from ``env``; an empty value counts as not set. Raises SettingsError."""
        values: dict[str, Any] = {}
        for known in fields(cls):
            given = env.get(known.metadata["variable"], "").strip()
            if given:
                values[known.name] = _read(known, given)
        settings = cls(**values)
        for told in disagreements(settings):
            raise SettingsError(told)
        return settings

    @classmethod
    def variables(cls) -> tuple[str, ...]:
        """Return the names of all variables that are read, in order."""
        return tuple(known.metadata["variable"] for known in fields(cls))

    @property
    def embedder(self) -> str:
        """What ``retrieval.embedding.open_embedder`` calls the chosen embeddings."""
        return f"openai:{self.embeddings_model}" if self.embeddings == "openai" else self.embeddings

    @property
    def words_logged(self) -> bool:
        """Whether the words of questions may stand in the log and in traces."""
        return self.log_level == "debug"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must never be shown or logged."""
        held = (getattr(self, known.name) for known in fields(self) if known.metadata["secret"])
        return tuple(value for value in held if value)


def unknown(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the variables of ``env`` that look like ours and are not: most likely misspelt ones."""
    known = {*Settings.variables(), "CHENGWEN_ENV"}
    ours = re.compile(r"CHENGWEN_|EMBEDDINGS_|CHAT_|OPENAI_(?:API|BASE)|TELEGRAM_(?:BOT|BASE|PROXY|WEBHOOK)")
    return tuple(sorted(name for name in env if ours.match(name) and name not in known))


def _read(known: Field[Any], given: str) -> object:
    try:
        return known.metadata["read"](given)
    except ValueError as allowed:
        shown = HIDDEN if known.metadata["secret"] else f"“{given}”"
        raise SettingsError(
            f"设置 {known.metadata['variable']} 的值{shown}不能用：应当是{allowed}。"
        ) from None
