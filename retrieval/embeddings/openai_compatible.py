"""Vectors from any endpoint that speaks OpenAI's protocol, through LangChain; its errors become ours here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np
import openai
from langchain.embeddings import init_embeddings
from pydantic import SecretStr

from retrieval.values.errors import EmbeddingError, EmbeddingRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_LONGEST = 8192  # characters sent of one text
_NO_KEY = "none"  # the client wants a key even for a server that asks for none
_PROBE = "城市"
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "�")

_UNCLEAR = "回答的不是向量，请检查接口地址是否正确。"
_ODD = "出了意外的错误，请稍后再试。"
_KEY = "不接受这个密钥，请检查密钥是否正确、是否有权使用该模型。"
_REQUEST = "拒绝了请求，可能是一批太大或文本太长，请把每批条数调小。"

REASONS: dict[type[openai.OpenAIError], tuple[type[EmbeddingError], str]] = {
    openai.AuthenticationError: (EmbeddingRefused, _KEY),
    openai.OAuthError: (EmbeddingRefused, _KEY),
    openai.PermissionDeniedError: (EmbeddingRefused, _KEY),
    openai.NotFoundError: (EmbeddingRefused, "没有这个模型或地址，请检查模型名和接口地址。"),
    openai.RateLimitError: (EmbeddingRefused, "说请求太多或额度已用完，请稍后再试或检查额度。"),
    openai.BadRequestError: (EmbeddingRefused, _REQUEST),
    openai.UnprocessableEntityError: (EmbeddingRefused, _REQUEST),
    openai.ConflictError: (EmbeddingRefused, _REQUEST),
    openai.APITimeoutError: (EmbeddingError, "在限定的时间内没有回答，请稍后再试或放宽超时。"),
    openai.APIConnectionError: (EmbeddingError, "连不上，请检查接口地址和网络。"),
    openai.InternalServerError: (EmbeddingError, "自身出错，请稍后再试。"),
    openai.APIResponseValidationError: (EmbeddingError, _UNCLEAR),
    openai.APIStatusError: (EmbeddingError, _ODD),
    openai.APIError: (EmbeddingError, _ODD),
    openai.OpenAIError: (EmbeddingError, _ODD),
}


class EndpointEmbedder:
    """Vectors of texts and of questions from one model behind one address."""

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        batch: int = 64,
        timeout: float = 30.0,
        retries: int = 2,
    ) -> None:
        """Remember where to ask, in batches of so many texts; nothing is sent before the first text.

        ``timeout`` is in seconds and for each try; busy and broken servers are tried again ``retries`` times.
        Raises EmbeddingError for an address or a key that can't be one.
        """
        _check(base_url, api_key)
        self.name = f"openai:{model}"
        self._where = f"向量接口（模型 {model}）"
        self._batch = max(1, batch)
        self._dimension: int | None = None
        self._client = init_embeddings(
            f"openai:{model}",
            base_url=base_url,
            api_key=SecretStr((api_key or "").strip() or _NO_KEY),
            timeout=timeout,
            max_retries=retries,
            chunk_size=self._batch,
            check_embedding_ctx_length=False,  # else it sends token ids, which other servers misread
            model_kwargs={"encoding_format": "float"},  # base64 is not spoken everywhere
        )

    @property
    def dimension(self) -> int:
        """Return how many numbers the model's vectors have; asks the endpoint if it has not answered yet."""
        if self._dimension is None:
            self._vectors([_PROBE])
        return self._dimension or 0

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dimension) vectors of length one; raises EmbeddingRefused or EmbeddingError."""
        starts = range(0, len(texts), self._batch)
        batches = [self._vectors(texts[start : start + self._batch]) for start in starts]
        return np.concatenate(batches) if batches else np.empty((0, self.dimension), np.float32)

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the (dimension,) vector of a question; raises EmbeddingRefused or EmbeddingError."""
        return self._vectors([text]).ravel()

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = self._ask(texts)
        if len(vectors) != len(texts):
            raise EmbeddingError(
                f"{self._where}对 {len(texts)} 条文本给了 {len(vectors)} 个向量，请检查模型。"
            )
        if vectors.ndim != 2 or not vectors.shape[1]:
            raise EmbeddingError(f"{self._where}{_UNCLEAR}")
        self._dimension = self._dimension or vectors.shape[1]
        if vectors.shape[1] != self._dimension:
            raise EmbeddingError(f"{self._where}给的向量长短不一（原为 {self._dimension} 维），请检查模型。")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not lengths.all():
            raise EmbeddingError(f"{self._where}给的向量里有零向量或无效数字，请检查模型。")
        return np.asarray(vectors / lengths, np.float32)

    def _ask(self, texts: Sequence[str]) -> NDArray[np.float32]:
        try:
            rows = self._client.embed_documents([_sendable(text) for text in texts])
            return np.asarray(rows, np.float32)
        except openai.OpenAIError as error:
            raise self._mapped(error) from None  # what the server said may repeat the key
        except (AttributeError, LookupError, TypeError, ValueError):
            raise EmbeddingError(f"{self._where}{_UNCLEAR}") from None

    def _mapped(self, error: openai.OpenAIError) -> EmbeddingError:
        kind, reason = next(REASONS[known] for known in type(error).__mro__ if known in REASONS)
        status = getattr(error, "status_code", None)
        return kind(f"{self._where}{reason}" + (f"（HTTP {status}）" if status else ""))


def _check(base_url: str | None, api_key: str | None) -> None:
    """Refuse what the HTTP client would fail on with words that help nobody."""
    if api_key and not (api_key.isascii() and api_key.strip().isprintable()):
        raise EmbeddingRefused("向量接口的密钥里有不该有的字符，请检查是否复制完整。")
    if base_url is None:
        return
    try:
        address = urlsplit(base_url)
        sound = address.scheme in {"http", "https"} and address.hostname and address.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise EmbeddingError(
            f"向量接口的地址“{base_url.rpartition('@')[2]}”不完整：请写成 https://主机/v1 的样子。"
        )


def _sendable(text: str) -> str:
    """Cut a text to what a model reads, without what JSON or a server may choke on; never nothing."""
    return text[:_LONGEST].translate(_SURROGATES).replace("\0", " ").strip() or "　"
