"""An endpoint's vectors come in order and of length one; what it does wrong is told in a sentence."""

from __future__ import annotations

import json
import socket
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import openai
import pytest
from embedding_server import DIMENSION, Reply, as_json, fails, serving, vector, vectors, well
from openai import _exceptions

from retrieval.embeddings.embedder import open_embedder
from retrieval.embeddings.langchain_adapter import LangChainEmbeddings
from retrieval.embeddings.openai_compatible import REASONS, EndpointEmbedder
from retrieval.values.errors import EmbeddingError, EmbeddingRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

KEY = "sk-secret-0123456789"


def expected(text: str) -> np.ndarray:
    raw = np.array(vector(text), np.float32)
    return raw / np.linalg.norm(raw)


def embedder(url: str, **settings: Any) -> EndpointEmbedder:
    return EndpointEmbedder("m", base_url=url, api_key=KEY, **{"timeout": 5.0, "retries": 0} | settings)


def test_vectors_come_in_order_of_length_one_and_in_batches() -> None:
    texts = [f"第{n}段" for n in range(7)]
    with serving(well) as (url, log):
        got = embedder(url, batch=3).passages(texts)
    assert np.allclose(got, [expected(text) for text in texts], atol=1e-6)
    assert got.dtype == np.float32
    assert log.inputs == [texts[:3], texts[3:6], texts[6:]]


def test_it_sends_text_and_the_key_to_the_given_address() -> None:
    with serving(well) as (url, log):
        assert np.allclose(embedder(url).query("台州"), expected("台州"), atol=1e-6)
    path, authorization, body = log.requests[-1]
    assert (path, authorization) == ("/v1/embeddings", f"Bearer {KEY}")
    assert (body["input"], body["model"]) == (["台州"], "m")


def test_the_dimension_is_asked_once() -> None:
    with serving(well) as (url, log):
        made = embedder(url)
        assert made.dimension == made.dimension == DIMENSION
        assert len(log.requests) == 1
        assert made.passages([]).shape == (0, DIMENSION)


def test_a_server_without_keys_needs_none() -> None:
    with serving(well) as (url, _):
        assert EndpointEmbedder("m", base_url=url, api_key="").dimension == DIMENSION


@pytest.mark.parametrize("text", ["", "\0", "\ud800台州", "文" * 300_000, "\n"], ids=repr)
def test_hostile_text_is_sent_harmless(text: str) -> None:
    with serving(well) as (url, log):
        assert embedder(url).query(text[:300_000]).shape == (DIMENSION,)
    sent = log.inputs[-1][0]
    assert 0 < len(sent) <= 8192
    assert "\0" not in sent


def test_a_server_that_fails_once_is_asked_again() -> None:
    with serving(fails(503), well) as (url, log):
        assert embedder(url, retries=1).dimension == DIMENSION
    assert len(log.requests) == 2


def echo_key(body: dict[str, Any]) -> Reply:
    return as_json(401, {"error": {"message": f"bad key {KEY}", "type": "t", "code": "invalid_api_key"}})


def slow(body: dict[str, Any]) -> Reply:
    time.sleep(1.0)
    return well(body)


MISBEHAVIOUR: dict[str, tuple[Callable[[dict[str, Any]], Reply], type[EmbeddingError], str]] = {
    "bad key": (fails(401), EmbeddingRefused, "密钥"),
    "bad key, echoed": (echo_key, EmbeddingRefused, "密钥"),
    "not allowed": (fails(403), EmbeddingRefused, "密钥"),
    "no such model": (fails(404), EmbeddingRefused, "没有这个模型"),
    "conflict": (fails(409), EmbeddingRefused, "拒绝"),
    "bad request": (fails(400, "input too long"), EmbeddingRefused, "每批条数"),
    "unprocessable": (fails(422), EmbeddingRefused, "每批条数"),
    "too many requests": (fails(429), EmbeddingRefused, "额度"),
    "teapot": (fails(418), EmbeddingError, "意外"),
    "server error": (fails(500), EmbeddingError, "自身出错"),
    "gateway error": (lambda body: (502, "text/html", b"<html>"), EmbeddingError, "自身出错"),
    "slow": (slow, EmbeddingError, "没有回答"),
    "a page": (lambda body: (200, "text/html", b"<html>hello</html>"), EmbeddingError, "不是向量"),
    "not JSON": (lambda body: (200, "application/json", b"{nonsense"), EmbeddingError, "不是向量"),
    "empty": (lambda body: (200, "application/json", b""), EmbeddingError, "不是向量"),
    "JSON of another kind": (lambda body: as_json(200, ["a"]), EmbeddingError, "不是向量"),
    "JSON null": (lambda body: as_json(200, None), EmbeddingError, "不是向量"),
    "no data": (lambda body: as_json(200, {"object": "list"}), EmbeddingError, "不是向量"),
    "no rows": (lambda body: vectors([]), EmbeddingError, "向量"),
    "null rows": (lambda body: vectors([None] * len(body["input"])), EmbeddingError, "不是向量"),
    "empty rows": (lambda body: vectors([[]] * len(body["input"])), EmbeddingError, "不是向量"),
    "words for numbers": (
        lambda body: vectors([["a", "b"]] * len(body["input"])),
        EmbeddingError,
        "不是向量",
    ),
    "rows of rows": (lambda body: vectors([[[1.0]]] * len(body["input"])), EmbeddingError, "不是向量"),
    "too many rows": (lambda body: vectors([[1.0]] * (len(body["input"]) + 1)), EmbeddingError, "2 个向量"),
    "rows of unlike length": (lambda body: vectors([[1.0], [1.0, 2.0]]), EmbeddingError, "不是向量"),
    "nought": (lambda body: vectors([[0.0, 0.0]] * len(body["input"])), EmbeddingError, "零向量"),
    "not a number": (
        lambda body: (200, "application/json", vectors([[1, 2]])[2].replace(b"[1, 2]", b"[NaN, 1]")),
        EmbeddingError,
        "无效数字",
    ),
}


