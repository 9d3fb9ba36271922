"""``python -m evaluation mutants``: the mutation score of the code that trust rests on, and what survived.

Each function of a room is changed in one place (a comparison turned, a bound moved by one, a condition
denied, a call left out …), and the tests that pass through it are run again. A change that no test notices
has survived: there a test is missing, or the change makes no difference (R. A. DeMillo, R. J. Lipton and
F. G. Sayward, "Hints on Test Data Selection", Computer 11(4), 1978). The tests are collected once; each
change is made in a copy of the process, in the code objects of the functions, so that nothing is imported
again. Constants of modules stay.
"""

from __future__ import annotations

import argparse
import ast
import gc
import os
import pickle
import random
import select
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

import pytest

from evaluation.datasets.material import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Place = tuple[str, int]  # a function's file and its first line

SLOWEST = 5.0  # seconds; a slower test is left out: what it alone notices counts as survived
FEW = 5  # tests that pass through a function: what it returns may be kept, and all others rest on it
LEAST_SECONDS, FACTOR = 10.0, 10.0  # a change that makes the tests so much slower was noticed
NOTICED, SURVIVED, NOT_RUN = "noticed", "survived", "no test"
COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


@dataclass(frozen=True, slots=True)
class MutantRoom:
    """Modules that belong together, and the tests beside them; paths from the root of the checkout."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


JUDGE_TESTS = tuple(
    f"tests/answering/test_{name}.py"
    for name in (
        "judge",
        "judge_checks",
        "judge_compared",
        "judge_figures",
        "judge_slots",
        "judge_words",
        "alignment",
    )
)
ROOMS = {
    "numerals": MutantRoom(("retrieval/quantities/numerals.py",), ("tests/retrieval/test_numerals.py",)),
    "quantities": MutantRoom(
        tuple(f"retrieval/quantities/{name}.py" for name in ("amounts", "extractor", "units", "years")),
        tuple(f"tests/retrieval/test_{name}.py" for name in ("quantities", "numerals", "figures")),
    ),
    "offsets": MutantRoom(
        ("retrieval/text/normalize.py", "retrieval/text/sentences.py", "retrieval/parsing/passages.py"),
        tuple(f"tests/retrieval/test_{name}.py" for name in ("sentences", "passages", "chinese", "script")),
    ),
    "places": MutantRoom(
        tuple(f"retrieval/places/{name}.py" for name in ("gazetteer", "fuzzy", "romanized")),
        ("tests/retrieval/test_places.py",),
    ),
    "time": MutantRoom(
        ("retrieval/text/tense.py", "retrieval/facts/periods.py", "retrieval/parsing/dates.py"),
        tuple(f"tests/retrieval/test_{name}.py" for name in ("tense", "dates", "periods")),
    ),
    "facts": MutantRoom(
        tuple(
            f"retrieval/facts/{name}.py"
            for name in (
                *("fact_state", "figure_context", "figure_kind", "figure_role", "figure_scope", "figures"),
                *("metric_name", "name_similarity", "policy_actions", "policy_fields", "ranks"),
                "sentence_reading",
            )
        ),
        tuple(f"tests/retrieval/test_{name}.py" for name in ("fact_rows", "fact_fields", "figures")),
    ),
    "judge": MutantRoom(
        (
            *(
                f"answering/judge/{name}.py"
                for name in (
                    *("assertion", "binding", "claim_differences", "decision", "judge", "quantity_match"),
                    *("reading", "reasons", "scope", "trees"),
                )
            ),
            *(
                f"answering/judge/checks/{name}.py"
                for name in (
                    *(
                        "asserted",
                        "changes",
                        "circumstances",
                        "compared",
                        "doers",
                        "leads",
                        "limits",
                        "occasions",
                    ),
                    *("openings", "parts"),
                )
            ),
        ),
        JUDGE_TESTS,
    ),
    "wording": MutantRoom(
        tuple(
            f"answering/judge/{name}.py" for name in ("alignment", "content_words", "features", "nearness")
        ),
        JUDGE_TESTS,
    ),
    "inbox": MutantRoom(("bot/store/delivery/inbox.py",), ("tests/store/test_inbox.py",)),
    "leases": MutantRoom(
        ("bot/telegram/updates/leases.py",),
        tuple(f"tests/telegram/test_{name}.py" for name in ("leases", "intake_replicas", "intake_retries")),
    ),
}


@dataclass(frozen=True, slots=True)
class CodeMutant:
    """One change: where, what, and the file's tree with it."""

    path: str
    line: int
    change: str
    function: Place
    tree: ast.Module = field(repr=False)


