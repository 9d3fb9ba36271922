"""Check a call against the Bot API as data: names, types, what is required, and the limits told in prose."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCALARS = {"String": str, "Integer": int, "Boolean": bool, "Float": (int, float)}
RANGE = re.compile(r"(?<![\w-])(\d+)-(\d+) (characters|bytes)")
BETWEEN = re.compile(r"[Vv]alues between (\d+)-(\d+)")
CHARACTERS_OF = re.compile(r"Only characters A-Z, a-z, 0-9, _ and - are allowed")


def units(text: str) -> int:
    """Count as Telegram does: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True)
class Spec:
    """Methods and types of one version of the Bot API."""

    methods: Mapping[str, Any]
    types: Mapping[str, Any]

    @classmethod
    def load(cls, path: Path) -> Spec:
        data = json.loads(path.read_text("utf-8"))
        return cls(data["methods"], data["types"])

    def faults(self, method: str, given: Mapping[str, str]) -> list[str]:
        """Say in a line each what is wrong with a call whose parameters came as a form."""
        known = self.methods.get(method)
        if known is None:
            return [f"{method}: no such method"]
        fields = {field["name"]: field for field in known.get("fields", ())}
        found = [f"{method}.{name}: unknown parameter" for name in given if name not in fields]
        found += _missing(method, fields, given)
        for name in given.keys() & fields.keys():
            found += self._parameter(f"{method}.{name}", given[name], fields[name])
        return found

    def _parameter(self, where: str, given: str, field: Mapping[str, Any]) -> list[str]:
        value: Any = given
        if "String" not in field["types"]:
            try:
                value = json.loads(given)
            except ValueError:
                return [f"{where}: {given[:40]!r} is not JSON"]
        return self._value(where, value, field)

    def _value(self, where: str, value: Any, field: Mapping[str, Any]) -> list[str]:
        attempts = [self._typed(where, value, kind) for kind in field["types"]]
        best = min(attempts, key=len)
        return best or _limits(where, value, field["description"])

    def _typed(self, where: str, value: Any, kind: str) -> list[str]:
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{where}: not a list"]
            inner = kind.removeprefix("Array of ")
            return [
                fault for at, item in enumerate(value) for fault in self._typed(f"{where}[{at}]", item, inner)
            ]
        if kind in SCALARS:
            right = isinstance(value, SCALARS[kind]) and not (isinstance(value, bool) and kind != "Boolean")
            return [] if right else [f"{where}: {value!r:.40} is not {kind}"]
        return self._object(where, value, kind)

    def _object(self, where: str, value: Any, kind: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{where}: not a {kind}"]
        known = self.types[kind]
        if known.get("subtypes"):
            return min((self._object(where, value, one) for one in known["subtypes"]), key=len)
        fields = {field["name"]: field for field in known.get("fields", ())}
        found = [f"{where}.{name}: {kind} has no such field" for name in value if name not in fields]
        found += _missing(where, fields, value)
        for name in value.keys() & fields.keys():
            found += self._value(f"{where}.{name}", value[name], fields[name])
        return found + (_buttons(where, value) if kind == "InlineKeyboardMarkup" else [])


def _missing(where: str, fields: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    return [
        f"{where}.{name}: missing"
        for name, field in fields.items()
        if field["required"] and name not in given
    ]


def _limits(where: str, value: Any, prose: str) -> list[str]:
    """Hold a value against the ranges in its description; a text with entities is measured when parsed."""
    found = []
    if isinstance(value, str) and "entities parsing" not in prose and "entity parsing" not in prose:
        for low, high, unit in RANGE.findall(prose):
            size = units(value) if unit == "characters" else len(value.encode())
            if not int(low) <= size <= int(high):
                found.append(f"{where}: {size} {unit}, allowed are {low}-{high}")
        if CHARACTERS_OF.search(prose) and not re.fullmatch(r"[A-Za-z0-9_-]*", value):
            found.append(f"{where}: characters outside A-Z, a-z, 0-9, _ and -")
    if isinstance(value, int) and (between := BETWEEN.search(prose)):
        low, high = map(int, between.groups())
        if not low <= value <= high:
            found.append(f"{where}: {value}, allowed are {low}-{high}")
    return found


def _buttons(where: str, markup: Mapping[str, Any]) -> list[str]:
    """Hold a keyboard against what clients show: 8 buttons a row, 100 in all, each with one thing to do."""
    rows = markup.get("inline_keyboard", [])
    found = [f"{where}: a row of {len(row)} buttons" for row in rows if not 1 <= len(row) <= 8]
    if sum(map(len, rows)) > 100:
        found.append(f"{where}: more than 100 buttons")
    looks = {"text", "icon_custom_emoji_id", "style"}
    found += [
        f"{where}: a button must do exactly one thing"
        for row in rows
        for button in row
        if len(button.keys() - looks) != 1
    ]
    return found
