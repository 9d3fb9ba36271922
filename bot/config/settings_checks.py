"""Settings that are fine alone and useless together."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.config.settings import Settings

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
