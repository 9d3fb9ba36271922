"""The years that a question or a head names."""

from __future__ import annotations

import re

from retrieval.quantities.numerals import parse_number
from retrieval.text.normalize import fold

_YEAR = r"(?:(?:1[89]|20|21)\d\d|[一二][零〇○一二三四五六七八九]{3})"
_TO = r"\s?(?:至|到|—+|–|-|~|～|to)\s?"
_COUNTED = "余多几来万亿千百%+个名位人家户项件条处所座次元米吨公平辆部台套张页字只种起亩天"
_NAMED = re.compile(
    rf"(?<!\d)(?<!\d[.,])(?P<low>{_YEAR})(?:年度?)?{_TO}(?P<high>{_YEAR})年"
    rf"|(?<!\d)(?<!\d[.,])(?P<year>{_YEAR})\s?年(?!前|代|历史)"
    rf"|(?<![\da-z])(?<!\d[.,])(?P<bare>(?:19[5-9]|20[0-4])\d)(?![\d,]|\.\d|\s?[{_COUNTED}]|[a-z])"
    r"|(?<!\d)(?P<dated>(?:19|20)\d\d(?=[-/.]\d{1,2}[-/.]\d{1,2}))"
    r"|(?<!\d)(?<!\d\.)(?P<short>[0-3]\d)年"
    r"(?=到|至今|以来|以后|之后|起|开始|底|初|末|\d{1,2}月|度|那|获|评|的?(?:时候|报告|政府))"
    r"|(?<=[从自])(?P<since>[0-3]\d)年"
)
_DURATION = re.compile(r"(?:近|过去|用了|经过|历时|共|第|已|了|满|约|超|后|前|每|最近|未来|今后)\s?$")
_LONGEST = 30


def years(text: str) -> tuple[int, ...]:
    """List the years a text names, each once, in order: 2021年, 二〇二一年, 2023—2025年, 18年以来.

    Relative ones (去年) are no business of this module; "18年" counts only where it can't be a span of time.
    """
    folded = fold(text)
    found: dict[int, None] = {}
    for match in _NAMED.finditer(folded):
        short = match["short"] or match["since"]
        if match["low"]:
            low, high = _year(match["low"]), _year(match["high"])
            found |= dict.fromkeys(range(low, high + 1) if low <= high <= low + _LONGEST else (low, high))
        elif not short:
            found[_year(match["year"] or match["bare"] or match["dated"])] = None
        elif not _DURATION.search(folded, max(0, match.start() - 4), match.start()):
            found[2000 + int(short)] = None
    return tuple(found)


def _year(words: str) -> int:
    return int(parse_number(words) or 0)
