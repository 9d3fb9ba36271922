"""What a figure says of its thing: a level, a change and its direction, a start, an end, a gap, a share, an addition.

``left`` is what stands between the figure and the one before it, ``right`` what follows it up to the next
one; both folded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from retrieval.quantities.units import unit_kind

_UP = (
    "增长|长了|增加(?!值)|增至|增到|增|提高|提升|上升|上涨|上调|升至|升到|升高|扩大|扩至|扩到|扩展|攀升|跃升|递增|延长|涨|升|翻|壮大|多(?:了|出)|多$"
    r"|(?<![a-z])(?:rose|rise[ns]?|rising|increas\w*|grew|grow\w*|gain\w*|up|climb\w*|rais\w*|expand\w*|doubl\w*|higher)(?![a-z])"
)
_DOWN = (
    "下降|降低|降至|降到|减少|减至|缩小|缩减|缩短|压减|压缩|压降|精简|收窄|下调|回落|下跌|下滑|负增长|减轻|削减|砍|[少低慢]$|少(?:了|出)|降|跌|减(?!税|排|免|灾|负|贫)"
    r"|(?<![a-z])(?:fell|fall\w*|drop\w*|declin\w*|decreas\w*|reduc\w*|cut\w*|down|shr[aiu]nk\w*|narrow\w*|lower\w*)(?![a-z])"
)
_CHANGE = re.compile(f"(?P<down>{_DOWN})|(?P<up>{_UP})")
_RATE = re.compile(
    r"增速|增幅|涨幅|升幅|增长率|降幅|跌幅|growth|increase|decline|reduction|decrease|rise|drop"
)
_TO = re.compile(
    r"(?:[到至](?:了|约|近|超|超过|接近|逾)?(?:[^，,;；。到至\d]{0,8}的|每人?每?[月年天]?|人均|年均)?|(?<![a-z])[a-z]{1,20}(?: \w{1,20}){0,2} to(?: about| over| around| nearly)?)\s?$"
)
_START = re.compile(
    r"(?:[从由自](?:[^从由到至，、;；]{0,12})|原来的?|原先的?|(?<![a-z])from(?: \w+){0,2})\s?$"
)
_START_RIGHT = re.compile(r"\s?[^，、;；。,]{0,14}?(?:[到至]|为(?=\d)|to )")
_GAP = re.compile(
    r"(?:[高低快优好慢多少]于|[高低快慢]过|(?<![提升增抬调加降减走放])[高低快慢优]|超(?:过|出)?|领先|落后)(?:了|出)?(?:于)?(?:全[国省市区]|(?:全国|全省|全市|全球|世界)?(?:平均|平均水平|同期)|预期|目标|规上工业|上年|上年同期|去年)?(?:平均|平均水平|水平|增速|同期|[^\d，、;；。]{0,8})?(?:约|近)?$"
)
_SHARE = re.compile(
    r"占(?:[^占，;；。]{0,24})?$|(?:比重|占比|份额)(?:[^，;；。]{0,8})?$|account\w* for(?: \w+){0,2}\s?$"
)
_ADDED = re.compile(r"(?:新增|新建|新设|新开|新登记|新培育|新签|净增|增设|增配|加装|new(?:ly)?)")
_STOCK = re.compile(
    r"总(?!投资|理|书记|会|局|部|站|体)|合计|共有|现有|已有|拥有|存量|保有量|累计(?:达|有|建成)?|总面积|总里程|达到?[了]?(?:约|近)?$|(?<![a-z])(?:total|now has|altogether)"
)
_BREAK = re.compile(r"[，、;；。,:：](?!\d)")
_OPERAND = re.compile(
    r"(?:比|相比|[高低快慢优好多少]于)(?:[^，,;；。]{1,16}的)?\s?$|than[^,;]{0,20}$|(?:年前|原来|当时|此前)[为是约]?\s?$|[(（][^)）]{0,6}$"
)
_ADDING = re.compile("新增|增加|净增|增设|增配")
_LESSENING = re.compile("减少|精简|压减|压缩|缩减|削减|下调|缩短")
_REACHED = re.compile("[到至为达]")
_BARE = re.compile(r"^\s?(?:为|达|是|达到|约为|分别为|则为|仅为)")
_FILLER = 14  # characters between a change word and its figure that may hold its scope or its aim


class RoleKind(StrEnum):
    """What a figure says of the thing it counts."""

    LEVEL = "level"  # 达到192亿元, 建成16座
    CHANGE = "change"  # 增长6%, 减少3天
    START = "start"  # 从77%提高到80%: the 77
    END = "end"  # the 80
    GAP = "gap"  # 高于全国0.4个百分点
    SHARE = "share"  # 占全国12%
    ADDED = "added"  # 新增45家: no stock
    OPEN = ""  # only named to be compared with, or in brackets


class Direction(StrEnum):
    """Where a change goes."""

    UP = "up"
    DOWN = "down"
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRole:
    """The role of one figure; ``stock`` tells that the words say a total, ``part`` that 其中 stands before."""

    role: RoleKind
    direction: Direction = Direction.NONE
    stock: bool = False
    part: bool = False


def role_of(left: str, right: str, unit: str, *, before: FigureRole | None = None) -> FigureRole:
    """Return the role of a figure; ``before`` is that of the figure before it in the same list."""
    part = "其中" in left
    bare = left.strip(" 、，,和及与")
    if not bare and before is not None and before.role is RoleKind.OPEN:
        return before
    if not bare and before is not None and not _BREAK.search(left.replace("、", "").replace("，", "")):
        return FigureRole(
            role=_listed(before.role), direction=before.direction, stock=before.stock, part=part
        )
    near = _near(left)
    told = _of_span(near, right, unit, before) or _of_comparison(near, unit)
    if told is None and before is not None and before.role is RoleKind.ADDED and _joined(left):
        told = (RoleKind.ADDED, Direction.UP)
    if told is None:
        return _plain(near, right, unit, part=part)
    return FigureRole(role=told[0], direction=told[1], part=part)


def _of_span(
    near: str, right: str, unit: str, before: FigureRole | None
) -> tuple[RoleKind, Direction] | None:
    """Return the role of the start or the end of a change: 从…提高到…."""
    direction, end = _last_change(near)
    if _is_start(near, right):
        return RoleKind.START, _ahead(right)
    rate = unit_kind(unit) == "share" and _RATE.search(near)
    if direction and _TO.search(near) and not rate:
        return RoleKind.END, direction
    if before is not None and before.role is RoleKind.START and (_TO.search(near) or "到" in near[end:]):
        return RoleKind.END, direction or before.direction
    return None


def _of_comparison(near: str, unit: str) -> tuple[RoleKind, Direction] | None:
    """Return the role of a gap, of what something is compared with, or of a share."""
    if _GAP.search(near) and "点" in unit:
        return RoleKind.GAP, _side(near)
    if _OPERAND.search(near):
        return RoleKind.OPEN, Direction.NONE
    direction, _ = _last_change(near)
    share = _SHARE.search(near) and not direction and unit_kind(unit) == "share"
    return (RoleKind.SHARE, Direction.NONE) if share or share_of_change(near) else None


def _joined(left: str) -> bool:
    """Tell whether a figure goes on in the list of the one before: 新增管道71公里、公园47个."""
    return (
        left[:1] in "、和及"
        and not _BREAK.search(left[1:])
        and not _CHANGE.search(left)
        and not _STOCK.search(left)
    )


def share_of_change(near: str) -> bool:
    """Tell whether a figure is a part of a change: 增长的21%, 贡献了…的增量."""
    return bool(re.search(r"(?:增长|增量|增加|下降)的$|贡献率?[^，,;；。]{0,10}$", near))


def _plain(near: str, right: str, unit: str, *, part: bool) -> FigureRole:
    direction, end = _last_change(near)
    after = _after(right)
    share = unit_kind(unit) == "share"
    if _ADDED.search(near):
        return FigureRole(role=RoleKind.ADDED, direction=Direction.UP, part=part)
    if direction and len(near) - end <= (_FILLER if share else 3):
        return FigureRole(role=RoleKind.CHANGE, direction=direction, part=part)
    if not share and (act := _LESSENING.search(near)) and not _REACHED.search(near[act.end() :]):
        return FigureRole(role=RoleKind.CHANGE, direction=Direction.DOWN, part=part)
    if not share and (act := _ADDING.search(near)) and not _REACHED.search(near[act.end() :]):
        return FigureRole(role=RoleKind.ADDED, direction=Direction.UP, part=part)
    if share and (rate := _RATE.search(near)):
        return FigureRole(role=RoleKind.CHANGE, direction=_of_rate(rate[0]), part=part)
    if share and after and unit in ("百分点", "个百分点", "%"):
        return FigureRole(role=RoleKind.CHANGE, direction=after, part=part)
    return FigureRole(role=RoleKind.LEVEL, stock=bool(_STOCK.search(near)), part=part)


def _near(left: str) -> str:
    """Return the words of the figure's own stretch: those behind the last mark."""
    cuts = [m.end() for m in _BREAK.finditer(left.rstrip("、，,; "))]
    tail = left[cuts[-1] :] if cuts else left
    if cuts and (len(tail.strip()) < 2 or _BARE.match(tail)):
        return left[cuts[-2] if len(cuts) > 1 else 0 :]
    return tail


