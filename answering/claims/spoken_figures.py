"""What readers say of figures and years, in the words that figures are read from: 快77岁, 一半还多, 零点三, 06年."""

from __future__ import annotations

import re

from retrieval.quantities.numerals import parse_number

_NUMBER = r"(?=[\d一二三四五六七八九十百千两几])"
_SPOKEN = (  # what readers say, in the words that figures are read from
    (re.compile(r"(?<=\d),(?=\d{3}(?!\d))"), ""),
    (re.compile(rf"(?<![比没体均国])快(?={_NUMBER}[\d一二三四五六七八九十百千万亿两.]*(?:[万亿成岁%个多家人户套台项公吨亩元块辆件名座条]|$))"), "近"),
    (re.compile(rf"(?<![突超经])[破过]了?(?={_NUMBER}(?!年))"), "超过"),
    (re.compile(r"(超过|突破|近|达到?)了?(?=[百千]?[万亿](?![\d一二三四五六七八九]))"), r"\1一"),
    (re.compile(r"连着第?(?=[一二三四五六七八九十\d]{1,9}年)"), "连续"),
    (re.compile(r"([十百千])个(?=[万亿])|(?<=[百千])个(?=亿)"), r"\1"),
    (re.compile(r"(?<=[一二两三四五六七八九十])个(?=亿)"), ""),
    (re.compile(r"零点([一二三四五六七八九]{1,9})(?!个?百分点|%|个点)"), lambda m: f"0.{_digits(m[1])}%"),
    (re.compile(r"(?:超过?|不止)?一半(?:还多|以上|多|出头)"), "超过50%"),
    (re.compile(r"(?:不到|不足|没到)一半"), "不足50%"),
    (re.compile(r"一半"), "50%"),
    (re.compile(r"([一二三四五六七八九十]{1,9}分之[一二三四五六七八九十]{1,9})(?:还多|多|以上|出头)"), r"超过\1"),
    (re.compile(r"(?<=[十百千万亿])(?=[万亿]?出头)"), ""),
    (re.compile(r"((?<![\d一二三四五六七八九十百千两])[\d一二三四五六七八九十百千两]{1,12}[十百千]?)(个?[万亿]?)出头"), r"\1多\2"),
    (re.compile(r"以里"), "以内"),
    (re.compile(r"(?:翻了?一番|翻了?一倍)"), "增长100%"),
    (re.compile(r"没(?:有)?到"), "不到"),
    (re.compile(r"个点(?!位)"), "%"),
    (re.compile(r"(?<![第十百千万])一(?=块|元)"), "1"),
)  # fmt: skip
_YEAR_BEGINS = re.compile(r"(?<![\d.])(?P<short>0\d|[12]\d)年(?=[^\d以来间里内多前后]|年?[底末初])")


def plainly(text: str) -> str:
    """Return a claim with what is told loosely in words that figures are read from."""
    for pattern, words in _SPOKEN:
        text = pattern.sub(words, text)
    return text


def _digits(words: str) -> str:
    return "".join(str(parse_number(char) or 0) for char in words)


def dated(text: str, newest: int | None) -> str:
    """Put years for 06年, 去年 and 前年, counted from ``newest``, the year of the newest text asked of."""
    text = _YEAR_BEGINS.sub(lambda m: f"20{m['short']}年" if _is_year(text, m) else m[0], text)
    if newest is None:
        return text
    text = re.sub("去年|(?<!比)上年|last year", f"{newest - 1}年", text)
    text = re.sub("(?<!比)前年(?!多|少|增|涨|高|低)", f"{newest - 2}年", text)
    return re.sub("今年|this year", f"{newest}年计划", text)


def _is_year(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()]
    return match["short"].startswith("0") or not before or before[-1:] in "到自从，,"
