"""The same questions in other dress: what a person writes around a question must not change its answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from retrieval.text.normalize import to_traditional

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def _bare(text: str) -> str:
    return text.rstrip("？?。！! ")


WAYS: Mapping[str, Callable[[str], str]] = {
    "as asked": lambda text: text,
    "without an end mark": _bare,
    "with thanks": lambda text: f"您好，请问{_bare(text)}？谢谢！",
    "in haste": lambda text: f"哎，{_bare(text)}，急用",
    "in traditional script": to_traditional,
    "in full width": lambda text: text.translate(_WIDE),
    "with spaces for commas": lambda text: "  " + re.sub("[，、？]", "  ", text) + "\n",
}


def reworded(questions: Sequence[dict[str, Any]], way: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return the Chinese questions in other dress, with all else as it was."""
    return [one | {"question": way(one["question"])} for one in questions if one.get("lang") == "zh"]
