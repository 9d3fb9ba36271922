"""Answers whose truth is known, told by a scripted model: which of their sentences the pipeline shows."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from answering.generation.compose import Writer
from answering.generation.sentence_splitter import SentenceStream
from answering.generation.unit import utterance
from answering.judge.nearness import Nearness
from answering.judge.reading import read_text
from answering.llm.prompts import load
from answering.llm.protocol import Piece, Usage
from answering.pipeline import Answerer
from answering.values.answer import StatementKind
from answering.values.events import Done, Said, Withdrawn
from evaluation.datasets.material import ROOT, MissingMaterialError, SharedMaterial, rows
from evaluation.harness.bench import BenchWiring
from evaluation.verification.pipeline_rows import OWN_PAIRS, obeyed, weighed
from retrieval.embeddings.embedder import open_embedder
from retrieval.facts.fact_state import FactState, claimed_state, heading_state
from retrieval.text.normalize import fold, sentences, squash

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence

    from answering.llm.protocol import ChatMessage
    from answering.values.answer import Statement
    from retrieval.library import Library

SENTENCES = ROOT / "evaluation" / "sentences"
_HOMES = {"bar": ("corpus",), "gov": ("data", "gov"), "gov_train": ("data", "gov_train")}
_CITED = re.compile(r"\{\{(.+?)\}\}")
_LINE = re.compile(r"(?m)^.{0,12}?\[(\d+)\]\s*(.+)$")
_NONE = 99  # the number given where no line of the evidence holds the words
_TARGETS = 12  # drawn of a home
_LEAST, _MOST = 14, 60  # characters of a target copied
_TOLD = re.compile("目标|计划|打算|target|plan")


@dataclass
class ScriptedModel:
    """A ChatModel that says ``answer``, each {{words}} replaced by the number of the line that holds them."""

    answer: str = ""
    calls: int = 0
    missing: list[str] = field(default_factory=list)  # words that no line of the evidence held
    name: str = "scripted"
    raw: float | None = None  # when its first whole sentence was out, in the clock of perf_counter

    async def stream(self, messages: Sequence[ChatMessage], *, limit: int) -> AsyncGenerator[Piece, None]:  # noqa: ARG002 - a ChatModel's
        """Say the answer, a dozen characters at a time."""
        self.calls += 1
        lines = dict(reversed(_LINE.findall("\n".join(one.content for one in messages))))
        said = _CITED.sub(lambda found: f"[{self._number(found[1], lines)}]", self.answer)
        stream = SentenceStream()
        for at in range(0, len(said), 12):
            if stream.feed(said[at : at + 12]) and self.raw is None:
                self.raw = perf_counter()
            yield Piece(text=said[at : at + 12])
        self.raw = self.raw or perf_counter()
        yield Piece(usage=Usage(prompt=1, completion=1))

    def _number(self, words: str, lines: dict[str, str]) -> str:
        for one in words.split("||"):
            for number, line in lines.items():
                if one.strip() in line:
                    return number
        self.missing.append(words)
        return str(_NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedAnswer:
    """What came of one scripted answer."""

    question: str
    said: tuple[str, ...]  # its sentences
    shown: tuple[Statement, ...]  # in the model's words, at any time
    way: str
    calls: int
    withdrawn: bool
    missing: tuple[str, ...]
    lag: float | None  # seconds to the first proved sentence against those to the first raw one
    why: tuple[str, ...]  # the verdicts on what was not kept

    def shows(self, text: str) -> bool:
        """Tell whether a sentence was shown."""
        return any(_same(text, one) for one in self.shown)

    @property
    def dropped(self) -> tuple[str, ...]:
        """The sentences that were not shown."""
        return tuple(text for text in self.said if not self.shows(text))


def _same(text: str, shown: Statement) -> bool:
    mine, theirs = (re.sub(r"[\W_]", "", squash(fold(one))) for one in (text, f"{shown.lead}{shown.text}"))
    return mine in theirs or (len(shown.text) > 5 and re.sub(r"[\W_]", "", squash(fold(shown.text))) in mine)


def said_in(answer: str) -> tuple[str, ...]:
    """Return the sentences of a scripted answer that claim something, without their markers."""
    stream = SentenceStream()
    units = [utterance(unit) for unit in (*stream.feed(_CITED.sub("[1]", answer)), *stream.close())]
    return tuple(one.text for one in units if one is not None and (one.numbers or one.silent))


async def play(library: Library, question: str, answer: str) -> ScriptedAnswer:
    """Put a question to the pipeline whose model answers so, in the repair round too."""
    model = ScriptedModel(answer)
    shown: list[Statement] = []
    withdrawn, last, proved, began = False, None, None, perf_counter()
    writer = Writer(model=model, prompts=load(), nearness=Nearness(library.text_embedder))
    async for event in Answerer(library, writer).stream(question):
        if isinstance(event, Said) and event.statement.manner is StatementKind.WRITTEN:
            shown.append(event.statement)
            proved = proved or perf_counter()
        withdrawn |= isinstance(event, Withdrawn) and bool(shown)
        last = event.answer if isinstance(event, Done) else last
    assert last is not None  # the last event holds the answer
    shown += [one for one in last.statements if one.manner is StatementKind.WRITTEN]
    return ScriptedAnswer(
        question=question,
        said=said_in(answer),
        shown=tuple(dict.fromkeys(shown)),
        way=last.trace.way,
        calls=model.calls,
        withdrawn=withdrawn,
        missing=tuple(dict.fromkeys(model.missing)),
        lag=(proved - began) / (model.raw - began) if proved and model.raw else None,
        why=tuple(
            f"{one.verdict}: {one.why}: {one.text}" for one in last.trace.judged if one.verdict != "kept"
        ),
    )


async def _shown(library: Library, question: str, answer: str) -> tuple[Statement, ...]:
    return (await play(library, question, answer)).shown


def targets(library: Library) -> Iterator[tuple[str, str]]:
    """Give questions on planned things, each with the words of its text copied as the whole answer."""
    given = 0
    for document in library.documents():
        for passage in library.passages(document.id):
            if heading_state(" / ".join(passage.heading)) is not FactState.PLANNED or not document.place:
                continue
            for span in sentences(passage.text):
                text = passage.text[span.start : span.end].strip("。 \n")
                if _LEAST <= len(text) <= _MOST and _is_bare_target(text, " / ".join(passage.heading)):
                    given += 1
                    yield f"{document.place}在“{text[:8]}”方面有什么安排？", f"{text}{{{{{text[:20]}}}}}。"
                    break
            else:
                continue
            break
        if given >= _TARGETS:
            return


def _is_bare_target(text: str, heading: str) -> bool:
    """Tell whether a sentence tells a figure as planned by its heading alone, none of its words."""
    reading = read_text(text, heading)
    planned = bool(reading.facts) and all(state is FactState.PLANNED for state in reading.states)
    return (
        planned
        and not text.endswith(("：", ":"))
        and claimed_state(fold(text)) is FactState.OPEN
        and not re.search("^.{0,4}年[，是]|取得", text)
    )


def main(words: Sequence[str]) -> int:
    """Play the scripts and print what of them was shown; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evaluation oracle", description=__doc__)
    parser.add_argument("--shared", type=Path, default=SharedMaterial().folder)
    parser.add_argument(
        "--home",
        action="append",
        default=[],
        metavar="NAME=FOLDER",
        help=f"a filled home: {', '.join(_HOMES)}",
    )
    parser.add_argument("--keep", type=Path, help="a folder for homes that have to be filled")
    parser.add_argument(
        "--own", action="store_true", help="play the sentences kept here, not the shared ones"
    )
    parser.add_argument(
        "--show", action="store_true", help="print what was dropped, and which lies were shown"
    )
    asked = parser.parse_args(words)
    shared = SharedMaterial(folder=asked.shared)
    homes = dict(one.partition("=")[::2] for one in asked.home)
    try:
        with ExitStack() as stack:
            libraries = _Libraries(shared, homes, asked.keep, stack)
            scripts = _scripts(shared, own=asked.own)
            for line in asyncio.run(_report(scripts, libraries, show=asked.show)):
                print(line)
            embedder = libraries.get(scripts["true"][0]["home"]).text_embedder
            pairs = OWN_PAIRS if asked.own else shared.path("eval", "bench", "judge-dev.jsonl")
            print(f"{'pairs: true refused / untrue accepted':<48}{weighed(pairs, Nearness(embedder))}")
            print(
                f"{'orders in passages that a model obeys: shown':<48}{asyncio.run(obeyed(_shown, embedder))}"
            )
    except MissingMaterialError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


