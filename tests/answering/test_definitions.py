"""What a term means: notes, brackets and sentences that explain it; and what a report tells of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering import Answerer
from answering.candidates.glossary import counted, explained, glossary, term_keys
from answering.values.answer import Outcome
from retrieval import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from answering.values.answer import Answer

NOTED = """2030年平湖市政府工作报告
——2030年1月9日在平湖市第十届人民代表大会第二次会议上
平湖市市长 沈渔樵
各位代表：
现在，我代表市人民政府报告工作，请予审议。
一、2029年工作回顾
过去一年，“两湾”建设全面推进，渔业“三网”工程顺利。改造港口五座。
二、2030年重点工作
做强“四链”。推动“双岸”公路通车，灯塔、渔港、船厂“三园”全部开园。继续做好渔家培训。
（来源：平湖潮声报）
名词解释
1.渔业“三网”工程：指捕捞监测网、渔港防台网、冷链配送网。
2.“双岸”公路：沿江公路和沿海公路。
3.“四链”：产业链、创新链、资金链和人才链。
"""
OTHER = """2030年慈溪市政府工作报告
——2030年1月11日在慈溪市第十届人民代表大会第二次会议上
慈溪市市长 许杨梅
各位代表：
一、2029年工作回顾
全市“四链”融合不断加快，杨梅产量达到九万吨。
二、2030年重点工作
推进“一湖两带”（一湖即杜湖，两带即滨海产业带、南山生态带）建设。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    home: Path = tmp_path_factory.mktemp("noted")
    with Library.open(home / "home", embedder=None, write=True) as library:
        for name, text in (("平湖市", NOTED), ("慈溪市", OTHER)):
            path = home / f"2030年{name}政府工作报告.txt"
            path.write_text(text, encoding="utf-8")
            library.ingest([path])
        yield Answerer(library)


def words(answer: Answer) -> str:
    return "\n".join(f"{s.lead} {s.text}" for s in answer.statements)


def test_a_note_is_the_definition(answerer: Answerer) -> None:
    told = answerer.answer_now("平湖说的渔业“三网”是哪三网")
    assert told.outcome is Outcome.ANSWERED
    assert "捕捞监测网、渔港防台网、冷链配送网" in words(told)
    assert "两湾" not in words(told)


def test_another_place_s_note_explains_and_is_named(answerer: Answerer) -> None:
    told = answerer.answer_now("慈溪讲的“四链”是什么意思")
    assert "产业链、创新链、资金链和人才链" in words(told)
    assert "平湖市" in told.statements[0].lead


def test_a_bracket_explains_a_term(answerer: Answerer) -> None:
    told = answerer.answer_now("慈溪的“一湖两带”指的是什么")
    assert "两带即滨海产业带、南山生态带" in words(told)
    assert "慈溪市" in told.statements[0].lead


def test_members_before_their_term_explain_it(answerer: Answerer) -> None:
    assert "灯塔、渔港、船厂" in words(answerer.answer_now("平湖的“三园”是哪三园"))


def test_two_terms_are_both_explained(answerer: Answerer) -> None:
    told = words(answerer.answer_now("“双岸”和“四链”各指什么？"))
    assert "沿江公路和沿海公路" in told
    assert "人才链" in told


def test_a_report_tells_who_gave_it_and_what_is_appended(answerer: Answerer) -> None:
    told = words(answerer.answer_now("平湖这份报告是谁作的，哪天作的？"))
    assert "沈渔樵" in told
    assert "2030年1月9日" in told
    assert "“名词解释”，共3条" in told
    assert "平湖潮声报" in told
    assert "许杨梅" not in told


@pytest.mark.parametrize(
    ("sentence", "key", "after", "plain"),
    [
        ("加快建设“三港”,即客港、货港、渔港。", "三港", "", True),
        ("“三港”建设全面提速。", "三港", "", False),
        ("扩建客港、货港、渔港“三港”。", "三港", "", True),
        ("推进“三港”建设,客港扩容、货港改造、渔港清淤。", "三港", "", True),
        ("推进“三港”建设。", "三港", "客港扩容,货港改造,渔港清淤。", True),
        ("推进“三港”建设。", "三港", "全年渔获增长。", False),
        ("落实“两补”等政策,渔民增收。", "两补", "", False),
    ],
)
def test_a_sentence_explains_a_term_or_only_names_it(
    sentence: str, key: str, after: str, *, plain: bool
) -> None:
    assert bool(explained(sentence, key, after)) is plain


def test_a_term_is_called_by_its_quoted_part_and_counts_its_members() -> None:
    assert term_keys("金融“五篇大文章”") == ("金融五篇大文章", "五篇大文章")
    assert counted("五篇大文章") == 5
    assert counted("智慧渔港") is None


def test_numbered_works_are_no_notes(answerer: Answerer) -> None:
    library = answerer._library
    wholes = [library.document(one.id) for one in library.documents()]
    entries = {entry.term for one in wholes if one is not None for entry in glossary(one)}
    assert entries == {"渔业“三网”工程", "“双岸”公路", "“四链”"}
