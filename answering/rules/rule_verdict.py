"""Whether a by-law answers a yes-or-no question with yes or no, by what its words demand, forbid and allow.

A question is read by the closed class of words that make it one on what is allowed, due, punished or meant; a
provision by the words that drafting rules fix. How the two go together is learned.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from answering.rules.conditions import meets, within_hours
from retrieval.provisions import Clause, StageKind
from retrieval.provisions.sanctions import sanctions
from retrieval.quantities import Sort, figures
from retrieval.text.normalize import bigrams, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from answering.rules.rule_features import Scored
    from answering.rules.rule_question import RuleQuestion
    from retrieval.provisions import SanctionStage

_ASKS = {
    "permit": r"能|可以|可不可|行不行|[行成]吗|允许|准不|(?:[准让]|许(?!可))(?=[^，。]{0,6}[吗不吧]?$)|合规|合法|没事|\b(?:can|may|allowed)\b",
    "illegal": r"违法|违规|犯法|违反|\billegal\b",
    "fine": r"罚|\bfined?\b",
    "takes": r"没收|吊销|被吊|收缴|扣押|暂扣|被扣|拘留",
    "keeps": r"保得?住|留得?住|接着|继续",
    "due": r"必须|非得|要不要|用不用|一定|[得要需](?!求)[^，。]{0,12}[吗不吧]|(?<![专试使利])用[^，。吗不吧]{1,6}[吗不吧]|应该|是不是[得要应]|用得着|\bmust\b|\bneed\b",
    "means": r"算|属于|归.{0,12}管|适用|管不管|管得着|用[得能]?上",
    "gets": r"有[^，。]{0,6}[拿没]|补贴|补助|[给拿领奖免]|优惠",
    "every": r"一律|一概|全都|都[算得要]|所有",
}
_TELLS = {
    "free": r"免费|免票|免[交收]|半价|不用?[花掏买交付][^，。]{0,4}[钱票费]|不要钱|不收[钱费]|\bfree\b",
    "pays": r"自费|自己[^，。]{0,6}[掏付出交负担]|掏钱|让[^，。]{1,8}[掏付出交]|[掏付出]钱|\bpay\b",
    "leave": r"[办拿领考要][^，。]{0,4}[证照](?!据)|许可|审批|[报要用批]批|备案|登记|申请|申报|\b(?:permit|licen[cs]e)\b",
    "without": r"没有?(?![收事问法])|未|外地|外省|外来|户[口籍]在|不是本|无证|私自|自己",
    "met": r"(?<![没未])[经过被](?:了|过)?批准|同意[，了]|[指划][定出]|批了|办了|有[^，。]{0,6}证的",
    "again": r"还不|不改|不听|再[次犯]?|又|第?[二三两几][次回]|屡",
}
_SAYS = {
    "forbids": r"不得|禁止|严禁|不能|不可以|不准|不许|方可",
    "denies": r"不予|不承担|不适用|不负|不属于|不包括|不再",
    "obliges": r"应当|必须|(?<![反相供适对效响感回呼])应(?=[^该对急用])|须",
    "allows": r"可以|有权|享有[^，。]{0,12}权利|允许|能够|可(?=[在由向按凭])",
    "urges": r"鼓励|支持|提倡",
    "grants": r"给予|享受|发放|补助|补贴|奖励|增加|优先|领取|减半|提供",
    "frees": r"免费|无需|不收|免[于交缴收除]|不需要|不必",
    "means": r"包括|是指|属于|参照|适用",
    "takes": r"没收|吊销|收缴|扣押|扣留|暂扣|拘留|责令停业",
    "excepts": r"除外|但是?(?=[，,])|但(?=[^书])|不包括",
    "leave": r"[经报向][^，。；]{0,24}(?:批准|同意|许可|登记|备案|申报|申请)|(?:取得|领取|持有?|办理|未经)[^，。；]{0,20}(?:证|许可|登记|手续|批准|同意)",
    "holds": r"具有|持有|年?满|符合|经[^，。；]{1,12}[的，]",
    "limits": r"只能|仅限|限于|限[载乘为]|专用|以外的",
    "designated": r"[指划]定|规定的?(?:区域|地点|场所|时间|水域|站点)|非[^，。；]{1,6}区域",
}
ASKS = (*_ASKS, "other")
SAYS = (
    *_SAYS, "fined", "fined_later", "punished", "excepted", "inside", "outside", "bars", "bar_lifted", "grant_lacking",
    "unfined", "others_pay", "named_pays", "later", "leads_bar",
)  # fmt: skip
_ASK_PATTERNS = {name: re.compile(words) for name, words in _ASKS.items()}
# What a question tells of its case beside what it asks, and what of a provision that may meet.
_MET = {
    "free": ("frees", "grants", "named_pays", "others_pay"),
    "pays": ("frees", "grants", "obliges", "others_pay", "named_pays"),
    "leave": ("leave", "forbids", "obliges", "bars", "frees", "urges"),
    "without": ("holds", "leave", "allows", "grants", "obliges", "limits"),
    "met": ("leave", "holds", "excepts", "limits", "designated", "forbids", "allows"),
    "again": ("later", "fined"),
}
_TELL_PATTERNS = {name: re.compile(words) for name, words in _TELLS.items()}
_SAY_PATTERNS = {name: re.compile(words) for name, words in _SAYS.items()}
_MODAL = re.compile(
    "|".join(_SAYS[name] for name in ("forbids", "denies", "obliges", "allows", "frees", "grants"))
)
_DENIED = re.compile(
    r"不(?:许|让|用|准|给|再|必|归|需|得|收|交|掏|算)|不能|不可以|可以不|办不了|没资格|不要(?!求)|不是(?!不是)"
)
_ALTERNATIVE = re.compile(
    r"(.)不\1|行不行|能不能|可不可以|是不是|允不允许|合不合\w|不[吗呢啊]?[？?]*$|真的假的|用不着|要不是|不然|不管"
)
_REFUSES = re.compile("拒绝|拒不|阻止|阻碍|不[^，。；]{0,20}(?:限制|免除|影响)|不得禁止")
_PAYER = re.compile("由(?P<who>[^，。；]{1,24}?)(?:承担|负担|支付|[交缴]纳)")
_BARRED = re.compile(_SAYS["forbids"])
_BREAK = re.compile(r"[，,：:]")
_SENTENCE = re.compile(r"[；;。]")
_LIKEWISE = re.compile("[也它]|同样|一样")
_OPEN_END = re.compile(
    r"其他[^，。；]{0,16}(?:情形|行为|事项|活动|物品|条件|材料|场所|区域|规定|职责)[^，。；]{0,4}[。；;]?$"
)
_EXCEPTION = re.compile(
    r"(?P<round>[（(][^（()）]{1,30}除外[）)])|(?P<front>[^，。；]{1,30})除外|除(?P<beside>[^，。；]{1,40}?)[以之]?外(?=[，,])|(?P<but>但是?[，,]?[^。；]{2,60})"
)
_LATER = (StageKind.REFUSED, StageKind.REPEATED)  # stages that no first breach reaches
_COUNTED = (Sort.QUANTITY, Sort.ARTICLE)
_ALIKE = 0.8  # share of two texts' words in common from which they say the same
_HEADED = ("holds", "leave")  # conditions that a lead-in sets for all of its items
_PUT = 7  # last characters of a question, which say what is asked
_FIRST = re.compile("第一次|头一?[回次]|初次|首次|刚|直接|就要|first")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictGround:
    """What a verdict rests on: the words of a provision after those of its lead-in, and what follows a breach."""

    words: str
    lead: str = ""
    stages: tuple[SanctionStage, ...] = ()


def ground_of(best: Scored, question: str) -> VerdictGround:
    """Return the ground that a candidate gives, the item of a list that shares most with the question."""
    candidate, text = best.candidate, best.held.candidates.bylaw.text
    head = candidate.provision.head
    provision = candidate.provision
    lead = "" if head is None else fold(head.of(text))
    if candidate.listed:
        asked = frozenset(bigrams(fold(question)))
        lead = fold(provision.of(text))
        provision = max(candidate.listed, key=lambda one: _shared(asked, fold(one.of(text))))
    stages = candidate.consequence.sanction.stages if candidate.consequence is not None else ()
    said: Clause = provision
    if not provision.paragraph.items and _MODAL.search(provision.of(text)) is None:
        said = provision.paragraph
    return VerdictGround(words=fold(said.of(text)), lead=lead, stages=stages)


def stated(text: str) -> VerdictGround:
    """Return the ground that a sentence gives by itself, a sanction in it read as one."""
    found = sanctions(Clause(start=0, end=len(text)), text)
    return VerdictGround(words=fold(text), stages=tuple(s for one in found for s in one.stages))


def verdict_row(question: str, ground: VerdictGround) -> NDArray[np.float32]:
    """Return what tells a yes from a no: each way of asking with each thing said, the sign turned where the question denies."""
    words = fold(question)
    bare = _ALTERNATIVE.sub("", words)
    asks = [float(pattern.search(words) is not None) for pattern in _ASK_PATTERNS.values()]
    asks.append(float(not any(asks)))
    says = np.array(_says(words, ground), np.float32)
    turned = _REFUSES.search(words) is None and _REFUSES.search(_focus(words, ground)) is not None
    sign = -1.0 if (_DENIED.search(bare) is not None) != turned else 1.0
    row = np.outer(asks, says).ravel()
    tells = {name: pattern.search(words) is not None for name, pattern in _TELL_PATTERNS.items()}
    said = dict(zip(SAYS, says, strict=True))
    met = [said[say] * tells[tell] for tell, some in _MET.items() for say in some]
    return np.asarray(sign * np.concatenate([row, says, asks, met]), np.float32)


VERDICT = (
    *(f"{a}*{s}" for a in ASKS for s in SAYS), *SAYS, *ASKS, *(f"{tell}&{say}" for tell, some in _MET.items() for say in some),
)  # fmt: skip


def verdict_odds(question: RuleQuestion, best: Scored, weights: NDArray[np.float32]) -> float:
    """Return the logarithm of the odds that the proposition of a question holds by a candidate.

    They are even at most where the end of a list, left open, is all that is like the question: it allows nothing by itself.
    """
    ground = ground_of(best, question.words)
    odds = float(verdict_row(question.words, ground) @ weights)
    return min(odds, 0.0) if left_open(ground) else odds


def asks_fine(question: str) -> bool:
    """Tell whether a question speaks of a fine."""
    return _ASK_PATTERNS["fine"].search(fold(question)) is not None


def excepts(best: Scored) -> bool:
    """Tell whether a candidate's words except something."""
    return _EXCEPTION.search(_said(best)) is not None


