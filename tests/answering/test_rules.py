"""By-laws: an act is answered with its own sanction, of its own city, or not at all."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from answering.pipeline import Answerer
from answering.question.intent import ExpectedAnswer
from answering.rules.aspects import ASPECTS
from answering.rules.conditions import meets, within_hours
from answering.rules.likeness.rule_second_look import reordered
from answering.rules.rule_candidates import rule_candidates
from answering.rules.rule_confidence import is_no_rival
from answering.rules.rule_features import HeldByLaw, Scored, title_pairs
from answering.rules.rule_ranking import followed, lacks_amount
from answering.rules.rule_verdict import VERDICT, rests_on_answer, stated, verdict_odds, verdict_row
from answering.rules.rule_weights import rule_weights
from answering.values.answer import Outcome, Turn
from retrieval import Library
from retrieval.text.normalize import bigrams
from retrieval.values.documents import Document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from answering.values.answer import Answer

LAKE = """# 宜宾市湖岸管理条例

2021年3月1日 宜宾市人民代表大会常务委员会通过

第一条 为了保护湖岸，制定本条例。

第二条 本条例所称湖岸，是指湖泊水位线向外五十米以内的陆地。

第三条 湖岸管理机构负责湖岸的日常管理工作。

第四条 在湖岸禁止下列行为：

（一）丢弃残渣；

（二）擅自搭建棚屋；

（三）在芦苇丛中生火烧烤。

第五条 摊主应当在收摊后一小时内清理场地，不得占用栈道。

第六条 违反本条例第四条第三项规定的，由湖岸管理机构责令改正，处五十元以上二百元以下罚款；拒不改正的，处二百元以上一千元以下罚款。

第七条 违反本条例第四条第二项规定，擅自搭建棚屋的，由城管部门责令拆除，处一千元以上五千元以下罚款。

第八条 老年人可以在湖岸垂钓区内垂钓。

第九条 距离码头三十米以内禁止停放游船。

第十条 游船每日停靠的费用按照下列标准收取：

（一）船长不满六米的，每艘二十元；

（二）船长六米以上不满十二米的，每艘四十五元；

（三）船长十二米以上的，每艘九十元。

第十一条 违反本条例第九条规定停放游船的，处一百元罚款；因停放游船被两次处罚的，吊销船只停泊证。

第十二条 本条例自2021年6月1日起施行。
"""  # noqa: E501 - an article is one line
BIKES = """# 泸州市自行车停放规定

2020年1月5日 泸州市人民政府公布

第一条 为了规范自行车停放，制定本规定。

第二条 自行车应当停放在划定的区域内，不得占用盲道。

第三条 违反本规定第二条规定，占用盲道停放自行车的，由城管部门处二十元罚款。

第四条 本规定自2020年3月1日起施行。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    """Give an answerer over two by-laws of two cities, by words alone."""
    folder: Path = tmp_path_factory.mktemp("bylaws")
    for name, text in {"宜宾市湖岸管理条例": LAKE, "泸州市自行车停放规定": BIKES}.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    with Library.open(folder / "home", embedder=None, write=True) as library:
        library.ingest([folder / f"{name}.md" for name in ("宜宾市湖岸管理条例", "泸州市自行车停放规定")])
        yield Answerer(library)


def _said(answer: Answer) -> str:
    return "\n".join(f"{s.lead}{s.text}" for s in answer.statements)


def test_a_fine_is_told_with_its_act_and_articles(answerer: Answerer) -> None:
    """Proves that act and sanction are joined and cited, and another act's fine is not shown."""
    answer = answerer.answer_now("宜宾湖岸的芦苇丛里生火烧烤，罚多少")
    assert answer.outcome is Outcome.ANSWERED
    assert "五十元以上二百元以下" in _said(answer)
    assert "一千元以上五千元" not in _said(answer)
    assert "第六条" in _said(answer)
    quotes = " ".join(c.quote for c in answer.citations)
    assert "在芦苇丛中生火烧烤" in quotes
    assert "由湖岸管理机构责令改正" in quotes


def test_a_followup_keeps_the_act(answerer: Answerer) -> None:
    """Proves that a bare question after an answer stays with the act that was asked of."""
    history = (
        Turn(role="user", content="宜宾湖岸的芦苇丛里生火烧烤，罚多少"),
        Turn(role="assistant", content="《宜宾市湖岸管理条例》第六条：处五十元以上二百元以下罚款"),
    )
    answer = answerer.answer_now("要是拒不改正，罚多少呢", history)
    assert "二百元以上一千元以下" in _said(answer)


