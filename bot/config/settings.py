"""Every setting, read once at the edge and frozen.

A field's name is its variable's name in lower case, without the ``CHENGWEN_`` in front.
"""

from __future__ import annotations

import re
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from platformdirs import user_data_dir

from answering.values.answer import Language
from bot.config import setting_values as values
from bot.config.setting_values import FILE, NAMED, revealed
from bot.errors import SettingsError
from retrieval.index.chroma.address import DATABASE, TENANT, ChromaAddress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


HIDDEN = "（值不显示）"
_COUNT = values.number(0, 999_999_999)


def _from(variable: str, read: Callable[[str], object], *, secret: bool = False) -> dict[str, Any]:
    return {"variable": variable, "read": read, "secret": secret}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this copy of the program is set up; secrets stay out of its ``repr``."""

    home: Path = field(
        default=Path(user_data_dir("chengwen", appauthor=False)),
        metadata=_from("CHENGWEN_HOME", values.folder),
    )
    shipped: bool = field(default=True, metadata=_from("CHENGWEN_SHIPPED", values.flag))
    language: Language = field(default=Language.HANS, metadata=_from("CHENGWEN_LANGUAGE", values.language))
    log_level: str = field(
        default="info", metadata=_from("LOG_LEVEL", values.choice("debug", "info", "warning", "error"))
    )
    traces: bool = field(default=False, metadata=_from("CHENGWEN_TRACES", values.flag))
    metrics_port: int = field(default=0, metadata=_from("CHENGWEN_METRICS_PORT", values.number(0, 65535)))
    health: bool = field(default=False, metadata=_from("CHENGWEN_HEALTH", values.flag))

    database_url: str | None = field(
        default=None, repr=False, metadata=_from("DATABASE_URL", values.database, secret=True)
    )
    database_timeout: int = field(default=30, metadata=_from("DATABASE_TIMEOUT", values.number(1, 3600)))

    catalogue: str = field(
        default="home", metadata=_from("CHENGWEN_CATALOGUE", values.choice("home", "database"))
    )

    embeddings: str = field(
        default="embedded", metadata=_from("EMBEDDINGS", values.choice("embedded", "none", "openai"))
    )
    embeddings_model: str | None = field(default=None, metadata=_from("EMBEDDINGS_MODEL", values.text))
    embeddings_base_url: str | None = field(
        default=None, metadata=_from("EMBEDDINGS_BASE_URL", values.address("http", "https"))
    )
    embeddings_api_key: str | None = field(
        default=None, repr=False, metadata=_from("EMBEDDINGS_API_KEY", values.text, secret=True)
    )
    embeddings_batch: int = field(default=64, metadata=_from("EMBEDDINGS_BATCH", values.number(1, 2048)))

    chroma_url: str | None = field(default=None, metadata=_from("CHROMA_URL", values.server))
    chroma_tenant: str = field(default=TENANT, metadata=_from("CHROMA_TENANT", values.LABEL))
    chroma_database: str = field(default=DATABASE, metadata=_from("CHROMA_DATABASE", values.LABEL))
    chroma_token: str | None = field(
        default=None, repr=False, metadata=_from("CHROMA_TOKEN", values.HEADER, secret=True)
    )

    chat_model: str | None = field(default=None, metadata=_from("CHAT_MODEL", values.text))
    openai_api_key: str | None = field(
        default=None, repr=False, metadata=_from("OPENAI_API_KEY", values.text, secret=True)
    )
    openai_base_url: str | None = field(
        default=None, metadata=_from("OPENAI_BASE_URL", values.address("http", "https"))
    )
    chat_provider: str = field(default="openai", metadata=_from("CHAT_PROVIDER", values.NAME))
    chat_temperature: float | None = field(
        default=None, metadata=_from("CHAT_TEMPERATURE", values.decimal(0, 2))
    )
    chat_max_tokens: int = field(default=800, metadata=_from("CHAT_MAX_TOKENS", values.number(64, 32_768)))
    chat_evidence_tokens: int = field(
        default=6000, metadata=_from("CHAT_EVIDENCE_TOKENS", values.number(200, 200_000))
    )
    chat_first_timeout: int = field(default=45, metadata=_from("CHAT_FIRST_TIMEOUT", values.number(1, 600)))
    chat_timeout: int = field(default=120, metadata=_from("CHAT_TIMEOUT", values.number(1, 3600)))
    chat_retries: int = field(default=2, metadata=_from("CHAT_RETRIES", values.number(0, 5)))
    chat_stream_usage: bool = field(default=True, metadata=_from("CHAT_STREAM_USAGE", values.flag))
    chat_limit_name: str = field(
        default="",
        metadata=_from("CHAT_LIMIT_NAME", values.choice("max_tokens", "max_completion_tokens")),
    )
    chat_output: str = field(
        default="text", metadata=_from("CHAT_OUTPUT", values.choice("text", "json_schema"))
    )
    chat_extra_body: dict[str, Any] = field(
        default_factory=dict, metadata=_from("CHAT_EXTRA_BODY", values.members)
    )
    chat_question_tokens: int = field(
        default=0, metadata=_from("CHAT_QUESTION_TOKENS", values.number(0, 999_999_999))
    )
    chat_day_tokens: int = field(default=0, metadata=_from("CHAT_DAY_TOKENS", values.number(0, 999_999_999)))
    verifier_url: str | None = field(
        default=None, metadata=_from("VERIFIER_URL", values.address("http", "https"))
    )
    verifier_model: str = field(default="", metadata=_from("VERIFIER_MODEL", values.text))
    verifier_api_key: str | None = field(
        default=None, repr=False, metadata=_from("VERIFIER_API_KEY", values.HEADER, secret=True)
    )
    transcription_model: str | None = field(default=None, metadata=_from("TRANSCRIPTION_MODEL", values.text))
    transcription_base_url: str | None = field(
        default=None, metadata=_from("TRANSCRIPTION_BASE_URL", values.address("http", "https"))
    )
    transcription_api_key: str | None = field(
        default=None, repr=False, metadata=_from("TRANSCRIPTION_API_KEY", values.HEADER, secret=True)
    )
    transcription_seconds: int = field(
        default=120, metadata=_from("TRANSCRIPTION_SECONDS", values.number(1, 3600))
    )
    transcription_timeout: int = field(
        default=60, metadata=_from("TRANSCRIPTION_TIMEOUT", values.number(1, 600))
    )
    chat_langsmith: bool = field(default=False, metadata=_from("CHAT_LANGSMITH", values.flag))

    telegram_bot_token: str | None = field(
        default=None, repr=False, metadata=_from("TELEGRAM_BOT_TOKEN", values.TOKEN, secret=True)
    )
    telegram_base_url: str = field(
        default="https://api.telegram.org",
        metadata=_from("TELEGRAM_BASE_URL", values.address("http", "https")),
    )
    telegram_proxy: str | None = field(
        default=None, repr=False, metadata=_from("TELEGRAM_PROXY", values.PROXY, secret=True)
    )
    telegram_webhook_url: str | None = field(
        default=None, metadata=_from("TELEGRAM_WEBHOOK_URL", values.address("https", "http"))
    )
    telegram_webhook_listen: str = field(
        default="127.0.0.1", metadata=_from("TELEGRAM_WEBHOOK_LISTEN", values.text)
    )
    telegram_webhook_port: int = field(
        default=8080, metadata=_from("TELEGRAM_WEBHOOK_PORT", values.number(1, 65535))
    )
    telegram_webhook_secret: str | None = field(
        default=None, repr=False, metadata=_from("TELEGRAM_WEBHOOK_SECRET", values.PASSWORD, secret=True)
    )

    telegram_admins: frozenset[int] = field(
        default=frozenset(), metadata=_from("TELEGRAM_ADMINS", values.ids)
    )
    telegram_allowed: frozenset[int] = field(
        default=frozenset(), metadata=_from("TELEGRAM_ALLOWED", values.ids)
    )
    telegram_mode: str = field(
        default="open", metadata=_from("TELEGRAM_MODE", values.choice("open", "closed"))
    )
    telegram_person_minute: int | None = field(default=None, metadata=_from("TELEGRAM_PERSON_MINUTE", _COUNT))
    telegram_person_day: int | None = field(default=None, metadata=_from("TELEGRAM_PERSON_DAY", _COUNT))
    telegram_person_tokens: int | None = field(default=None, metadata=_from("TELEGRAM_PERSON_TOKENS", _COUNT))
    telegram_chat_minute: int | None = field(default=None, metadata=_from("TELEGRAM_CHAT_MINUTE", _COUNT))
    telegram_chat_day: int | None = field(default=None, metadata=_from("TELEGRAM_CHAT_DAY", _COUNT))
    telegram_chat_tokens: int | None = field(default=None, metadata=_from("TELEGRAM_CHAT_TOKENS", _COUNT))
    telegram_answers: int = field(default=16, metadata=_from("TELEGRAM_ANSWERS", values.number(1, 1000)))
    telegram_rate: int = field(default=30, metadata=_from("TELEGRAM_RATE", values.number(1, 1000)))
    telegram_keep_days: int | None = field(
        default=None, metadata=_from("TELEGRAM_KEEP_DAYS", values.number(1, 36_500))
    )
    telegram_file_megabytes: int = field(
        default=20, metadata=_from("TELEGRAM_FILE_MEGABYTES", values.number(0, 64))
    )

    reader_url: str | None = field(
        default=None, metadata=_from("READER_URL", values.address("https", "http"))
    )
    reader_access: str = field(
        default="public", metadata=_from("READER_ACCESS", values.choice("public", "private"))
    )

    api_keys: tuple[str, ...] = field(
        default=(), repr=False, metadata=_from("API_KEYS", values.keys, secret=True)
    )
    api_rate: int = field(default=60, metadata=_from("API_RATE", values.number(1, 100_000)))
    api_timeout: int = field(default=120, metadata=_from("API_TIMEOUT", values.number(1, 3600)))

    @classmethod
    def load(cls, env: Mapping[str, str]) -> Settings:
        """Read the settings from ``env``; an empty value counts as not set. Raises SettingsError."""
        env = revealed(env, cls.confidential())
        chosen: dict[str, Any] = {}
        for known in fields(cls):
            given = env.get(known.metadata["variable"], "").strip()
            if given:
                chosen[known.name] = _read(known, given)
        settings = cls(**chosen)
        for told in disagreements(settings):
            raise SettingsError(told)
        return settings

    @classmethod
    def variables(cls) -> tuple[str, ...]:
        """Return the names of all variables that are read, in order."""
        return tuple(known.metadata["variable"] for known in fields(cls))

    @classmethod
    def confidential(cls) -> tuple[str, ...]:
        """Return the names of the variables that hold a secret; each may be given by a file, as NAME_FILE."""
        return tuple(known.metadata["variable"] for known in fields(cls) if known.metadata["secret"])

    @property
    def embedder(self) -> str:
        """What ``retrieval.embeddings.embedder.open_embedder`` calls the chosen embeddings."""
        return f"openai:{self.embeddings_model}" if self.embeddings == "openai" else self.embeddings

    @property
    def telegram_bot(self) -> int:
        """The numeric id of the bot, with which its token begins; 0 without a token."""
        return int((self.telegram_bot_token or "0").partition(":")[0])

    @property
    def catalogue_url(self) -> str | None:
        """The URL of the database that holds the catalogue; None where the home holds it."""
        return self._database if self.catalogue == "database" else None

    @property
    def chroma(self) -> ChromaAddress | None:
        """The server that holds the vectors; None where the home holds them."""
        if self.chroma_url is None:
            return None
        return ChromaAddress(
            url=self.chroma_url,
            tenant=self.chroma_tenant,
            database=self.chroma_database,
            token=self.chroma_token,
        )

    @property
    def store(self) -> Path | str:
        """Where the store is: the file in the home, or the URL of a database."""
        return self._database or self.home / "store.db"

    @property
    def _database(self) -> str | None:
        """The URL with how long its server may be silent, as the engines take it."""
        if not self.database_url:
            return None
        joint = "&" if "?" in self.database_url else "?"
        return f"{self.database_url}{joint}answer_timeout={self.database_timeout}"

    @property
    def words_logged(self) -> bool:
        """Whether the words of questions may stand in the log and in traces."""
        return self.log_level == "debug"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must never be shown or logged, and the passwords that stand in some of them."""
        held = [getattr(self, known.name) for known in fields(self) if known.metadata["secret"]]
        several = [value if isinstance(value, tuple) else (value,) for value in held if value]
        given = [value for one in several for value in one]
        return (*given, *(password for value in given for password in values.passwords(value)))


