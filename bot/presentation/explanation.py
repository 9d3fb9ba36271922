"""How an answer came about, for a person: what was read, found, written, dropped and called, and how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.values.trace import SecondVote, Verdict
from bot.presentation.rendering import Block, BlockKind, TextRun, TextStyle, line, squeezed, unmarked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from answering.values.answer import Answer
    from answering.values.trace import Call, Frame, Judged, Seen
    from bot.messages import Messages

MOST_HITS = 10
MOST_UNITS = 3
FIRST_WORDS = 40  # characters of a passage
_TOTAL = "total"
_MARKS = {Verdict.KEPT: "✓", Verdict.SILENT: "○"}  # all others fell


def explain(answer: Answer, said: Messages, *, detailed: bool = True) -> tuple[Block, ...]:
    """Return the record of an answer's making; what there is no record of is left out.

    Only a ``detailed`` one has the scores of what was found, and how long each step took.
    """
    trace = answer.trace
    parts: tuple[tuple[Block, ...], ...] = (
        (_way(answer, said),),
        _titled("why_frames", (block for one in trace.frames for block in _frame(one, said)), said),
        _titled("why_hits", _hits(trace.hits, said, scored=detailed), said),
        _titled("why_sentences", (_sentence(one, said) for one in trace.judged), said),
        _titled("why_calls", (_call(one, said) for one in trace.calls), said) if detailed else (),
        _times(answer, said) if detailed else (),
    )
    return tuple(block for part in parts for block in part)


def _titled(key: str, told: Iterable[Block], said: Messages) -> tuple[Block, ...]:
    blocks = tuple(told)
    if not blocks:
        return ()
    return (line(said.say(key), style=TextStyle.STRONG, kind=BlockKind.TITLE, apart=True), *blocks)


def _way(answer: Answer, said: Messages) -> Block:
    key = "stopped" if "note_stopped" in answer.notes or answer.reason == "stopped" else answer.trace.way
    told = _word("way", key, said)
    return line(told + said.say("why_cached") if answer.trace.cached else told)


def _frame(frame: Frame, said: Messages) -> tuple[Block, ...]:
    came = "rewritten" if frame.rewritten else "completed" if frame.completed else ""
    how = [TextRun(said.say(f"why_{came}"), TextStyle.FAINT)] if came else []
    joint = said.say("joint")
    facts = {
        "intent": _word("intent", frame.intent, said),
        "want": _want(frame.want, said),
        "places": joint.join(frame.places) or said.say("why_no_limit"),
        "years": joint.join(map(str, frame.years)) or said.say("why_no_limit"),
    }
    told = (said.say(f"why_{name}", told=fact) for name, fact in facts.items() if fact)
    facts_line = line(said.say("why_between").join(told), style=TextStyle.FAINT, kind=BlockKind.TITLE)
    return (Block((TextRun(frame.text), *how), BlockKind.ITEM), facts_line)


def _want(recorded: str, said: Messages) -> str:
    """Tell the kind of thing that is wanted, and the measure words that it was sought with."""
    kind, *units = recorded.split() or [""]
    told = _word("want", kind, said)
    return f"{told}（{'/'.join(units[:MOST_UNITS])}）" if told and units else told


def _hits(hits: tuple[Seen, ...], said: Messages, *, scored: bool) -> Iterable[Block]:
    if hits and all(one.dense is None for one in hits):
        yield line(said.say("why_words_alone"), style=TextStyle.FAINT)
    for number, one in enumerate(hits[:MOST_HITS], 1):
        yield _hit(number, one, said, scored=scored)
    if len(hits) > MOST_HITS:
        yield line(said.say("why_more_hits", count=len(hits) - MOST_HITS), style=TextStyle.FAINT)


def _hit(number: int, hit: Seen, said: Messages, *, scored: bool) -> Block:
    whose = " ".join(str(part) for part in (hit.place, hit.year) if part) or said.say("unplaced")
    ways = (("why_dense", hit.dense), ("why_words", hit.words))
    scores = [said.say("why_fused", score=f"{hit.score:.3f}")]
    scores += [said.say(key, score=f"{score:.3f}") for key, score in ways if score is not None]
    words = squeezed(unmarked(hit.text))
    shown = words if len(words) <= FIRST_WORDS else words[: FIRST_WORDS - 1] + "…"
    runs = (
        TextRun(f"{number}. ", TextStyle.MARKER),
        TextRun(whose, TextStyle.STRONG),
        TextRun(f" {said.say('joint').join(scores)} " if scored else " ", TextStyle.FAINT),
        TextRun(shown),
    )
    return Block(runs, BlockKind.TITLE)


def _sentence(judged: Judged, said: Messages) -> Block:
    kept = judged.verdict is Verdict.KEPT
    told = _word("verdict", judged.verdict.value, said)
    if judged.why and not kept:
        told = said.say("why_because", told=told, why=judged.why)
    if judged.attempt > 1:
        told = said.say("why_again", told=told)
    if judged.second is not SecondVote.NONE:
        told = said.say("why_second", told=told, vote=_word("second", judged.second.value, said))
    cited = "".join(f"({number})" for number in judged.cited)
    runs = (
        TextRun(f"{_MARKS.get(judged.verdict, '✗')} ", TextStyle.MARKER),
        TextRun(squeezed(judged.text)),
        TextRun(f" {cited}" if cited else "", TextStyle.FAINT),
        TextRun(f" — {told}", TextStyle.FAINT if kept else TextStyle.STRONG),
    )
    return Block(tuple(run for run in runs if run.text), BlockKind.TITLE)


def _call(call: Call, said: Messages) -> Block:
    told = [_word("call", call.purpose, said), call.model, call.prompt]
    told.append(said.say("why_tokens", prompt=call.prompt_tokens, completion=call.completion_tokens))
    if call.counted != "reported":
        told.append(said.say("why_counted", how=call.counted))
    if call.first:
        told.append(said.say("why_first", seconds=f"{call.first:.1f}"))
    told.append(said.say("why_seconds", seconds=f"{call.seconds:.1f}"))
    if call.error:
        told.append(said.say("why_error", told=_word("error", call.error.lower(), said)))
    return line(" · ".join(part for part in told if part), kind=BlockKind.ITEM)


def _times(answer: Answer, said: Messages) -> tuple[Block, ...]:
    total = answer.seconds.get(_TOTAL)
    stages = [(name, seconds) for name, seconds in answer.seconds.items() if name != _TOTAL]
    ordered = [*stages, *([(_TOTAL, total)] if total is not None else [])]
    told = (
        said.say("why_ms", name=_word("stage", name, said), ms=f"{1000 * seconds:,.0f}")
        for name, seconds in ordered
    )
    text = said.say("why_between").join(told)
    return _titled("why_times", (line(text),) if text else (), said)


def _word(kind: str, name: str, said: Messages) -> str:
    """Return a person's word for a name of ours; the name itself where there is none."""
    key = f"why_{kind}_{name}"
    return said.say(key) if key in said else name
