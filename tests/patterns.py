"""Every regular expression of the program, how it is used, and texts made to slow it down."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import re
import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from re import _constants as names  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import extras

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("retrieval", "answering", "bot", "evaluation")
UNREAD: dict[str, str] = {}  # modules that could not be imported, with the reason
METHODS = ("match", "fullmatch", "search", "finditer", "findall", "sub", "split")
END = "\x01\x02"  # what no pattern asks for
PUMPS = (
    "一",
    "1",
    " ",
    "\u3000",
    "，",
    "。",
    "a",
    "<",
    "(",
    "（",
    "[",
    "\n",
    "“",
    "第",
    "-",
    "*",
    "市",
    "\t",
    "1,",
    "一 ",
)
_UNBOUNDED = 200  # a repeat up to more counts as one without end


@dataclass(frozen=True)
class Used:
    """A pattern, where it stands, and the methods that are called on it."""

    where: str
    pattern: re.Pattern[str]
    methods: frozenset[str]


def modules() -> Iterator[tuple[str, Path]]:
    """Give each module's name and file."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if path.stem != "__main__" and "migrations" not in path.parts:  # those run inside alembic alone
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


def used() -> list[Used]:
    """Return every pattern of text there is; those of bytes see the first kilobytes of a file alone."""
    called: defaultdict[str, set[str]] = defaultdict(set)
    inline: list[Used] = []
    for name, path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in METHODS
            ):
                inline += _called(node, name, called)
            elif isinstance(node, ast.Attribute) and node.attr in METHODS:
                called[_known_as(node.value, name)].add(node.attr)
    found: dict[tuple[str, int], Used] = {}
    for name, _ in modules():
        for held, pattern in _held(_imported(name)):
            methods = frozenset(called.get(f"{name}.{held}" if held.startswith("_") else held) or ("search",))
            found.setdefault((pattern.pattern, pattern.flags), Used(f"{name}.{held}", pattern, methods))
    return [*found.values(), *inline]


def _imported(name: str) -> object:
    """Import a module; an empty one, kept in UNREAD with the reason, where it needs a missing extra."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if (why := extras.reason(error)) is None:
            raise
        UNREAD[name] = why
        return SimpleNamespace()


def _called(node: ast.Call, module: str, called: dict[str, set[str]]) -> list[Used]:
    assert isinstance(node.func, ast.Attribute)
    owner, method = ast.unparse(node.func.value), node.func.attr
    if owner != "re":
        called[_known_as(node.func.value, module)].add(method)
        return []
    first = node.args[0] if node.args else None
    if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
        return []
    return [Used(f"{module}:{node.lineno}", re.compile(first.value), frozenset((method,)))]


def _known_as(node: ast.expr, module: str) -> str:
    """Return the last name of what a method is called on; a name with _ in front is its module's own."""
    own = ast.unparse(node).rsplit(".", 1)[-1].split("[")[0]
    return f"{module}.{own}" if own.startswith("_") else own


def _held(module: object) -> Iterator[tuple[str, re.Pattern[str]]]:
    for name, value in vars(module).items():
        for pattern in _inside(value, 0):
            if isinstance(pattern.pattern, str):
                yield name, pattern


def _inside(value: object, depth: int) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 4 and isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from _inside(one, depth + 1)
    elif depth < 4 and isinstance(value, dict):
        for pair in value.items():
            yield from _inside(pair, depth + 1)
    elif depth < 4 and dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _inside(getattr(value, field.name, None), depth + 1)


# Texts that a pattern almost matches, over and over.


