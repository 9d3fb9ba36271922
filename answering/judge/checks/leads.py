"""What a claim says beside its facts: a word of answer before them, and that the text does not tell of something.

"少了。…下降16%" leads with an answer, "报告没有给出数额，只提到…" tells of a silence. Both are judged by
themselves; the rest of the claim is compared without them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.judge.assertion import denials, modality
from answering.judge.nearness import bare, covered, expanded
from answering.lexicon import thesaurus
from retrieval.quantities import Sort, figures
from retrieval.quantities.units import unit_kind
from retrieval.text.normalize import fold, is_english

if TYPE_CHECKING:
    from collections.abc import Sequence

_PIECE = re.compile("[^，,；;。！!]+[，,；;。！!]?")
_LEAD = re.compile(
    "是的?|不是|没有?|不对?|对|有|会|不会|可以|不可以|能|不能|属实|还没|尚未[一-龥]{0,4}|(?:还|并)?没有?[一-龥]{1,4}|[不没][一-龥]{1,3}了?|[一-龥]{1,4}了"
)
_SOURCE = "(?:资料|材料|原文|文中|讲话|发言|报告|条例|办法|规定|文件|公报)(?:里|中|内)?"
_NOT = "(?:并|也|都|还)?(?:没有?|未|并未)(?:明确|具体|直接|单独|另外)?"
_TOLD = "(?:给出|提供|说明?|写明?|提到|提及|交代|列出|公布|披露|讲)"
_SILENT = re.compile(
    f"(?:{_SOURCE}(?:对[^，,。；;]{{0,12}})?|^){_NOT}(?:{_TOLD}|(?P<binds>要求|规定|强制))(?!了)(?P<thing>[^，,。；;]*)"
)
_SILENT_ENGLISH = re.compile(
    r"\b(?:report|text|document|regulation|rules?|speech|it)\b.{0,16}?\b(?:gives? no|says? nothing|makes? no|(?:does|do|did) not (?:say|give|mention|state|specify|provide))\b(?P<thing>[^,;.]*)"
)
_CONTRAST = re.compile("^(?:而|并|也|且|但|这|也就是说)?(?:不是|并不|并非|不一定|还?不(?:等于|代表))")
_FREE_WILL = re.compile("强制|义务|必须|一定")
_NOTE = re.compile(r"[（(][^（()）\d]*(?:不是|指)[^（()）\d]*[)）]")
_FIGURE_WANTED = re.compile(
    "数额|数字|数据|数值|金额|幅度|多少|比例|期限|时间|哪|几|figure|amount|how (?:much|many)"
)
_TIME_WANTED = re.compile("[年月日天期时]|how long|when")
_SHARE_WANTED = re.compile("(?:比重|占比|比例|率)(?:是|为)?多少")
_FILLER = re.compile(
    "具体|相关|有关|的|数额|数字|数据|数值|金额|幅度|多少|期限|是|否|已经?|必须|任何|哪[一年天个]|几|事|情况|提高|增加|减少|下降|[a-z]{0,12}figures?|for|the|whether|about"
)
# Words that only say where it stands: 据报告，… · 报告显示：…; of 临江市规定，… the place stays.
_SOURCED = re.compile(
    r"^(?:(?:根据|据)[^，,。；;：:\d]{0,12}|[^，,。；;：:\d]{0,10}(?:报告|资料|材料|文件|讲话|发言)(?:里|中)?(?:显示|指出|称|提到|介绍|说|写道))[，,：:]\s*(?=.{6})"
)
_RULED = re.compile(r"^[^，,。；;：:\d]{1,10}?(?P<says>规定[，,：:]\s*)(?=.{6})")
_UP = re.compile("增|升|提高|多|涨|上调|高|快|rose|up|more|grew")
_DOWN = re.compile("减|降|少|跌|低|慢|缩|fell|down|less|fewer")
_LONGEST = 8  # characters of a word of answer
_TOO_LITTLE = 4  # characters that claim something, below which nothing is left to compare
_HELD = 0.75  # share of a thing's words that a clause has that tells of it


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldApart:
    """A claim parted: ``core`` is what remains to be compared, "" where nothing does."""

    core: str
    lead: str = ""
    silent: tuple[re.Match[str], ...] = ()
    contrast: tuple[str, ...] = ()


def told_apart(claim: str) -> ToldApart:
    """Part a claim's facts from a word of answer before them and from what it says is not told."""
    claim = _without_source(claim)
    pieces = [m[0] for m in _PIECE.finditer(_NOTE.sub("", claim))]
    lead, kept = "", []
    silent: list[re.Match[str]] = []
    contrast: list[str] = []
    english = is_english(claim)
    for n, piece in enumerate(pieces):
        words = fold(piece).strip(" ，,；;。！!")
        found = (_SILENT_ENGLISH if english else _SILENT).search(words)
        if found is not None and not re.search(r"\d", words[found.start() :]):
            silent.append(found)
        elif _CONTRAST.match(words) and n and not re.search(r"\d", words):
            contrast.append(words)
        elif n == 0 and len(pieces) > 1 and len(words) <= _LONGEST and _LEAD.fullmatch(words):
            lead = words
        else:
            kept.append(piece)
    core = "".join(kept).strip()
    if silent and not re.search(r"\d", core) and len(bare(fold(core))) < _TOO_LITTLE:
        core = ""  # 只是鼓励: says nothing without the silence before it
    return ToldApart(core=core, lead=lead, silent=tuple(silent), contrast=tuple(contrast))


