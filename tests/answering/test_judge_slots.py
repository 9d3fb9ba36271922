"""What a text tells beside its figures: how it binds and denies, when, how often, of which years, by whom."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from answering.judge import ClaimEvidence, load
from answering.judge.assertion import denials, modality, modality_fault, reversed_words, scopes, slots
from answering.judge.binding import spoken_of, ties
from answering.judge.checks.circumstances import agreement, circumstances, slot_faults
from answering.judge.checks.doers import doer_features
from answering.judge.checks.leads import bound_after_all, lead_against, told_after_all, told_apart
from answering.judge.checks.limits import limit_of
from answering.judge.checks.occasions import at_once, frequency_fault, multiple_fault, of_several_years
from answering.judge.claim_differences import Comparison, Difference
from answering.judge.decision import _holds_in_part, decide
from answering.judge.nearness import Nearness
from answering.judge.reading import read_text
from answering.judge.reasons import reason_of, right_of, told
from answering.judge.scope import allowed_years, other_places, own_names, short_name
from answering.judge.trees import BoostedTrees
from answering.judge.values import ClaimVerdict
from retrieval.facts.fact_state import FactState
from retrieval.facts.figure_role import Direction, RoleKind
from retrieval.places.gazetteer import Gazetteer
from retrieval.quantities import Bound, figures

GAZETTEER = Gazetteer()
JUDGE = load()


@pytest.mark.parametrize(
    ("said", "there", "fault"),
    [
        ("应当清运", "应当清运", ""),
        ("应当清运", "可以清运", "stronger"),
        ("必须清运", "鼓励清运", "stronger"),
        ("可以清运", "应当清运", "weaker"),
        ("鼓励清运", "应当清运", "weaker"),
        ("不得清运", "可以清运", "reversed"),
        ("可以清运", "禁止清运", "reversed"),
        ("鼓励清运", "不得清运", "reversed"),
        ("应当清运", "不得清运", ""),
        ("清运", "应当清运", ""),
        ("应当清运", "清运", ""),
        ("可以清运", "鼓励清运", ""),
    ],
)
def test_a_rule_is_told_stronger_weaker_or_reversed(said: str, there: str, fault: str) -> None:
    assert modality_fault(said, there) == fault


def test_the_strongest_word_says_how_a_text_binds() -> None:
    assert modality("应当登记，不得转让") == "must_not"
    assert modality("可以延期，应当申请") == "must"
    assert modality("公园三座") == ""
    assert slots("所有企业累计建成") >= {"all", "cumulative", "finished"}
    assert scopes("居全国第三、全省第一") == {"全国", "全省"}


@pytest.mark.parametrize(
    ("text", "times"),
    [("未建成", 1), ("不断建成", 0), ("没有未建成的", 2), ("不得不拆", 0), ("it was not built", 1)],
)
def test_how_often_a_text_denies(text: str, times: int) -> None:
    assert denials(text) == times


@pytest.mark.parametrize(
    ("claim", "source", "word"),
    [
        ("出生人口上升", "出生人口回落", "上升"),
        ("出生人口回落", "出生人口上升", "回落"),
        ("上升后回落", "出生人口回落", ""),
        ("上升", "先上升后回落", ""),
        ("免费停车", "收费停车", "免费"),
        ("停车", "收费停车", ""),
    ],
)
def test_a_word_of_which_the_text_has_only_the_opposite(claim: str, source: str, word: str) -> None:
    assert reversed_words(claim, source) == word


NOWHEN = circumstances("", "", "")


@pytest.mark.parametrize(
    ("said", "there", "faults"),
    [
        ("第一季度投资", "一季度投资", {}),
        ("第一季度投资", "第二季度投资", {"when": "other"}),
        ("上半年投资", "下半年投资", {"when": "other"}),
        ("10月份投资", "投资", {"when": "put"}),
        ("投资", "10月份投资", {"when": "cut"}),
        ("前三个月投资", "前五个月投资", {"when": "other"}),
        ("2021年投资", "2022年投资", {"year": "other"}),
        ("2021年投资", "投资", {}),  # the years are compared by themselves
        ("年均投资", "每月投资", {"per": "other"}),
        ("年均投资", "平均每年投资", {}),
        ("特别严重的处五百元罚款", "情节严重的处五百元罚款", {"condition": "other"}),
        ("上半年第一季度投资", "第一季度投资", {}),
        ("累计投资", "投资", {"per": "put"}),
        ("情节严重的处五百元罚款", "逾期不改正的处五百元罚款", {"condition": "other"}),
        ("对个人处五百元罚款", "对单位处五百元罚款", {"who": "other"}),
        ("个人五百元", "单位五百元", {}),  # whom it befalls counts where somebody is fined
        ("对个人处五百元罚款", "处五百元罚款", {}),
    ],
)
def test_circumstances_that_exclude_each_other(said: str, there: str, faults: dict[str, str]) -> None:
    mine, theirs = (circumstances(words, words, words) for words in (said, there))
    assert slot_faults(mine, theirs) == faults


def test_a_claim_is_rather_of_what_has_its_circumstances() -> None:
    first, second = (circumstances(words, words, words) for words in ("第一季度", "第二季度"))
    assert agreement(first, first, second) == 1
    assert agreement(first, second, first) == -1
    assert agreement(first, second, NOWHEN) == 0
    assert agreement(NOWHEN, first, second) == 0
    assert circumstances("每月", "每年", "") == circumstances("每月", "", "")
    own = circumstances("第二季度", "第一季度第二季度", "")
    assert slot_faults(own, second) == {}  # what stands right before a figure goes before its clause


@pytest.mark.parametrize(
    ("text", "left", "right", "bound"),
    [
        ("3年", "最长", "", Bound.BELOW),
        ("3年", "上限为", "", Bound.BELOW),
        ("3年", "至少要提前", "", Bound.ABOVE),
        ("3年", "", "内", Bound.BELOW),
        ("3年", "", "后", Bound.EXACT),
        ("约3年", "上限为", "", Bound.ABOUT),
    ],
)
def test_a_bound_may_stand_apart_from_its_figure(text: str, left: str, right: str, bound: Bound) -> None:
    (figure,) = figures(text)
    assert limit_of(figure, left, right) is bound


@pytest.mark.parametrize(
    ("claim", "source", "words"),
    [
        ("每半年巡查一次", "每六个月巡查一次", ""),
        ("每年巡查一次", "每两年巡查一次", "每年"),
        ("每隔两天巡查", "每两日巡查", ""),
        ("每周巡查", "每七天巡查", ""),
        ("每季度巡查", "每三个月巡查", ""),
        ("一年巡查两次", "每年巡查两次", ""),
        ("半年巡查两次", "每年巡查两次", "半年"),
        ("每月巡查", "每年开会", ""),  # another matter
        ("every two years of patrol", "every year of patrol", "every two year"),
        ("every two weeks", "每两周", ""),
        ("巡查三次", "每年巡查", ""),
    ],
)
def test_how_often_is_compared_in_days(claim: str, source: str, words: str) -> None:
    assert frequency_fault(claim, ["建设公园", source]) == words


@pytest.mark.parametrize(
    ("claim", "text", "fault"),
    [
        ("产量翻番", "产量从41吨增加到82吨。", 0.0),
        ("产量翻番", "产量从41吨增加到60吨。", 1.0),
        ("产量翻三番", "产量从1吨增加到8吨。", 0.0),
        ("产量减半", "产量从80吨减少到40吨。", 0.0),
        ("产量增长一倍", "产量从40吨增加到86吨。", 0.0),  # as near as people say
        ("output tripled", "产量从40吨增加到120吨。", 0.0),
        ("产量翻一番", "产量翻番。", 0.0),
        ("产量翻一番", "产量增长。", None),
        ("产量增长", "产量从41吨增加到82吨。", None),
        ("产量翻番", "产量从0吨增加到82吨。", None),
        ("产量翻番", "产量从41吨增加到82元。", None),
    ],
)
def test_times_as_much_is_borne_out_by_start_and_end(claim: str, text: str, fault: float | None) -> None:
    assert multiple_fault(claim, [read_text(text)]) == fault


def test_headings_of_several_years_and_of_one() -> None:
    assert of_several_years("过去五年工作")
    assert not of_several_years("2025年工作")
    assert not of_several_years("过去五年工作/2025年工作")
    assert of_several_years("2025年工作/五年来的成就/（一）民生")
    assert not of_several_years("“十四五”和2025年工作")
    assert not of_several_years("民生")
    assert at_once("直接罚款")
    assert not at_once("逾期罚款")


@pytest.mark.parametrize(
    ("claim", "source", "other"),
    [
        ("由水务局责令改正", "由水务局责令改正。", False),
        ("由林草局责令改正", "由水务局责令改正。", True),
        ("学校应当清运垃圾", "企业应当清运垃圾。", True),
        ("企业应当清运垃圾", "企业应当清运垃圾，学校应当开课。", False),
        ("企业应当清运垃圾", "居民应当开课。", False),
        ("管理部门责令改正", "城市管理部门责令改正。", False),
        ("企业应当清运垃圾", "学校应当开课，清运垃圾。", True),  # who governs a clause goes on
        ("企业应当清运垃圾", "学校应当开课；应当清运垃圾。", False),  # up to the end of the sentence
    ],
)
def test_another_doer_than_that_of_the_clause_spoken_of(claim: str, source: str, *, other: bool) -> None:
    assert bool(doer_features(claim, [source]).get("doer_other")) is other


def test_who_does_it_is_read_behind_by_and_before_together() -> None:
    assert doer_features("由个人承担", ["由国家承担"])["by_other"] == 1.0
    assert doer_features("由国家承担", ["由国家承担"])["by_other"] == 0.0
    assert doer_features("甲方和乙方共同承担", ["由甲方和乙方承担"])["by_other"] == 0.0
    assert "by_other" not in doer_features("由国家承担", ["承担费用"])


@pytest.mark.parametrize(
    ("claim", "core", "lead", "silent", "contrast"),
    [
        ("是的，建成5座。", "建成5座。", "是的", 0, ()),
        ("建成5座，是的。", "建成5座，是的。", "", 0, ()),
        ("是的。", "是的。", "", 0, ()),
        ("建成5座，但报告没有给出造价。", "建成5座，", "", 1, ()),
        ("报告没有给出造价，只是鼓励。", "", "", 1, ()),
        ("应当清运，不是强制。", "应当清运，", "", 0, ("不是强制",)),
        ("应当清运，不是5天。", "应当清运，不是5天。", "", 0, ()),
        ("报告显示，建成公园五座。", "建成公园五座。", "", 0, ()),
        ("条例规定，企业应当清运垃圾。", "条例企业应当清运垃圾。", "", 0, ()),
        ("The report does not give the cost.", "", "", 1, ()),
    ],
)
def test_what_stands_beside_the_facts_is_parted_from_them(
    claim: str, core: str, lead: str, silent: int, contrast: tuple[str, ...]
) -> None:
    found = told_apart(claim)
    assert (found.core, found.lead, len(found.silent), found.contrast) == (core, lead, silent, contrast)


@pytest.mark.parametrize(
    ("lead", "core", "against"),
    [
        ("多了", "增加3%", False),
        ("没有减少", "增加3%", False),
        ("没有减少", "减少3%", True),
        ("能", "不得入内", True),
        ("能", "应当入内", False),
        ("有", "不得入内", False),
        ("多了", "先增后减", False),
    ],
)
def test_a_word_of_answer_beside_what_follows(lead: str, core: str, *, against: bool) -> None:
    assert lead_against(lead, core) is against


@pytest.mark.parametrize(
    ("claim", "clauses", "told_there"),
    [
        ("报告没有给出造价。", ["造价5万元"], "造价5万元"),
        ("报告没有给出造价多少。", ["造价上升"], ""),
        ("报告没有给出造价金额。", ["造价5%"], ""),
        ("报告没有给出桥梁改造工期是几天。", ["桥梁改造工期三个月"], "桥梁改造工期三个月"),
        ("报告没有给出产值增速。", ["产值5亿元"], ""),
        ("报告没有给出产值增速的数字。", ["产值增速5%"], "产值增速5%"),
        ("报告没有给出桥。", ["桥梁5座"], ""),  # one character names nothing
        ("条例没有要求清运垃圾。", ["应当清运垃圾"], "应当清运垃圾"),
        ("条例没有要求清运垃圾。", ["可以清运垃圾"], ""),
        ("报告没有给出造价。", ["工期三天", "人员五名"], ""),
    ],
)
def test_what_is_said_not_to_be_told_is_looked_for(claim: str, clauses: list[str], told_there: str) -> None:
    (silence,) = told_apart(claim).silent
    assert told_after_all(silence, clauses) == told_there


def test_what_binds_after_all() -> None:
    assert bound_after_all("不是强制", ["应当清运"])
    assert not bound_after_all("不是强制", ["可以清运"])
    assert not bound_after_all("不是公园", ["应当清运"])


@pytest.mark.parametrize(
    ("item", "allowed"),
    [
        ({"quote": "建5座", "year": 2023}, {2022, 2023}),
        ({"quote": "建5座", "year": 2023, "heading": "2022年工作回顾"}, {2022}),
        ({"quote": "建5座", "year": 2023, "heading": "过去一年工作回顾"}, {2022}),
        ({"quote": "今年建5座", "year": 2023, "heading": "过去一年工作回顾"}, {2022, 2023}),
        ({"quote": "建5座", "year": 2023, "heading": "2023年工作安排"}, {2023}),
        ({"quote": "比去年多建5座", "year": 2023, "heading": "下一步工作安排"}, {2022, 2023}),
        ({"quote": "明年建5座", "year": 2023}, {2022, 2023, 2024}),
        ({"quote": "2019年建5座"}, {2019}),
        ({"quote": "十四五建5座"}, {2025}),
        ({"quote": "建5座"}, set()),
    ],
)
def test_the_years_that_a_sentence_may_tell_of(item: dict[str, object], allowed: set[int]) -> None:
    assert allowed_years(ClaimEvidence(**item)) == allowed  # type: ignore[arg-type]


def test_places_that_the_evidence_does_not_speak_of() -> None:
    item = ClaimEvidence(quote="建成公园5座。", place="台州市")
    assert other_places("台州建成公园5座", [item], GAZETTEER) == []
    assert other_places("萍乡建成公园5座", [item], GAZETTEER) == ["萍乡"]
    assert other_places("全国建成公园5座", [item], GAZETTEER) == []
    national = ClaimEvidence(quote="建成公园5座。", place="全国")
    assert other_places("中国建成公园5座", [national], GAZETTEER) == []
    named = ClaimEvidence(quote="萍乡建成公园5座。", place="台州市")
    assert other_places("萍乡建成公园5座", [named], GAZETTEER) == []
    assert short_name("内蒙古自治区") == "内蒙古"
    assert short_name("沙市") == "沙市"
    assert own_names([item])[0] == "台州市"
    assert {"台州", "全国"} < set(own_names([item]))


@pytest.mark.parametrize(
    ("claim", "spoken"),
    [
        ("建桥5座", "建桥5座"),
        ("修路4公里", "修路3公里"),  # another number of the same thing
        ("绿化成效明显", "绿化成效明显"),
        ("建桥5座，绿化成效明显", "建桥5座 绿化成效明显"),
        ("出口下降", "建桥5座。修路3公里。绿化成效明显。"),  # of none: then all may be meant
    ],
)
def test_a_claim_speaks_of_the_sentences_with_its_figures_and_words(claim: str, spoken: str) -> None:
    mine, sources = read_text(claim, claim=True), [read_text("建桥5座。修路3公里。绿化成效明显。")]
    bound = ties(mine, sources, Nearness(None), {})
    assert spoken_of(mine, sources, bound) == spoken


def test_what_is_lost_is_named_only_where_a_claim_is_not_borne_out() -> None:
    item = ClaimEvidence(quote="全年新建凉亭、长廊、戏台640座。")
    judged = JUDGE("全年新建戏台640座。", [item])
    assert judged.verdict is not ClaimVerdict.SUPPORTED
    assert all(judged.lost)
    dealt = ClaimEvidence(quote="城镇、农村居民收入分别增长5%、7%。")
    judged = JUDGE("城镇居民收入增长5%。", [dealt])
    assert (judged.verdict, judged.lost, judged.right, judged.fault) == (ClaimVerdict.SUPPORTED, (), "", "")
    assert JUDGE("", [dealt]).verdict is ClaimVerdict.NOT_FOUND
    assert JUDGE("城镇居民收入增长5%。", []).verdict is ClaimVerdict.NOT_FOUND


@pytest.mark.parametrize(
    ("kinds", "features", "in_part"),
    [
        (["rank"], {}, True),  # a rank put to what else holds
        (["rank"], {"other_rank": 1.0}, False),
        (["rank"], {"other_rank": 1.0, "proved": 1.0}, True),
        (["absent"], {"proved": 1.0, "figures": 2.0}, True),
        (["value"], {"proved": 1.0, "figures": 2.0}, True),
        (["value", "figure"], {"proved": 1.0, "figures": 3.0}, True),
        (["value"], {"proved": 0.0, "figures": 2.0}, False),
        (["value"], {"proved": 2.0, "figures": 2.0}, False),
        (["value", "place"], {"proved": 1.0, "figures": 2.0}, False),
        (["content"], {"proved": 1.0, "figures": 2.0}, False),
    ],
)
def test_one_figure_that_fails_beside_one_that_holds_is_a_part(
    kinds: list[str], features: dict[str, float], *, in_part: bool
) -> None:
    comparison = Comparison(features=features, differences=[Difference(kind, "甲") for kind in kinds])
    comparison.untrue = True  # whatever the trees say, it is not supported
    verdict, _ = decide(comparison)
    assert verdict is not ClaimVerdict.SUPPORTED
    if in_part:
        assert verdict is ClaimVerdict.PARTLY
    assert _holds_in_part(comparison) is in_part


def test_what_is_said_word_for_word_is_supported_unless_a_word_makes_it_untrue() -> None:
    plain, copied = Comparison(features={"lost": 1.0}), Comparison(features={"lost": 1.0}, repeated=True)
    assert decide(copied)[0] is ClaimVerdict.SUPPORTED
    assert decide(copied)[1] >= 0.95 >= decide(plain)[1]
    copied.untrue = True
    assert decide(copied)[0] is not ClaimVerdict.SUPPORTED
    assert decide(copied)[1] == decide(plain)[1]


def test_leaves_are_added_up() -> None:
    held = {"base": 0.5, "trees": [[[0, 1.0, 1, 2], [2.0], [3.0]], [[1, 0.0, 1, 2], [10.0], [20.0]]]}
    trees = BoostedTrees.read(held)
    assert trees.total([1.0, 0.0]) == 12.5  # at a threshold one goes left
    assert trees.total([1.1, 0.1]) == 23.5


@pytest.mark.parametrize(
    ("text", "role", "direction"),
    [
        ("产值降幅更大，为36%。", RoleKind.CHANGE, Direction.DOWN),
        ("产值增速更快，为36%。", RoleKind.CHANGE, Direction.NONE),
        ("Output rose by 5%.", RoleKind.CHANGE, Direction.UP),
        ("Output fell by 5%.", RoleKind.CHANGE, Direction.DOWN),
    ],
)
def test_the_role_of_a_claimed_figure_may_stand_in_the_clause_before(
    text: str, role: RoleKind, direction: Direction
) -> None:
    (fact,) = read_text(text, claim=True).facts
    assert (fact.role.role, fact.role.direction) == (role, direction)


def test_a_reading_has_its_facts_with_what_is_said_of_each() -> None:
    reading = read_text("2021年建桥5座，修路30公里；今年力争建桥8座。")
    assert [(f.subject, f.figure.text, f.years, f.state) for f in reading.facts] == [
        ("建桥", "5座", (2021,), FactState.OPEN),
        ("修路", "30公里", (2021,), FactState.OPEN),
        ("建桥", "8座", (2021,), FactState.PLANNED),
    ]
    assert [f.segment for f in reading.facts] == ["2021年建桥", "2021年建桥5座,修路", "今年力争建桥"]
    assert reading.years == (2021,)


def test_things_that_a_clause_before_names_one_by_one_get_the_figures_dealt_out_behind_it() -> None:
    facts = read_text("出口2亿元、进口3亿元，同比分别增长5%、6%。").facts
    assert [f.subject for f in facts] == ["出口", "进口", "出口增长", "进口增长"]
    assert [f.subject for f in read_text("出口2亿元、进口3亿元，分别增长5%、6%、7%。").facts[2:]] != [
        "出口增长",
        "进口增长",
        "进口增长",
    ]


@pytest.mark.parametrize(
    ("text", "ranks"),
    [
        ("居全国第3位", ["3"]),
        ("跻身全国前十强", ["top10"]),
        ("居首位", ["1"]),
        ("从第六位升到第四位", ["6", "4"]),
        ("第三产业", []),
    ],
)
def test_ranks_are_read_as_numbers(text: str, ranks: list[str]) -> None:
    assert [rank for rank, _, _ in read_text(text).ranks] == ranks


def test_the_words_before_a_rank_reach_back_to_the_one_before() -> None:
    found = read_text("总量居第3位，增速居第5位；人均居首位").ranks
    assert [before for _, _, before in found] == ["总量居", "增速居", "人均"]


def test_a_verdict_is_given_with_the_difference_that_weighs_most() -> None:
    comparison = Comparison()
    assert reason_of(ClaimVerdict.SUPPORTED, comparison) == "原文支持这句话。"
    assert reason_of(ClaimVerdict.PARTLY, comparison) != reason_of(ClaimVerdict.NOT_FOUND, comparison)
    comparison.differences = [
        Difference("content", "甲"),
        Difference("value", "5座", "6座"),
        Difference("words", "乙"),
    ]
    assert reason_of(ClaimVerdict.CONTRADICTED, comparison) == "原文是6座，不是5座。"
    assert right_of(comparison) == "6座"
    assert right_of(SimpleNamespace(differences=[Difference("place", "甲", "乙")])) == ""  # type: ignore[arg-type]
    assert "目标" in told(Difference("state", "done"))
    assert told(Difference("scope", "", "")) == "原文只说到另一项"