def attacks(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Give (what stands before, what is repeated): of each repeat, of two by turns, and usual stretches."""
    repeats = list(_repeats(parser.parse(pattern.pattern, pattern.flags), ""))
    bodies = list(dict.fromkeys(body for _, bodies in repeats for body in bodies if body))
    yield from dict.fromkeys((before, body) for before, inner in repeats for body in inner if body)
    yield from (("", a + b) for a, b in islice(product(bodies, bodies), 60) if a != b)
    yield from (("", pump) for pump in PUMPS)
    whole = "".join(islice(_samples(parser.parse(pattern.pattern, pattern.flags)), 1))
    yield "", whole or "a"


def _repeats(nodes: Any, before: str) -> Iterator[tuple[str, list[str]]]:
    for op, value in nodes:
        if op in (names.MAX_REPEAT, names.MIN_REPEAT, getattr(names, "POSSESSIVE_REPEAT", None)):
            if value[1] is names.MAXREPEAT or value[1] > _UNBOUNDED:
                yield before, list(islice(_samples(value[2]), 6))
            yield from _repeats(value[2], before)
        elif op is names.SUBPATTERN:
            yield from _repeats(value[-1], before)
        elif op is names.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, before)
        elif op in (names.ASSERT, names.ASSERT_NOT):
            yield from _repeats(value[1], "")
        before += next(_samples([(op, value)]), "")


def _samples(nodes: Any) -> Iterator[str]:
    """Give some texts that match a sequence of nodes."""
    choices = [list(islice(_one(op, value), 4)) or [""] for op, value in nodes]
    return ("".join(parts) for parts in islice(product(*choices), 8))


def _one(op: Any, value: Any) -> Iterator[str]:
    if op is names.LITERAL:
        yield chr(value)
    elif op in (names.ANY, names.NOT_LITERAL):
        yield from "一1"
    else:
        yield from _several(op, value)


def _several(op: Any, value: Any) -> Iterator[str]:
    if op is names.IN:
        yield from _members(value)
    elif op is names.BRANCH:
        for branch in value[1]:
            yield from islice(_samples(branch), 2)
    elif op is names.SUBPATTERN:
        yield from _samples(value[-1])
    elif op in (names.MAX_REPEAT, names.MIN_REPEAT):
        for body in islice(_samples(value[2]), 3):
            yield body * max(1, value[0])


def _members(value: Any) -> Iterator[str]:
    if value and value[0][0] is names.NEGATE:
        yield from (char for char in "一1 a，\n" if not re.match(_class(value[1:]), char))
        return
    for op, what in value[:4]:
        if op is names.LITERAL:
            yield chr(what)
        elif op is names.RANGE:
            yield chr(what[0])
        elif op is names.CATEGORY:
            yield {names.CATEGORY_DIGIT: "1", names.CATEGORY_SPACE: " ", names.CATEGORY_WORD: "a"}.get(
                what, "一"
            )


def _class(members: Any) -> str:
    told = {names.CATEGORY_DIGIT: r"\d", names.CATEGORY_SPACE: r"\s", names.CATEGORY_WORD: r"\w"}
    parts = []
    for op, what in members:
        if op is names.LITERAL:
            parts.append(re.escape(chr(what)))
        elif op is names.RANGE:
            parts.append(f"{re.escape(chr(what[0]))}-{re.escape(chr(what[1]))}")
        else:
            parts.append(told.get(what, ""))
    return f"[{''.join(parts)}]"


# How long it takes.

SIZES = tuple(2**n for n in range(5, 14))  # characters
SLOW = 0.006  # seconds: less is not told from the clock's own error
GROWTH = 3.0  # from one size to its double: two is linear, four is quadratic


def slow(one: Used, before: str, pump: str) -> str | None:
    """Return how a pattern takes to a text that grows, or None where its time grows as the text does."""
    for method in one.methods:
        last = 0.0
        for size in SIZES:
            text = before + (pump * (size // len(pump) + 1))[:size] + END
            taken = min(_timed(one.pattern, method, text) for _ in range(1 if last < SLOW / 8 else 3))
            if taken > SLOW and taken > GROWTH * last:
                return f"{one.where}.{method}: {taken:.3f} s for {size} × {pump!r} after {before!r}"
            last = taken
    return None


def _timed(pattern: re.Pattern[str], method: str, text: str) -> float:
    began = time.thread_time()
    if method == "sub":
        pattern.sub("", text)
    elif method in ("finditer", "findall", "split"):
        for _ in pattern.finditer(text):
            pass
    else:
        getattr(pattern, method)(text)
    return time.thread_time() - began
