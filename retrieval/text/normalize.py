"""Chinese text as it is written: width and script, and the pieces that words are matched by.

Folding changes no length, so an offset in a folded text is one in the text itself. Sentences and clauses are
cut in ``retrieval.text.sentences`` and offered here as well.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise

from retrieval.text.script import convert
from retrieval.text.sentences import HAN, Span, clauses, sentences, trimmed

__all__ = [
    "Span",
    "bigrams",
    "clauses",
    "fold",
    "is_chinese",
    "is_english",
    "is_traditional",
    "sentences",
    "squash",
    "to_simplified",
    "to_traditional",
    "trimmed",
]

_IS_HAN = re.compile(f"[{HAN}]")
_KANA = "\u3041-\u30ff"
_HAN_RANGES = ((0x3400, 0x4DC0), (0x4E00, 0xA000))
_COMPATIBLE_RANGES = ((0x2E80, 0x2FE0), (0xF900, 0xFB00), (0xFE30, 0xFE50), (0xFF00, 0xFFF0))
_SPACES = "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\u2060\ufeff"
_NARROW_SPACES = tuple(map(chr, range(0x2000, 0x200B)))
# Where the simpler form depends on context, OpenCC leaves the character; for matching, both are one word.
_SAME_WORD = dict(zip("著瞭藉祇衹妳「」『』\u0130Σς", "着了借只只你“”‘’iσσ", strict=True))
_ENGLISH_WORD = re.compile(r"[A-Za-z]+")
_FUNCTION_WORD = re.compile(
    r"\b(?:a|all|an|and|any|are|as|at|by|can|did|do|does|for|from|give|has|have|how|in|is|it|its|list|many|me|more"
    r"|most|much|not|of|on|or|please|show|tell|than|that|the|their|there|they|this|to|was|were|what|when|where"
    r"|which|who|whose|why|with|you|your)\b",
    re.IGNORECASE,
)
_PINYIN_TOO = frozenset(("a", "an", "can", "me", "you"))  # words that are syllables of Chinese as well
_COMMON_WORD = re.compile(
    r"\b(?:hello|hi|hey|thanks?|sorry|good|okay|ok|yes|no|help|about|cit(?:y|ies)|provinces?|reports?|growth|years?"
    r"|million|billion|compare|people)\b",
    re.IGNORECASE,
)
_PIECE = re.compile(
    rf"(?P<han>[{HAN}{_KANA}]+)"
    r"|(?<![a-z\d.])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![a-z\d])|\d+(?:\.\d+)+(?![a-z])"
    rf"|[^\W_{HAN}{_KANA}]+"
)


def fold(text: str) -> str:
    """Bring a text to half width, simplified script, lower case and plain spaces; no offset moves."""
    folding, folded = _folding(), _folded()
    for char in set(folded.findall(text)):  # a text has few of them: faster than a table for every character
        text = text.replace(char, folding[char])
    return text.lower()


def squash(text: str) -> str:
    """Fold a text and drop its white space."""
    return fold(text).replace(" ", "")


def to_simplified(text: str) -> str:
    """Write a text in simplified script; phrases count, so the length may change."""
    return convert(text, "t2s")


def to_traditional(text: str) -> str:
    """Write a text in traditional script as Taiwan prints it; phrases count, so the length may change."""
    return convert(text, "s2tw")


def name_in_traditional(name: str, *, surely: bool) -> str:
    """Write a name in traditional script; unless ``surely``, only characters that simplified alone has.

    谷, 里 and 范 are traditional characters too, and in names mostly stay what they are.
    """
    if surely:
        return to_traditional(name)
    alone = _only_simplified()
    return "".join(convert(char, "s2t") if char in alone else char for char in name)


def is_traditional(text: str) -> bool:
    """Tell whether a text is in traditional script, by the characters that only one of the scripts has."""
    traditional = sum(char in _only_traditional() for char in text)
    return traditional > 0 and traditional >= sum(char in _only_simplified() for char in text)


def is_chinese(char: str) -> bool:
    """Tell whether a character is a Chinese one."""
    return _IS_HAN.fullmatch(char) is not None


def is_english(text: str) -> bool:
    """Tell whether a question is asked in English; a Chinese name or two inside it change nothing."""
    words = len(_ENGLISH_WORD.findall(text))
    if not _IS_HAN.search(text):
        return words > 0
    return words >= 3 and len(_FUNCTION_WORD.findall(text)) >= 2


def sounds_english(text: str) -> bool:
    """Tell whether a text in Latin letters holds a word of English; pinyin and mere letters have none."""
    words = {word.lower() for word in _FUNCTION_WORD.findall(text)}
    return bool(words - _PINYIN_TOO or _COMMON_WORD.search(text))


def bigrams(text: str) -> list[str]:
    """List the pieces text is matched by: characters and pairs of neighbours in Chinese, else whole words.

    Numbers stay whole and lose their thousands separators: "1,234.5万" gives "1234.5" and "万".
    """
    pieces: list[str] = []
    for match in _PIECE.finditer(fold(text)):
        run = match[0]
        if match["han"]:
            pieces.extend(run)
            pieces.extend(first + second for first, second in pairwise(run))
        else:
            pieces.append(run.replace(",", ""))
    return pieces


@cache
def _folding() -> dict[str, str]:
    """Map each character that is folded to one that stays as it is, so that their order is free."""
    simpler = _simpler()
    table = dict(simpler)
    for code in (code for start, end in _COMPATIBLE_RANGES for code in range(start, end)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1:
            table[code] = simpler.get(ord(plain), plain)
    table |= dict.fromkeys(map(ord, (*_SPACES, *_NARROW_SPACES)), " ")
    plain_of = {chr(code): table.get(ord(plain), plain) for code, plain in table.items()}
    return {char: plain for char, plain in plain_of.items() if char != plain}


@cache
def _folded() -> re.Pattern[str]:
    """Match the characters that are folded."""
    return re.compile("[" + "".join(map(re.escape, _folding())) + "]")


@cache
def _simpler() -> dict[int, str]:
    """Map each traditional character, and some marks, to what it is folded to."""
    traditional = [chr(code) for start, end in _HAN_RANGES for code in range(start, end)]
    simplified = convert("\n".join(traditional), "t2s").split("\n")
    pairs = zip(traditional, simplified, strict=True)
    table = {ord(old): new for old, new in pairs if old != new and len(new) == 1}
    return table | {ord(old): new for old, new in _SAME_WORD.items()}


@cache
def _only_traditional() -> frozenset[str]:
    traditional = frozenset(map(chr, _simpler())) - frozenset(_SAME_WORD)
    return frozenset(char for char in traditional if not _written_in(char, "gb2312"))


@cache
def _only_simplified() -> frozenset[str]:
    simplified = sorted(set(_simpler().values()))
    traditional = convert("\n".join(simplified), "s2t").split("\n")
    pairs = zip(simplified, traditional, strict=True)
    return frozenset(old for old, new in pairs if old != new and not _written_in(old, "big5"))


def _written_in(char: str, encoding: str) -> bool:
    """Tell whether the character set of one of the scripts has a character."""
    return bool(char.encode(encoding, "ignore"))
