"""What the judge compares beside figures and words: doers, occasions, parts, and silences."""

from __future__ import annotations

import pytest

from answering.judge import ClaimEvidence, ClaimVerdict, load
from answering.judge.checks.doers import doer_features
from answering.judge.checks.leads import lead_against, told_apart
from answering.judge.checks.occasions import frequency_fault, multiple_fault, of_several_years
from answering.judge.checks.openings import first_statement, opening
from answering.judge.reading import read_text
from answering.judge.scope import allowed_years
from retrieval.text.normalize import fold

JUDGE = load()


def judged(
    claim: str, *quotes: str, place: str = "", year: int | None = None, heading: str = ""
) -> ClaimVerdict:
    items = [ClaimEvidence(quote=q, place=place, year=year, heading=heading) for q in quotes]
    return JUDGE(claim, items).verdict


def test_a_word_of_answer_and_a_silence_are_told_apart_from_the_facts() -> None:
    parted = told_apart("降了。2024年矿井数减少12座；报告没有给出产量的数字，不是全部关停。")
    assert parted.core == "2024年矿井数减少12座；"
    assert parted.lead == "降了"
    assert [one["thing"] for one in parted.silent] == ["产量的数字"]
    assert parted.contrast == ("不是全部关停",)


def test_a_claim_with_a_figure_is_never_taken_for_a_silence() -> None:
    assert told_apart("报告没有提到新增的12座矿井。").silent == ()


@pytest.mark.parametrize(
    ("lead", "core", "against"),
    [
        ("多了", "产量下降3%", True),
        ("少了", "产量下降3%", False),
        ("可以", "不得入内", True),
        ("有", "设有三处", False),
    ],
)
def test_a_word_of_answer_may_contradict_what_follows(lead: str, core: str, *, against: bool) -> None:
    assert lead_against(lead, core) is against


PENSIONS = "适当提高高龄补贴，取暖补助每户提高到860元。"


def test_a_silence_is_borne_out_where_no_clause_tells_of_the_thing() -> None:
    assert judged("报告没有给出高龄补贴提高多少。", PENSIONS) is ClaimVerdict.SUPPORTED
    assert judged("报告没有给出取暖补助的数额。", PENSIONS) is not ClaimVerdict.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("报告没有给出出口增长多少。", "全年进出口总额增长4.3%，消费增长2.1%。"),
        ("报告没有说茶叶增产多少。", "茶叶连续三年增产。"),
        ("报告没有给出绿电占比是多少。", "绿电占比提高2.4个百分点。"),
    ],
)
def test_another_thing_s_figure_a_time_or_a_change_does_not_break_a_silence(claim: str, text: str) -> None:
    assert judged(claim, text) is ClaimVerdict.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("报告没有给出出口增长多少。", "全年出口增长4.3%，消费增长2.1%。"),
        ("报告没有给出绿电占比是多少。", "绿电占比提高到31.5%。"),
    ],
)
def test_its_own_figure_breaks_a_silence(claim: str, text: str) -> None:
    assert judged(claim, text) is not ClaimVerdict.SUPPORTED


def test_a_rule_that_encourages_is_said_not_to_require() -> None:
    text = "鼓励商户自行清运装修垃圾。"
    assert judged("条例没有要求商户必须自行清运装修垃圾，只是鼓励。", text) is ClaimVerdict.SUPPORTED
    assert (
        judged("条例没有要求商户清运装修垃圾。", "商户应当自行清运装修垃圾。") is not ClaimVerdict.SUPPORTED
    )


def test_a_figure_belongs_to_the_rule_whose_words_the_claim_has() -> None:
    rules = (
        "（一）未按期年检的，责令限期改正，处四千元罚款；\n"
        "（二）擅自改装车厢的，恢复原状，处六千元以上九千元以下罚款；"
    )
    assert judged("未按期年检的，处六千元以上九千元以下罚款。", rules) is not ClaimVerdict.SUPPORTED
    assert judged("擅自改装车厢的，处六千元以上九千元以下罚款。", rules) is ClaimVerdict.SUPPORTED


def test_figures_dealt_out_behind_their_things_are_paired() -> None:
    text = "完成水运货运量1.2亿吨、空运货运量38万吨，分别增长4.4%、27.5%。"
    assert judged("空运货运量38万吨，增长4.4%。", text) is not ClaimVerdict.SUPPORTED
    assert judged("空运货运量38万吨，增长27.5%。", text) is ClaimVerdict.SUPPORTED


