"""``chengwen doctor``: look at each part and say in a sentence what is wrong and what to do."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from contextlib import aclosing
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from answering.llm.budget import is_cut, prompt_tokens
from answering.llm.protocol import ChatMessage, Role
from answering.values.errors import AnsweringError
from bot.config.settings import unknown
from bot.errors import BotError
from bot.presentation.rendering import told_of
from retrieval.values.documents import Genre
from retrieval.values.errors import RetrievalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from answering.llm.protocol import ChatModel, Usage
    from bot.assembly.wiring import Wiring
    from bot.config.settings import Settings
    from bot.messages import Messages

ROOM = 500_000_000  # bytes that a modest corpus and the model's cache may take
_ANSWER = "42"  # to the question that a model is tried with
_LINE = 32  # tokens of a line of its evidence, about
OURS = (BotError, AnsweringError, RetrievalError)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What was found out about one part; ``good`` is None for a mere note."""

    good: bool | None
    told: str


def examine(wiring: Wiring, env: Mapping[str, str], said: Messages) -> Iterator[CheckResult]:
    """Look at each part in turn; the settings can be used, or there would be no wiring."""
    yield CheckResult(good=True, told=said.say("doctor_settings"))
    for name in unknown(env):
        yield CheckResult(good=None, told=said.say("doctor_unknown", name=name))
    if _shut(wiring.settings):
        yield CheckResult(good=None, told=said.say("doctor_nobody"))
    yield _home(wiring.settings.home, said)
    served = (_served,) if wiring.settings.chroma_url else ()
    heard = (_speech,) if wiring.settings.transcription_model else ()
    for look in (_library, _store, _vectors, *served, _model, *heard, _telegram):
        yield _caught(look, wiring, said)


def _shut(chosen: Settings) -> bool:
    """Tell whether the bot is closed to everybody, most likely by an oversight."""
    named = chosen.telegram_admins or chosen.telegram_allowed
    return bool(chosen.telegram_bot_token) and chosen.telegram_mode == "closed" and not named


def _caught(look: Callable[[Wiring, Messages], CheckResult], wiring: Wiring, said: Messages) -> CheckResult:
    try:
        return look(wiring, said)
    except OURS as error:
        return CheckResult(good=False, told=str(error))


def _home(home: Path, said: Messages) -> CheckResult:
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            free = shutil.disk_usage(home).free
    except OSError as error:
        why = error.strerror or os.strerror(error.errno or 0)
        return CheckResult(good=False, told=said.say("doctor_home_bad", home=home, why=why))
    enough = free >= ROOM
    told = said.say("doctor_home" if enough else "doctor_disk", home=home, free=f"{free / 1e9:.1f}")
    return CheckResult(good=enough, told=told)


def _library(wiring: Wiring, said: Messages) -> CheckResult:
    with wiring.library() as library:
        documents = library.documents()
        if not documents:
            fresh = wiring.settings.shipped and library.version == 0
            return CheckResult(
                good=None, told=said.say("doctor_library_empty" if fresh else "doctor_library_bare")
            )
        texts = sum(one.genre is not Genre.PREFACE for one in documents)
        passages = sum(source.passages for source in library.sources())
        places = said.say("joint").join(library.places()) or said.say("unplaced")
        standing = library.standing
    if standing.lag:
        how_far = told_of(standing, said)
        return CheckResult(good=None, told=said.say("doctor_library_behind", told=how_far, passages=passages))
    told = said.say("doctor_library", documents=texts, passages=passages, places=places)
    return CheckResult(good=True, told=told)


def _store(wiring: Wiring, said: Messages) -> CheckResult:
    with wiring.store() as store:
        began = perf_counter()
        store.ping()
        took = (perf_counter() - began) * 1000
        return CheckResult(good=True, told=said.say("doctor_store", place=store.place, ms=f"{took:.1f}"))


