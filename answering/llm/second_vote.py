"""A second model's vote on sentences that were proved: advice that is put down and shown, never proof. Seam: httpx.

Two kinds of servers are known by their address: one that ends with ``/predict`` classifies a pair of texts, as
text-embeddings-inference does for models of inference between sentences; any other one is a chat server after
OpenAI's protocol that is asked for yes or no.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from answering.llm.clients import Endpoint
from answering.values.trace import SecondVote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.llm.prompts import Prompt

_log = logging.getLogger(__name__)
_CLASSIFIES = "/predict"
_AT_ONCE = 4  # requests under way
_AGREES = re.compile(r"entail|support|faithful|consistent|grounded|^(?:true|yes)$", re.IGNORECASE)
_DENIES = re.compile(
    r"not?[_ -]|un(?=support|faith|ground)|in(?=consist)|contra|neutral|halluc|^(?:false|no)$", re.IGNORECASE
)
_YES = re.compile(r"^\W*(?:yes|true|supported|是|支持|对|能)", re.IGNORECASE)
_NO = re.compile(r"^\W*(?:no|false|not|unsupported|否|不|没)", re.IGNORECASE)
_THOUGHT = re.compile(r"<(think|thought)>.*?(?:</\1>|$)", re.DOTALL)
_WORDS = 400  # tokens of an answer: a model that thinks needs some before its yes


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondVerifier:
    """Where the second model is asked, and for how many seconds all votes on one answer are waited for."""

    url: str
    prompt: Prompt  # what a chat server is asked
    model: str = ""
    api_key: str | None = None
    timeout: float = 8.0

    async def votes(self, pairs: Sequence[tuple[str, str]]) -> tuple[SecondVote, ...]:
        """Return the vote on each pair of a sentence and its evidence; AWAY where none came in time."""
        if not pairs:
            return ()
        headers = {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        gate = asyncio.Semaphore(_AT_ONCE)
        async with httpx.AsyncClient(headers=headers, timeout=self.timeout) as client:
            asking = [asyncio.create_task(self._vote(client, gate, *pair)) for pair in pairs]
            try:
                await asyncio.wait(asking, timeout=self.timeout)
            finally:
                for one in asking:
                    one.cancel()
                await asyncio.gather(*asking, return_exceptions=True)
        return tuple(SecondVote.AWAY if one.cancelled() else one.result() for one in asking)

    async def _vote(
        self, client: httpx.AsyncClient, gate: asyncio.Semaphore, claim: str, evidence: str
    ) -> SecondVote:
        classifies = self.url.rstrip("/").endswith(_CLASSIFIES)
        try:
            async with gate:
                ask = self._classified if classifies else self._told
                return await ask(client, claim, evidence)
        except (httpx.HTTPError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            # Its answers are of no consequence: whatever it says wrong, nothing is lost but its vote.
            _log.info("VERIFIER_URL: %s: %s", type(error).__name__, error)
            return SecondVote.AWAY

    async def _classified(self, client: httpx.AsyncClient, claim: str, evidence: str) -> SecondVote:
        body = {"inputs": [[evidence, claim]], "truncate": True}
        told = await _posted(client, self.url.rstrip("/"), body)
        while told and isinstance(told[0], list):
            told = told[0]
        best = max(told, key=lambda one: float(one["score"]))
        return _of_label(str(best["label"]))

    async def _told(self, client: httpx.AsyncClient, claim: str, evidence: str) -> SecondVote:
        address = Endpoint(model=self.model, base_url=self.url).address
        body = {
            "model": self.model,
            "messages": [{"role": "user", "content": self.prompt.fill(claim=claim, evidence=evidence)}],
            "temperature": 0,
            "max_tokens": _WORDS,
        }
        told = await _posted(client, f"{address}/chat/completions", body)
        words = _THOUGHT.sub("", told["choices"][0]["message"]["content"]).strip()
        if _NO.match(words):
            return SecondVote.DOUBTS
        return SecondVote.AGREES if _YES.match(words) else SecondVote.AWAY


async def _posted(client: httpx.AsyncClient, address: str, body: dict[str, Any]) -> Any:
    answer = await client.post(address, json=body)
    answer.raise_for_status()
    return json.loads(answer.content)


def _of_label(label: str) -> SecondVote:
    """Return the vote that a class's name is; AWAY for a name that says nothing, such as LABEL_1."""
    if _DENIES.search(label):
        return SecondVote.DOUBTS
    return SecondVote.AGREES if _AGREES.search(label) else SecondVote.AWAY
