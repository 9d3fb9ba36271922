"""The reader of figures: what kind of number each is, and how its words bound it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from retrieval.quantities import patterns as syntax
from retrieval.quantities.amounts import FigureDraft, amount, take_range, take_unit
from retrieval.quantities.numerals import parse_number, plain
from retrieval.quantities.units import orders
from retrieval.quantities.values import Bound, Figure, Sort
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTES = frozenset("“‘\"'《")
_LIKE_INSIDE = re.compile(r"(?:(?<=[\x00-\x7f])|^)，|\n")
_FIRST_NUMERAL = re.compile("[二三四五六七八九两]")
_WHOLE = re.compile("[一二两三四五六七八九十].*[百千万亿]")
_ONE_COUNTS = frozenset(
    (
        "次",
        "倍",
        "番",
        "个月",
        "小时",
        "个小时",
        "分钟",
        "天",
        "个百分点",
        "%",
        "元",
        "公里",
        "亩",
        "吨",
        "岁",
        "平方米",
        "平方公里",
        "公顷",
        "立方米",
        "公斤",
    )
)
_WITHIN = re.compile("(?:以|之)?内")
_BOUNDED = re.compile("(?:超过|少于|多于|至[少多]|最[多少长短]|满|逾)$")  # before a length of time
_SECOND = frozenset(("次", "轮", "道", "批", "类", "届", "代"))
_SHORT_TIMES = frozenset(("年", "个月", "天", "周", "月", "日", "季度", "个季度"))


def read(text: str, folded: str | None = None) -> Iterator[Figure]:
    """Read the figures of a text, ordinals and articles too, in their order and without overlap.

    Who has the text folded already hands that in.
    """
    folded = _parted(text, fold(text) if folded is None else folded)
    at = done = 0
    while match := syntax.TOKEN.search(folded, at):
        draft = None if match["word"] else _draft(folded, match)
        at = draft.end if draft else _after(match)
        if draft:
            _bound_before(folded, draft, done)
            done = draft.end
            yield _figure(text, draft)


def _parted(text: str, folded: str) -> str:
    """Keep the wide commas and line ends of a folded text from looking like those inside a number."""
    for match in _LIKE_INSIDE.finditer(text):
        folded = f"{folded[: match.end() - 1]};{folded[match.end() :]}"
    return folded


def _after(match: re.Match[str]) -> int:
    """Give where to look on behind something that is no figure."""
    if match["code"]:
        return match.start("digits")
    return match.end("word") if match["word"] else max(match.end("number"), match.start() + 1)


def _draft(folded: str, match: re.Match[str]) -> FigureDraft | None:
    if match["share"]:
        return _share(folded, match)
    if match["day"]:
        draft = FigureDraft(Decimal(match["year"]), match.start(), match.end(), match[0], "年")
        draft.sort = Sort.DATE
        return draft
    if match["dotted"] or match["sum"]:
        first, mark, rest = re.split(r"([+.])", match[0], maxsplit=1)
        return FigureDraft(Decimal(first), match.start(), match.end(), match[0], mark + rest, sort=Sort.NAME)
    if match["code"]:
        return _code(folded, match)
    return _quantity(folded, match)


def _share(folded: str, match: re.Match[str]) -> FigureDraft | None:
    """Read 百分之三点五 as 3.5 %, 万分之五 as 0.05 %, and 三分之二 as two thirds of 100 %."""
    part = parse_number(match["part"])
    base = parse_number("一" + match["base"] if match["base"] in "百千万" else match["base"])
    if part is None or not base:
        return None
    unit, size = ("‰", 1000) if base == 1000 else ("%", 100)
    draft = FigureDraft(plain(part * size / base), match.start(), match.end(), match[0], unit)
    _bound_after(folded, draft)
    return draft


def _code(folded: str, match: re.Match[str]) -> FigureDraft | None:
    """Read letters with digits, such as PM2.5 or G20, as a name, unless a scale follows."""
    end = match.end()
    if folded[end : end + 1] in ("万", "亿", "%"):
        return None
    if tail := syntax.LETTERS.match(folded, end):
        end = tail.end()
    letters = "".join(char for char in folded[match.start() : end] if char.isalpha())
    return FigureDraft(Decimal(match["digits"]), match.start(), end, match["digits"], letters, sort=Sort.NAME)


def _quantity(folded: str, match: re.Match[str]) -> FigureDraft | None:
    draft = _english(match) if match["english"] else amount(match)
    if draft is not None:
        if match["minus"]:
            draft.value, draft.start = -draft.value, match.start()
        else:
            take_range(folded, draft)
        take_unit(folded, draft)
        draft.sort = _sort(folded, draft)
    if draft is None or not _counts(draft):
        return _quoted(folded, match)
    _bound_after(folded, draft)
    return draft


def _english(match: re.Match[str]) -> FigureDraft | None:
    value = parse_number(match["english"])
    return None if value is None else FigureDraft(value, match.start(), match.end(), match["english"])


def _sort(folded: str, draft: FigureDraft) -> Sort:
    if _is_ordinal(folded, draft):
        return Sort.ORDINAL
    if draft.words in ("一", "one") and draft.unit not in _ONE_COUNTS and draft.value == 1:
        return Sort.ARTICLE
    if _is_date(folded, draft):
        return Sort.DATE
    if draft.sort is Sort.NAME or _is_quoted(folded, draft) or _is_hotline(folded, draft):
        return Sort.NAME
    return Sort.QUANTITY


def _is_ordinal(folded: str, draft: FigureDraft) -> bool:
    if folded[max(0, draft.start - 1) : draft.start] in ("第", "届"):
        return True
    if (draft.words == "二" and draft.unit in _SECOND) or (draft.chinese and draft.unit == "季度"):
        return draft.words != "两"
    if not draft.unit and syntax.MARKER.match(folded, max(0, draft.start - 1)):
        return True
    return orders(draft.unit) and draft.words != "两"


def _is_date(folded: str, draft: FigureDraft) -> bool:
    if draft.bound is not Bound.EXACT or draft.value != draft.value.to_integral_value():
        return False
    if (
        draft.unit == "日"
        and folded[draft.start - 1 : draft.start] != "月"
        and (_WITHIN.match(folded, draft.end) or _BOUNDED.search(folded, 0, draft.start))
    ):
        return False  # a span: 十日内, 不得超过十日
    highest = {"月": 12, "日": 31, "时": 24, "点": 24, "点钟": 24}.get(draft.unit)
    if highest is not None:
        return draft.value <= highest
    if draft.unit in ("年代", "世纪"):
        return True
    if not 1000 <= draft.value <= 2100 or len(draft.words) != 4:
        return False
    if not draft.unit and syntax.IN_ENGLISH_TIME.search(folded[max(0, draft.start - 8) : draft.start]):
        draft.unit = "年"
    return draft.unit in ("年", "年度", "学年")


def _is_quoted(folded: str, draft: FigureDraft) -> bool:
    """Tell whether the number begins a short quoted name; the name's words stand for a missing unit."""
    if folded[max(0, draft.start - 1) : draft.start] not in _QUOTES:
        return False
    name = syntax.QUOTED_NAME.match(folded, draft.end)
    if name and not draft.unit:
        draft.unit, draft.end = name[1], name.end(1)
    return name is not None