# openai's models warn of what is no number when langchain unpacks them; we raise
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning")
@pytest.mark.parametrize(("reply", "kind", "words"), MISBEHAVIOUR.values(), ids=MISBEHAVIOUR.keys())
def test_what_a_server_does_wrong_is_told(
    reply: Callable[[dict[str, Any]], Reply], kind: type[EmbeddingError], words: str
) -> None:
    with serving(reply) as (url, _), pytest.raises(kind, match=words) as raised:
        embedder(url, timeout=0.3).query("台州")
    assert type(raised.value) is kind
    assert KEY not in repr(raised.value)
    assert raised.value.__context__ is None or raised.value.__suppress_context__


def test_another_dimension_than_before_is_told() -> None:
    with serving(well, lambda body: vectors([[1.0, 2.0]])) as (url, _):
        made = embedder(url)
        made.query("台州")
        with pytest.raises(EmbeddingError, match="8 维"):
            made.query("延安")


def test_a_batch_with_a_row_too_few_is_told() -> None:
    with (
        serving(lambda body: vectors([vector("a")])) as (url, _),
        pytest.raises(EmbeddingError, match="2 条文本给了 1 个向量"),
    ):
        embedder(url).passages(["甲", "乙"])


def test_nobody_listening_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(EmbeddingError, match="连不上"):
        embedder(f"http://127.0.0.1:{port}/v1").query("台州")


@pytest.mark.parametrize(
    "url", ["", "localhost:8000/v1", "ftp://host/v1", "http://", "http://[::1", "http://h:99999/"]
)
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(EmbeddingError, match="地址"):
        embedder(url)


def test_an_address_with_a_password_is_told_without_it() -> None:
    with pytest.raises(EmbeddingError) as raised:
        embedder("ftp://someone:pass-word@host/v1")
    assert "pass-word" not in str(raised.value)


@pytest.mark.parametrize("key", ["sk-密", "sk-1\nX-Other: 2", "sk-\x00"])
def test_a_key_that_is_none_is_told(key: str) -> None:
    with pytest.raises(EmbeddingRefused, match="密钥") as raised:
        EndpointEmbedder("m", base_url="http://127.0.0.1:9/v1", api_key=key)
    assert key not in str(raised.value)


def errors(root: type[BaseException]) -> Iterator[type[BaseException]]:
    yield root
    for below in root.__subclasses__():
        if below.__module__ in {"openai", "openai._exceptions"} and not below.__name__.startswith("_"):
            yield from errors(below)


def test_every_error_of_the_library_is_mapped() -> None:
    """Those left out come from chats, webhooks and sockets, which embeddings have no part in."""
    elsewhere = {
        openai.LengthFinishReasonError,
        openai.ContentFilterFinishReasonError,
        _exceptions.SubjectTokenProviderError,
        openai.WebSocketConnectionClosedError,
        openai.WebSocketQueueFullError,
    }
    assert set(errors(openai.OpenAIError)) - elsewhere == set(REASONS)


def test_the_setting_opens_it(home: Path) -> None:
    with serving(well) as (url, _):
        made = open_embedder(home=home, spec="openai:m", base_url=url, api_key=KEY, batch=2, timeout=5)
        assert made is not None
        assert (made.name, made.dimension) == ("openai:m", DIMENSION)


def test_it_serves_langchain() -> None:
    with serving(well) as (url, _):
        chained = LangChainEmbeddings(embedder(url))
        assert np.allclose(chained.embed_query("台州"), expected("台州"), atol=1e-6)
        assert np.allclose(chained.embed_documents(["甲", "乙"]), [expected("甲"), expected("乙")], atol=1e-6)
        assert json.dumps(chained.embed_query("台州"))