def _vectors(wiring: Wiring, said: Messages) -> CheckResult:
    embedder = wiring.embedder()
    if embedder is None:
        told = said.say("doctor_words", why=wiring.words_alone() or "")
        return CheckResult(good=None, told=told)
    embedder.query("吉林市")  # the first one loads the model
    began = perf_counter()
    embedder.query("吉林市新增了多少停车位？")
    took = round((perf_counter() - began) * 1000)
    return CheckResult(good=True, told=said.say("doctor_vectors", name=embedder.name, ms=took))


def _served(wiring: Wiring, said: Messages) -> CheckResult:
    if wiring.embedder() is None:
        return CheckResult(good=None, told=said.say("doctor_chroma_idle"))
    with wiring.library() as library:
        began = perf_counter()
        library.check_server()
        took = round((perf_counter() - began) * 1000)
        how_far = told_of(library.standing, said)
    return CheckResult(
        good=True, told=said.say("doctor_chroma", url=wiring.settings.chroma_url, told=how_far, ms=took)
    )


def _model(wiring: Wiring, said: Messages) -> CheckResult:
    """Ask the model a small real question, with instructions and evidence of the length that answers take."""
    model = wiring.chat_model()
    if model is None:
        return CheckResult(good=None, told=said.say("doctor_model_off"))
    chosen = wiring.settings
    messages = _question(chosen.chat_evidence_tokens)
    first, usage, words = asyncio.run(_asked(model, messages, limit=chosen.chat_max_tokens))
    if usage and usage.counted == "reported":
        cost = said.say("doctor_model_usage", tokens=usage.total)
    else:
        cost = said.say("doctor_model_unreported")
    told = said.say("doctor_model", model=model.name, seconds=f"{first:.1f}", usage=cost)
    notes = [said.say(key) for key in model.learned]
    if is_cut(usage, prompt_tokens(messages)):
        notes.append(
            said.say("doctor_model_cut", sent=prompt_tokens(messages), read=usage.prompt if usage else 0)
        )
    if _ANSWER not in words:
        notes.append(said.say("doctor_model_wrong"))
    return CheckResult(good=True, told=" ".join((told, *notes)))


def _speech(wiring: Wiring, said: Messages) -> CheckResult:
    """Find out whether the server takes recordings."""
    speech = wiring.speech()
    assert speech is not None
    began = perf_counter()
    asyncio.run(speech.check())
    took = round((perf_counter() - began) * 1000)
    return CheckResult(good=True, told=said.say("doctor_speech", model=speech.model, ms=took))


def _question(evidence: int) -> tuple[ChatMessage, ...]:
    """Return instructions and a question whose answer stands first in evidence of about so many tokens."""
    line = "[{}] 青川市第{}次例会讨论了街道保洁和绿化养护的安排。\n"
    most = max(1, evidence // _LINE)
    lines = f"[1] 青川市新建口袋公园{_ANSWER}个。\n" + "".join(line.format(n, n) for n in range(2, most + 2))
    asked = f"资料：\n{lines}问题：青川市新建了多少口袋公园？只回答数字和编号。"
    return (
        ChatMessage(role=Role.SYSTEM, content="只用资料里编了号的句子回答，句末写编号。"),
        ChatMessage(role=Role.USER, content=asked),
    )


async def _asked(
    model: ChatModel, messages: Sequence[ChatMessage], *, limit: int
) -> tuple[float, Usage | None, str]:
    """Ask the model; return the seconds to its first piece, what it cost, and what it said."""
    began, first, usage, words = perf_counter(), None, None, ""
    async with aclosing(model.stream(messages, limit=limit)) as pieces:
        async for piece in pieces:
            first = perf_counter() - began if first is None else first
            usage = piece.usage or usage
            words += piece.text
    return first or 0.0, usage, words


def _telegram(wiring: Wiring, said: Messages) -> CheckResult:
    if not wiring.settings.telegram_bot_token:
        return CheckResult(good=None, told=said.say("doctor_telegram_off"))
    probed = wiring.probe()
    return CheckResult(good=probed.ok, told=probed.sentence)
