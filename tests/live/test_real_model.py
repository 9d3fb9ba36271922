"""The program with a real model behind it, one that lies: what is shown is proved all the same.

``make test-model`` brings the model up; elsewhere these scenes are skipped.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from answering import Outcome, Turn
from answering.pipeline import Answerer
from answering.values.answer import StatementKind
from answering.values.events import Done, Said, Stage, Step
from answering.values.trace import Verdict
from answering.verification.extractive import passes
from bot.assembly.wiring import Wiring
from bot.config.settings import Settings
from evaluation.verification.shipped import ShippedSentences

if TYPE_CHECKING:
    from answering import Answer
    from answering.generation.compose import Writer
    from retrieval import Library

pytestmark = pytest.mark.skipif(
    not os.environ.get("LIVE_MODEL"), reason="no model was started: make test-model"
)
ROOT = Path(__file__).resolve().parent.parent.parent
LIES = (
    "延安市的12345热线办结率是多少？",
    "萍乡市的地铁有多长？",
    "台州市清理了多少处野广告？",
    "吉林市改造了多少个老旧小区？",
    "延安市的海绵城市花了多少钱？",
    "萍乡市市长是谁？",
    "台州市的森林覆盖率是多少？",
)


@pytest.fixture(scope="module")
def library() -> Library:
    return ShippedSentences.open().library


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Writer:
    env = {
        "CHENGWEN_HOME": str(tmp_path_factory.mktemp("live")),
        "CHAT_EVIDENCE_TOKENS": "450",
        "CHAT_TEMPERATURE": "0",
        "CHAT_FIRST_TIMEOUT": "200",
        "CHAT_TIMEOUT": "300",
        **{name: os.environ[name] for name in ("CHAT_MODEL", "OPENAI_BASE_URL") if name in os.environ},
    }
    made = Wiring(Settings.load(env)).writer(library)
    assert made is not None
    return made


def proved(answer: Answer) -> bool:
    """Tell whether each statement of code is proved, and each of the model was judged and cited."""
    judged = "".join(one.text for one in answer.trace.judged if one.verdict is Verdict.KEPT)
    return all(
        passes(s, answer.citations, answer.computed, answer.question)
        and (s.manner is not StatementKind.WRITTEN or s.text.rstrip("。")[-12:] in judged or s.citations)
        for s in answer.statements
    )


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("台州市改造了多少老旧小区？", "74个"),
        ("萍乡新增了多少停车位？", "2.8万"),
        ("台州和萍乡各改造了多少老旧小区？", "124个"),
    ],
)
async def test_facts_are_told_and_proved(library: Library, writer: Writer, question: str, fact: str) -> None:
    answer = await Answerer(library, writer).answer(question)
    assert answer.outcome is Outcome.ANSWERED
    assert fact in "".join(statement.text for statement in answer.statements)
    assert proved(answer)
    assert answer.trace.calls[0].counted == "reported"


@pytest.mark.parametrize("question", LIES)
async def test_what_the_texts_leave_open_stays_open(library: Library, writer: Writer, question: str) -> None:
    said = []
    async for event in Answerer(library, writer).stream(question):
        if isinstance(event, Said):
            said.append(event.statement.text)
        if isinstance(event, Done):
            assert not event.answer.outcome.is_answer
    assert not said


async def test_a_follow_up_is_understood(library: Library, writer: Writer) -> None:
    history = (
        Turn(role="user", content="台州市改造了多少老旧小区？"),
        Turn(role="assistant", content="74个"),
    )
    answer = await Answerer(library, writer).answer("那萍乡市呢？", history)
    assert "124" in "".join(statement.text for statement in answer.statements)
    assert answer.trace.calls[0].purpose == "rewrite"


async def test_stopping_frees_the_model_at_once(library: Library, writer: Writer) -> None:
    events = Answerer(library, writer).stream("吉林市的创城工作有哪些做法？")
    async for event in events:
        if event == Step(stage=Stage.WRITING):
            break
    await events.aclose()
    began = time.monotonic()
    await asyncio.wait_for(Answerer(library, writer).answer("台州市改造了多少老旧小区？"), 120)
    assert time.monotonic() - began < 120


def test_ask_and_doctor_speak_with_it(tmp_path: Path) -> None:
    env = {
        **os.environ,
        "CHENGWEN_HOME": str(tmp_path),
        "CHAT_EVIDENCE_TOKENS": "450",
        "CHAT_FIRST_TIMEOUT": "200",
    }
    command = [sys.executable, "-m", "bot"]
    asked = subprocess.run(
        [*command, "ask", "--json", "萍乡新增了多少停车位？"],
        cwd=ROOT, env=env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(asked.stdout)["trace"]["calls"][0]["model"] == os.environ["CHAT_MODEL"]
    examined = subprocess.run(
        [*command, "doctor"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert os.environ["CHAT_MODEL"] in examined.stdout
