"""The commands over the real parts, by words alone, which is quick."""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from bot.cli import run
from bot.operations.ray_cluster import addressed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Shell = Callable[..., tuple[int, str, str]]

HIT = {"passage_id", "document", "title", "place", "year"} | {
    "section", "point", "start", "end", "text", "score"
}  # fmt: skip
REPORT = """清河市2024年政府工作报告

一、过去一年
一是建成公园12个。二是新增学位3000个。

二、今年打算
建成书屋5家，改造小巷40条。
"""


@contextmanager
def typed(data: bytes) -> Iterator[None]:
    """Let ``data`` come in on standard input."""
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin = before


@pytest.fixture
def shell(home: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Run a command in a home of its own; returns its code and what it said."""

    def called(*arguments: str, stdin: bytes = b"", **more: str) -> tuple[int, str, str]:
        env = {"PATH": os.environ["PATH"], "CHENGWEN_HOME": str(home), "EMBEDDINGS": "none", **more}
        with typed(stdin):
            code = run(arguments, env)
        said = capsys.readouterr()
        return code, said.out, said.err

    return called


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "清河市2024年政府工作报告.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


def sources(shell: Shell) -> set[str]:
    return {one["source"] for one in json.loads(shell("corpus", "list", "--json")[1])}


def test_the_first_question_in_an_empty_home_is_answered_from_the_texts_that_ship(shell: Shell) -> None:
    code, out, err = shell("ask", "延安市的森林覆盖率是多少？")
    assert code == 0
    assert "53.07%" in out
    assert "首次使用" in err
    assert sources(shell) == {f"corpus/{name}.md" for name in ("jilin", "taizhou", "pingxiang", "yanan")}
    assert "首次使用" not in shell("ask", "延安市的森林覆盖率是多少？")[2]


def test_a_first_use_that_was_broken_off_is_finished_by_the_next(shell: Shell, home: Path) -> None:
    shell("ask", "你好")
    shell("corpus", "remove", "corpus/yanan.md", "--yes")
    (home / "shipping").touch()
    assert "53.07%" in shell("ask", "延安市的森林覆盖率是多少？")[1]
    assert not (home / "shipping").exists()


def test_what_a_person_removed_does_not_come_back(shell: Shell) -> None:
    shell("ask", "你好")
    for name in ("jilin", "taizhou", "pingxiang", "yanan"):
        assert shell("corpus", "remove", f"corpus/{name}.md", "--yes")[0] == 0
    assert shell("ask", "你好")[0] == 0
    assert sources(shell) == set()


def test_a_home_can_be_kept_free_of_the_texts_that_ship(shell: Shell) -> None:
    code, out, _ = shell("ask", "森林覆盖率是多少？", CHENGWEN_SHIPPED="0")
    assert code == 0
    assert "没有任何材料" in out
    assert sources(shell) == set()


def test_ingest_in_a_fresh_home_takes_in_only_what_was_named(shell: Shell, report: Path) -> None:
    code, out, _ = shell("ingest", str(report))
    assert code == 0
    assert f"✓ {report}：文档1" in out
    assert sources(shell) == {str(report)}
    assert "首次使用" not in shell("ask", "清河市建成公园多少个？")[2]
    assert sources(shell) == {str(report)}


def test_ingesting_again_says_that_nothing_changed(shell: Shell, report: Path) -> None:
    shell("ingest", str(report))
    code, out, _ = shell("ingest", str(report))
    assert code == 0
    assert "没有变化" in out


def test_a_refused_file_is_told_with_code_1_and_the_others_are_taken_in(shell: Shell, report: Path) -> None:
    empty = report.with_name("empty.txt")
    empty.touch()
    code, out, _ = shell("ingest", str(empty), str(report), str(report.with_name("nope.txt")))
    assert code == 1
    assert out.count("✗") == 2
    assert "拒收2个" in out
    assert sources(shell) == {str(report)}


def test_ingest_json_reports_every_file(shell: Shell, report: Path) -> None:
    code, out, _ = shell("ingest", str(report), "--json")
    (told,) = json.loads(out)
    assert code == 0
    assert (told["status"], told["documents"]) == ("ingested", 1)


def test_ingest_reads_standard_input_with_facts_from_options(shell: Shell) -> None:
    text = "一、做了什么\n建成书屋5家，改造小巷40条。\n"
    code, _, _ = shell("ingest", "-", "--place", "台州市", "--date", "2023-01", stdin=text.encode("gb18030"))
    assert code == 0
    (one,) = json.loads(shell("corpus", "list", "--json")[1])
    assert (one["source"], one["place"], one["date"]) == ("stdin", "台州市", "2023-01")
    code, out, _ = shell("ingest", "-", stdin=b"")
    assert code == 1
    assert "✗ stdin" in out


def test_an_empty_folder_has_nothing_to_read(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "nothing"
    folder.mkdir()
    code, out, _ = shell("ingest", str(folder))
    assert code == 0
    assert "没有可读的文件" in out


def test_rebuild_makes_the_indexes_anew(shell: Shell, report: Path) -> None:
    shell("ingest", str(report))
    code, _, err = shell("ingest", "--rebuild")
    assert code == 0
    assert "重建" in err
    assert "公园12个" in shell("search", "公园")[1]


def test_search_shows_passages_and_limits_them_by_place_and_year(shell: Shell, report: Path) -> None:
    shell("ask", "你好")
    shell("ingest", str(report), "--place", "清河县")
    assert "公园12个" in shell("search", "建成公园")[1]
    assert "没有找到" in shell("search", "建成公园", "--year", "1999")[1]
    hits = json.loads(shell("search", "公园", "--place", "延安", "--json")[1])["hits"]
    assert {one["place"] for one in hits} <= {"延安市"}
    named = json.loads(shell("search", "台州的停车位", "--json")[1])["hits"]
    assert {one["place"] for one in named} == {"台州市"}
    assert len(json.loads(shell("search", "城市", "-k", "3", "--json")[1])["hits"]) == 3


def test_search_of_an_unknown_place_tells_which_there_are(shell: Shell) -> None:
    code, _, err = shell("search", "公园", "--place", "没有这地方")
    assert code == 1
    assert "没有这地方" in err
    assert "延安市" in err


def test_a_comparison_finds_passages_of_each_place(shell: Shell) -> None:
    hits = json.loads(shell("search", "萍乡和台州改造的背街小巷", "-k", "4", "--json")[1])["hits"]
    assert {one["place"] for one in hits} == {"萍乡市", "台州市"}
    everywhere = json.loads(shell("search", "各市的背街小巷", "-k", "4", "--json")[1])["hits"]
    assert len({one["place"] for one in everywhere}) == 4


def test_search_in_batch_records_every_id_also_without_hits(shell: Shell) -> None:
    lines = '{"id": "a", "question": "台州的背街小巷"}\n{"id": "b", "question": "西安的地铁"}\nnonsense'
    code, out, err = shell("search", "--batch", "-", stdin=lines.encode())
    records = {one["id"]: one for one in map(json.loads, out.splitlines())}
    assert code == 1
    assert "第 3 行" in err
    assert records["a"]["hits"][0]["place"] == "台州市"
    assert set(records["a"]["hits"][0]) == HIT
    assert records["b"]["hits"] == []
    assert set(records["a"]) == {"id", "hits", "seconds"}


def test_a_batch_answers_with_the_conversation_before_each_question(shell: Shell) -> None:
    history = [
        {"role": "user", "content": "台州改造了多少条背街小巷？"},
        {"role": "assistant", "content": "35条。"},
    ]
    line = json.dumps({"id": "a", "question": "那萍乡呢？", "history": history})
    record = json.loads(shell("ask", "--batch", "-", stdin=line.encode())[1])
    assert "443" in record["answer"]
    assert {one["city"] for one in record["citations"]} == {"萍乡市"}


def test_what_is_not_held_is_abstained_from_without_citations(shell: Shell) -> None:
    record = json.loads(
        shell("ask", "--batch", "-", stdin='{"id": "a", "question": "西安的绿化率？"}'.encode())[1]
    )
    assert (record["abstained"], record["citations"]) == (True, [])
    assert "西安市" in record["answer"]


def test_removing_asks_first_and_where_no_one_can_answer_it_does_nothing(shell: Shell, report: Path) -> None:
    shell("ingest", str(report))
    code, _, err = shell("corpus", "remove", str(report))
    assert code == 1
    assert "--yes" in err
    assert sources(shell) == {str(report)}
    assert shell("corpus", "remove", "nope", "--yes")[0] == 1
    assert shell("corpus", "remove", str(report), "--yes")[0] == 0
    assert sources(shell) == set()


def test_doctor_says_that_all_is_well(shell: Shell) -> None:
    shell("ask", "你好")
    code, out, _ = shell("doctor")
    assert code == 0
    assert "4篇正文" in out
    assert "只按字词" in out


def test_the_examples_of_the_greeting_are_answered(shell: Shell, home: Path) -> None:
    """What a person is invited to ask must have an answer."""
    from answering import Answerer
    from answering.values.answer import Language
    from bot.messages import messages
    from bot.presentation.example_questions import examples
    from retrieval.library import Library

    shell("ask", "你好")
    with Library.open(home, embedder=None) as library:
        answerer = Answerer(library)
        for language in Language:
            asked = examples(library, messages(language))
            assert len(asked) >= 2
            outcomes = {question: answerer.answer_now(question).outcome for question in asked}
            assert all(outcome.is_answer for outcome in outcomes.values()), outcomes


def test_preview_tells_what_would_be_read_and_keeps_nothing(shell: Shell, report: Path) -> None:
    code, told, _ = shell("preview", str(report))
    assert code == 0
    assert "清河市2024年政府工作报告 · 清河市 · 2024" in told
    assert "小节2" in told
    code, told, _ = shell("preview", "--json", str(report))
    (found,) = json.loads(told)
    assert (found["figures"], found["documents"][0]["place"]) == (4, "清河市")
    assert sources(shell) == set()


def test_preview_tells_why_a_file_would_be_refused(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    path.write_bytes(b"PK\x03\x04 no archive")
    code, told, _ = shell("preview", str(path), str(tmp_path / "nowhere.txt"))
    assert code == 1
    assert "打不开" in told
    assert "找不到" in told


@pytest.mark.parametrize(
    ("typed_in", "meant"),
    [
        ("ingest --ray 报告.txt", "ingest --ray local 报告.txt"),
        ("ingest 报告.txt --ray", "ingest 报告.txt --ray local"),
        ("ingest --ray --json /a/b.txt", "ingest --ray local --json /a/b.txt"),
        ("ingest --ray auto a.txt", "ingest --ray auto a.txt"),
        ("ingest --ray ray://10.0.0.1:10001 a.txt", "ingest --ray ray://10.0.0.1:10001 a.txt"),
        ("ingest --ray 10.0.0.1:6379 a.txt", "ingest --ray 10.0.0.1:6379 a.txt"),
        ("ingest --ray=auto a.txt", "ingest --ray=auto a.txt"),
        ("ingest a.txt -- --ray", "ingest a.txt -- --ray"),
        ("ask --ray", "ask --ray"),
        ("", ""),
    ],
)
def test_ray_without_an_address_is_this_machine(typed_in: str, meant: str) -> None:
    assert addressed(typed_in.split()) == meant.split()
