"""What a question demands beside its words: a plan or a result, one year, a rate for each, names; the weightiest word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.candidates.annotation import SentenceState
from answering.evidence.report_parts import sums_years
from answering.extractive.measured_figure import row_of
from retrieval.facts.models import FigureKind
from retrieval.text.normalize import fold
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from answering.candidates.annotation import Annotation
    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.extractive.sentence_selection import SelectedSentence
    from answering.lexicon.relevance import Terms

_BEFORE = re.compile("去年|上年|上一年|前年|比.{0,6}[高低多少]")
_SEVERAL_YEARS = re.compile(r"累计|(?<!\d)[五5]年|年均[增下提递新减]|十[二三四五]五|以来|期间|翻番")
_EACH = re.compile(
    r"(?:每|一)(?:个)?(?:人|户|亩|名|位|部|台|条|套|棵|头|孩子|学生|老人|家庭|村)[^,，。?？]{0,10}(?:多少|几)"
    r"|(?:平均|人均|户均)[^,，。?？]{0,8}(?:多少|几)|\bper (?!cent|year|month)[a-z]+"
)
_FOR_EACH = re.compile(r"每|[人户亩村]均|平均|一次性|标准|/|一(?:人|户|亩|名|个)|给予")
_NAMES = re.compile(r"哪几[座家个所条项位种块支]|名单|分别叫|都?叫(?:什么|啥)名|names? of")
_NAMED = re.compile("[、；“《]|[和与及]")
_MOST = 0.5  # share of the weight of all terms from which a sentence that lacks one speaks of something else


def meets(found: SelectedSentence, told: Annotation, terms: Terms, context: QuestionContext) -> bool:
    """Tell whether a sentence, with the figure found in it, can answer what is demanded.

    Measured on questions about reports that nobody held against it: each of the tests refuses one right sentence
    in seventy and less, and one in seven of those beside the answer.
    """
    folded = context.question.folded
    if _is_done_for_planned(found, told, context) or is_summed(found, told, context):
        return False
    if _EACH.search(folded) and found.figure is not None and not _FOR_EACH.search(found.line.folded):
        return False
    if found.figure is None and lacks_names(found.text, context):
        return False
    return speaks_of_most(found.line, terms)


def lacks_names(text: str, context: QuestionContext) -> bool:
    """Tell whether names of several things are asked for and a text gives none: 新建茶园50座."""
    return bool(_NAMES.search(context.question.folded)) and not _NAMED.search(text)


def speaks_of_most(line: Line, terms: Terms) -> bool:
    """Tell whether a sentence, its headings or its title hold the term that outweighs all others, where one does."""
    around = "|".join((line.folded, line.context, fold(line.document.title)))
    return all(term.weight <= _MOST * terms.total for term in terms.missing(around))


def _is_done_for_planned(found: SelectedSentence, told: Annotation, context: QuestionContext) -> bool:
    """Tell whether a figure was reached where only what is aimed at is asked for."""
    row = row_of(found, context)
    asked = context.lean > 0 or context.hypothesis.state == "planned"
    if row is None or not asked or _BEFORE.search(context.question.folded):
        return False
    if row.kind in (FigureKind.TARGET, FigureKind.DONE):
        return row.kind is FigureKind.DONE
    return told.state is SentenceState.DONE


def is_summed(found: SelectedSentence, told: Annotation, context: QuestionContext) -> bool:
    """Tell whether a figure is of several years together, none of which is the one asked for."""
    years = context.hypothesis.years
    if found.figure is None or not years or told.first is None or told.last is None:
        return False
    if _SEVERAL_YEARS.search(context.question.folded):
        return False
    row, line = row_of(found, context), found.line
    if row is not None and line.document.genre is Genre.REPORT:
        named = any(str(year) in line.folded for year in years)
        return sums_years(line.document, row) and not (named and len(years) == 1)
    around = f"{line.folded}|{'|'.join(line.passage.heading[-1:])}"
    return bool(_SEVERAL_YEARS.search(around)) and not any(told.covers(year) for year in years)
