"""Lines for a terminal: Chinese breaks between any two characters, but not before 。 nor after “."""

from __future__ import annotations

import re

from rich.cells import cell_len

# What may not be parted: words and figures of Latin script, and a marker such as [12].
_UNIT = re.compile(r"\[\d+\]|[0-9A-Za-zÀ-ɏ]+(?:[.,:'’/%_+-]+[0-9A-Za-zÀ-ɏ]+)*[%％‰]?|\s+|.", re.DOTALL)
_NOT_FIRST = re.compile(r"\[\d+\]|[，。、；：？！）》〉”’」』】〕…—,.;:?!)%％]")
_NOT_LAST = "（《〈“‘「『【〔(["


def wrap(text: str, width: int) -> list[tuple[int, int]]:
    """Part one line into stretches of at most ``width`` cells, as offsets; blanks at breaks are left out."""
    lines: list[tuple[int, int]] = []
    start = at = used = 0
    for atom in _atoms(text, width):
        cells = cell_len(atom)
        if used and used + cells > width:
            lines.append((start, start + len(text[start:at].rstrip())))
            start, used = at, 0
            if atom.isspace():
                start = at = at + len(atom)
                continue
        at += len(atom)
        used += cells
    return [*lines, (start, len(text))] if start < len(text) or not lines else lines


def _atoms(text: str, width: int) -> list[str]:
    """Join units that must stay together; what is wider than a line alone is cut into characters."""
    atoms: list[str] = []
    held = False  # whether the last atom must not end a line
    for unit in _UNIT.findall(text):
        glued = atoms and not atoms[-1].isspace() and (held or _NOT_FIRST.fullmatch(unit))
        if glued and cell_len(atoms[-1] + unit) <= width:
            atoms[-1] += unit
        elif cell_len(unit) > width:
            atoms.extend(unit)
        else:
            atoms.append(unit)
        held = unit in _NOT_LAST
    return atoms
