"""Numbers as they are written: 1,234.5, 12万, 5.77亿, 一千二百, 三点五, 二〇二一, 4.9 million."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from retrieval.text.normalize import fold

_LONGEST = 40  # characters of a numeral; a longer string is no number
_ZERO = "零〇○"
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10**4, "亿": 10**8}
_ENGLISH_SCALE = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ENGLISH_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_ENGLISH = {word: value for value, word in enumerate(_ENGLISH_WORDS.split())} | _TENS

# Parts of regular expressions over folded text. 千 and 百 may begin a unit instead: 五万千瓦, 2百分点.
SCALE = "(?:万亿|[十百千]?亿|[十百千]?万|千(?![瓦克米卡伏赫])|百(?!分))"
ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_NUMERAL = _ZERO + "一二三四五六七八九"
CHINESE = rf"(?:[{_NUMERAL}两十万亿]|千(?![瓦克米卡伏赫])|百(?!分))+(?:点[{_NUMERAL}]+)?"
ENGLISH_SCALE = "(?:" + "|".join(_ENGLISH_SCALE) + ")"
_TENS_AND_ONE = "(?:" + "|".join(_TENS) + ")[- ](?:" + "|".join(_ENGLISH_WORDS.split()[1:10]) + ")"
_TENS_AND_ONE = _TENS_AND_ONE.replace("(?:", "(?:twenty|", 1)
ENGLISH = "(?:" + _TENS_AND_ONE + "|" + "|".join(sorted(_ENGLISH, key=len, reverse=True)) + ")"

_ARABIC_SCALED = re.compile(
    rf"(?P<number>-?{ARABIC})(?P<scale>{SCALE}){{0,2}}\s?(?P<english>{ENGLISH_SCALE})?"
)
_ENGLISH_SCALED = re.compile(rf"(?P<number>{ENGLISH})(?:\s(?P<scale>{ENGLISH_SCALE}))?")


@lru_cache(maxsize=4_096)
def parse_number(text: str) -> Decimal | None:
    """Read a text that is one number and nothing else; None for any other text."""
    word = fold(text).strip()
    if word == "半":
        return Decimal("0.5")
    if match := _ARABIC_SCALED.fullmatch(word):
        scale = word[match.end("number") : match.start("english") if match["english"] else None].strip()
        number = Decimal(match["number"].replace(",", "")) * _scale(scale)
        return plain(number * _ENGLISH_SCALE.get(match["english"], 1))
    if match := _ENGLISH_SCALED.fullmatch(word):
        return Decimal(_english(match["number"]) * _ENGLISH_SCALE.get(match["scale"], 1))
    return _chinese(word)


def _english(words: str) -> int:
    """Read twelve, and twenty-one."""
    return sum(_ENGLISH[word] for word in re.split("[- ]", words))


def spell(value: int) -> str:
    """Write a whole number from 0 to 10**16 − 1 in Chinese numerals: 1200 is 一千二百."""
    if not 0 <= value < 10**16:
        raise ValueError(f"{value} is not between 0 and 10**16 - 1")
    if value < 10:
        return "零一二三四五六七八九"[value]
    sizes = (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10))
    name, size = next((name, size) for name, size in sizes if value >= size)
    head, rest = divmod(value, size)
    first = "" if name == "十" and head == 1 else spell(head)
    gap = "零" if 0 < rest < size // 10 else ""
    return first + name + (gap + _inner(rest) if rest else "")


def plain(value: Decimal) -> Decimal:
    """Drop the zeros after the point, and the exponent: 5.770E+8 is 577000000."""
    value = value.normalize()
    return (
        value.quantize(Decimal(1)) if value == value.to_integral_value() and value.adjusted() < 25 else value
    )


def spell_count(value: int) -> str:
    """Write how many, as it is said before what is counted: two are 两, as in 两章. Raises as ``spell``."""
    return "两" if value == 2 else spell(value)


def _inner(value: int) -> str:
    """Spell what stands after a larger part, where ten is 一十."""
    words = spell(value)
    return "一" + words if words.startswith("十") else words


def _scale(chars: str) -> int:
    value = 1
    for char in chars:
        value *= (_STEPS | _GROUPS)[char]
    return value


def _chinese(word: str) -> Decimal | None:
    whole, _, fraction = word.partition("点")
    if (
        not whole
        or len(word) > _LONGEST
        or ("点" in word and not fraction)
        or any(char not in _DIGITS for char in fraction)
    ):
        return None
    value = _digit_string(whole) if all(char in _DIGITS for char in whole) else _grouped(whole)
    if value is None:
        return None
    digits = "".join(str(_DIGITS[char]) for char in fraction)
    return Decimal(f"{value}.{digits}") if digits else Decimal(value)


def _digit_string(word: str) -> int | None:
    """Read 二〇二一 digit by digit; 三五 and 两三 are no numbers but guesses."""
    if len(word) == 2 or (len(word) > 2 and "两" in word):
        return None
    return int("".join(str(_DIGITS[char]) for char in word))


def _grouped(word: str) -> int | None:
    """Read a numeral with 亿, 万 and the steps below, largest first; None where the order is broken."""
    for name, size in (("亿", 10**8), ("万", 10**4)):
        head, found, rest = word.rpartition(name)
        if found:
            high = _grouped(head) if any(c in _GROUPS for c in head) else _steps(head)
            low = _tail(rest, size)
            return None if high is None or high == 0 or low is None or low >= size else high * size + low
    return _steps(word)


def _tail(rest: str, size: int) -> int | None:
    if not rest:
        return 0
    if len(rest) == 1 and _DIGITS.get(rest, 0) > 0 and rest != "两":
        return _DIGITS[rest] * size // 10  # 三万五 is 35000
    return _grouped(rest)


def _steps(word: str) -> int | None:
    """Read a numeral below 万: 一千二百零三, 十五, 一百二."""
    total, limit, at, zero = 0, 10_000, 0, False
    while at < len(word):
        if word[at] in _ZERO:
            zero, at = True, at + 1
            continue
        digit = _DIGITS.get(word[at])
        at += digit is not None
        step = _STEPS.get(word[at]) if at < len(word) else None
        if step is None:
            short = limit // 10 if limit < 10_000 and not zero else 1
            return total + digit * short if digit is not None and at == len(word) else None
        if step >= limit or (digit is None and (step != 10 or (total and not zero))):
            return None
        total, limit, at, zero = total + (1 if digit is None else digit) * step, step, at + 1, False
    return None if zero and total == 0 and len(word) > 1 else total
