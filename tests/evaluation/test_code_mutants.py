"""Changes of code are made one at a time, put into functions that are loaded, and taken back."""

from __future__ import annotations

import ast
from types import FunctionType

from evaluation.verification.code_mutants import (
    NOTICED,
    SURVIVED,
    CodeMutant,
    changed,
    mutants,
    put_in_place,
    told,
)

TEXT = """
LIMIT = 3


def is_small(number: int) -> bool:
    \"\"\"Tell whether a number is below the limit.\"\"\"
    if not number:
        return True
    return number < LIMIT


def first(words: list[str]) -> str:
    return [one[:2] for one in words][0]
"""


def test_each_place_that_can_be_changed_is_changed_and_no_constant_of_the_module() -> None:
    told = [(one.line, one.change) for one in mutants("a.py", TEXT)]
    assert (9, "Lt becomes LtE") in told
    assert (7, "the condition is denied") in told
    assert (8, "True becomes False") in told
    assert (13, "no upper bound") in told
    assert not any(line in (2, 6) for line, _ in told)


def test_a_change_is_taken_back_before_the_next() -> None:
    sources = [ast.unparse(one.tree) for one in mutants("a.py", TEXT)]
    assert len(set(sources)) == len(sources)
    # Each differs from the text in one place: what is the same in all others is the text.
    assert all(source != ast.unparse(ast.parse(TEXT)) for source in sources)


def test_a_function_that_is_loaded_gets_the_changed_code() -> None:
    room: dict[str, object] = {}
    exec(compile(TEXT, "a.py", "exec"), room)
    is_small, first = room["is_small"], room["first"]
    assert isinstance(is_small, FunctionType)
    assert isinstance(first, FunctionType)
    assert not is_small(3)
    change = next(one for one in mutants("a.py", TEXT) if one.change == "Lt becomes LtE")
    assert put_in_place(changed(change), [is_small, first]) == 1
    assert is_small(3)
    assert first(["abc"]) == "ab"


def test_the_score_is_told_with_what_survived() -> None:
    one, other = (CodeMutant("a.py", line, "Lt becomes LtE", ("a.py", 5), ast.parse("")) for line in (7, 9))
    lines = list(told("small", [(one, NOTICED), (other, SURVIVED)]))
    assert lines == [
        "small: 1 of 2 changes noticed, score 0.50",
        "  survived: a.py:9 Lt becomes LtE",
    ]


def test_what_would_make_no_difference_is_not_changed() -> None:
    text = 'def f() -> bool:\n    """Say no."""\n    limit: int | None = 3\n    return False\n'
    assert [one.change for one in mutants("a.py", text)] == ["3 becomes 4", "False becomes True"]