def rests_on_answer(question: RuleQuestion) -> bool:
    """Tell whether a follow-up asks of another place what an answer before said: 乙市也归它管吗."""
    return bool(question.before) and question.placed and _LIKEWISE.search(question.words) is not None


def left_open(ground: VerdictGround) -> bool:
    """Tell whether a ground is the last item of a list, which names nothing: 其他相关事项."""
    return bool(ground.lead) and _OPEN_END.search(ground.words) is not None


def telling_row(odds: float, sure: float) -> NDArray[np.float32]:
    """Return what tells whether a verdict is right: how far its odds lean, and how sure (0…1) its provision is."""
    kept = min(max(sure, 1e-3), 1.0 - 1e-3)
    return np.array([min(abs(odds), 3.0), np.log(kept / (1.0 - kept))], np.float32)


def same(found: Sequence[Scored]) -> str:
    """Return "true" where the by-laws of several places say the same: their figures, else their words."""
    texts = [_said(one) for one in found]
    numbers = [{f.value for f in figures(text, every=True) if f.sort in _COUNTED} for text in texts]
    if all(numbers):
        return told(bool(set.intersection(*numbers)))
    words = [frozenset(bigrams(text)) for text in texts]
    shared = len(frozenset.intersection(*words)) / len(frozenset.union(*words))
    return told(shared > _ALIKE)


