"""A writer over a scripted model behind real HTTP, and replies that find the numbers of what they cite."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chat_server import Body, Reply, Server, said, say, serving

from answering.generation.compose import Writer
from answering.llm.clients import Endpoint
from answering.llm.guarded_model import Budgets, GuardedModel
from answering.llm.langchain_model import LangChainModel
from answering.llm.prompts import load
from answering.llm.timeouts import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

_CITED = re.compile(r"\{([^}]+)\}")


@contextmanager
def writing(*replies: Reply, retries: int = 0, question_tokens: int = 0) -> Iterator[tuple[Writer, Server]]:
    """Yield a writer whose model replies so, one call after the other, and the server behind it."""
    with serving(*replies) as server:
        endpoint = Endpoint(model="scripted", base_url=server.url, api_key="sk-test")
        model = GuardedModel(
            LangChainModel(endpoint),
            limits=Limits(first=5, gap=5, whole=20),
            retries=retries,
            budgets=Budgets(question=question_tokens),
        )
        yield Writer(model=model, prompts=load()), server


def cites(text: str, **how: object) -> Reply:
    """Say ``text`` with each {words} replaced by the number of the evidence's sentence that holds them."""
    return say(lambda body: _CITED.sub(lambda found: f"[{number(body, found[1])}]", text), **how)  # type: ignore[arg-type]


def number(body: Body, words: str) -> int:
    """Return the number under which the model is shown the sentence with these words."""
    shown = re.findall(r"^\[(\d+)\] (.*)$", said(body).split("=====", 1)[-1], re.MULTILINE)
    return next((int(n) for n, text in shown if words in text), 99)
