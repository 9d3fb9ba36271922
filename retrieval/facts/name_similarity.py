"""How alike the names of two measured things are: 停车泊位 and 停车位, 背街小巷 and 小巷.

What is done to a thing (新增, 改造) says less than the thing; it is left out where something else is left.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from retrieval.facts.action_verbs import ACTING
from retrieval.text.regex_trie import alternatives
from retrieval.text.sentences import HAN

FLOOR = 0.6  # from here on two names are taken for one; see docs/decisions/0020-the-register.md
_THINGS = frozenset(
    [
        "就业",
        "创业",
        "投资",
        "研发",
        "投入",
        "生产",
        "服务",
        "出口",
        "进口",
        "贷款",
        "培训",
        "保障",
        "种植",
        "运行",
        "管护",
        "创新",
        "治理",
    ]
)
_VERB = alternatives(ACTING - _THINGS)
_FILLER = "公共|各类|各级|全市|全省|全区|全社会|市级|省级|国家级|累计|进行|工作|任务|数量|总数|情况|以上|[的了个新总共]"
_EDGES = re.compile(f"^(?:{_VERB}|{_FILLER})+|(?:{_VERB}|{_FILLER})+$")
_APART = (  # a name with a word of one side is not that of what has one of another
    (("城镇",), ("农村", "农民", "农牧民", "乡村")),
    (("旅客",), ("货物", "集装箱", "货邮")),
    (("公路",), ("铁路",), ("航线",)),
    (("小学",), ("中学",), ("高中",), ("大学",)),
    (("出口",), ("进口",)),
    (("调查",), ("登记",)),
    (("面积",), ("产量",)),
    (("失业",), ("工伤",), ("生育",)),
    (("工业",), ("服务业",), ("农业",)),
    (("污水",), ("供水", "自来水"), ("雨水",)),
)
_PER = re.compile(  # a head's share, or a share of something, is not the thing itself
    "(?:人均|户均|单位(?=国内|地区|gdp|工业|生产|面积|产品))(?![^，]*(?:收入|支出|消费|寿命))"
    "|占[^地，]*比|比重|比例|比率"
)
_AT_END = 0.02  # what each further character before a name costs
_WITHIN = 0.85  # a name that goes on after the thing: 老旧小区改造惠及群众
_WORD = re.compile(f"[{HAN}a-z0-9]+")


def grams(folded: str) -> tuple[str, ...]:
    """Return the pairs of neighbouring characters of a text, each once; a lone character is one by itself."""
    found: dict[str, None] = {}
    for word in _WORD.findall(folded):
        found |= dict.fromkeys([word] if len(word) == 1 else [a + b for a, b in pairwise(word)])
    return tuple(found)


@lru_cache(maxsize=20_000)
def core(folded: str) -> str:
    """Return the measured thing itself: what is left without verbs and fillers, or all where nothing is."""
    words = "".join(_WORD.findall(folded))
    bare = _EDGES.sub("", words)
    return bare if len(bare) > 1 else words


@lru_cache(maxsize=20_000)
def likeness(asked: str, name: str) -> float:
    """Return how much the name (folded) is that of the thing asked for, 0…1.

    Half of it is the share of the asked characters that the name has in the same order, half that of
    its pairs of characters; a name that is all but a part of the asked one counts by its own length too.
    """
    one, other = _wanted(asked), core(name)
    if not one or not other or opposed(one, other):
        return 0.0
    if other.endswith(one):
        return 1.0 - _AT_END * min(len(other) - len(one), 5)
    if one in name or one in other:
        return 1.0 if len(other) <= len(one) else _WITHIN
    common = _common(one, other)
    mine, theirs = set(grams(one)), set(grams(other))
    shared = len(mine & theirs)
    forward = (common / len(one) + shared / max(1, len(mine))) / 2
    backward = (common / len(other) + shared / max(1, len(theirs))) / 2
    found = forward if len(other) > len(one) else (forward + 2 * backward) / 3
    return found if one[-1] == other[-1] else found * 0.65  # the last character is that of the head noun


def _wanted(asked: str) -> str:
    """Return the thing asked for; of 新增就业 nothing is left out, for 就业 alone would be anything."""
    bare = core(asked)
    return bare if len(bare) > 2 else "".join(_WORD.findall(asked))


def opposed(one: str, other: str) -> bool:
    """Tell whether one name (folded) sets itself apart from the other by a word: 城镇居民 and 农村居民."""
    if _by_head(one) != _by_head(other):
        return True
    mine, theirs = _sides(one), _sides(other)
    return any(own and others and not own & others for own, others in zip(mine, theirs, strict=True))


@lru_cache(maxsize=20_000)
def _by_head(name: str) -> bool:
    return _PER.search(name) is not None


@lru_cache(maxsize=20_000)
def _sides(name: str) -> tuple[frozenset[int], ...]:
    """Return for each pair of sides that a name may be on which ones it has words of."""
    return tuple(
        frozenset(n for n, side in enumerate(sides) if any(word in name for word in side)) for sides in _APART
    )


def _common(one: str, other: str) -> int:
    """Return the length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for char in one:
        diagonal = 0
        for at, with_ in enumerate(other, 1):
            above = row[at]
            row[at] = diagonal + 1 if char == with_ else max(above, row[at - 1])
            diagonal = above
    return row[-1]
