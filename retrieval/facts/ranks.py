"""The ranks that are told beside figures: 增长6.5%，居全国第3位; 分别居第二、第七."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.quantities.numerals import parse_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.text.sentences import Span

_N = "[一二三四五六七八九十百\\d]{1,4}"
_RANK = re.compile(
    rf"第(?P<place>{_N})(?:位|名|(?=[,;。，；、)）]|$))|前(?P<top>{_N})(?:位|名|强|(?=[,;。，；、)）]|$))"
    "|(?P<first>(?:[居列位]|排名)[^，,;；。第]{0,8}(?:首位|榜首|第一))"
)
_OF_BEFORE = re.compile(  # a clause with no thing of its own: 增速居全国第3位, 从世界第六位上升到第四位
    "[，,、；; ]*(?:其?(?:增速|增幅|总量|规模|排名))?(?:均|都|分别|稳|仍|继续|保持|连续[一二三四五六七八九十\\d]{1,3}年|首次)*"
    "(?:[位跃]?[居列]|排|保持|跻身|进入|[从由])"
)
_EACH = re.compile("[均都皆]")


def ranks_beside(text: str, spans: Sequence[Span], figures: Sequence[int]) -> dict[int, str]:
    """Return the ranks of figures by where these begin: "3" is 第3位, "top10" 前十.

    A clause's ranks are of the figures of that clause before them, else of those of the clause before; as many
    ranks as figures are dealt out, one rank is of the last figure, of all where it says 均; of 从第六位升至第四位
    the last counts. ``text`` and ``spans`` are a sentence, folded, and its clauses.
    """
    found: dict[int, str] = {}
    for at, span in enumerate(spans):
        told = list(_RANK.finditer(text, span.start, span.end))
        if not told:
            continue
        own = [start for start in figures if span.start <= start < told[0].start()]
        if not own and at and _OF_BEFORE.match(text, span.start):
            own = [start for start in figures if spans[at - 1].start <= start < spans[at - 1].end]
        numbers = [_number(one) for one in told]
        if len(own) == len(numbers) > 1:
            found |= dict(zip(own, numbers, strict=True))
        elif own and (
            len(numbers) == 1 or re.search("[从由][^，,;；。第]{0,6}第", text[span.start : told[0].end()])
        ):
            each = _EACH.search(text, max(own[-1], span.start), told[0].start())
            found |= dict.fromkeys(own if each else own[-1:], numbers[-1])
    return found


def _number(match: re.Match[str]) -> str:
    if match["first"]:
        return "1"
    value = parse_number(match["place"] or match["top"])
    return f"{'top' if match['top'] else ''}{value}"