def _last_change(words: str) -> tuple[Direction, int]:
    found = list(_CHANGE.finditer(words))
    if not found:
        return Direction.NONE, 0
    last = found[-1]
    return (Direction.DOWN if last["down"] else Direction.UP), last.end()


def _is_start(near: str, right: str) -> bool:
    return bool(_START.search(near)) and bool(_START_RIGHT.match(right) or _CHANGE.search(right[:12]))


def _ahead(right: str) -> Direction:
    found = _CHANGE.search(right[:16])
    return Direction.NONE if found is None else Direction.DOWN if found["down"] else Direction.UP


def _after(right: str) -> Direction:
    """Read what an English figure is followed by: 5% growth."""
    found = re.match(
        r"\s?(?:的)?(?:year-on-year |annual |average )?(?P<word>增长|增幅|growth|increase|rise|下降|降幅|decline|drop|decrease|reduction)",
        right,
    )
    return Direction.NONE if found is None else _of_rate(found["word"])


def _of_rate(word: str) -> Direction:
    return Direction.DOWN if re.match("降|跌|下降|decl|redu|decr|drop", word) else Direction.UP


def _side(near: str) -> Direction:
    found = list(re.finditer("[高快优好多超]|领先|[低慢少]|落后", near))
    return Direction.DOWN if found and re.match("[低慢少]|落后", found[-1][0]) else Direction.UP


def _listed(role: RoleKind) -> RoleKind:
    return RoleKind.LEVEL if role in (RoleKind.GAP, RoleKind.END) else role
