"""What was changed between a claim's clauses and the evidence's, as numbers for the trees."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from answering.judge.alignment import FIGURE, KINDS, TURNING, agrees
from answering.judge.nearness import abbreviates, bare, covered, expanded
from answering.judge.quantity_match import MatchLevel, comparable, match
from retrieval.quantities import Bound, unit_class
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from answering.judge.alignment import ClauseAlignment, Edit
    from retrieval.quantities import Figure

_NEARLY_WHOLE = 0.85  # nearness of a clause that holds
_MODIFIER = 4  # characters that narrow a noun, as a rule
_COUNTED = (
    "denial",
    "doer",
)  # 没 for 未, 部门 for 机关: other words of the same kind change nothing by themselves


def alignment_features(
    found: Sequence[ClauseAlignment], wide: str, proved: Collection[int] = ()
) -> dict[str, float]:
    """Return what was changed as numbers; ``wide`` are all words (folded) that the evidence comes with.

    Figures that begin at ``proved`` are proved elsewhere in it: what is in their place here says nothing.
    """
    out: defaultdict[str, float] = defaultdict(float)
    if not found:
        return out
    out["clause_near_least"] = min(one.near for one in found)
    out["clause_near_mean"] = sum(one.near for one in found) / len(found)
    out["exact_least"] = float(all(one.exact for one in found))
    out["exact_share"] = sum(one.exact for one in found) / len(found)
    held = sum(_holds(one) for one in found)
    out["clauses_held"] = min(3.0, float(held))
    out["sources"] = float(len({one.source for one in found}) - 1)
    for one in found:
        _count(out, one, wide, proved)
    return dict(out)


def _holds(one: ClauseAlignment) -> bool:
    """Tell whether a clause says nothing but what its stretch does."""
    return (
        one.near >= _NEARLY_WHOLE
        and all(agrees(*pair) for pair in one.figure_pairs)
        and not any(KINDS[name].search(edit.mine) for edit in one.edits for name in TURNING)
    )


def _count(out: defaultdict[str, float], one: ClauseAlignment, wide: str, proved: Collection[int]) -> None:
    near = one.near
    for edit in one.edits:
        _count_edit(out, edit, near, wide)
    for said, there in one.figure_pairs:
        level = match(said, there) if comparable(said, there) else MatchLevel.NONE
        if said.start not in proved or level is not MatchLevel.NONE:
            _count_figures(out, said, there, near)
    _most(out, "before_chars", min(2.0, len(bare(one.before)) / 10))
    _most(out, "after_chars", min(2.0, len(bare(one.after)) / 10))
    for name, words in KINDS.items():
        if words.search(one.before):
            _most(out, f"before_{name}", near)


def _count_edit(out: defaultdict[str, float], edit: Edit, near: float, wide: str) -> None:
    mine, theirs = edit.mine.replace(FIGURE, ""), edit.theirs.replace(FIGURE, "")
    place = "_at_figure" if edit.at_figure else ""
    _count_kinds(out, mine, theirs, near, place)
    new, old = bare(mine), bare(theirs)
    if new and old:
        short = abbreviates(new, old) or abbreviates(old, new)
        far = 0.0 if short else 1 - covered(new, expanded(old))
        out["swapped_words"] += near * far
        _most(out, "swapped_size", near * far * min(1.0, len(new) / 6))
        _most(out, "swapped_elsewhere", near * far * covered(new, wide))
    elif new:
        lost = 1 - covered(new, wide)
        out["put_words"] += near * min(1.0, len(new) / 6)
        _most(out, "put_lost", near * lost * min(1.0, len(new) / 6))
        _most(out, "put_inner", near * edit.inner * min(1.0, len(new) / 6))
        _most(out, "put_elsewhere", near * (1 - lost) * min(1.0, len(new) / 6))
    elif old:
        out["cut_words"] += near * min(1.0, len(old) / 6)
        if edit.narrows:
            _most(out, "cut_narrower", near)
            _most(out, "cut_narrower_short", near * (len(old) <= _MODIFIER))


def _count_kinds(out: defaultdict[str, float], mine: str, theirs: str, near: float, place: str) -> None:
    for name, words in KINDS.items():
        said, there = words.findall(mine), words.findall(theirs)
        if said and not there:
            _most(out, f"put_{name}{place}", near)
        elif there and not said:
            _most(out, f"cut_{name}{place}", near)
        elif said != there and not (name in _COUNTED and len(said) == len(there)):
            _most(out, f"swap_{name}", near)


def _count_figures(out: defaultdict[str, float], said: Figure, there: Figure, near: float) -> None:
    if not comparable(said, there):
        _most(out, "pair_other_unit", near)
        return
    level = match(said, there)
    if level is MatchLevel.NONE:
        _most(out, "pair_other_value", near)
    elif level is MatchLevel.BOUND or (said.bound is Bound.EXACT) != (there.bound is Bound.EXACT):
        _most(out, "pair_other_bound", near)
    if level is not MatchLevel.NONE and unit_class(said.unit) != unit_class(there.unit):
        _most(out, "pair_loose_unit", near)
    if level is not MatchLevel.NONE and said.value == there.value and fold(said.text) != fold(there.text):
        _most(out, "pair_rewritten", near)


def _most(out: defaultdict[str, float], name: str, value: float) -> None:
    out[name] = max(out[name], value)