def alike(one: Scored, other: Scored) -> float:
    """Return the share (0…1) of their words that two candidates have in common: which rule is on the same act."""
    mine, theirs = (frozenset(bigrams(_said(scored))) for scored in (one, other))
    return len(mine & theirs) / max(1, len(mine | theirs))


def told(value: bool) -> str:
    """Return a verdict as records hold it."""
    return "true" if value else "false"


def _said(best: Scored) -> str:
    candidate, text = best.candidate, best.held.candidates.bylaw.text
    parts = [candidate.provision.of(text)]
    if candidate.provision.head is not None:
        parts.insert(0, candidate.provision.head.of(text))
    if candidate.consequence is not None:
        parts.append(candidate.consequence.sanction.of(text))
    return fold("".join(parts))


def _says(asked: str, ground: VerdictGround) -> list[float]:
    clause = _focus(asked, ground)
    headed = f"{ground.lead}|{clause}"
    says = [
        float(pattern.search(headed if name in _HEADED else clause) is not None)
        for name, pattern in _SAY_PATTERNS.items()
    ]
    first = _FIRST.search(asked) is not None
    afterwards = (*_LATER, StageKind.SERIOUS) if first else _LATER
    at_once = [s for s in ground.stages if s.kind not in afterwards]
    later = any(s.amounts for s in ground.stages) and not any(s.amounts for s in at_once)
    fined = any(s.amounts for s in at_once) or (later and not first)
    inside = meets(asked, ground.lead + ground.words) or within_hours(asked, ground.lead + ground.words)
    excepted = _excepted(asked, ground)
    said = dict(zip(_SAYS, says, strict=True))
    bars = bool(said["forbids"] or said["denies"] or ground.stages)
    lifted = excepted or inside < 0
    if bars and lifted:  # what bars others says nothing of the one that it excepts
        says = [0.0 if name in ("forbids", "denies") else value for name, value in said.items()]
        fined = later = False
    grants = bool(said["allows"] or said["grants"] or said["frees"] or said["obliges"])
    return [
        *says,
        float(fined),
        float(later and first),
        float(bool(ground.stages) and not fined),
        float(excepted),
        float(inside > 0),
        float(inside < 0),
        float(bars and not lifted),
        float(bars and lifted),
        float(grants and not bars and inside < 0),
        float(not any(s.amounts for s in ground.stages) and "罚款" not in ground.words),
        *_payers(asked, ground),
        float(later),
        float(bool(ground.lead) and _BARRED.search(ground.lead) is not None and not lifted),
    ]


