"""The one seam to OpenCC: a text in the other Chinese script, by phrases.

Without OpenCC each character is converted by itself. The table is OpenCC's own (Apache-2.0),
as ``python -m retrieval.text.script`` writes it.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

TABLE = resources.files("retrieval") / "data" / "scripts.tsv"
CONFIGS = ("t2s", "s2t", "s2tw")
_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000))


def convert(text: str, config: str) -> str:
    """Return a text as OpenCC's ``config`` writes it (t2s, s2t or s2tw); a lone surrogate becomes “?”."""
    return _converter(config)(text.encode("utf-8", "replace").decode("utf-8"))


@cache
def _converter(config: str) -> Callable[[str], str]:
    try:
        from opencc import OpenCC  # noqa: PLC0415 - optional: some systems have no package of it
    except ImportError:
        return by_characters(config)
    made: Callable[[str], str] = OpenCC(config).convert
    return made


def by_characters(config: str) -> Callable[[str], str]:
    """Return what converts each character by itself, from the table that ships."""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        name, old, new = line.split("\t")
        if name == config:
            table = str.maketrans(old, new)
            return lambda text: text.translate(table)
    raise LookupError(config)


def table_lines() -> list[str]:
    """Return a line for each configuration: its name, the characters it changes, and what they become."""
    every = [chr(code) for start, end in _HAN for code in range(start, end)]
    lines = []
    for config in CONFIGS:
        pairs = zip(every, convert("\n".join(every), config).split("\n"), strict=True)
        changed = [(old, new) for old, new in pairs if old != new and len(new) == 1]
        lines.append(
            "\t".join([config, "".join(old for old, _ in changed), "".join(new for _, new in changed)])
        )
    return lines


if __name__ == "__main__":
    print("\n".join(table_lines()))