def test_the_bound_of_the_first_figure_dealt_out_may_hold_for_the_next() -> None:
    text = "水质、空气达标率分别超93.5%和96%。"
    assert judged("空气达标率超过96%。", text) is ClaimVerdict.SUPPORTED


def test_one_of_a_list_has_not_the_figure_of_all() -> None:
    text = "全年新建凉亭、长廊、戏台640座。"
    assert judged("全年新建戏台640座。", text) is not ClaimVerdict.SUPPORTED
    assert judged("全年新建凉亭、长廊和戏台640座。", text) is ClaimVerdict.SUPPORTED


def test_how_often_is_compared_with_the_clause_spoken_of() -> None:
    text = "检测机构每三个月开展一次水质抽检，每半年开展一次管网巡查。"
    assert frequency_fault("每半年开展一次水质抽检", [fold(text)]) == "每半年"
    assert not frequency_fault("每季度开展一次水质抽检", [fold(text)])
    assert judged("每半年开展一次水质抽检。", text) is not ClaimVerdict.SUPPORTED


def test_a_condition_is_not_to_be_denied() -> None:
    text = "占用盲道的，责令限期改正；逾期不改正的，处三百元以上八百元以下罚款。"
    assert judged("占用盲道的，一律直接处三百元以上八百元以下罚款。", text) is not ClaimVerdict.SUPPORTED


def test_another_doer_is_told_by_the_clause_that_governs() -> None:
    text = fold("由水务局责令改正，处五百元罚款；由林草局组织补种。")
    assert doer_features(fold("由林草局责令改正"), [text]).get("doer_other")
    assert not doer_features(fold("由水务局责令改正"), [text]).get("doer_other")


def test_a_receiver_is_no_giver() -> None:
    text = "江苏省投入协作资金5.2亿元、援建项目64个。"
    assert judged("青海投入协作资金5.2亿元支援江苏。", text, place="青海省") is not ClaimVerdict.SUPPORTED


def test_a_figure_of_another_place_is_not_the_named_ones() -> None:
    items = [
        ClaimEvidence(quote="绿道总长达到540公里。", place="苏州市"),
        ClaimEvidence(quote="绿道总长710公里，居全省第一位。", place="无锡市"),
    ]
    assert JUDGE("苏州绿道总长710公里。", items).verdict is not ClaimVerdict.SUPPORTED
    assert JUDGE("无锡绿道总长710公里，苏州为540公里。", items).verdict is ClaimVerdict.SUPPORTED


def test_what_five_years_brought_is_not_told_of_one() -> None:
    above = "一、2025年工作回顾和“十四五”主要成绩 / 五年来，我们着力改善民生"
    assert of_several_years(above)
    assert not of_several_years("一、2025年工作回顾 / （三）改善民生")
    text = "修缮祠堂3200余座、疏浚河道870公里。"
    assert judged("2025年修缮祠堂3200余座。", text, year=2026, heading=above) is not ClaimVerdict.SUPPORTED


def test_a_plan_with_a_word_for_done_is_a_result() -> None:
    text = "茶叶产值增长7%左右。"
    heading = "三、2026年的重点工作"
    assert (
        judged("2026年茶叶产值增长了7%左右。", text, year=2026, heading=heading) is not ClaimVerdict.SUPPORTED
    )


def test_how_many_times_is_reckoned_from_start_and_end() -> None:
    text = "生猪存栏量从41万头增加到82万头。"
    assert multiple_fault("存栏量翻了一番", [read_text(text)]) == 0.0
    assert multiple_fault("存栏量翻了两番", [read_text(text)]) == 1.0
    assert multiple_fault("存栏量增加一倍", [read_text("存栏量82万头。")]) is None
    assert judged("存栏量翻了两番。", text) is not ClaimVerdict.SUPPORTED


def test_next_year_of_a_report_is_the_year_after_it() -> None:
    item = ClaimEvidence(quote="明年计划开垦荒地64万亩。", year=1983)
    assert allowed_years(item) >= {1984}
    assert JUDGE("1984年计划开垦荒地64万亩。", [item]).fault != "year"