def _is_hotline(folded: str, draft: FigureDraft) -> bool:
    if draft.unit or draft.chinese or not 3 <= len(draft.words) <= 6 or not draft.words.isdigit():
        return False
    called = (
        folded[max(0, draft.start - 4) : draft.start]
        .rstrip("“: ")
        .endswith(("拨打", "热线", "致电", "电话", "号码"))
    )
    return called or syntax.HOTLINE.match(folded, draft.end) is not None


def _counts(draft: FigureDraft) -> bool:
    """Tell whether this is a figure at all: Chinese numerals need a unit, a bound or some size."""
    if not draft.chinese or draft.unit:
        return True
    bounded = draft.bound is not Bound.EXACT and draft.high is None
    return bounded or _WHOLE.match(draft.words) is not None


def _quoted(folded: str, match: re.Match[str]) -> FigureDraft | None:
    """Read a numeral that begins a quoted name and counts nothing that has a measure word: “九富”, “两院”."""
    start = match.start("number")
    first = _FIRST_NUMERAL.match(folded, start) if start > 0 else None
    if first is None or folded[start - 1] not in _QUOTES:
        return None
    number = match["number"] if parse_number(match["number"]) is not None else first[0]
    name = syntax.QUOTED_NAME.match(folded, start + len(number))
    if name is None or not name[1]:
        return None
    value = parse_number(number) or Decimal(0)
    return FigureDraft(value, start, name.end(1), number, name[1], sort=Sort.NAME)


def _bound_after(folded: str, draft: FigureDraft) -> None:
    if draft.sort is not Sort.QUANTITY:
        return
    for bound, pattern in syntax.AFTER.items():
        if match := pattern.match(folded, draft.end):
            draft.end = match.end()
            draft.bound = bound if draft.bound is Bound.EXACT else draft.bound
            return


def _bound_before(folded: str, draft: FigureDraft, done: int) -> None:
    if draft.sort is not Sort.QUANTITY:
        return
    before = folded[max(done, draft.start - 20) : draft.start]
    if before.rstrip()[-1:] not in syntax.ENDS_BOUND:
        return
    for bound, pattern in syntax.BEFORE.items():
        match = pattern.search(before)
        if match and not (match[0] == "近" and draft.unit in _SHORT_TIMES and draft.value <= 10):
            draft.start -= len(before) - match.start()
            draft.bound = bound if draft.bound is Bound.EXACT else draft.bound
            return


def _figure(text: str, draft: FigureDraft) -> Figure:
    return Figure(
        value=plain(draft.value),
        high=draft.high,
        unit=draft.unit,
        bound=draft.bound,
        start=draft.start,
        end=draft.end,
        text=text[draft.start : draft.end],
        sort=draft.sort,
    )
