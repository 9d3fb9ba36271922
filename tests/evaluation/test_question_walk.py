"""The walk of a question: files in the order in which they are entered, and only while it is recorded."""

from __future__ import annotations

from bot.presentation.rendering import line
from evaluation.audit.question_walk import QuestionWalk, told
from retrieval.text.normalize import bigrams


def test_files_are_counted_once_in_the_order_in_which_they_are_entered() -> None:
    walk = QuestionWalk()
    with walk.traced():
        line("before it begins")
        walk.begin()
        list(bigrams("春天的河"))
        line("清清的河水")
        list(bigrams("春天的河"))
        walk.end()
        line("after its end")
    entered = list(walk.files)
    assert entered[0] == "retrieval/text/normalize.py"
    assert entered.count("bot/presentation/rendering.py") == 1
    assert "line" in walk.files["bot/presentation/rendering.py"]
    assert walk.before is None


def test_a_walk_is_told_beside_its_targets() -> None:
    walk = QuestionWalk(files={"bot/cli.py": {"run": None}, "answering/pipeline.py": {"f": None}}, before=1)
    lines = list(told("ask", walk, functions=True))
    assert lines[0] == "ask: 2 files (at most 50), 2 functions"
    assert "        run" in lines
