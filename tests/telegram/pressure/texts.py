"""Generated answers, and whether all that would be sent of them keeps within Telegram's limits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from stage.messages import RefusedError, content
from stage.spec import units

from answering.values.answer import Answer, Citation, Language, Outcome, Shape, Statement
from bot.messages import messages
from bot.presentation.partial_answer import PartialAnswer
from bot.presentation.rendering import blocks, notes
from bot.store.conversations.conversations import new_id
from bot.telegram.formatting import html, keyboards, limits
from bot.telegram.streaming.previews import page
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stage.spec import Spec

ANSWERS = 2000
ODD = (
    "👩‍👩‍👧‍👦",
    "🇨🇳🇯🇵",
    "e\u0301" * 3,
    "👍🏽",
    "﷽",
    "\u202eمرحبا\u202c",
    "<b>",
    "&amp;",
    "</i>",
    "&#60;",
    "\x00\x07",
    "\ud800",
    "1️⃣",
)
LONG = ("好", "好，", "word ", "🎉", "&", "a\u0301", "<", "مرحبا ", "नि", "𠮷")
PIECES = st.one_of(
    st.sampled_from(ODD),
    st.text(alphabet="停车泊位。，；！？“” \u3000", max_size=40),
    st.text(max_size=20),
    st.builds(str.__mul__, st.sampled_from(LONG), st.sampled_from([*range(1, 60), *[10_000] * 6])),
)
TEXTS = st.lists(PIECES, min_size=1, max_size=4).map("".join)
STATEMENTS = st.builds(
    Statement,
    text=TEXTS,
    lead=st.one_of(st.just(""), TEXTS),
    level=st.integers(0, 1),
    citations=st.lists(st.integers(1, 130), max_size=12).map(tuple),
)
CITATIONS = st.integers(0, 130).map(lambda count: tuple(map(_citation, range(1, count + 1))))


def _citation(number: int) -> Citation:
    told = {"title": "政府工作报告", "place": "吉林市", "year": 2026, "date": None, "section": "一"}
    where = {"document": "d" * 64, "passage": "p" * 64, "start": 0, "end": 1, "quote": "好"}
    return Citation(number=number, point=None, heading=(), **told, **where)


FOUND = st.builds(
    Answer,
    question=TEXTS,
    outcome=st.sampled_from([Outcome.ANSWERED, Outcome.COMPUTED]),
    language=st.sampled_from(list(Language)),
    statements=st.lists(STATEMENTS, min_size=1, max_size=6).map(tuple),
    citations=CITATIONS,
    shape=st.sampled_from(list(Shape)),
    notes=st.sampled_from([(), ("note_stopped",)]),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What would be sent of one answer, and what is wrong with it."""

    sent: int
    faults: tuple[str, ...]


def judged(answer: Answer, spec: Spec | None = None) -> Judged:
    """Hold all messages of an answer, and its draft, against what Telegram takes and the Bot API says."""
    said = messages(answer.language)
    whole = html.messages((*blocks(answer, said), *notes(answer, said)))
    draft = page(PartialAnswer(statements=answer.statements, citations=answer.citations), said)
    offers = {limits.shorten(answer.question, 60) or "?": new_id()}
    markup = keyboards.under(new_id(), answer.citations, offers=offers, share="↗", draw="📊")
    calls = [{"chat_id": "1", "text": one, "parse_mode": "HTML"} for one in whole]
    if markup is not None and calls:
        calls[-1]["reply_markup"] = markup.to_json()
    seen: list[str] = []
    faults = [fault for call in calls for fault in _faults(call, "sendMessage", spec, seen)]
    faults += _faults(
        {"chat_id": "1", "draft_id": "1", "text": draft, "parse_mode": "HTML"}, "sendMessageDraft", spec, []
    )
    return Judged(len(calls) + 1, tuple(faults) + tuple(_lost(answer, seen)))


def _faults(call: dict[str, str], method: str, spec: Spec | None, seen: list[str]) -> Iterator[str]:
    if spec is not None:
        yield from spec.faults(method, call)
    try:
        shown = content(call)
    except RefusedError as refused:
        yield str(refused)
        return
    seen.append(shown["text"])
    if not 0 < units(shown["text"]) <= limits.MESSAGE_UNITS:
        yield f"{units(shown['text'])} units"
    if len(shown.get("entities", ())) > 100:
        yield f"{len(shown['entities'])} entities, of which Telegram shows 100"


def _lost(answer: Answer, seen: list[str]) -> Iterator[str]:
    """Tell what the answer says and its messages don't."""
    sent = _folded("".join(seen))
    for statement in answer.statements:
        if _folded(limits.clean(statement.text)) not in sent:
            yield f"not in the messages: {json.dumps(statement.text[:40])}"


def _folded(text: str) -> str:
    return "".join(char for char in text if not char.isspace() and char != "•")


def many(spec: Spec | None, *, answers: int = ANSWERS) -> tuple[Judged, ...]:
    """Return what came of generated answers, always the same ones."""
    found: list[Judged] = []

    @seed(20_261)
    @settings(
        max_examples=answers,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(FOUND)
    def judge(answer: Answer) -> None:
        found.append(judged(answer, spec))

    judge()
    return tuple(found)


def table(found: tuple[Judged, ...]) -> ResultTable:
    """Return the figures beside their targets."""
    good = sum(not one.faults for one in found)
    faults = sorted({fault for one in found for fault in one.faults})
    return ResultTable(
        key="telegram-texts",
        title="Generated answers within Telegram's limits: CJK, emoji, right to left, combining, HTML marks",
        figures=(
            Measurement(name="answers", value=len(found), unit=MeasureUnit.COUNT, target=ANSWERS),
            Measurement(
                name="messages and drafts", value=sum(one.sent for one in found), unit=MeasureUnit.COUNT
            ),
            Measurement(
                name="answers whose every message keeps all limits and says all",
                value=good / len(found),
                target=1.0,
            ),
        ),
        notes=tuple(faults[:10]),
    )
