"""The elements that official documents print (GB/T 9704-2012): number, body, days, effect."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.parsing.dates import is_date_line, is_issuer
from retrieval.particulars.particular import Particular, ParticularKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.text.normalize import Span

_HEAD = 30  # lines in which a document prints its number
_YEAR = r"[〔\[［（(【]\s*(?:19|20)\d{2}\s{0,3}[〕\]］）)】]"
_NUMBER = re.compile(
    rf"(?:(?:发文字号|文\s*号|文件编号)[:：]\s*)?(?P<number>[\u4e00-\u9fff]{{0,14}}\s?{_YEAR}\s*+(?:第\s*+)?\d{{1,5}}\s*号)(?![^\s\u3000（(签])"
)
_ORDER = re.compile(
    r"(?:[\u4e00-\u9fff]{0,20}令\s*)?(?P<number>第\s*[\d一二三四五六七八九十百零〇]{1,6}\s*号)$"
)
_DAY = (
    r"(?:(?:19|20)\d{2}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
    r"|[一二][〇零○Ｏ一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)
_PRINTED = re.compile(rf"(?:\S.{{0,40}}?)?[\s\u3000]*{_DAY}\s*印发[。]?$")
_DATELINE = re.compile(rf"(?P<issuer>[\u4e00-\u9fff（）()]{{3,40}})[\s\u3000]+{_DAY}$")
_RED_HEAD = re.compile(r"(?P<issuer>[\u4e00-\u9fff]{4,40})文件$")
_LABELLED_DAY = re.compile(
    rf"(?:发布|发文|成文|公布|印发|签发)(?:日期|时间)[:：\s]*(?:{_DAY}|(?:19|20)\d{{2}}[-/.]\d{{1,2}}[-/.]\d{{1,2}})"
)
_IN_FORCE = re.compile(
    r"自(?:[^。；\n]{0,30}?日|印发之日|公布之日|发布之日|下发之日)起(?:正式)?(?:施行|实施|执行|生效)|有效期(?:为|至|到|\d|[一二三四五六七八九十])"
)
_STOPS = "。；\n"


def official_marks(text: str, lines: Sequence[Span]) -> Iterator[Particular]:
    """Yield the number, the days, the issuing bodies and the sentences that say when a text takes effect."""
    yield from _numbers(text, lines)
    yield from _signatures(text, lines)
    yield from _others(text, lines)
    for found in _IN_FORCE.finditer(text):
        start = max(text.rfind(stop, 0, found.start()) for stop in _STOPS) + 1
        end = min((at for stop in _STOPS if (at := text.find(stop, found.end())) >= 0), default=len(text))
        end += text[end : end + 1] == "。"
        start += len(text[start:end]) - len(text[start:end].lstrip(" \t\u3000\u00a0#>*"))
        yield _made(text, ParticularKind.IN_FORCE, start, end)


def _made(text: str, kind: ParticularKind, start: int, end: int, *, rank: int = 0) -> Particular:
    return Particular(kind=kind, start=start, end=end, topic=(0, len(text)), rank=rank)


def _numbers(text: str, lines: Sequence[Span]) -> Iterator[Particular]:
    for line in lines[:_HEAD]:
        words = text[line.start : line.end]
        found = _NUMBER.match(words) or _ORDER.match(words)
        if found and len(words) <= 60:
            yield _made(
                text,
                ParticularKind.NUMBER,
                line.start + found.start("number"),
                line.start + found.end("number"),
            )


def _signatures(text: str, lines: Sequence[Span]) -> Iterator[Particular]:
    """Yield the issuing bodies and the day below a text or its covering notice."""
    for at, line in enumerate(lines):
        if not at or not is_date_line(text[line.start : line.end]):
            continue
        first = at
        while first and is_issuer(text[lines[first - 1].start : lines[first - 1].end]):
            first -= 1
        if first < at:
            yield _made(text, ParticularKind.ISSUED, lines[first].start, line.end, rank=1)
            yield _made(text, ParticularKind.ISSUER, lines[first].start, lines[at - 1].end)


def _others(text: str, lines: Sequence[Span]) -> Iterator[Particular]:
    for at, line in enumerate(lines):
        words = text[line.start : line.end]
        if len(words) > 80:
            continue
        if _PRINTED.match(words):
            yield _made(text, ParticularKind.ISSUED, line.start, line.end)
        elif at < _HEAD and (found := _DATELINE.match(words)) and is_issuer(found["issuer"]):
            yield _made(text, ParticularKind.ISSUED, line.start, line.end, rank=2)
            yield _made(text, ParticularKind.ISSUER, line.start, line.start + found.end("issuer"), rank=1)
        elif at < _HEAD and _LABELLED_DAY.search(words):
            yield _made(text, ParticularKind.ISSUED, line.start, line.end, rank=3)
        elif at < _HEAD and _RED_HEAD.fullmatch(words) and is_issuer(words[:-2]):
            yield _made(text, ParticularKind.ISSUER, line.start, line.end, rank=2)
