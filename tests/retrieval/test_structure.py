"""A source is parted into its documents, with heads, sections and points, by general rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import SPEECH, word_speech

from retrieval.loaders.load import read, read_bytes
from retrieval.parsing.parser import parse
from retrieval.places.gazetteer import Gazetteer
from retrieval.values.documents import Document, Genre, Source

if TYPE_CHECKING:
    from pathlib import Path

GAZETTEER = Gazetteer()
BODY = "这里是正文，说明做了什么事情，取得了什么效果，还有哪些不足需要改进。"


def parsed(text: str, name: str = "stdin", **options: str) -> tuple[Document, ...]:
    return parse(read_bytes(text.encode(), name), gazetteer=GAZETTEER, options=options)


def tops(document: Document) -> list[str]:
    return [one.numeral for one in document.sections if one.level == 1 and one.numeral != "0"]


@pytest.fixture(scope="module")
def seed(shared: Path) -> tuple[Document, ...]:
    return parse(read(shared / "corpus" / "2021-wenming-peixun-3.txt"), gazetteer=GAZETTEER)


def test_the_seed_source_holds_a_preface_and_four_speeches(seed: tuple[Document, ...]) -> None:
    preface, *speeches = seed
    assert [(one.place, one.province, one.title) for one in speeches] == [
        ("吉林市", "吉林省", "持续推进文明幸福江城建设"),
        ("台州市", "浙江省", "让城市文明绘就幸福台州的最美底色"),
        ("萍乡市", "江西省", "铸造人民幸福城"),
        ("延安市", "陕西省", "努力让老区人民生活得更幸福更美好"),
    ]
    assert (preface.genre, preface.place, preface.year) == (Genre.PREFACE, None, 2021)
    assert [one.numeral for one in preface.sections] == ["0"]
    assert {one.genre for one in speeches} == {Genre.SPEECH}
    assert {one.year for one in seed} == {2021}
    assert {one.event for one in seed} == {"2021年全国文明城市创建工作培训班"}
    assert len({one.collection for one in seed}) == 1
    assert preface.title == preface.collection
    assert len({one.id for one in seed}) == 5


def test_the_seed_source_has_its_sections_and_points(seed: tuple[Document, ...]) -> None:
    speeches = seed[1:]
    assert [tops(one) for one in speeches] == [list("一二三四")] * 3 + [list("一二三")]
    assert [len(one.points) for one in speeches] == [12, 0, 0, 0]
    assert [one.numeral for one in speeches[0].points] == list("一二三") * 4
    assert all(one.sections[0].numeral == "0" for one in speeches)


def test_each_seed_text_is_a_slice_of_its_source(seed: tuple[Document, ...], shared: Path) -> None:
    text = read(shared / "corpus" / "2021-wenming-peixun-3.txt").text
    assert "".join("".join(one.text.split()) for one in seed) == "".join(text.split())
    assert all(text[one.offset : one.offset + len(one.text)] == one.text for one in seed)


FACTS = [
    ("2026年北京市*", "北京市", "2026-01-25", "北京市市长 殷勇", ("一", "二", "三"), 29),
    ("2026年上海市*", "上海市", "2026-02-03", "上海市市长 龚正", ("一", "二", "三", "四"), 4),
    ("2026年四川省*", "四川省", "2026-02-03", "四川省人民政府省长 施小琳", ("一", "二", "三", "附"), 14),
    ("2026年广东省*", "广东省", "2026-01-26", "广东省省长 孟凡利", ("一", "二", "三", "附件1", "附件2"), 11),
    ("2012年海拉尔区*", "海拉尔区", "2012-02-29", "海拉尔区人民政府区长 张天喜", ("一", "二"), 39),
    (
        "2019年海拉尔区*",
        "海拉尔区",
        "2019-03-04",
        "呼伦贝尔市海拉尔区人民政府代区长 萨国文",
        ("一", "二", "三"),
        0,
    ),
    ("2024-*国务院*", None, "2024-03-05", "国务院总理 李强", ("一", "二", "三"), 6),
    ("2025-*国务院*", None, "2025", None, ("一", "二", "三"), 7),
    ("宁波市养犬*", "宁波市", "2020-04-09", None, ("第一章", "第二章"), 0),
    ("洛阳市节约*", "洛阳市", "2010-12-10", None, tuple(f"第{one}章" for one in "一二三四五六"), 0),
    ("深圳*外商*", "深圳市", "2022-09-05", None, tuple(f"第{one}章" for one in "一二三四五六"), 0),
]


@pytest.mark.parametrize("facts", FACTS, ids=[one[0].strip("*") for one in FACTS])
def test_real_documents_are_understood(shared: Path, facts: tuple[object, ...]) -> None:
    (path,) = (shared / "data" / "gov").rglob(str(facts[0]))
    (document,) = parse(read(path), gazetteer=GAZETTEER)
    told = (document.place, document.date, document.speaker, tuple(tops(document)), len(document.points))
    assert told == facts[1:]
    assert document.year == int(str(document.date)[:4])
    assert document.genre is (Genre.REGULATION if "条例" in path.name else Genre.REPORT)
    assert document.title.replace("人民政府", "政府") in path.stem.replace("人民政府", "政府")


def test_every_shared_government_document_is_one_document_with_place_date_and_sections(shared: Path) -> None:
    for path in sorted((shared / "data" / "gov").rglob("*.*")):
        (document,) = parse(read(path), gazetteer=GAZETTEER)
        assert document.year, path
        assert document.place or "国务院" in path.name, path
        assert len(document.sections) > 10, path


def collection(head: str) -> str:
    return (
        f"城市工作经验交流材料（二）\n日前，2031年城市工作现场会召开。现刊发两地材料。\n——编者\n"
        f"{head.format(place='浙江省台州市', title='让江水更清')}\n{BODY}\n"
        f"一、修路\n{BODY}\n二、修桥\n{BODY}\n"
        f"{head.format(place='云南省云溪县', title='让街巷更净')}\n{BODY}\n一、种树\n一是选种。二是栽种。\n"
    )


@pytest.mark.parametrize(
    "head",
    [
        "{place}\n{title}",
        "【{place}】\n{title}",
        "## {place}\n### {title}",
        "{place}：{title}",
        "## {place}：{title}",
        "# {place} {title}",
    ],
)
def test_heads_of_place_and_title_part_a_collection_however_they_are_printed(head: str) -> None:
    preface, first, second = parsed(collection(head))
    assert (preface.title, preface.place) == ("城市工作经验交流材料（二）", None)
    assert [(one.place, one.province, one.title) for one in (first, second)] == [
        ("台州市", "浙江省", "让江水更清"),
        ("云溪县", "云南省", "让街巷更净"),
    ]
    assert [tops(one) for one in (first, second)] == [["一", "二"], ["一"]]
    assert len(second.points) == 2
    assert {one.event for one in (preface, first, second)} == {"2031年城市工作现场会"}
    assert {one.year for one in (preface, first, second)} == {2031} or preface.year is None


def test_a_list_of_places_is_no_collection() -> None:
    (document,) = parsed(
        f"各市进展\n{BODY}\n杭州市\n宁波市\n温州市\n{BODY}\n台州市\n完成投资12亿元，进度在各市之中最快，质量也是最好的。"
    )
    assert document.genre is not Genre.PREFACE


def test_places_that_head_their_text_without_a_title_part_it_too() -> None:
    preface, first, second = parsed(f"文明城市创建材料\n\n吉林市\n\n{BODY}\n\n台州市\n\n{BODY}")
    assert [(one.place, one.title) for one in (preface, first, second)] == [
        (None, "文明城市创建材料"),
        ("吉林市", "文明城市创建材料"),
        ("台州市", "文明城市创建材料"),
    ]


def test_a_party_committee_speaks_for_its_city_and_no_title_is_made_up() -> None:
    first, second = parsed(f"中共萍乡市委\n用心做事\n{BODY}\n中共延安市委\n用情做事\n{BODY}")
    assert [(one.place, one.province) for one in (first, second)] == [
        ("萍乡市", "江西省"),
        ("延安市", "陕西省"),
    ]
    assert {one.collection for one in (first, second)} == {None}


def test_a_note_before_the_title_is_a_preface() -> None:
    text = (
        "---\nplace: 台州市\nprovince: 浙江省\ndate: 2031-05\ncollection: 经验摘编\n"
        "event: 现场会\ngenre: speech\n---\n"
        f"> 编者按：本文介绍台州市的做法。\n\n# 让江水更清\n\n{BODY}\n\n## 一、修路\n\n一是甲。二是乙。\n"
    )
    preface, speech = parsed(text, "x.md")
    assert (preface.genre, preface.place, preface.title) == (Genre.PREFACE, None, "经验摘编")
    assert (speech.genre, speech.place, speech.title, speech.date) == (
        Genre.SPEECH,
        "台州市",
        "让江水更清",
        "2031-05",
    )
    assert speech.text.startswith("# 让江水更清")
    assert (tops(speech), len(speech.points), speech.collection) == (["一"], 2, "经验摘编")


def test_a_speech_tells_its_title_date_speaker_and_event() -> None:
    (speech,) = parsed(SPEECH)
    assert speech.title == "让清风吹进每一条街巷"
    assert (speech.date, speech.year) == ("2031-05-06", 2031)
    assert (speech.speaker, speech.event) == ("云溪市市长 林一舟", "全省城市工作座谈会")
    assert (tops(speech), speech.genre) == (["一", "二"], Genre.SPEECH)
    assert [one.marker for one in speech.points] == ["一是", "二是", "三是", "首先", "其次", "最后"]


def test_the_person_comes_before_the_file_the_file_before_the_text() -> None:
    (told,) = parsed(f"台州市2031年工作汇报\n{BODY}")
    assert (told.place, told.date) == ("台州市", "2031")
    (given_,) = parsed(f"---\nplace: 延安市\nyear: 2029\n---\n台州市2031年工作汇报\n{BODY}", "x.md")
    assert (given_.place, given_.province, given_.date) == ("延安市", "陕西省", "2029")
    options = {"place": "萍乡市", "date": "2030-04", "speaker": "某人", "event": "某会", "title": "某题"}
    for text in (
        f"台州市2031年工作汇报\n{BODY}",
        f"---\nplace: 延安市\nyear: 2029\n---\n台州市工作汇报\n{BODY}",
    ):
        (said,) = parsed(text, "x.md", **options)
        assert (said.place, said.province, said.date) == ("萍乡市", "江西省", "2030-04")
        assert (said.speaker, said.event, said.title) == ("某人", "某会", "某题")


def test_a_bare_title_takes_the_name_of_its_file() -> None:
    (document,) = parsed(f"政 府 工 作 报 告\n各位代表：\n{BODY}", "2031年台州市政府工作报告.txt")
    assert (document.title, document.place, document.year) == ("2031年台州市政府工作报告", "台州市", 2031)
    (other,) = parsed(f"城市工作汇报\n{BODY}", "final_v2 (1).txt")
    assert other.title == "城市工作汇报"


def test_a_title_may_break_before_its_last_character() -> None:
    (document,) = parsed(
        f"政府工作报\n告\n——2031年3月5日在第五次会议上\n各位代表：\n{BODY}", "2031年台州市政府工作报告.txt"
    )
    assert (document.title, document.genre) == ("2031年台州市政府工作报告", Genre.REPORT)
    (other,) = parsed(
        f"城市绿地养护办\n法\n第一章 总则\n第一条 为了养护城市绿地，制定本办法。\n{BODY}", "x.txt"
    )
    assert other.title == "城市绿地养护办法"
    (apart,) = parsed(f"城市工作汇报\n甲\n{BODY}", "x.txt")
    assert apart.title == "城市工作汇报"


def test_a_text_without_a_title_is_called_by_its_file_or_its_first_words() -> None:
    assert parsed(f"{BODY}", "台州江水.txt")[0].title == "台州江水"
    assert parsed(f"{BODY}", "stdin")[0].title == BODY.split("。", maxsplit=1)[0][:40]


def test_headings_that_word_marks_become_sections() -> None:
    source = read_bytes(word_speech(), "汇报.docx")
    (document,) = parse(source, gazetteer=GAZETTEER)
    assert document.title == "云溪市创建工作汇报"
    assert [one.title for one in document.sections] == ["", "街巷整治", "江水治理"]


def test_an_identifier_stays_while_key_place_and_title_stay() -> None:
    first = parsed(SPEECH)[0].id
    assert parsed(SPEECH.replace("126", "226"))[0].id == first
    assert parsed(SPEECH, "other.txt")[0].id != first
    assert len(first) == 10
    assert set(first) <= set("abcdefghijklmnopqrstuvwxyz234567")


LINE = st.sampled_from(
    ["吉林省吉林市", "## 浙江省台州市", "【江西省萍乡市】", "让江水更清", "# 题目", "> 编者按：说明。",
     "一、甲", "（一）乙。" + BODY, "一是丙。二是丁。", BODY, "", "2031年5月6日", "云溪市市长 林一舟",
     "各位代表：", "第一条 " + BODY, "附件1", "——2031年5月6日在大会上",
     "\u3000\u3000吉林省吉林市\u3000\u3000题目\u3000\u3000" + BODY]
)  # fmt: skip


@given(st.lists(LINE, max_size=16), st.booleans())
@settings(max_examples=100, deadline=None)
def test_documents_are_slices_that_hold_the_whole_source(lines: list[str], one_line: bool) -> None:
    text = ("\u3000\u3000" if one_line else "\n").join(lines)
    source = Source(key="x.txt", text=text, digest="", media="text/plain")
    documents = parse(source, gazetteer=GAZETTEER)
    assert "".join("".join(one.text.split()) for one in documents) == "".join(text.split())
    for one in documents:
        assert text[one.offset : one.offset + len(one.text)] == one.text
        assert one.title
        assert all(0 <= part.start < part.end <= len(one.text) for part in one.sections)
        assert all(0 <= part.start < part.end <= len(one.text) for part in one.points)
    assert len({one.id for one in documents}) == len(documents)


@pytest.mark.parametrize(
    "title", ["舟山市政府工作报告摘要", "舟山市政府工作报告（摘要）", "舟山市政府工作报告全文"]
)
def test_what_is_taken_from_a_report_is_one(title: str) -> None:
    (document,) = parsed(f"{title}\n2031年2月14日\n{BODY}")
    assert document.genre is Genre.REPORT
