"""Answers as JSON after a schema, where a server can be held to one, turned back into lines as they come.

The schema asks for a list of lines, each with the numbers of the evidence that it rests on; what is read of it
is what a model writes without one: the line and its numbers in brackets. A server that takes the request and
answers in plain words is heard as it speaks.
"""

from __future__ import annotations

import json
import re
from typing import Any

ORDER = (
    '\n\n用 JSON 回答，不写别的：{"lines": [{"text": 一句话，不带编号, "sources": [依据的编号]}]}；列表和小标题也各占一项。'
    ' / Answer in JSON only: {"lines": [{"text": one sentence without numbers, "sources": [numbers of the evidence]}]}.'
)
FORMAT: dict[str, Any] = {
    "type": "json_schema",
    "json_schema": {
        "name": "answer",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {
                "lines": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "text": {"type": "string"},
                            "sources": {"type": "array", "items": {"type": "integer"}},
                        },
                        "required": ["text", "sources"],
                        "additionalProperties": False,
                    },
                }
            },
            "required": ["lines"],
            "additionalProperties": False,
        },
    },
}
_HEAD = re.compile(r'\s*(?:```(?:json)?\s*)?\{\s*"lines"\s*:\s*\[')
_BEGINS = re.compile(r"\s*(?:```(?:json)?\s*)?\{?")
_STOP = "。！？!?；;：:.|"


class JsonLines:
    """Takes the text of such an answer in pieces and gives back lines, each as soon as it is whole."""

    def __init__(self) -> None:
        self._held = ""
        self._plain = False
        self._inside = False
        self._decoder = json.JSONDecoder()

    def feed(self, piece: str) -> str:
        """Take one piece; return what is complete now, as text."""
        if self._plain:
            return piece
        self._held += piece
        if not self._inside and not self._entered():
            return self._as_it_is() if self._plain else ""
        return "".join(self._lines())

    def close(self) -> str:
        """Return what is left of an answer that was no such JSON, the text being over."""
        return "" if self._inside else self._as_it_is()

    def _entered(self) -> bool:
        head = _HEAD.match(self._held)
        if head:
            self._inside, self._held = True, self._held[head.end() :]
        elif (begun := _BEGINS.match(self._held)) and begun.end() < len(self._held):
            rest = re.sub(r"\s", "", self._held[begun.end() :])
            self._plain = not '"lines":['.startswith(rest)
        return self._inside

    def _as_it_is(self) -> str:
        held, self._held = self._held, ""
        return held

    def _lines(self) -> list[str]:
        found: list[str] = []
        while True:
            rest = self._held.lstrip(" \n\r\t,")
            if not rest.startswith("{"):
                return found
            try:
                line, end = self._decoder.raw_decode(rest)
            except ValueError:  # more of it is to come
                return found
            self._held = rest[end:]
            found.append(_told(line))


def _told(line: dict[str, Any]) -> str:
    """Return a line as a model writes it: its words, then its numbers before the stop's end."""
    text = str(line.get("text", "")).strip()
    numbers = line.get("sources")
    marks = "".join(f"[{n}]" for n in numbers if isinstance(n, int)) if isinstance(numbers, list) else ""
    if not text:
        return ""
    ended = text[-1] in _STOP
    return f"{text}{'' if ended or not marks else '。'}{marks}\n"
