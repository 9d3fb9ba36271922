"""The program as a shell calls it, over the invented library."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from town import SENTENCES, TownWiring

from bot.cli import run
from bot.commands.session import text_lines, whole_text
from bot.errors import InputError

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COMMANDS = ("ask", "chat", "search", "ingest", "corpus", "doctor", "bot")


def env(home: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "CHENGWEN_HOME": str(home),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}",
        "PYTHONWARNINGS": "error",
        **more,
    }


def shell(
    *arguments: str, home: Path, stdin: str | bytes = "", **more: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, str(HERE / "town_cli.py"), *arguments],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        env=env(home, **more),
        cwd=home,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    )


def test_ask_prints_the_answer_and_its_sources(home: Path) -> None:
    done = shell("ask", "停车位？", home=home)
    assert (done.returncode, done.stderr) == (0, "")
    where = "[1] 清河市 · 《把一座城过成一家人》 · 一、从小事做起"
    assert done.stdout == f"{SENTENCES[1]}[1]\n\n出处\n{where}\n    {SENTENCES[1]}\n"


def test_ask_speaks_utf8_whatever_the_locale_says(home: Path) -> None:
    done = shell("ask", "停车位？", home=home, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0
    assert SENTENCES[1] in done.stdout


def test_ask_takes_a_question_from_standard_input_and_survives_bytes_that_are_no_text(home: Path) -> None:
    assert SENTENCES[1] in shell("ask", "-", home=home, stdin="停车位？\n").stdout
    assert SENTENCES[1] in shell("ask", "-", home=home, stdin=b"\xff\xfe\x00 abc\n").stdout


def test_ask_json_is_the_whole_answer(home: Path) -> None:
    told = json.loads(shell("ask", "停车位？", "--json", home=home).stdout)
    assert told["outcome"] == "answered"
    assert told["citations"][0]["quote"] == SENTENCES[1]


def test_ask_honours_a_history_and_refuses_a_broken_one(home: Path) -> None:
    file = home / "history.json"
    file.write_text('[{"role": "user", "content": "停车位？"}]', encoding="utf-8")
    assert shell("ask", "多少？", "--history", str(file), home=home).returncode == 0
    for broken in ("{", '["x"]', "3"):
        file.write_text(broken, encoding="utf-8")
        done = shell("ask", "多少？", "--history", str(file), home=home)
        assert done.returncode == 1
        assert "history.json" in done.stderr


def test_a_batch_gives_a_record_a_question_and_tells_bad_lines(home: Path) -> None:
    lines = ['{"id": "a", "question": "停车位？"}', "{", '{"id": "b", "question": "写诗"}']
    lines += ['{"id": "c", "question": "坏了"}', '{"id": "d", "question": ""}']
    (home / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    out = home / "out.jsonl"
    done = shell("ask", "--batch", str(home / "in.jsonl"), "--out", str(out), home=home)
    assert done.returncode == 1
    assert "第 2 行" in done.stderr
    records = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(one["id"], one["abstained"]) for one in records] == [
        ("a", False), ("b", True), ("c", True), ("d", False)
    ]  # fmt: skip
    assert records[0]["citations"][0]["quote"] == SENTENCES[1]
    assert records[0]["answer"] == f"{SENTENCES[1]}[1]"
    assert "编号" in records[2]["answer"]


def test_a_batch_goes_from_standard_input_to_standard_output(home: Path) -> None:
    done = shell("ask", "--batch", "-", home=home, stdin='{"id": "a", "question": "停车位？"}\n')
    assert done.returncode == 0
    assert json.loads(done.stdout)["id"] == "a"


@pytest.mark.parametrize(
    "options", [("ask", "多少？", "--history", "/dev/zero"), ("ask", "--batch", "/dev/zero"), ("check", "-")]
)
def test_what_has_no_end_is_read_no_further(home: Path, options: tuple[str, ...]) -> None:
    stdin = "0" * 5_000_000 if options[-1] == "-" else ""
    done = shell(*options, home=home, stdin=stdin)
    assert done.returncode == 1
    assert "没有读下去" in done.stderr


def test_many_lines_are_one_text_up_to_a_bound() -> None:
    lines = ["一\n"] * 3
    assert whole_text(iter(lines), "a") == "一\n一\n一\n"
    with pytest.raises(InputError, match="没有读下去"):
        whole_text(itertools.repeat("一" * 1_000_000), "a")


def test_a_file_that_fails_while_it_is_read_is_told(tmp_path: Path) -> None:
    with (tmp_path / "a").open("w", encoding="utf-8") as file, pytest.raises(InputError, match="读不了 a"):
        list(text_lines(file, "a"))  # it is open for writing


def test_an_unexpected_error_is_a_sentence_with_an_id_and_the_trace_is_in_the_log(home: Path) -> None:
    secret = "hunter2-hunter2"
    done = shell("ask", "坏了", home=home, EMBEDDINGS_API_KEY=secret)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert secret not in done.stderr
    number = done.stderr.split("编号 ")[1].split("。")[0]
    log = (home / "logs" / "chengwen.log").read_text(encoding="utf-8")
    assert number in log
    assert "RuntimeError" in log
    assert secret not in log
    assert "***" in log


def test_where_no_log_can_be_written_there_is_still_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the home should be", encoding="utf-8")
    assert (
        "Traceback" not in shell("ask", "坏了", home=tmp_path, CHENGWEN_HOME=str(tmp_path / "taken")).stderr
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["aks"], "没有 aks"),
        (["ask", "a", "b c"], "多了“b c”"),
        (["search", "--plcae", "x", "y"], "--place"),
        (["search", "-k", "0", "x"], "-k"),
        (["search", "x", "-k"], "-k"),
        (["corpus", "show"], "ID"),
        (["corpus", "nope"], "nope"),
    ],
)
def test_what_is_not_understood_is_told_in_chinese_with_code_2(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert run(arguments, env(home), wire=TownWiring) == 2
    said = capsys.readouterr().err
    assert told in said
    assert "--help" in said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask"], "没有问题"),
        (["ask", " \n"], "没有问题"),
        (["ask", "--batch", "/no/such/file"], "/no/such/file"),
        (["ask", "--batch", "-", "--out", "/no/such/folder/x"], "/no/such/folder"),
        (["ask", "x", "--history", "/no/such/file"], "/no/such/file"),
        (["ingest"], "要读哪个文件"),
        (["corpus", "show", "nope"], "nope"),
        (["bot"], "@BotFather"),
    ],
)
def test_what_can_not_be_done_is_told_with_code_1(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert run(arguments, env(home), wire=TownWiring) == 1
    assert told in capsys.readouterr().err


def test_a_bad_setting_is_one_sentence_and_help_needs_no_settings(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = env(home, EMBEDDINGS="best")
    assert run(["ask", "x"], bad, wire=TownWiring) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert run(["ask", "--help"], bad, wire=TownWiring) == 0
    assert run(["doctor"], bad, wire=TownWiring) == 1
    assert "✗" in capsys.readouterr().out


def test_help_names_every_command_and_no_argument_shows_it_too(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--help"], env(home), wire=TownWiring) == 0
    told = capsys.readouterr().out
    assert not [name for name in COMMANDS if f"  {name} " not in told]
    assert run([], env(home), wire=TownWiring) == 2
    assert "ingest" in capsys.readouterr().err


def test_help_loads_nothing_heavy(home: Path) -> None:
    """Import time is a feature: ``chengwen --help`` needs no index, no model and no Telegram."""
    code = "import sys; from bot.cli import run; run(['--help'], {}); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=env(home), capture_output=True, text=True, timeout=60, check=True
    )
    heavy = {"numpy", "sqlalchemy", "chromadb", "onnxruntime", "langchain_core", "telegram", "prompt_toolkit"}
    assert not heavy & set(done.stderr.split())


def test_a_reader_that_has_had_enough_is_no_error(home: Path) -> None:
    """``chengwen ask --batch … | head -1``: no trace, no complaint at the end."""
    questions = "".join(f'{{"id": "{number}", "question": "停车位？"}}\n' for number in range(5000))
    (home / "in.jsonl").write_text(questions, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(HERE / "town_cli.py"), "ask", "--batch", str(home / "in.jsonl")],
        env=env(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        told = process.stderr.read().decode()
    assert told == ""
    assert process.returncode == 141


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_who_breaks_it_off_is_told_so_without_a_trace(home: Path, how: signal.Signals, code: int) -> None:
    with subprocess.Popen(
        [sys.executable, str(HERE / "town_cli.py"), "ask", "--batch", "-"],
        env=env(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write('{"id": "a", "question": "停车位？"}\n'.encode())
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(how)
        told = process.stderr.read().decode()
        process.stdin.close()
    assert process.returncode == code
    assert told == "已中断。已经存下的都在；再运行同样的命令，就从那里接着做。\n"


def test_chat_in_a_pipe_is_plain_lines_and_ends_at_the_end_of_input(home: Path) -> None:
    done = shell("chat", home=home, stdin="停车位？\n/open 1\n\n写首诗")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert "›" not in done.stdout
    assert done.stdout.startswith(f"{SENTENCES[1]}[1]\n")
    assert SENTENCES[2] in done.stdout
    assert "不代写" in done.stdout


def test_chat_in_a_pipe_ends_at_quit(home: Path) -> None:
    done = shell("chat", home=home, stdin="/quit\n停车位？\n")
    assert done.returncode == 0
    assert SENTENCES[1] not in done.stdout


def test_corpus_lists_and_shows(home: Path) -> None:
    listed = shell("corpus", "list", home=home).stdout
    assert "abcdefgh23\t清河市\t2021-06-03\t把一座城过成一家人\t3\t清河市.md" in listed
    assert json.loads(shell("corpus", "list", "--json", home=home).stdout)[0]["passages"] == 3
    shown = shell("corpus", "show", "abcdefgh23", home=home).stdout
    assert "二、往深处走" in shown
    assert "还有许多事要做。" in shown


def test_version_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"], env(home), wire=TownWiring) == 0
    assert capsys.readouterr().out.startswith("chengwen")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_output_onto_a_full_disk_ends_in_a_sentence(home: Path) -> None:
    command = [sys.executable, str(HERE / "town_cli.py"), "ask", "停车位？"]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            command, env=env(home), stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
        )
    assert done.returncode == 1
    assert "磁盘满了" in done.stderr.decode()