class _Changes(ast.NodeVisitor):
    """Finds what can be changed: of each a function that makes the change and returns what undoes it."""

    def __init__(self) -> None:
        self.found: list[tuple[ast.AST, str, Callable[[], Callable[[], None]]]] = []
        self.within: list[ast.FunctionDef | ast.AsyncFunctionDef] = []
        self.functions: dict[int, ast.AST] = {}

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.within.append(node)
        for one in node.body:
            self.visit(one)
        self.within.pop()

    def _add(self, node: ast.AST, told: str, change: Callable[[], Callable[[], None]]) -> None:
        if self.within:
            self.functions[len(self.found)] = self.within[0]
            self.found.append((node, told, change))

    def _put(self, node: ast.AST, name: str, value: Any, told: str) -> None:
        def change() -> Callable[[], None]:
            before = getattr(node, name)
            setattr(node, name, value)
            return lambda: setattr(node, name, before)

        self._add(node, told, change)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:  # what is noted beside a name does nothing
            self.visit(node.value)

    def visit_Compare(self, node: ast.Compare) -> None:
        for at, op in enumerate(node.ops):
            other = COMPARED[type(op)]
            ops = [*node.ops[:at], other(), *node.ops[at + 1 :]]
            self._put(node, "ops", ops, f"{type(op).__name__} becomes {other.__name__}")
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        is_and = isinstance(node.op, ast.And)
        self._put(
            node, "op", ast.Or() if is_and else ast.And(), "and becomes or" if is_and else "or becomes and"
        )
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if other := COMPUTED.get(type(node.op)):
            self._put(node, "op", other(), f"{type(node.op).__name__} becomes {other.__name__}")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self._put(node, "value", not node.value, f"{node.value} becomes {not node.value}")
        elif isinstance(node.value, int | float):
            self._put(node, "value", node.value + 1, f"{node.value} becomes {node.value + 1}")

    def visit_If(self, node: ast.If) -> None:
        self._denied(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._denied(node)

    def visit_While(self, node: ast.While) -> None:
        self._denied(node)

    def _denied(self, node: ast.If | ast.IfExp | ast.While) -> None:
        if not isinstance(node.test, ast.Compare):  # its turned comparison is the same
            self._put(node, "test", ast.UnaryOp(ast.Not(), node.test), "the condition is denied")
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        # Of None nothing is left to change; False is changed where constants are, and None is as false.
        value = node.value.value if isinstance(node.value, ast.Constant) else node.value
        if value is not None and value is not False:
            self._put(node, "value", ast.Constant(None), "None is returned")
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Constant):  # a docstring
            return
        if isinstance(node.value, ast.Call | ast.Await):
            self._put(node, "value", ast.Constant(None), "the call is left out")
        self.generic_visit(node)

    def visit_Slice(self, node: ast.Slice) -> None:
        for name in ("lower", "upper"):
            if getattr(node, name) is not None:
                self._put(node, name, None, f"no {name} bound")
        self.generic_visit(node)

    def visit_Continue(self, node: ast.Continue) -> None:
        self._add(node, "continue becomes pass", lambda: _renamed(node, ast.Pass))

    def visit_Break(self, node: ast.Break) -> None:
        self._add(node, "break becomes pass", lambda: _renamed(node, ast.Pass))