def test_what_follows_an_opening_is_the_evidences_own() -> None:
    """Whom, when and that it is a rule or a plan are compared by themselves."""
    rule = "第七条 养护单位应当清理河面漂浮物，回答询问。"
    above = "第二章 养护 / 第七条"
    for lead in ("临江市规定，", "在临江市，", "臨江市規定，"):
        said = f"{lead}养护单位应当清理河面漂浮物"
        assert judged(said, rule, place="临江市", year=2016, heading=above) is ClaimVerdict.SUPPORTED
    plan = "推广秸秆还田，修复湿地两万亩。"
    ahead = "三、2026年重点工作"
    said = "按安排，2026年临江市将推广秸秆还田"
    assert judged(said, plan, place="临江市", year=2026, heading=ahead) is ClaimVerdict.SUPPORTED


def test_an_opening_is_held_against_year_and_state() -> None:
    text = "推广秸秆还田，修复湿地两万亩。"
    done = "一、2025年工作回顾"
    for said in ("2022年临江市推广秸秆还田", "按安排，2026年临江市将修复湿地两万亩"):
        assert judged(said, text, place="临江市", year=2026, heading=done) is not ClaimVerdict.SUPPORTED


def test_the_opening_ends_where_something_is_said() -> None:
    found = opening("2026年临江市的主要目标是修复湿地", ["临江市", "临江"])
    assert (found.end, found.years, found.planned) == (len("2026年临江市的主要目标是"), (2026,), True)
    assert opening("修复湿地两万亩", ["临江市"]).end == 0


def test_a_sum_over_years_ends_with_its_figure() -> None:
    """累计 is said of what it stands before, 五年来 of all that follows."""
    text = "累计引进药企35家，8支养老基金带动社会投资40亿元。"
    done = "一、2025年工作回顾"
    item = ClaimEvidence(quote=text, place="临江市", year=2026, heading=done)
    assert JUDGE("临江市2025年8支养老基金带动社会投资40亿元", [item]).verdict is ClaimVerdict.SUPPORTED
    whole = ClaimEvidence(quote=f"五年来，{text}", place="临江市", year=2026, heading=done)
    assert JUDGE("临江市2025年8支养老基金带动社会投资40亿元", [whole]).verdict is not ClaimVerdict.SUPPORTED


def test_half_a_year_is_not_the_whole() -> None:
    text = "全年中药材产量达到8.6万吨。"
    assert judged("上半年中药材产量达到8.6万吨", text) is not ClaimVerdict.SUPPORTED
    assert judged("中药材产量达到8.6万吨", text) is ClaimVerdict.SUPPORTED


def test_a_start_told_as_reached_is_untrue() -> None:
    text = "师生比从1:19.5缩小至1:17.2，阅览室增加到64间。"
    assert judged("师生比为1:19.5", text) is not ClaimVerdict.SUPPORTED
    assert judged("师生比缩小至1:17.2", text) is ClaimVerdict.SUPPORTED


def test_two_bounds_that_fall_are_no_range() -> None:
    text = "茶叶、油料产量分别增长9.4%、6.3%。"
    assert judged("茶叶、油料产量分别增长超过9%、不超过6.3%", text) is not ClaimVerdict.SUPPORTED


def test_whose_rank_it_is_is_not_where_it_is_held() -> None:
    item = ClaimEvidence(quote="造船完工量连续多年居世界首位。", place="全国", year=2023)
    assert JUDGE("全国：造船完工量连续多年居世界首位", [item]).verdict is ClaimVerdict.SUPPORTED
    assert JUDGE("造船完工量连续多年居全国首位", [item]).verdict is not ClaimVerdict.SUPPORTED


def test_a_plan_is_told_as_one_in_the_middle_too() -> None:
    text = "预期目标是：服务业增加值增长6%左右，旅客吞吐量增长4%左右。"
    for said in ("临江市2026年预计服务业增加值增长6%左右", "旅客吞吐量的目标也是增长4%左右"):
        assert judged(said, text, place="临江市", year=2026) is ClaimVerdict.SUPPORTED
    done = "一、2025年工作回顾"
    assert (
        judged("旅客吞吐量的目标也是增长4%", "旅客吞吐量增长4%。", year=2026, heading=done)
        is not ClaimVerdict.SUPPORTED
    )


