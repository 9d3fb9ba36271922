"""What became of a target, once a result of the same thing is known."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from answering.ledger.promise import PromiseState
from retrieval.quantities.units import unit_kind
from retrieval.quantities.values import Bound

if TYPE_CHECKING:
    from answering.ledger.indicators import Indicator
    from answering.ledger.undertakings import Undertaking

# A rate or a rise that is kept down: less of it is never worse than the target.
_KEPT_DOWN = re.compile(
    "失业率|价格|物价|赤字率|负债率|债务率|死亡|事故|发病率|不良(?:贷款)?率|贫困发生率|排放[量]?$|浓度"
)
_HELD = re.compile("控制在|不超过|以内|不高于|低于")
_YEAR_END = re.compile("年末|年底|12月")
_WHOLE_YEAR = re.compile("全年|平均")
_RULES = re.compile("出台|制定|颁布|发布|印发|修订|建立|设立|全面实[行施]")  # what is made by being in force
_IN_FORCE = re.compile("实施|实行|施行|执行")
_HALFWAY = (1, 2, 4)  # stages that are told as steps on the way
_FINISHED = 5  # the stage from which on less than that is short of it
_MORE = Decimal("1.01")  # from here on a count or a sum exceeds its target
_ABOUT = Decimal("0.05")  # share of the target by which 左右 may be missed


def state_of(target: Indicator, result: Indicator) -> PromiseState:
    """Return what became of a target with a result of the same thing and period."""
    if year_end_for_year(target, result):
        return PromiseState.COUNTED_OTHERWISE
    wanted, reached = target.base[1], result.base[1]
    if target.falls != result.falls and target.changes:
        return PromiseState.SHORT if target.falls else _rising(target, -reached, wanted)
    if kept_down(target):
        return PromiseState.MET if reached <= wanted + _slack(target, wanted) else PromiseState.SHORT
    return _rising(target, reached, wanted)


def stage_state(planned: Undertaking, done: Undertaking) -> PromiseState | None:
    """Return what became of an undertaking, by the stage that each side tells; None where that can't be said."""
    wanted, reached = planned.stage, done.stage
    if wanted is None or reached is None:
        return None
    if done.unmet:
        return PromiseState.SHORT
    if reached >= wanted or (_RULES.search(planned.folded) and _IN_FORCE.search(done.folded)):
        return PromiseState.EXCEEDED if done.beyond else PromiseState.MET
    return PromiseState.SHORT if wanted >= _FINISHED or reached in _HALFWAY else None


def kept_down(target: Indicator) -> bool:
    """Tell whether a target is an upper limit."""
    if target.row.bound is Bound.BELOW or _HELD.search(target.own):
        return True
    return bool(_KEPT_DOWN.search(target.name)) and not target.falls


def year_end_for_year(target: Indicator, result: Indicator) -> bool:
    """Tell whether a year's target is answered with the state at its end alone."""
    told = _YEAR_END.search(result.own) and not _YEAR_END.search(target.own)
    return bool(told) and bool(_WHOLE_YEAR.search(target.own) or kept_down(target))


def _rising(target: Indicator, reached: Decimal, wanted: Decimal) -> PromiseState:
    if target.row.high is not None and wanted <= reached <= target.row.high:
        return PromiseState.MET
    if reached < wanted - _slack(target, wanted):
        return PromiseState.SHORT
    most = max(wanted, target.row.high or wanted)
    share = unit_kind(target.row.unit) == "share"
    more = most + _slack(target, wanted) if share else most * _MORE
    return PromiseState.EXCEEDED if reached > more else PromiseState.MET


def _slack(target: Indicator, wanted: Decimal) -> Decimal:
    return wanted * _ABOUT if target.row.bound is Bound.ABOUT else Decimal(0)