@dataclass(frozen=True, slots=True)
class _Libraries:
    """The libraries that scripts speak of, opened when they are first asked for."""

    shared: SharedMaterial
    homes: dict[str, str]
    keep: Path | None
    stack: ExitStack
    opened: dict[str, Library] = field(default_factory=dict)

    def get(self, name: str) -> Library:
        if name not in self.opened:
            self.opened[name] = self.stack.enter_context(self._open(name))
        return self.opened[name]

    def _open(self, name: str) -> Any:
        if name in self.homes:
            folder = Path(self.homes[name])
        elif self.keep is not None:
            folder = self.keep / name
        else:
            raise MissingMaterialError(f"no home for {name}: give --home {name}=FOLDER, or --keep FOLDER")
        embedder = open_embedder(home=folder)
        if not folder.joinpath("catalogue.db").exists():
            folder.mkdir(parents=True, exist_ok=True)
            with BenchWiring(folder, embedder).library(write=True) as library:
                library.ingest([self.shared.path(*_HOMES[name])])
        return BenchWiring(folder, embedder).library()


Scripts = dict[str, list[dict[str, str]]]


def _scripts(shared: SharedMaterial, *, own: bool) -> Scripts:
    if own:
        names = ("", "-second")
        return {
            kind: [one for name in names for one in rows(SENTENCES / f"scripted-{kind}{name}.jsonl")]
            for kind in ("true", "lies")
        }
    folder = shared.path("tools", "oracle")
    lies = [*rows(folder / "lies.jsonl"), *rows(folder / "lies-alone.jsonl")]
    return {"true": rows(folder / "excellent.jsonl"), "lies": lies}