def test_a_name_in_marks_holds_a_number_of_any_size() -> None:
    text = "制定出台“36条”助农政策，新增家庭农场5200家。"
    found = JUDGE("出台36条助农政策", [ClaimEvidence(quote=text)])
    assert found.features.get("named") == 1.0
    assert "named" not in JUDGE("出台63条助农政策", [ClaimEvidence(quote=text)]).features


def test_what_holds_beside_what_fails_makes_a_claim_partly_true() -> None:
    text = "接待研学团队7.4万人次、露营游客31万人次，分别增长8.2%、27.5%。"
    assert judged("接待露营游客31万人次，增长8.2%", text) is ClaimVerdict.PARTLY
    assert judged("接待露营游客13万人次，增长8.2%", text) is ClaimVerdict.CONTRADICTED
    assert judged("接待露营游客31万人次，居全国第一位", text) is ClaimVerdict.PARTLY


def test_a_title_of_another_level_is_another_title() -> None:
    text = "4个全国美丽村庄、118户省级及以上绿色家庭成为榜样。"
    assert judged("临江有118户全国绿色家庭", text, place="临江市") is not ClaimVerdict.SUPPORTED
    assert judged("临江有118户市级绿色家庭", text, place="临江市") is not ClaimVerdict.SUPPORTED
    assert judged("临江有118户省级及以上绿色家庭", text, place="临江市") is ClaimVerdict.SUPPORTED
    both = "新增国家级和省级绿色工厂52家。"
    assert "level_exchanged" not in JUDGE("新增省级绿色工厂52家", [ClaimEvidence(quote=both)]).features


def test_how_long_a_thing_has_to_last_is_told_by_the_text_or_not_at_all() -> None:
    text = "施工单位应当为周边商户留出合理的准备时间，并提前公告。"
    item = ClaimEvidence(quote=text)
    put = JUDGE("施工单位应当为周边商户留出不少于四个月的准备时间", [item])
    assert put.verdict is not ClaimVerdict.SUPPORTED
    assert put.fault == "absent"
    beside = JUDGE("五年间施工单位为周边商户留出合理的准备时间", [item])
    assert beside.features.get("no_time") == 1.0


def test_what_the_text_tells_of_another_thing_leaves_a_claim_open() -> None:
    text = "生活垃圾就地回收综合利用率达到38%。"
    assert judged("2023年建筑垃圾就地回收综合利用率达到38%", text) is ClaimVerdict.NOT_FOUND
    assert judged("2023年生活垃圾就地回收综合利用率达到83%", text) is ClaimVerdict.CONTRADICTED
    fruit = "水果领域对外出口限制措施全部取消。"
    assert judged("茶叶领域对外出口限制措施全部取消", fruit) is ClaimVerdict.NOT_FOUND
    part = "面向外省水产品总量46万吨、增长8%。"
    assert judged("水产品总量46万吨，增长8%", part) is ClaimVerdict.NOT_FOUND
    put = JUDGE("每位志愿者每月领取补贴450元", [ClaimEvidence(quote="完善志愿者补贴制度，扩大服务队伍。")])
    assert put.verdict is ClaimVerdict.NOT_FOUND
    assert put.features["unmeasured"] == put.features["figures"]
    unit = JUDGE("接待露营游客38万人次", [ClaimEvidence(quote="接待露营游客增长38%。")])
    assert unit.verdict is ClaimVerdict.CONTRADICTED
    assert "unmeasured" not in unit.features


def test_a_claim_whose_first_statement_holds_is_partly_true() -> None:
    text = "缴获走私香烟72箱，占全省年度缴获总量的1/5。"
    place, share = "临江市", "占宁波市全年缴获总量的五分之一"
    assert judged(f"临江市缴获走私香烟72箱，{share}", text, place=place) is ClaimVerdict.PARTLY
    assert judged(f"临江市缴获走私香烟27箱，{share}", text, place=place) is ClaimVerdict.CONTRADICTED


@pytest.mark.parametrize(
    ("claim", "first"),
    [
        ("临江市投入3.4亿元修复湿地，惠及周边渔民。", "临江市投入3.4亿元修复湿地"),
        ("临江市规定逾期不缴的，处三百元罚款。", ""),  # a condition
        ("新建72所学校，不含幼儿园。", ""),  # a denial of it follows
        ("新建72所学校。", ""),
    ],
)
def test_the_first_of_several_statements_keeps_its_opening(claim: str, first: str) -> None:
    assert first_statement(claim, ["临江市", "临江"]) == first
