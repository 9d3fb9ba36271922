"""An answer as it comes into a terminal, looked at as a person sees it: on a small screen played here."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len
from town import SENTENCES, Town

from answering.values.answer import Answer, Language, Outcome, Shape, Statement
from answering.values.events import Done, Said, Stage, Step, Withdrawn
from bot.messages import messages
from bot.presentation.partial_answer import PartialAnswer, follow
from bot.presentation.rendering import blocks, line
from bot.terminal.console import PlainOutput, RichOutput
from bot.terminal.live_answer import PATIENCE, LiveAnswer, LiveRegion, live

CODE = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])")
HANS = messages(Language.HANS)


class Glass(io.StringIO):
    """A terminal's screen: takes what is written as a terminal does, and keeps what has left its top."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self.width, self.height = width, height
        self.rows = [""]
        self.at = 0
        self.erased = 0

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        while text:
            if code := CODE.match(text):
                self._obey(code[1], code[2])
                text = text[code.end() :]
            else:
                self._type(text[0])
                text = text[1:]
        return 0

    def _obey(self, value: str, kind: str) -> None:
        if kind == "A":
            top = max(0, len(self.rows) - self.height)
            self.at = max(top, self.at - int(value or 1))
        elif kind == "K":
            self.rows[self.at] = ""
            self.erased += 1
        assert kind in "AKmhl", kind

    def _type(self, char: str) -> None:
        if char == "\n":
            self.at += 1
            if self.at == len(self.rows):
                self.rows.append("")
        elif char != "\r":
            self.rows[self.at] += char
            assert cell_len(self.rows[self.at]) <= self.width, self.rows[self.at]

    @property
    def lines(self) -> list[str]:
        return "\n".join(row.rstrip() for row in self.rows).rstrip("\n").split("\n")


def glass(width: int = 60, height: int = 20) -> tuple[Glass, RichOutput]:
    shown = Glass(width, height)
    terminal = RichOutput(shown)
    terminal.console.width, terminal.console.height = width, height
    return shown, terminal


def statement(at: int) -> Said:
    cited = Town().cite(SENTENCES[at], at + 1)
    return Said(statement=Statement(text=SENTENCES[at], citations=(at + 1,)), citations=(cited,))


@pytest.mark.parametrize("width", [20, 40, 60, 100])
def test_what_is_proved_stands_over_a_line_that_tells_what_is_done(width: int) -> None:
    screen, terminal = glass(width)
    shown, heard = LiveAnswer(terminal, HANS), PartialAnswer()
    for event in (Step(stage=Stage.WRITING), statement(0), statement(1)):
        heard = heard.after(event)
        shown.hear(heard)
    assert "".join(screen.lines) == f"{SENTENCES[0]}[1]{SENTENCES[1]}[2]写作中…"
    shown.settle(blocks(Town().quoting("x", *SENTENCES), HANS))
    assert "".join(screen.lines) == "".join(f"{one}[{at}]" for at, one in enumerate(SENTENCES, 1))


def test_only_what_changed_is_drawn_again() -> None:
    screen, terminal = glass()
    region = LiveRegion(terminal)
    region.put([line(f"第{number}行") for number in range(9)])
    before = screen.erased
    region.put([*(line(f"第{number}行") for number in range(8)), line("新")])
    assert screen.erased - before == 2  # the line that changed, and the empty one of the cursor
    region.put([*(line(f"第{number}行") for number in range(8)), line("新")])
    assert screen.erased - before == 2
    assert screen.lines == [*(f"第{number}行" for number in range(8)), "新"]


def test_another_answer_takes_the_place_of_what_was_shown() -> None:
    screen, terminal = glass()
    terminal.show([line("上面的话")])
    shown, heard = LiveAnswer(terminal, HANS), PartialAnswer()
    for event in (statement(0), Withdrawn(), statement(2)):
        heard = heard.after(event)
        shown.hear(heard)
    assert screen.lines == ["上面的话", f"{SENTENCES[2]}[3]", "检索中…"]
    shown.settle([line("另一个回答")])
    assert screen.lines == ["上面的话", "另一个回答"]


def test_what_has_left_the_top_stays_and_the_whole_stands_anew_under_it() -> None:
    screen, terminal = glass(height=5)
    region = LiveRegion(terminal)
    region.put([line(f"第{number}行") for number in range(9)])
    region.put([line("改过的"), line("回答")])
    assert screen.lines[-2:] == ["改过的", "回答"]
    assert screen.lines[:5] == [f"第{number}行" for number in range(5)]
    assert len(screen.lines) == 7


def test_a_window_made_narrower_meanwhile_leaves_no_rest() -> None:
    screen, terminal = glass(width=60)
    region = LiveRegion(terminal)
    region.put([line("字" * 25)])
    terminal.console.width = screen.width = 20
    screen.rows[0:1] = ["字" * 10, "字" * 10, "字" * 5]  # as terminals lay out anew what they hold
    screen.at = 3
    region.put([line("短")])
    assert screen.lines[0] == "短"
    assert not any(screen.lines[1:])


def test_a_comparison_is_a_table_in_the_end() -> None:
    screen, terminal = glass(width=70)
    told = (Statement(text=SENTENCES[1], citations=(1,), lead="清河市", level=1),) * 2
    answer = Answer(question="x", outcome=Outcome.ANSWERED, statements=told, shape=Shape.TABLE)
    shown, heard = LiveAnswer(terminal, HANS), PartialAnswer()
    for one in told:
        heard = heard.after(Said(statement=one))
        shown.hear(heard)
    assert screen.lines[0].startswith("• 清河市：")
    shown.settle(blocks(answer, HANS))
    assert re.fullmatch(rf"清河市 │ {SENTENCES[1]} +│ \[1\]", screen.lines[0])
    assert [row.count("│") for row in screen.lines] == [2, 0, 2]


async def test_a_quick_answer_is_shown_whole_and_nothing_before_it() -> None:
    screen, terminal = glass()
    async with live(terminal, HANS) as shown:
        assert shown is not None
        shown.hear(PartialAnswer())
        shown.settle([line("回答")])
    assert screen.lines == ["回答"]
    assert screen.erased == 1
    assert PATIENCE > 0.1  # an answer without a model takes a tenth of a second


async def test_into_a_pipe_goes_nothing_live() -> None:
    async with live(PlainOutput(io.StringIO()), HANS) as shown:
        assert shown is None


async def test_a_terminal_that_can_take_nothing_back_is_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    async with live(RichOutput(Glass(60, 20)), HANS) as shown:
        assert shown is None


def test_a_stopped_answer_keeps_what_was_proved() -> None:
    heard = PartialAnswer()
    nothing = heard.stopped("问", Language.HANS)
    assert (nothing.outcome, nothing.reason) == (Outcome.NOT_SUPPORTED, "stopped")
    for event in (statement(0), Withdrawn(), statement(1)):
        heard = heard.after(event)
    answer = heard.stopped("问", Language.HANS)
    assert [one.text for one in answer.statements] == [SENTENCES[1]]
    assert [one.number for one in answer.citations] == [2]
    assert (answer.notes, answer.places) == (("note_stopped",), ("清河市",))


async def test_following_tells_each_step_and_gives_the_answer() -> None:
    told: list[PartialAnswer] = []
    town = Town()

    class Two:
        async def stream(self, question, history=()):  # type: ignore[no-untyped-def]
            yield Step(stage=Stage.READING)
            yield Done(answer=town.quoting(question, SENTENCES[0]))

    answer = await follow(Two(), "问", (), told.append)
    assert answer.question == "问"
    assert [one.stage for one in told] == [Stage.READING, Stage.READING]
