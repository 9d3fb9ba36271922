"""What is shown in a terminal, and the plain lines that go into a pipe. Seam: rich."""

from __future__ import annotations

import re
import sys
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.presentation.rendering import Block, BlockKind, TextStyle, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TextIO

    from bot.presentation.rendering import TextRun

    Row = tuple[Text, ...]  # lead, words, markers


WIDEST = 100  # cells; longer lines are hard to read
_USUAL = 80  # cells of a terminal that does not tell its width
# A document may hold codes that would move the cursor or change the window's title: none goes to a terminal.
_CONTROLS = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160), 8232, 8233))
_STYLES = {
    TextStyle.PLAIN: "",
    TextStyle.STRONG: "bold",
    TextStyle.FAINT: "bright_black",
    TextStyle.CITED: "bold reverse",
    TextStyle.MARKER: "cyan",
}
_MARGINS = {BlockKind.ITEM: ("• ", "  "), BlockKind.QUOTE: ("  │ ", "  │ ")}


class TerminalOutput(Protocol):
    """Shows blocks to a person or to a program."""

    def show(self, shown: Iterable[Block]) -> None:
        """Show blocks, one under the other."""

    def gap(self) -> None:
        """Leave a line empty."""


class RichOutput:
    """Blocks in colours, wrapped for Chinese, as wide as the window and no wider than is good to read."""

    def __init__(self, file: TextIO | None = None) -> None:
        self.console = Console(file=file, highlight=False, markup=False, emoji=False)
        if self.console.width < 1:  # COLUMNS=0, as some shells and editors set it
            self.console.width = _USUAL

    @property
    def width(self) -> int:
        """The cells that a line may take."""
        return max(8, min(self.console.width, WIDEST))

    @property
    def erases(self) -> bool:
        """Whether lines that stand can be taken back."""
        console = self.console
        return console.is_terminal and not (console.is_dumb_terminal or console.legacy_windows)

    def show(self, shown: Iterable[Block]) -> None:
        """Show blocks in their styles."""
        for one in self.lines(shown):
            self.console.print(one, soft_wrap=True)

    def lines(self, shown: Iterable[Block]) -> list[Text]:
        """Lay blocks out in lines that fit the window."""
        laid: list[Text] = []
        for in_rows, group in groupby(shown, key=lambda block: bool(block.cells)):
            blocks = list(group)
            rows = self._rows(blocks) if in_rows and len(blocks) > 1 else None
            if rows is not None:
                laid += rows
                continue
            for block in blocks:
                laid += [Text("")] if block.apart and laid else []
                laid += self._wrapped(block)
        return laid

    def _rows(self, blocks: Sequence[Block]) -> list[Text] | None:
        cells = [tuple(_text(cell) for cell in block.cells) for block in blocks]
        return rows(cells, self.width)

    def _wrapped(self, block: Block) -> list[Text]:
        first, rest = _MARGINS.get(block.kind, ("", ""))
        text = _text(block.runs)
        pieces = wrap(text.plain, max(8, self.width - len(first)))
        return [
            Text.assemble((rest if at else first, _STYLES[TextStyle.FAINT]), text[start:end])
            for at, (start, end) in enumerate(pieces)
        ]

    def gap(self) -> None:
        """Leave a line empty."""
        self.console.print()


class PlainOutput:
    """Blocks as plain lines."""

    def __init__(self, file: TextIO | None = None) -> None:
        self._file = file or sys.stdout

    def show(self, shown: Iterable[Block]) -> None:
        """Write blocks without styles, and send them on at once."""
        text = plain(shown).translate(_CONTROLS)  # a pipe may end in a terminal
        if text:
            print(text, file=self._file, flush=True)

    def gap(self) -> None:
        """Leave a line empty."""
        print(file=self._file, flush=True)


def _text(runs: Iterable[TextRun]) -> Text:
    return Text("", end="").join(Text(run.text.translate(_CONTROLS), _STYLES[run.style]) for run in runs)


def screen(file: TextIO | None = None) -> TerminalOutput:
    """Return what fits ``file``, standard output by default: colours for a terminal, plain for a pipe."""
    target = file or sys.stdout
    return RichOutput(target) if target.isatty() else PlainOutput(target)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Show rows under their heads: aligned for a terminal, parted by tabs for a pipe."""
    if not sys.stdout.isatty():
        for row in (heads, *rows):
            print("\t".join(cell.translate(_CONTROLS) for cell in row))
        return
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        shown.add_column(head, overflow="fold")
    for row in rows:
        shown.add_row(*(Text(cell.translate(_CONTROLS)) for cell in row))
    Console(highlight=False).print(shown)


READABLE = 30  # cells: in a narrower column of words a list is easier to read
LEADS = 24  # cells: a longer lead is no row head but a sentence
_FAINT = "bright_black"
_GAP = " │ "


def rows(cells: Sequence[Row], width: int) -> list[Text] | None:
    """Lay rows out in three columns of ``width`` cells in all; None when a list reads better."""
    leads, _, markers = (max(text.cell_len for text in column) for column in zip(*cells, strict=True))
    words = width - leads - markers - 2 * len(_GAP)
    if words < READABLE or not 0 < leads <= LEADS:
        return None
    widths = (leads, words, max(markers, 1))
    laid: list[Text] = []
    for row in cells:
        # A second line on the same thing has no lead, and belongs to the row above.
        laid += [_rule(widths)] if laid and row[0].plain else []
        laid += _row(row, widths)
    return laid


def _rule(widths: Sequence[int]) -> Text:
    return Text("─┼─".join("─" * width for width in widths), _FAINT)


def _row(row: Row, widths: Sequence[int]) -> list[Text]:
    columns = [
        [text[start:end] for start, end in wrap(text.plain, width)]
        for text, width in zip(row, widths, strict=True)
    ]
    height = max(map(len, columns))
    return [_line([column[at] if at < len(column) else Text("") for column in columns], widths)
            for at in range(height)]  # fmt: skip


def _line(parts: Sequence[Text], widths: Sequence[int]) -> Text:
    padded = [
        Text.assemble(part, " " * (width - part.cell_len))
        for part, width in zip(parts[:-1], widths, strict=False)
    ]
    return Text(_GAP, _FAINT, end="").join([*padded, parts[-1]])


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