def _renamed(node: ast.AST, kind: type[ast.AST]) -> Callable[[], None]:
    before = node.__class__
    node.__class__ = kind
    return lambda: setattr(node, "__class__", before)


def mutants(path: str, text: str) -> Iterator[CodeMutant]:
    """Yield every change of a module's functions; the tree holds one only until the next is asked for."""
    tree = ast.parse(text)
    seen = _Changes()
    seen.visit(tree)
    for at, (node, told, change) in enumerate(seen.found):
        function = seen.functions[at]
        assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        begins = min([function.lineno, *(one.lineno for one in function.decorator_list)])
        undo = change()
        yield CodeMutant(path, getattr(node, "lineno", function.lineno), told, (path, begins), tree)
        undo()


def changed(mutant: CodeMutant) -> CodeType:
    """Return the compiled module with a change in it."""
    return compile(ast.fix_missing_locations(mutant.tree), str(ROOT / mutant.path), "exec")


def put_in_place(module: CodeType, functions: Sequence[FunctionType]) -> int:
    """Give functions the code that a compiled module has for them; returns how many got other code."""
    codes: dict[tuple[str, int], CodeType] = {}
    left = [module]
    while left:
        code = left.pop()
        codes[code.co_qualname, code.co_firstlineno] = code
        left += [one for one in code.co_consts if isinstance(one, CodeType)]
    given = 0
    for function in functions:
        code = function.__code__
        other = codes.get((code.co_qualname, code.co_firstlineno))
        if other is not None and other.co_freevars == code.co_freevars and other != code:
            function.__code__ = other
            given += 1
    return given


class _Loop:
    """A plugin of pytest that runs the collected tests for each change, in a copy of the process."""

    def __init__(self, room: MutantRoom, most: int, seed: int) -> None:
        self._room, self._most, self._seed = room, most, seed
        self.results: list[tuple[CodeMutant, str]] = []
        self.broken = ""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        paths = {str(ROOT / path): path for path in self._room.modules}
        baseline = self._apart(lambda: self._passed_through(session, paths), patience=1_800)
        if baseline is None or baseline[0]:
            self.broken = "the tests fail without any change"
            return True
        _progress(f"{len(session.items)} tests pass without any change")
        through: dict[Place, list[int]]
        through, took = baseline[1]
        quick = [one for one, seconds in enumerate(took) if seconds <= SLOWEST]
        functions = [
            one
            for one in gc.get_objects()
            if isinstance(one, FunctionType) and one.__code__.co_filename in paths
        ]
        for mutant in self._chosen():
            tests = through.get(mutant.function, [])
            if 0 < len(tests) <= FEW:
                tests = [*tests, *sorted(set(quick) - set(tests), key=took.__getitem__)]
            if not tests:
                self.results.append((mutant, NOT_RUN))
                continue
            code = changed(mutant)

            def tried(code: CodeType = code, tests: Sequence[int] = tests) -> tuple[bool, None]:
                put_in_place(code, functions)
                return self._failed(session, tests), None

            patience = FACTOR * sum(took[one] for one in tests)
            told = self._apart(tried, patience=max(LEAST_SECONDS, patience))
            self.results.append((mutant, SURVIVED if told is not None and not told[0] else NOTICED))
            if len(self.results) % 10 == 0:
                _progress(f"{len(self.results)} changes tried")
        return True

    def _chosen(self) -> Iterator[CodeMutant]:
        texts = {path: (ROOT / path).read_text(encoding="utf-8") for path in self._room.modules}
        number = sum(1 for path, text in texts.items() for _ in mutants(path, text))
        kept = set(range(number))
        if number > self._most:
            kept = set(random.Random(self._seed).sample(range(number), self._most))  # noqa: S311 - a sample
        at = 0
        for path, text in texts.items():
            for mutant in mutants(path, text):
                if at in kept:
                    yield mutant
                at += 1

    def _passed_through(
        self, session: pytest.Session, paths: dict[str, str]
    ) -> tuple[bool, tuple[dict[Place, list[int]], list[float]]]:
        """Return whether a test fails; which pass through each function, quickest first; seconds of each."""
        through: dict[Place, set[int]] = defaultdict(set)
        took: list[float] = []
        now = 0

        def seen(frame: Any, event: str, _argument: object) -> None:
            code = frame.f_code
            if event == "call" and code.co_filename in paths:
                through[paths[code.co_filename], code.co_firstlineno].add(now)

        failed = False
        for now in range(len(session.items)):
            began = time.monotonic()
            threading.setprofile(seen)
            sys.setprofile(seen)
            try:
                failed |= self._failed(session, [now])
            finally:
                sys.setprofile(None)
            took.append(time.monotonic() - began)
        quick = {
            place: sorted((one for one in tests if took[one] <= SLOWEST), key=took.__getitem__)
            for place, tests in through.items()
        }
        return failed, (quick, took)

    @staticmethod
    def _failed(session: pytest.Session, tests: Sequence[int]) -> bool:
        for at, one in enumerate(tests):
            item = session.items[one]
            after = session.items[tests[at + 1]] if at + 1 < len(tests) else None
            before = session.testsfailed
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if session.testsfailed > before:
                return True
        return False

    @staticmethod
    def _apart(work: Callable[[], tuple[bool, Any]], *, patience: float) -> tuple[bool, Any] | None:
        """Return what ``work`` returns in a copy of this process; None where it fails or takes too long."""
        here, there = os.pipe()
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            for stream in (1, 2):
                os.dup2(nowhere, stream)
            told = b""
            try:
                told = pickle.dumps(work())
            finally:
                with os.fdopen(there, "wb") as pipe:
                    pipe.write(told)
                os._exit(0)
        os.close(there)
        until, got = time.monotonic() + patience, b""
        with os.fdopen(here, "rb", buffering=0) as pipe:
            while select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
                piece = pipe.read(1 << 16)
                if not piece:
                    break
                got += piece
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return pickle.loads(got) if got else None  # noqa: S301 - written by the copy of this process