def _payers(asked: str, ground: VerdictGround) -> tuple[float, float]:
    """Tell whether a cost falls on others than the question names, and whether on one that it names."""
    payers = [match["who"] for match in _PAYER.finditer(ground.words)]
    named = any(len(gram) > 1 and gram in asked for who in payers for gram in bigrams(who))
    return float(bool(payers) and not named), float(named)


def _focus(asked: str, ground: VerdictGround) -> str:
    """Return the part of the words that shares most with the question, with the modal word that governs it."""
    grams = frozenset(bigrams(asked))
    last = frozenset(bigrams(asked.rstrip("?？。!！ ")[-_PUT:]))
    sentences = [[c for c in _BREAK.split(one) if c] for one in _SENTENCE.split(ground.words)]
    at = max(
        ((n, m) for n, clauses in enumerate(sentences) for m in range(len(clauses))),
        key=lambda place: (_shared_twice(grams, last, sentences[place[0]][place[1]]), place),
        default=None,
    )
    if at is None:
        return ground.lead
    clauses = sentences[at[0]]
    best = clauses[at[1]]
    if _MODAL.search(best):
        return best
    before = [c for c in clauses[: at[1]] if _MODAL.search(c)]
    after = [c for c in clauses[at[1] + 1 :] if _MODAL.search(c)]
    lead = [c for c in _BREAK.split(ground.lead) if _MODAL.search(c)]
    nearest = [*before[-1:], *after[:1]]
    if best.endswith("的"):
        nearest.reverse()
    return " ".join([best, *[*nearest, *lead[-1:]][:1]])


def _excepted(asked: str, ground: VerdictGround) -> bool:
    """Tell whether the provision excepts the question's own thing, by words that the rest of it lacks."""
    said = ground.lead + ground.words
    for match in _EXCEPTION.finditer(said):
        inside = match.group(0)
        rest = said.replace(inside, "")
        own = set(bigrams(inside)) - set(bigrams(rest))
        held = own & set(bigrams(asked))
        if any(len(g) > 1 for g in held) or len(held) > 1:
            return True
    return False


def _shared_twice(grams: frozenset[str], last: frozenset[str], words: str) -> float:
    return _shared(grams, words) + _shared(last, words)


def _shared(grams: frozenset[str], words: str) -> float:
    return sum(1.0 + (len(g) > 1) for g in grams & frozenset(bigrams(words)))