def test_an_article_is_told_by_its_number(answerer: Answerer) -> None:
    """Proves that an article asked for by number is quoted."""
    assert "五十米以内" in _said(answerer.answer_now("宜宾湖岸管理条例第二条说的什么"))


def test_no_other_city_answers(answerer: Answerer) -> None:
    """Proves that a question on one city's matter gets no fine of another city's by-law."""
    answer = answerer.answer_now("泸州的湖岸芦苇丛里生火烧烤，罚多少")
    assert "二百元" not in _said(answer)


def test_an_item_without_a_fine_gets_none_of_its_list(answerer: Answerer) -> None:
    """Proves that a fine asked for is not taken from another item of the list of bans."""
    answer = answerer.answer_now("宜宾湖岸丢弃残渣，罚多少")
    assert answer.outcome is Outcome.NOT_IN_CORPUS
    assert "二百元" not in _said(answer)


def test_a_second_look_puts_what_is_near_in_meaning_first() -> None:
    """Proves that of candidates in one order the scores of a second look make another, on the first scale."""
    first, second, third = (object() for _ in range(3))
    order, scores = reordered([first, second, third], [3.0, 2.5, 1.0], np.array([0.1, 0.9], np.float32))  # type: ignore[list-item]
    assert order == [second, first, third]
    assert scores[0] == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("宜宾的湖岸芦苇丛里能不能生火烧烤", "false"),
        ("宜宾湖岸收摊的摊主能占用栈道吗", "false"),
        ("宜宾的老年人可以在湖岸垂钓区垂钓吗", "true"),
    ],
)
def test_a_permission_is_told_with_its_provision(answerer: Answerer, question: str, verdict: str) -> None:
    """Proves that what a provision forbids or allows answers a question on permission with no or yes."""
    answer = answerer.answer_now(question)
    assert answer.verdict == verdict
    assert answer.statements[0].text == {"true": "可以", "false": "不可以"}[verdict]
    assert answer.citations


@pytest.mark.parametrize(
    ("question", "provision", "holds"),
    [
        ("围墙边能种树吗", "禁止在围墙边种树。", False),
        ("围墙边种树违法吗", "禁止在围墙边种树。", True),
        ("围墙边不能种树对吧", "禁止在围墙边种树。", True),
        ("门口一定要挂灯笼吗", "门口应当悬挂灯笼。", True),
        ("抢修车能停围墙边吗", "禁止在围墙边停车，但抢修车除外。", True),
        ("第一次乱倒泥浆就要罚款吗", "倾倒泥浆的，责令改正；拒不改正的，处五百元罚款。", False),
        ("第一次乱倒泥浆就要罚款吗", "倾倒泥浆的，责令改正；情节严重的，处五百元罚款。", False),
        ("离井口三十米能打桩吗", "距离井口五十米以内禁止打桩。", False),
        ("救火能开这口专用井吗", "专用井除救火、抢修外，任何人不得开启。", True),
        ("洗车能开这口专用井吗", "专用井除救火、抢修外，任何人不得开启。", False),
        ("养蚕要不要办许可", "未取得养蚕许可的，不得养蚕。", True),
        ("检修的钱是住户自己掏吗", "检修费用由开发企业负担。", False),
        ("工人能拒绝违章打桩吗", "工人享有拒绝违章打桩的权利。", True),
    ],
)
def test_a_verdict_follows_what_is_asked_and_what_is_said(question: str, provision: str, holds: bool) -> None:
    """Proves that the same provision gives yes or no by how it is asked of, exceptions and bounds."""
    assert (verdict_row(question, stated(provision)) @ rule_weights().verdict > 0) == holds


@pytest.mark.parametrize(
    ("question", "provision", "fits"),
    [
        ("换成三百二十岁的呢", "树龄在三百年以上不满五百年的", 1.0),
        ("换成三百二十岁的呢", "树龄在五百年以上的", -1.0),
        ("我58了", "年龄可以延长至六十周岁", 1.0),
        ("宽八米行不行", "宽度不得超过六米", -1.0),
        ("囤了三百斤", "储存一百公斤以上的", 1.0),
        ("罚多少", "处五十元以上罚款", 0.0),
    ],
)
def test_a_counted_thing_is_held_to_the_bounds_of_a_provision(
    question: str, provision: str, fits: float
) -> None:
    """Proves that ages, distances and weights are compared with the ranges that a provision sets."""
    assert meets(question, provision) == fits


