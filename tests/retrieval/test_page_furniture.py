"""Copied pages lose what surrounds their text, and nothing else; official texts give title, place and day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrieval.loaders.load import read
from retrieval.loaders.page_furniture import score, without_furniture
from retrieval.parsing.parser import parse
from retrieval.places.gazetteer import Gazetteer

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.values.documents import Document

BODY = "过去一年，全市新建街心花园31处，修缮危旧桥梁12座，群众反映的堵点逐步打通。"
REPORT = "\n".join(
    (
        "——2023年2月8日在丽江市第五届人民代表大会第二次会议上",
        "丽江市市长 高某",
        "各位代表：",
        BODY,
        "今年，我们将把老城保护放在首位，计划新增夜间公交线路6条。",
    )
)


def read_as(folder: Path, name: str, text: str) -> Document:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return parse(read(path), gazetteer=Gazetteer())[-1]


def test_a_copied_page_is_known_by_its_meeting_and_loses_its_toolbar_and_links(tmp_path: Path) -> None:
    page = "\n".join(
        ("收藏", "纠错", "【字体：大 中 小】", "2023年丽江市政府工作报告", "发布时间：2023-03-01", REPORT,
         "审核：杨某", "相关新闻：", "2017年丽江市修缮危旧桥梁444座", "扫码分享到朋友圈")
    )  # fmt: skip
    document = read_as(tmp_path, "未命名.txt", page)
    assert document.title == "2023年丽江市政府工作报告"
    assert (document.place, document.date) == ("丽江市", "2023-02-08")
    assert document.speaker is not None
    assert document.speaker.endswith("高某")
    assert "444座" not in document.text
    assert "纠错" not in document.text
    assert "今年，我们将把老城保护放在首位，计划新增夜间公交线路6条。" in document.text


def test_a_text_without_furniture_stays_as_it_is() -> None:
    text = f"2023年丽江市政府工作报告\n{REPORT}\n附件：重点项目表"
    assert without_furniture(text).text == text


def test_nothing_goes_from_between_two_sentences() -> None:
    text = "\n".join(("首页", "收藏", "打印", BODY, "打印", "下载", BODY))
    assert without_furniture(text).text == "\n".join((BODY, "打印", "下载", BODY))


def test_a_line_broken_off_in_running_text_is_no_head_of_a_page() -> None:
    broken = f"{BODY}{BODY}{BODY}以PM\n10\n平均浓度计"
    assert without_furniture(f"首页\n收藏\n{broken}\n{BODY}").text == f"{broken}\n{BODY}"


@pytest.mark.parametrize("line", ["省长　罗某", "第三章 法律责任", "韩明", "各位委员：", "二、下一步打算"])
def test_names_offices_and_headings_are_text(line: str) -> None:
    assert score(line) <= 0.7


NOTICE = (
    "滁州市人民政府办公室文件\n滁政办发〔2024〕31号\n滁州市人民政府办公室关于印发\n滁州市河道管护工作方案\n（2024—2026年）的通知\n"
    "各县、市、区人民政府：\n现将方案印发给你们，请认真组织实施。\n滁州市人民政府办公室\n2024年7月19日\n"
    "一、总体目标\n到2026年，全市建成示范河段45公里。"
)


def test_a_notice_is_known_by_its_whole_title_and_its_signature(tmp_path: Path) -> None:
    document = read_as(tmp_path, "a.txt", NOTICE)
    assert document.title == "滁州市人民政府办公室关于印发滁州市河道管护工作方案（2024—2026年）的通知"
    assert (document.place, document.date) == ("滁州市", "2024-07-19")


def test_the_day_of_printing_is_not_the_day_of_signing(tmp_path: Path) -> None:
    text = (
        "关于表扬先进集体的通报\n各单位：\n经研究，决定对12个集体予以表扬。\n昭通市教育局\n2022年9月8日\n"
        "昭通市教育局办公室　2022年9月11日印发"
    )
    assert read_as(tmp_path, "b.txt", text).date == "2022-09-08"


def test_a_joint_text_of_the_party_is_placed_in_the_city(tmp_path: Path) -> None:
    text = "中共玉溪市委办公室　玉溪市人民政府办公室\n关于做好春耕备耕工作的通知\n各县区：\n请抓好落实。"
    document = read_as(tmp_path, "c.txt", text)
    assert document.place == "玉溪市"
    assert document.title.endswith("关于做好春耕备耕工作的通知")


def test_the_number_in_the_name_of_a_province_is_no_month(tmp_path: Path) -> None:
    document = read_as(tmp_path, "2024年四川省水利工作总结.txt", f"2024年四川省水利工作总结\n{BODY}")
    assert document.date == "2024"


@pytest.mark.parametrize("damage", [lambda name: name.encode("gbk").decode("cp437")])
def test_a_name_from_a_foreign_zip_is_set_right(tmp_path: Path, damage: object) -> None:
    name = damage("黄山市2023年林业工作.txt")  # type: ignore[operator]
    assert read_as(tmp_path, name, f"全市造林{BODY}").place == "黄山市"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (
            ("湘川市教育局", "湘教函〔2031〕8号　　类别：A", "关于市人大第77号建议的答复", "陶然代表："),
            "关于市人大第77号建议的答复",
        ),
        (("湘川市养老补贴问答", "湘川市民政局", "问：谁可以领？", "答：年满80岁的居民。"), "问：谁可以领？"),
    ],
)
def test_the_head_of_a_letter_and_questions_with_their_answers_are_text(
    head: tuple[str, ...], title: str
) -> None:
    text = "\n".join(
        (*head, "全市已有2.4万名老人领到高龄补贴，每人每月100元。", "湘川市民政局", "2031年5月9日")
    )
    assert title in without_furniture(text).text.splitlines()