def _without_source(claim: str) -> str:
    """Leave out the words of a claim that only say where it stands."""
    if source := _SOURCED.match(fold(claim)):
        claim = claim[source.end() :]
    if rule := _RULED.match(fold(claim)):
        claim = claim[: rule.start("says")] + claim[rule.end() :]
    return claim


def lead_against(lead: str, core: str) -> bool:
    """Tell whether a word of answer contradicts what the claim goes on to say; both folded."""
    first, then = _side(lead), _side(core)
    if first and then and first != then:
        return True
    return lead in ("可以", "能") and modality(core) == "must_not"


def _side(words: str) -> int:
    up, down = bool(_UP.search(words)), bool(_DOWN.search(words))
    if up == down:
        return 0
    side = 1 if up else -1
    return -side if denials(words) else side


def told_after_all(found: re.Match[str], clauses: Sequence[str]) -> str:
    """Return the clause of the evidence (folded) that tells of what a claim says is not told; "" for none."""
    thing = _FILLER.sub("", found["thing"]).strip(" “”\"'")
    binds = found.groupdict().get("binds")
    if len(thing) < 2:
        return ""
    for clause in clauses:
        if covered(thing, expanded(_without_wider(clause, thing))) < _HELD:
            continue
        if binds and modality(clause) not in ("must", "must_not"):
            continue
        if _FIGURE_WANTED.search(found["thing"]) and not _has_figure(clause, found["thing"]):
            continue
        return clause
    return ""


def _without_wider(clause: str, thing: str) -> str:
    """Drop the known words of a clause that only have a word of the thing inside them: 出口 in 进出口."""
    words = thesaurus.load()
    own = {match.group_id: match.surface for match in words.groups_in(thing)}
    for match in words.groups_in(clause):
        inside = any(one != match.surface and one in match.surface for one in own.values())
        if inside and match.group_id not in own:
            clause = clause.replace(match.surface, " ")
    return clause


def _has_figure(clause: str, wanted: str) -> bool:
    """Tell whether a clause has a figure of the sort that is said to be missing: an amount, a rate, any.

    A time answers only who misses one, and a change only who does not miss the share that it is of.
    """
    told = [f.unit for f in figures(clause) if f.sort is Sort.QUANTITY]
    if not _TIME_WANTED.search(wanted):
        told = [unit for unit in told if unit_kind(unit) != "time"]
    if _SHARE_WANTED.search(wanted):
        told = [unit for unit in told if "点" not in unit]
    if "额" in wanted:
        return any("元" in unit for unit in told)
    return any("%" in unit or "点" in unit for unit in told) if "增速" in wanted else bool(told)


def bound_after_all(contrast: str, clauses: Sequence[str]) -> bool:
    """Tell whether the evidence binds where a claim says it does not: 不是强制, 不一定."""
    if not _FREE_WILL.search(contrast):
        return False
    return not any(modality(clause) in ("may", "encourage") for clause in clauses)