@pytest.mark.parametrize(("unit", "lacks"), [("天", False), ("元", True)])
def test_a_time_asked_for_is_no_fine_that_lacks(unit: str, lacks: bool) -> None:
    """Proves that a figure asked for in days is told by a provision that sets days and no fine."""
    text = "# 甲市渔船规定\n\n第一条 被暂扣的渔船，公告四十日无人认领的，依法拍卖。"
    candidates = rule_candidates(text)
    document = Document(id="boats", source="boats.md", title="甲市渔船规定", text=text)
    held = HeldByLaw(document=document, candidates=candidates, hits={}, title=frozenset())
    best = Scored(held=held, candidate=candidates.all[0], features=np.zeros(1, np.float32))
    asked = SimpleNamespace(
        want=ExpectedAnswer("figure", (unit,)),
        aspects=np.array([float(one == "penalty") for one in ASPECTS]),
        aspects_before=None,
        placed=True,
    )
    assert lacks_amount(asked, best) is lacks  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("provision", "aspect", "lacks"),
    [
        ("符合条件的渔民可以获得休渔补贴。", "figure", True),
        ("休渔补贴每月六百元。", "figure", False),
        ("渔政工作人员徇私舞弊的，依法给予处分。", "penalty", True),
        ("在禁渔区撒网的，由渔政机构责令改正。", "penalty", False),
    ],
)
def test_money_asked_for_is_not_told_by_a_provision_without_any(
    provision: str, aspect: str, lacks: bool
) -> None:
    """Proves that a grant without an amount, or what officials face, does not tell how much something is."""
    text = f"# 甲市渔船规定\n\n第一条 {provision}"
    candidates = rule_candidates(text)
    document = Document(id="boats", source="boats.md", title="甲市渔船规定", text=text)
    held = HeldByLaw(document=document, candidates=candidates, hits={}, title=frozenset())
    best = Scored(held=held, candidate=candidates.all[-1], features=np.zeros(1, np.float32))
    asked = SimpleNamespace(
        want=ExpectedAnswer("figure", ("元",)),
        aspects=np.array([float(one == aspect) for one in ASPECTS]),
        aspects_before=None,
        placed=True,
    )
    assert lacks_amount(asked, best) is lacks  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "provision", "inside"),
    [
        ("清晨五点能鸣笛吗", "每日二十一时至次日七时禁止鸣笛", 1.0),
        ("上午十点能鸣笛吗", "每日二十一时至次日七时禁止鸣笛", -1.0),
        ("晚上9点半还营业吗", "营业时间为8:00至21:00", -1.0),
        ("半夜能卸货吗", "每日二十三时30分至五时不得卸货", 1.0),
        ("几点能卸货", "每日二十三时至五时不得卸货", 0.0),
        ("中午能卸货吗", "夜间不得卸货", 0.0),
    ],
)
def test_an_hour_is_held_to_the_spans_of_a_provision(question: str, provision: str, inside: float) -> None:
    """Proves that an hour as it is spoken of is inside or outside a span, also one past midnight."""
    assert within_hours(question, provision) == inside


@pytest.mark.parametrize(
    ("words", "before", "placed", "rests"),
    [
        ("那边也由它来收吗", "渔港费由渔政所收", True, True),
        ("那边能夜里出海吗", "渔港费由渔政所收", True, False),
        ("也由它来收吗", "渔港费由渔政所收", False, False),
        ("那边也由它来收吗", "", True, False),
    ],
)
def test_what_an_answer_said_of_another_place_is_no_provision(
    words: str, before: str, placed: bool, rests: bool
) -> None:
    """Proves that a follow-up on another place is told by the answer before it where it points at that."""
    asked = SimpleNamespace(words=words, before=before, placed=placed)
    assert rests_on_answer(asked) is rests  # type: ignore[arg-type]


@pytest.mark.parametrize(("words", "even"), [("能晒稻草吗", False), ("能办别的事项吗", True)])
def test_the_open_end_of_a_list_allows_nothing(words: str, even: bool) -> None:
    """Proves that 其他事项 in a list of duties is no yes to what no item names."""
    text = "# 甲市渔船规定\n\n第一条 船主应当做到：\n\n（一）晾晒稻草；\n\n（二）与渔船有关的其他事项。"
    candidates = rule_candidates(text)
    listed = next(one for one in candidates.all if one.listed)
    document = Document(id="boats", source="boats.md", title="甲市渔船规定", text=text)
    held = HeldByLaw(document=document, candidates=candidates, hits={}, title=frozenset())
    best = Scored(held=held, candidate=listed, features=np.zeros(1, np.float32))
    weights = np.array([float(name == "permit") for name in VERDICT], np.float32)
    odds = verdict_odds(SimpleNamespace(words=words), best, weights)  # type: ignore[arg-type]
    assert odds == (0.0 if even else 1.0)