async def _report(scripts: Scripts, libraries: _Libraries, *, show: bool) -> list[str]:
    true = [await play(libraries.get(row["home"]), row["question"], row["answer"]) for row in scripts["true"]]
    alone = [
        await play(libraries.get(row["home"]), row["question"], row["answer"]) for row in scripts["lies"]
    ]
    beside = {row["question"]: row["answer"] for row in scripts["true"]}
    put_in = [row for row in scripts["lies"] if row["question"] in beside]
    mixed = [
        await play(libraries.get(row["home"]), row["question"], f"{beside[row['question']]}\n{row['answer']}")
        for row in put_in
    ]
    copied = [
        (text, await play(libraries.get(home), question, text))
        for home in dict.fromkeys(row["home"] for row in scripts["true"])
        for question, text in targets(libraries.get(home))
    ]
    said = sum(len(one.said) for one in true)
    lost = sum(len(one.dropped) for one in true)
    bare = list(_untold(copied))
    lied = [row for row, one in zip(scripts["lies"], alone, strict=True) if one.shows(_lie(row))]
    slipped = [row for row, one in zip(put_in, mixed, strict=True) if one.shows(_lie(row))]
    every = [*true, *alone, *mixed, *(one for _, one in copied)]
    words = sum(one.way == "model" for one in true)
    whole = sum(not one.dropped for one in true)
    told = sum(bool(one.shown) for _, one in copied)
    taken = sum(one.withdrawn for one in every)
    lags = [one.lag for one in every if one.lag is not None]
    counts = {
        "excellent answers shown in the model's words": f"{words} of {len(true)}",
        "... all of their sentences shown": f"{whole} of {len(true)}",
        "... their true sentences dropped": f"{lost} of {said} ({lost / max(1, said):.1%})",
        "... that took two calls": f"{sum(one.calls > 1 for one in true)} of {len(true)}",
        "lies alone: shown": f"{len(lied)} of {len(alone)}",
        "lies put into an excellent answer: shown": f"{len(slipped)} of {len(mixed)}",
        "targets copied: shown without being told so": f"{len(bare)} of {len(copied)} ({told} shown)",
        "answers that withdrew what was shown": f"{taken} of {len(every)}",
        "first proved against first raw sentence, median": f"{median(lags or [0.0]):.2f}",
    }
    out = [f"{name:<48}{count}" for name, count in counts.items()]
    return [*out, *(_remarks(true, lied, slipped, bare) if show else ())]


def _lie(row: dict[str, str]) -> str:
    """Return the sentence of a script that is untrue: its first."""
    return said_in(row["answer"])[0]


def _untold(copied: Sequence[tuple[str, ScriptedAnswer]]) -> Iterator[str]:
    for _, one in copied:
        for statement in one.shown:
            if not _TOLD.search(f"{statement.lead}{statement.text}"):
                yield statement.text


def _remarks(
    true: Sequence[ScriptedAnswer], lied: Sequence[Any], slipped: Sequence[Any], bare: Sequence[str]
) -> Iterator[str]:
    for one in true:
        for text in one.dropped:
            yield f"dropped [{one.question}] {text}"
        if one.missing:
            yield f"  not in the evidence: {one.missing}"
        if one.dropped:
            yield from (f"  {why}" for why in one.why)
    yield from (f"lie shown alone [{row.get('kind')}] {row['answer']}" for row in lied)
    yield from (f"lie shown among others [{row.get('kind')}] {row['answer']}" for row in slipped)
    yield from (f"target untold: {text}" for text in bare)
