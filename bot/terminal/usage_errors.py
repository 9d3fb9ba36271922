"""What the command line could not understand, in Chinese. Seam: typer, whose own words are English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typer

_UNKNOWN = re.compile(r"No such command '(.*?)'")
_EXTRA = re.compile(r"unexpected extra arguments?(?:\(s\))? \((.*)\)")


def in_chinese(error: typer.TyperException) -> str:
    """Return what was wrong with a command line, and where its usage is told."""
    # The library keeps its kinds of error private, and gives each the name it has had for years.
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(error.message)
    tellers = {"NoSuchOption": _no_option, "MissingParameter": _missing, "BadParameter": _bad_value}
    told = tellers.get(type(error).__name__, _other)(error)
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "chengwen"
    return f"{told}用法见 {path} --help。"


def _no_option(error: Any) -> str:
    near = "、".join(sorted(error.possibilities or ()))
    return f"没有 {error.option_name} 这个选项" + (f"，是不是要写 {near}？" if near else "。")


def _missing(error: Any) -> str:
    name = getattr(error.param, "metavar", None) or getattr(error.param, "name", None) or "参数"
    return f"少了 {name}。"


def _bad_value(error: Any) -> str:
    name = error.param.opts[0] if error.param is not None and error.param.opts else "参数"
    return f"{name} 的值不能用（{error.message.rstrip('.')}）。"


def _other(error: Any) -> str:
    if found := _UNKNOWN.search(error.message):
        return f"没有 {found[1]} 这个命令。"
    if found := _EXTRA.search(error.message):
        return f"多了“{found[1]}”；要问的话里有空格时，请加上引号。"
    if error.message.endswith("requires an argument."):
        return f"{error.option_name} 后面要写一个值。"
    return f"{error.format_message()} "
