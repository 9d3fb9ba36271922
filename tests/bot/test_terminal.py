"""The conversation as a person has it: in a terminal, key by key."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from town import SENTENCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pexpect = pytest.importorskip("pexpect", reason="needs a terminal of POSIX")
HERE = Path(__file__).parent
CODES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07]*\x07|\r")


@pytest.fixture
def run(home: Path) -> Iterator[Callable[..., pexpect.spawn]]:
    """Give what starts the program in a terminal of its own."""
    started: list[pexpect.spawn] = []

    def begin(*arguments: str) -> pexpect.spawn:
        child = pexpect.spawn(
            sys.executable,
            [str(HERE / "town_cli.py"), *arguments],
            env={
                "PATH": os.environ["PATH"],
                "TERM": "xterm-256color",
                "LANG": "C.UTF-8",
                "CHENGWEN_HOME": str(home),
                "PYTHONPATH": f"{HERE.parents[1]}{os.pathsep}{HERE}",
                # prompt_toolkit asks where the cursor is, and nobody in here answers.
                "PROMPT_TOOLKIT_NO_CPR": "1",
            },
            cwd=str(home),
            dimensions=(40, 60),
            encoding="utf-8",
            timeout=30,
        )
        started.append(child)
        return child

    yield begin
    for child in started:
        child.close(force=True)


@pytest.fixture
def terminal(run: Callable[..., pexpect.spawn]) -> pexpect.spawn:
    child = run("chat")
    child.expect("› ")
    return child


def shown(child: pexpect.spawn, until: str) -> str:
    """Return what the terminal showed up to ``until``, without its codes."""
    child.expect(until)
    return CODES.sub("", f"{child.before}{child.after}")


def test_a_person_is_greeted_with_the_places_and_examples(terminal: pexpect.spawn) -> None:
    greeting = CODES.sub("", terminal.before)
    assert "我读过清河市的材料" in greeting
    assert "清河市讲了哪几个部分？" in greeting


def test_a_question_is_answered_and_its_source_opens_with_the_words_marked(terminal: pexpect.spawn) -> None:
    terminal.sendline("停车位有多少？")
    assert SENTENCES[1] in shown(terminal, "一、从小事做起")
    terminal.sendline("/open 1")
    terminal.expect(r"\x1b\[1;7m([^\x1b]*)\x1b\[0m")
    assert terminal.match.group(1) == SENTENCES[1]
    assert SENTENCES[2] in shown(terminal, re.escape(SENTENCES[2]))


def test_ctrl_c_gives_up_the_line_and_ctrl_d_ends(terminal: pexpect.spawn) -> None:
    terminal.send("这句不要了")
    terminal.sendintr()
    terminal.sendline("停车位？")
    assert "不代写" not in shown(terminal, "缓解")
    terminal.expect("› ")
    terminal.sendeof()
    terminal.expect("再见")
    terminal.expect(pexpect.EOF)
    terminal.wait()
    assert terminal.exitstatus == 0


def test_pasted_lines_are_one_question(terminal: pexpect.spawn) -> None:
    terminal.send("\x1b[200~写诗\n停车位？\x1b[201~")
    terminal.sendline("")
    assert "不代写" in shown(terminal, "直接问。")
    terminal.sendline("/new")
    assert SENTENCES[1] not in shown(terminal, "请问新的")


def test_commands_are_completed(terminal: pexpect.spawn) -> None:
    terminal.send("/cit\t")
    terminal.expect("ies")
    terminal.send("\r")
    assert "共1篇材料" in shown(terminal, "2021-06-03")


def test_what_was_typed_is_remembered_for_its_owner_alone(terminal: pexpect.spawn, home: Path) -> None:
    terminal.sendline("停车位有多少？")
    shown(terminal, "缓解")
    terminal.sendline("/quit")
    terminal.expect(pexpect.EOF)
    history = home / "history"
    assert "停车位有多少？" in history.read_text(encoding="utf-8")
    assert history.stat().st_mode & 0o077 == 0


def test_what_is_proved_appears_as_it_passes_over_a_line_that_says_what_is_done(
    terminal: pexpect.spawn,
) -> None:
    terminal.sendline("慢慢说停车位")
    assert "阅读中…" in shown(terminal, "写作中…")
    assert SENTENCES[1] not in shown(terminal, re.escape(SENTENCES[0]))
    shown(terminal, "写作中…")
    assert SENTENCES[2] not in shown(terminal, re.escape(SENTENCES[1]))
    told = shown(terminal, re.escape("[3] 清河市"))
    assert SENTENCES[0] not in told  # it stands already, and is not drawn again
    assert told.count(SENTENCES[2]) == 1
    terminal.expect("› ")


def test_ctrl_c_ends_this_answer_alone_and_what_was_proved_stays(terminal: pexpect.spawn) -> None:
    terminal.sendline("慢慢说停车位，停不下来")
    shown(terminal, re.escape(SENTENCES[1]))
    terminal.sendintr()
    told = shown(terminal, re.escape("[2] 清河市"))
    assert "已停止" in told
    assert told.count(SENTENCES[1]) == 0  # it stands already, and is not drawn again
    terminal.expect("› ")
    terminal.sendline("/open 2")
    assert SENTENCES[2] in shown(terminal, re.escape(SENTENCES[2]))
    terminal.sendintr()
    terminal.sendline("停车位？")
    shown(terminal, "一、从小事做起")
    terminal.expect("› ")
    terminal.sendeof()
    terminal.expect("再见")


def test_ctrl_c_before_anything_was_proved_says_so_in_a_line(terminal: pexpect.spawn) -> None:
    terminal.sendline("慢慢说停车位，停不下来")
    shown(terminal, "阅读中…")
    terminal.sendintr()
    assert "阅读中" not in shown(terminal, "已取消。")
    terminal.expect("› ")
    terminal.sendline("/open 1")
    shown(terminal, "没有出处")


def test_an_answer_that_is_withdrawn_gives_place_to_another(terminal: pexpect.spawn) -> None:
    terminal.sendline("慢慢说停车位，要改")
    shown(terminal, re.escape(SENTENCES[1]))
    told = shown(terminal, "模型暂时用不了")
    assert SENTENCES[0] not in told  # it stands in both, and is not drawn again
    assert SENTENCES[1] not in told
    terminal.expect("› ")


def test_keys_pressed_meanwhile_leave_no_mark_and_are_there_for_the_next_line(
    terminal: pexpect.spawn,
) -> None:
    terminal.sendline("慢慢说停车位")
    shown(terminal, "阅读中…")
    terminal.sendline("/new")
    assert "/new" not in shown(terminal, re.escape("[3] 清河市"))
    shown(terminal, "请问新的")


def test_one_question_is_answered_live_with_its_sources(run: Callable[..., pexpect.spawn]) -> None:
    child = run("ask", "慢慢说停车位", "--explain")
    shown(child, "写作中…")
    shown(child, re.escape(SENTENCES[0]))
    told = shown(child, re.escape("由程序从原文里摘取"))
    assert "出处" in told
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 0


def test_ctrl_c_ends_one_question_with_what_was_proved(run: Callable[..., pexpect.spawn]) -> None:
    child = run("ask", "慢慢说停车位，停不下来")
    shown(child, re.escape(SENTENCES[2]))
    child.sendintr()
    told = shown(child, "已停止")
    child.expect(pexpect.EOF)
    assert "出处" in CODES.sub("", child.before)
    assert "Traceback" not in told + child.before
    child.wait()
    assert child.exitstatus == 130