def main(arguments: Sequence[str]) -> int:
    """Print the score of each room, and what survived; 1 where the tests fail without any change."""
    asked = _parser().parse_args(arguments)
    if asked.one is None:
        return max(_in_own_process(name, asked) for name in asked.rooms or ROOMS)
    room = ROOMS[asked.one]
    loop = _Loop(room, asked.most, asked.seed)
    options = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        "-k",
        "not postgresql",
        "--no-header",
        "-s",
    ]
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    os.chdir(ROOT)
    pytest.main([*options, *room.tests], plugins=[loop])
    if loop.broken:
        print(f"{asked.one}: {loop.broken}")
        return 1
    print("\n".join(told(asked.one, loop.results)), flush=True)
    return 0


def _progress(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _in_own_process(name: str, asked: argparse.Namespace) -> int:
    command = [sys.executable, "-m", "evaluation", "mutants", "--one", name]
    command += ["--most", str(asked.most), "--seed", str(asked.seed)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603 - this very program


def told(room: str, results: Sequence[tuple[CodeMutant, str]]) -> Iterator[str]:
    """Yield the lines on one room: its score, then each change that was not noticed."""
    noticed = sum(how == NOTICED for _, how in results)
    share = noticed / len(results) if results else 1.0
    yield f"{room}: {noticed} of {len(results)} changes noticed, score {share:.2f}"
    for mutant, how in results:
        if how != NOTICED:
            yield f"  {how}: {mutant.path}:{mutant.line} {mutant.change}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation mutants", description=__doc__)
    parser.add_argument("rooms", nargs="*", help=f"of {', '.join(ROOMS)}; default: all")
    parser.add_argument(
        "--most", type=int, default=10_000, help="so many changes of a room, drawn by the seed"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one", choices=list(ROOMS), help=argparse.SUPPRESS)
    return parser