def unknown(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the variables of ``env`` that look like ours and are not: most likely misspelt ones."""
    files = (name + FILE for name in Settings.confidential())
    known = {*Settings.variables(), *files, NAMED}
    ours = re.compile(
        r"CHENGWEN_|EMBEDDINGS_|CHAT_|OPENAI_(?:API|BASE)|CHROMA_(?:URL|TEN|DATA|TOK)|"
        r"TELEGRAM_(?:ADMIN|ALLOW|ANSWER|BASE|BOT|CHAT_(?!ID)|FILE|KEEP|MODE|PERSON|PROXY|WEBHOOK)|"
        r"READER_|TRANSCRIPTION_|API_(?:KEY|RATE|TIMEOUT)"
    )
    return tuple(sorted(name for name in env if ours.match(name) and name not in known))


def _read(known: Field[Any], given: str) -> object:
    try:
        return known.metadata["read"](given)
    except ValueError as allowed:
        shown = HIDDEN if known.metadata["secret"] else f"“{given}”"
        raise SettingsError(
            f"设置 {known.metadata['variable']} 的值{shown}不能用：应当是{allowed}。"
        ) from None


LOCAL = ("127.0.0.1", "::1", "localhost")
_PROMPT = 400  # tokens of a prompt besides its evidence, at least


def disagreements(chosen: Settings) -> Iterator[str]:
    """Yield a sentence on each disagreement: what is wrong and what to do."""
    if chosen.embeddings == "openai" and not chosen.embeddings_model:
        yield "EMBEDDINGS 是 openai 时，还要用 EMBEDDINGS_MODEL 写明向量模型的名字。"
    if chosen.catalogue == "database" and not chosen.database_url:
        yield "CHENGWEN_CATALOGUE 是 database 时，还要用 DATABASE_URL 写明数据库的地址。"
    if chosen.chroma_token and not chosen.chroma_url:
        yield "设了 CHROMA_TOKEN，就还要用 CHROMA_URL 写明 Chroma 服务的地址。"
    yield from _model(chosen)
    yield from _speech(chosen)
    yield from _reader(chosen)
    if chosen.telegram_webhook_url and not chosen.telegram_webhook_secret:
        yield "设了 TELEGRAM_WEBHOOK_URL，就还要设 TELEGRAM_WEBHOOK_SECRET，以防有人冒充 Telegram。"


def _reader(chosen: Settings) -> Iterator[str]:
    url = urlsplit(chosen.reader_url or "")
    if url.scheme == "http" and url.hostname not in LOCAL:
        yield "READER_URL 要以 https:// 开头：Telegram 不打开别的，路上的人也看得到读了什么。"
    if url.query or url.fragment:
        yield "READER_URL 只写到路径为止，不要带 ? 和 # 后面的部分。"
    if chosen.reader_url and chosen.reader_access == "private" and not _members(chosen):
        yield "READER_ACCESS 是 private 时，要用 TELEGRAM_ADMINS 或 TELEGRAM_ALLOWED 写明谁能看。"


def _members(chosen: Settings) -> frozenset[int]:
    return chosen.telegram_admins | chosen.telegram_allowed


def _speech(chosen: Settings) -> Iterator[str]:
    keyed = chosen.transcription_api_key or chosen.openai_api_key
    if chosen.transcription_model and not (keyed or chosen.transcription_base_url or chosen.openai_base_url):
        yield (
            "设了 TRANSCRIPTION_MODEL，就还要设 TRANSCRIPTION_API_KEY；用自己的或别家的服务，"
            "就用 TRANSCRIPTION_BASE_URL 写明它的地址（不要密钥的可以不设密钥）。"
        )


def _model(chosen: Settings) -> Iterator[str]:
    ours = chosen.chat_model and chosen.chat_provider == "openai"
    if ours and not chosen.openai_api_key and not chosen.openai_base_url:
        yield (
            "设了 CHAT_MODEL，就还要设 OPENAI_API_KEY；用自己的或别家的服务，"
            "就用 OPENAI_BASE_URL 写明它的地址（不要密钥的可以不设密钥）。"
        )
    least = _PROMPT + chosen.chat_evidence_tokens + chosen.chat_max_tokens
    for name, budget in (("QUESTION", chosen.chat_question_tokens), ("DAY", chosen.chat_day_tokens)):
        if 0 < budget < least:
            yield (
                f"CHAT_{name}_TOKENS（{budget}）连一次调用都不够：材料加回答至少要 {least}。"
                "请调大它，或调小 CHAT_EVIDENCE_TOKENS 和 CHAT_MAX_TOKENS，或写 0 表示不限。"
            )