def _first_of(place: str, title: str) -> Scored:
    document = Document(id=title, source=f"{title}.md", title=title, text=LAKE, place=place)
    held = HeldByLaw(
        document=document, candidates=rule_candidates(LAKE), hits={}, title=title_pairs(document)
    )
    return Scored(held=held, candidate=held.candidates.all[0], features=np.zeros(1, np.float32))


@pytest.mark.parametrize(
    ("place", "title", "same"),
    [
        ("泸州市", "泸州市湖岸管理办法", True),
        ("泸州市", "泸州市船舶管理条例", False),
        ("宜宾市", "宜宾市湖岸若干规定", False),
    ],
)
def test_another_places_rule_on_the_same_matter_is_no_rival(place: str, title: str, same: bool) -> None:
    """Proves that a second by-law makes an answer doubtful unless it rules the same matter elsewhere."""
    assert is_no_rival(_first_of(place, title), _first_of("宜宾市", "宜宾市湖岸管理条例")) is same


def test_of_a_list_of_ranges_the_one_that_holds_the_figure_answers(answerer: Answerer) -> None:
    """Proves that a fee asked for one size is told by the item for that size, without the other fees."""
    said = _said(answerer.answer_now("宜宾湖岸的游船长八米，停靠一天收多少钱"))
    assert "四十五元" in said
    assert "二十元" not in said
    assert "九十元" not in said


@pytest.mark.parametrize("question", ["宜宾卖假烟罚多少", "宜宾网吧里抽烟罚多少"])
def test_a_question_on_another_matter_gets_no_fine(answerer: Answerer, question: str) -> None:
    """Proves that a city's by-law on one matter is silent on what is done elsewhere."""
    answer = answerer.answer_now(question)
    assert answer.outcome is not Outcome.ANSWERED
    assert answer.outcome is not Outcome.COMPUTED


def test_terms_and_repeated_breaches_are_read_from_a_provision() -> None:
    """Proves that a candidate knows the term it defines, and that it tells what follows a second fine."""
    candidates = rule_candidates(LAKE)
    assert [t for text in candidates.texts for t in text.terms] == ["湖岸"]
    repeated = [
        c.consequence for c, text in zip(candidates.all, candidates.texts, strict=True) if text.repeated
    ]
    assert {one.source.article.numeral for one in repeated if one is not None} == {11}


def test_words_that_hold_a_modal_sign_oblige_nothing() -> None:
    """Proves that 反应 and 相应 are not read as 应 (shall)."""
    rows = [
        verdict_row("能再种吗", stated(words))
        for words in ("既往无反应的，可以再种。", "既往无异样的，可以再种。")
    ]
    assert np.array_equal(*rows)


BOATS = """# 甲市渔船规定

第一条 船主应当办理渔船备案。船主变更的，应当办理变更备案。

第二条 违反本规定第一条规定，未办理渔船备案的，处三百元罚款。

违反本规定第一条规定，渔船未办理变更备案的，处一百元罚款。
"""


@pytest.mark.parametrize(
    ("question", "behind", "fine"),
    [
        ("渔船没备案罚多少", 0.2, "三百元"),
        ("渔船没备案罚多少", 2.0, "一百元"),
        ("船主变更没办变更备案罚多少", 0.2, "一百元"),
    ],
)
def test_the_main_case_of_an_article_is_meant_where_a_later_one_is_hardly_likelier(
    question: str, behind: float, fine: str
) -> None:
    candidates = rule_candidates(BOATS)
    document = Document(id="boats", source="boats.md", title="甲市渔船规定", text=BOATS)
    held = HeldByLaw(document=document, candidates=candidates, hits={}, title=frozenset())
    fined = [one for one in candidates.all if one.consequence is not None]
    by_fine = {
        words: next(one for one in fined if one.consequence and words in one.consequence.sanction.of(BOATS))
        for words in ("三百元", "一百元")
    }
    order = [
        Scored(held=held, candidate=by_fine[words], features=np.zeros(1, np.float32))
        for words in ("一百元", "三百元")
    ]
    aspects = np.array([float(name == "penalty") for name in ASPECTS], np.float32)
    asked = SimpleNamespace(
        aspects=aspects,
        aspects_before=None,
        placed=True,
        grams=frozenset(bigrams(question)),
        words=question,
        want=ExpectedAnswer("figure"),
    )
    found, scores = followed(asked, order, [3.0, 3.0 - behind])  # type: ignore[arg-type]
    consequence = found[0].candidate.consequence
    assert consequence is not None
    assert fine in consequence.sanction.of(BOATS)
    assert scores[0] == pytest.approx(3.0)
