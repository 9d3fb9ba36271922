"""The measures of a sentence: one row a clause that says what was done or is to be done."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.facts.action_verbs import ACT, ACT_AT
from retrieval.facts.figure_kind import aimed
from retrieval.facts.metric_name import cleaned
from retrieval.facts.models import FigureKind, MeasureRow
from retrieval.facts.periods import period_of, year_told
from retrieval.facts.policy_fields import field_of
from retrieval.text.sentences import trimmed
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.facts.sentence_reading import SentenceReading
    from retrieval.text.sentences import Span

_NOMINAL = (
    "发展|生产|服务|创业|就业|治理|创新|投资|合作|开放|转型|覆盖|办结|通车|上云|注册|登记|宣讲|回信|贷款|融资|出口|进口|经营|上市|监测|宣传"
    "|稳定|突破|获得|共享|增加|减少|提高|上升|增长|下降|降低|深入|联系|处理|担保|交易|销售|研究|应用|利用|使用|运行|管护|享受|通过|参与|参加"
)
_SUBJECT = r"(?:[\u4e00-\u9fff]{1,4}[市省区县州]|全[市省区县国]|各地|各级|省市县|市区两级)?"
_MANNER = r"(?:重点|新|再|进一步|一体|同步|全域|系统|协同|有序|稳步|稳妥|有力|深度|精心|高质量|高标准|高水平|隆重|率先|牵头|纵深|常态化?|广泛|严格|坚决|精准|科学|合理|加力|大规模)?"
_NOT_OBJECT = (
    r"[率力性感区]|总值|能力|格局|态势|步伐|作用|里程|面积|队伍|水平|效能|过程|是|成果(?!转化)|工作的|者"
)
_DONE_TO = re.compile(
    rf"^{_SUBJECT}{_MANNER}(?P<action>(?!(?:{_NOMINAL}))(?:{ACT})(?:(?!(?:{_NOMINAL}|创建|检查|督导|组织))(?:{ACT})(?=.{{4}}))?)"
    rf"(?:[了和与、]|并)?(?!{_NOT_OBJECT})(?P<object>[^，。；：,;:!！?？]{{2,}})"
)
_FINISHED = (
    "建成|投用|投运|投产|开工|开工建设|完工|竣工|通车|运营|启用|落地|获批|获批建设|挂牌|揭牌|开业|封顶|建成投用|建成投运|建成运营|建成使用"
    "|投入使用|投入运营|上线运行|开工改造|签约落地|封关运作|完成|全覆盖|试运行|招生|脱贫|摘帽|改造完成"
)
_ITSELF = re.compile(
    rf"^(?P<object>[^，。；：,;:]{{3,40}}?)(?:已经?|均|都|全部|正式|顺利|成功|全面|基本|圆满){{0,6}}(?P<action>{_FINISHED})$"
)
_ENDS = tuple(_FINISHED.split("|"))
_STATEMENT = re.compile(
    "^(?:为|作为|使|让|以|在|通过|按照|围绕|根据|随着|由于|如果|虽然|但|面对|对照|各位代表)|是.{0,12}(?:期盼|关键|基础|保障)"
)
_LONGEST = 40  # characters of an object


def measures_of(sentence: SentenceReading) -> Iterator[MeasureRow]:
    """Give the measures of a sentence in its order; rules hold none."""
    if sentence.within.document.genre is Genre.REGULATION or not ACT_AT.search(sentence.folded):
        return
    for span in sentence.clauses:
        clause = trimmed(sentence.text, span)
        found = _act(sentence.folded[clause.start : clause.end])
        if found is not None:
            yield _row(sentence, clause, found)


def _row(sentence: SentenceReading, clause: Span, found: tuple[str, str]) -> MeasureRow:
    within, folded, start = sentence.within, sentence.folded, sentence.start
    document = within.document
    planned = aimed(folded, clause.end, clause.start, within.tense, document.year)
    kind = FigureKind.TARGET if planned else FigureKind.DONE
    period = period_of(folded, sentence.times, (clause.start, clause.end), clause.end)
    return MeasureRow(
        document=document.id,
        passage=within.passage.id,
        start=start + clause.start,
        end=start + clause.end,
        sentence=(start, start + len(sentence.text)),
        place=within.place,
        field=field_of(folded[clause.start : clause.end], folded, within.headings),
        action=found[0],
        object=_as_printed(found[1], sentence.text, folded, clause),
        kind=kind,
        period=period,
        year=year_told(period, kind, headings=within.passage.heading, written=document.year),
        figures=tuple(f.text for f in sentence.figures if clause.start <= f.start < clause.end),
    )


def _act(clause: str) -> tuple[str, str] | None:
    """Return the action of a clause (folded) and what it is done to."""
    if not ACT_AT.search(clause):
        return None
    words = cleaned(clause)
    if len(words) < 4 or _STATEMENT.search(words):
        return None
    match = _DONE_TO.match(words) or (words.endswith(_ENDS) and _ITSELF.match(words))
    if not match:
        return None
    return match["action"], match["object"][:_LONGEST]


def _as_printed(words: str, text: str, folded: str, clause: Span) -> str:
    at = folded.find(words, clause.start)
    return text[at : at + len(words)] if at >= 0 else words
