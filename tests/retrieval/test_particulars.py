"""Particulars: number, days, bodies, attendance, who leads, who answers, each at its offsets."""

from __future__ import annotations

import pytest

from retrieval.particulars import Particular, ParticularKind, particulars, turns
from retrieval.particulars.text_lines import text_lines

NOTICE = """云泽市人民政府文件
云政发〔2031〕6号　　　签发人：赵某
云泽市人民政府关于加强湿地保护的通知
各区人民政府：
根据省政府发〔2030〕9号文件要求，现通知如下。
一、划定范围。由市林业局牵头，6月底前完成。
二、巡护河道。（责任单位：市水务局、各区政府）
本通知自2031年5月1日起施行，有效期3年。
云泽市人民政府
2031年4月2日
云泽市人民政府办公室　　2031年4月6日印发
"""
MINUTES = """东河区安全生产专题会议纪要
2031年3月9日，副区长吴某主持召开会议。
出席：吴某、郑某；列席：区消防大队有关同志。
因事请假：何某某。
"""
INTERVIEW = """东河区停车难在线访谈
主持人：今天请来区城管局局长林某、区交通局副局长马某。
网友“晚风”：夜里没处停车怎么办？
林某：我们在三条街开放夜间泊位410个。
网友“青石”：收费会涨吗？
马某：不会。前30分钟仍然免费。
"""
PLAN = """行动方案
（一）打基础
1.建算力中心。
2.铺设光缆。
（二）育产业
3.引进企业12家。
4.办好论坛。
"""


def told(text: str, kind: ParticularKind) -> list[str]:
    found = sorted((one for one in particulars(text) if one.kind is kind), key=lambda one: one.rank)
    return [one.of(text) for one in found]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ParticularKind.NUMBER, ["云政发〔2031〕6号"]),
        (ParticularKind.IN_FORCE, ["本通知自2031年5月1日起施行，有效期3年。"] * 2),
        (ParticularKind.ISSUER, ["云泽市人民政府", "云泽市人民政府文件"]),
        (
            ParticularKind.ISSUED,
            ["云泽市人民政府办公室　　2031年4月6日印发", "云泽市人民政府\n2031年4月2日"],
        ),
        (
            ParticularKind.LEAD,
            ["由市林业局牵头，6月底前完成。", "二、巡护河道。（责任单位：市水务局、各区政府）"],
        ),
    ],
)
def test_a_notice_tells_its_marks(kind: ParticularKind, expected: list[str]) -> None:
    """A number that the text refers to is not its own; the printing day is told before the day of signing."""
    assert told(NOTICE, kind) == expected


def test_attendance_is_parted_by_role() -> None:
    assert told(MINUTES, ParticularKind.PRESENT) == ["出席：吴某、郑某"]
    assert told(MINUTES, ParticularKind.OBSERVERS) == ["列席：区消防大队有关同志。"]
    assert told(MINUTES, ParticularKind.ABSENT) == ["因事请假：何某某。"]
    assert told(MINUTES, ParticularKind.CHAIR) == ["2031年3月9日，副区长吴某主持召开会议。"]


def test_a_transcript_tells_who_answers_what() -> None:
    found = turns(INTERVIEW, text_lines(INTERVIEW))
    answers = {
        one.who: INTERVIEW[found[one.question].words : found[one.question].end]
        for one in found
        if one.question >= 0
    }
    assert answers == {"林某": "夜里没处停车怎么办？", "马某": "收费会涨吗？"}


def test_labels_of_a_plan_are_no_transcript() -> None:
    plan = "责任单位：市水务局\n完成时限：6月底\n责任单位：市林业局\n完成时限：9月底\n"
    assert turns(plan, text_lines(plan)) == ()


def test_items_go_on_over_headings() -> None:
    items = [one for one in particulars(PLAN) if one.kind is ParticularKind.ITEM]
    assert [(one.number, one.of(PLAN)) for one in items] == [
        (1, "1.建算力中心。"),
        (2, "2.铺设光缆。"),
        (3, "3.引进企业12家。"),
        (4, "4.办好论坛。"),
    ]


@pytest.mark.parametrize(
    "text", ["", "\n\n", NOTICE * 3, MINUTES + INTERVIEW + PLAN, "（" * 500, "出席：" * 300]
)
def test_all_lie_inside_the_text(text: str) -> None:
    def inside(one: Particular) -> bool:
        return 0 <= one.start < one.end <= len(text) and one.of(text).strip() == one.of(text)

    assert all(map(inside, particulars(text)))
