"""Which places a text names, and which one it speaks for."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.places.fuzzy import syllables
from retrieval.places.gazetteer import Gazetteer, Place
from retrieval.places.table import english_names, names, places
from retrieval.text.normalize import fold, to_traditional

if TYPE_CHECKING:
    from pathlib import Path

HELD = ("吉林市", "台州市", "萍乡市", "延安市")
LIKELY = "吉林省市台州洲萍苹乡延安按海南上京路区浙江 taizhouyn'’,呢有的"
ANY_TEXT = st.text(st.characters(), max_size=60) | st.text(LIKELY, max_size=40)
GAZETTEER = Gazetteer()


def found(text: str, prefer: tuple[str, ...] = HELD) -> list[str]:
    return [mention.place.name for mention in GAZETTEER.find(text, prefer=prefer)]


def name_of(place: Place | None) -> str | None:
    return place.name if place else None


def test_the_table_is_whole() -> None:
    listed = {place.name: place for place in places()}
    provinces = {name for name, place in listed.items() if place.kind == "province"}
    assert len(provinces) == 34
    assert len(listed) == len(places()) >= 34 + 333 - 4
    assert {place.province for place in places() if place.kind == "city"} <= provinces
    assert all(name.words == fold(name.words) for name in names())
    assert set(english_names()) == set(listed)


@pytest.mark.parametrize("place", places(), ids=lambda place: str(place.name))
def test_each_place_is_found_by_its_names_in_both_scripts(place: Place) -> None:
    assert found(f"请问{place.name}有多少个", ()) == [place.name]
    assert found(to_traditional(f"请问{place.name}有多少个"), ()) == [place.name]
    held = (place.name,)
    assert found(f"那{place.aliases[0]}呢", held) == [place.name]
    assert name_of(GAZETTEER.resolve(GAZETTEER.english(place.name), prefer=held)) == place.name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("西安创文明城市用了几年", ["西安市"]),
        ("請問臺州拿過幾次", ["台州市"]),
        ("吉林省吉林市和浙江台州", ["吉林市", "台州市"]),
        ("内蒙古呼伦贝尔市的", ["呼伦贝尔市"]),
        ("浙江、台州", ["浙江省", "台州市"]),
        ("吉林呢", ["吉林市"]),
        ("吉林省呢", ["吉林省"]),
        ("延安精神和台州人，萍乡市的", ["延安市", "台州市", "萍乡市"]),
        ("吉林市场、北京市民", ["吉林市", "北京市"]),
        ("青海海南和海南", ["海南藏族自治州", "海南省"]),
        ("甘肃白银的白银产量", ["白银市"]),
    ],
)
def test_full_and_short_names_are_found(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "南京路、延安大学、中山大道、吉林镇",
        "长治久安、朝阳产业、大理石、白银产量、舞台中央",
        "黄河南岸、江西部、天山东麓、沿海南部、太行山东北部",
        "均衡水平，隆重庆祝，南京东路，苏州河",
        "中国最具幸福感城市，全国文明城市",
        "北京时间",
        "Which building is tall? I am in an army.",
    ],
)
def test_names_inside_other_words_are_no_places(text: str) -> None:
    assert found(text, ()) == []


def test_the_longer_name_wins_over_the_one_it_hides() -> None:
    assert found("上海南京路的吉林", ()) == ["上海市", "吉林省"]


def test_an_ambiguous_name_is_the_one_that_is_held() -> None:
    assert found("Taizhou", ("泰州市",)) == ["泰州市"]
    assert found("Taizhou", ("台州市",)) == ["台州市"]
    (mention,) = GAZETTEER.find("吉林")
    assert (mention.place.name, mention.certain) == ("吉林省", False)
    (mention,) = GAZETTEER.find("吉林", prefer=HELD)
    assert (mention.place.name, mention.certain) == ("吉林市", True)


def test_a_held_name_wins_over_one_that_overlaps_it() -> None:
    assert found("那曲靖呢", ("曲靖市",)) == ["曲靖市"]
    assert found("那曲呢", ("曲靖市",)) == ["那曲市"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("台洲弄背街小巷花了几个亿？", "台州市"),
        ("苹乡搞的专项整治", "萍乡市"),
        ("延按有多少车位", "延安市"),
        ("抬州市的报告", "台州市"),
        ("那平乡呢", "萍乡市"),
    ],
)
def test_a_held_place_is_known_with_one_wrong_character(text: str, expected: str) -> None:
    (mention,) = GAZETTEER.find(text, prefer=HELD)
    assert (mention.place.name, mention.certain) == (expected, False)
    assert GAZETTEER.find(text) == ()


@pytest.mark.parametrize(
    "text",
    ["网上还有多少", "水平乡村和平乡村建设", "平台周边", "沿岸的眼安全", "泰州有什么"],
)
def test_ordinary_words_and_other_places_are_not_corrected(text: str) -> None:
    assert not set(found(text, (*HELD, "上海市"))) & {*HELD, "上海市"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is built in Yan'an, Yanan, Yan’an and Yan an?", ["延安市"] * 4),
        ("Jilin Province and Jilin City", ["吉林省", "吉林市"]),
        ("Shaanxi vs Shanxi", ["陕西省", "山西省"]),
        ("Hohhot, Inner Mongolia", ["呼和浩特市"]),
        ("Taizhou, Zhejiang has", ["台州市"]),
        ("Ürümqi, Lhasa, Hong Kong, Xi'an", ["乌鲁木齐市", "拉萨市", "香港特别行政区", "西安市"]),
        ("taizhoushi有多少", ["台州市"]),
        ("Pinxiang and Taizou", ["萍乡市", "台州市"]),
        ("Ｔａｉｚｈｏｕ的", ["台州市"]),
    ],
)
def test_latin_names_are_found(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def surfaces(text: str, prefer: tuple[str, ...] = HELD) -> list[tuple[str, str, bool]]:
    return [(one.place.name, one.surface, one.certain) for one in GAZETTEER.find(text, prefer=prefer)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("台洲吉林", [("台州市", "台洲", False), ("吉林市", "吉林", True)]),
        ("吉林台洲的", [("吉林市", "吉林", True), ("台州市", "台洲", False)]),
        ("在台洲游", [("台州市", "台洲", False)]),  # what looks alike has to be free on one side
        ("游台洲的", [("台州市", "台洲", False)]),
        ("游台洲游", []),
        ("游抬州市游", [("台州市", "抬州市", False)]),  # of three characters, on none
        ("那台周呢", [("台州市", "台周", False)]),  # what only sounds alike, on both
        ("游台周的", []),
        ("水平乡的问题", []),
        ("Pingxiamg, Pinngxiang", [("萍乡市", "Pingxiamg", False), ("萍乡市", "Pinngxiang", False)]),
        ("Pingxiangg", [("萍乡市", "Pingxiangg", False)]),
        ("Pinxiamg", []),  # two letters are wrong
        ("Pinxiang has", [("萍乡市", "Pinxiang", False)]),
        ("Pingxiang has", [("萍乡市", "Pingxiang", True)]),
    ],
)
def test_a_misspelt_name_is_a_guess_where_nothing_speaks_against_it(
    text: str, expected: list[tuple[str, str, bool]]
) -> None:
    assert surfaces(text) == expected


@pytest.mark.parametrize(("length", "guessed"), [(300, ["台州市"]), (301, [])])
def test_nothing_is_guessed_in_a_long_text(length: int, guessed: list[str]) -> None:
    assert found("台洲有多少" + "，" * (length - 5)) == guessed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("we love guangzhou today", [("广州市", "guangzhou", True)]),
        ("people met dali again", []),  # a word in its own right as well
        ("people met Dali again", [("大理白族自治州", "Dali", True)]),
        ("people in dali again", [("大理白族自治州", "dali", True)]),
        ("dali prefecture", [("大理白族自治州", "dali prefecture", True)]),
        ("Guangzhou County has", [("广州市", "Guangzhou", True)]),  # it is no county: its name alone counts
        ("Guangzhou, Guangdong", [("广州市", "Guangzhou, Guangdong", True)]),
        ("Guangdong, Guangzhou", [("广东省", "Guangdong", True), ("广州市", "Guangzhou", True)]),
        ("Inner Mongolia Autonomous Region", [("内蒙古自治区", "Inner Mongolia Autonomous Region", True)]),
        ("Yan an an", [("延安市", "Yan an", True)]),
        ("yanan yanan", [("延安市", "yanan", True), ("延安市", "yanan", True)]),
        ("Hong Kong's", [("香港特别行政区", "Hong Kong", True)]),
        ("New York", []),
    ],
)
def test_latin_letters_spell_a_place_as_far_as_they_belong_to_it(
    text: str, expected: list[tuple[str, str, bool]]
) -> None:
    assert surfaces(text, ()) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("延安路网", ["延安市"]),
        ("延安路", []),
        ("延安桥梁", ["延安市"]),
        ("延安桥", []),
        ("海南部门", ["海南省"]),
        ("海南部", []),
        ("山东侧", []),
        ("江西边", ["江西省"]),
        ("重庆祝贺", []),
        ("北京区域", ["北京市"]),
        ("浙江 台州", ["台州市"]),
        ("浙江·台州", ["台州市"]),
        ("浙江，台州", ["浙江省", "台州市"]),
        ("台州浙江", ["台州市", "浙江省"]),
        ("吉林省台州", ["吉林省", "台州市"]),
    ],
)
def test_what_follows_a_name_may_take_it_away(text: str, expected: list[str]) -> None:
    assert found(text, ()) == expected


def test_a_name_of_one_character_is_never_guessed() -> None:
    assert found("在景有", ("京",)) == []
    assert found("市区里", ("城区",)) == []
    assert found("在城区的", ("城区",)) == ["城区"]


def test_an_occasion_that_names_no_place_is_passed_over() -> None:
    head = "工作报告\n——在本届第三次代表大会上\n清河市人民政府市长\u3000某某"
    assert name_of(GAZETTEER.place_of(head, "a")) == "清河市"


def test_a_name_that_several_places_bear_is_certain_beside_the_larger_one() -> None:
    assert surfaces("吉林吉林", ()) == [("吉林市", "吉林吉林", False)]
    assert surfaces("吉林省吉林", ()) == [("吉林市", "吉林省吉林", True)]
    assert surfaces("吉林", ()) == [("吉林省", "吉林", False)]


def test_a_gazetteer_that_served_many_libraries_still_knows_each() -> None:
    gazetteer = Gazetteer()
    libraries = [(f"清河{number}区",) for number in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申"]
    for _ in range(2):
        for (name,) in libraries:
            (mention,) = gazetteer.find(f"在{name}的", prefer=(name,))
            assert mention.place.name == name


def test_a_district_is_known_once_a_corpus_holds_it() -> None:
    assert found("海拉尔的教育，海拉而区呢", ("海拉尔区",)) == ["海拉尔区", "海拉尔区"]
    assert found("Hailar District", ("海拉尔区",)) == ["海拉尔区"]
    assert found("海拉尔的教育", ()) == []
    gazetteer = Gazetteer([Place(name="海拉尔区", kind="county", province="内蒙古自治区")])
    (mention,) = gazetteer.find("内蒙古呼伦贝尔市海拉尔区的")
    assert (mention.place.name, mention.surface) == ("海拉尔区", "内蒙古呼伦贝尔市海拉尔区")
    assert name_of(gazetteer.resolve("海拉尔")) == "海拉尔区"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("吉林", "吉林省"),
        ("吉林省吉林市", "吉林市"),
        ("Jilin City", "吉林市"),
        (" 台 州 ", "台州市"),
        ("全国", "中国"),
        ("China", "中国"),
        ("台州和吉林", None),
        ("工业园区", None),
        ("", None),
    ],
)
def test_a_name_alone_is_resolved(name: str, expected: str | None) -> None:
    assert name_of(GAZETTEER.resolve(name)) == expected


def test_english_names_are_given() -> None:
    asked = ("吉林市", "吉林省", "台州市", "海拉尔区", "宁海县", "西藏自治区", "中国")
    given = ["Jilin City", "Jilin Province", "Taizhou", "Hailar District", "Ninghai County", "Tibet", "China"]
    assert [GAZETTEER.english(name) for name in asked] == given


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT, st.sampled_from([(), HELD]))
def test_mentions_are_verbatim_in_order_and_apart(text: str, prefer: tuple[str, ...]) -> None:
    mentions = GAZETTEER.find(text, prefer=prefer)
    assert all(text[m.start : m.end] == m.surface != "" for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT, ANY_TEXT)
def test_no_text_makes_naming_its_place_fail(head: str, filename: str) -> None:
    place = GAZETTEER.place_of(head, filename)
    assert place is None or place.name
    resolved = GAZETTEER.resolve(head, prefer=HELD)
    assert resolved is None or resolved.name


@pytest.mark.parametrize(
    ("head", "filename", "expected"),
    [
        ("", "2026年北京市政府工作报告.txt", ("北京市", "province", None)),
        ("", "2012年海拉尔区政府工作报告.txt", ("海拉尔区", "county", None)),
        ("", "宁波市养犬管理条例(2020-04-09).md", ("宁波市", "city", "浙江省")),
        ("", "2023-2023年中华人民共和国国务院政府工作报告.txt", ("中国", "country", None)),
        ("", "深圳经济特区外商投资条例(2022-09-05).md", ("深圳市", "city", "广东省")),
        ("", "北京市朝阳区政府工作报告", ("朝阳区", "county", "北京市")),
        ("", "延边朝鲜族自治州水资源条例.docx", ("延边朝鲜族自治州", "city", "吉林省")),
        ("江西省萍乡市\n城市让生活更美好", "a.txt", ("萍乡市", "city", "江西省")),
        ("浙江省台州市黄岩区\n题目", "a.txt", ("黄岩区", "county", "浙江省")),
        ("工作报告\n——在海拉尔区第十三届人民代表大会第六次会议上", "a", ("海拉尔区", "county", None)),
        ("工作报告\n台州市人民政府市长　某某", "a", ("台州市", "city", "浙江省")),
        ("各位代表：\n现在，我代表国务院，向大会报告工作。", "a", ("中国", "country", None)),
        ("题目\n台州坚持以人为本。\n台州获评。浙江省支持。", "a", ("台州市", "city", "浙江省")),
    ],
)
def test_the_place_that_a_text_speaks_for(
    head: str, filename: str, expected: tuple[str, str, str | None]
) -> None:
    place = GAZETTEER.place_of(head, filename)
    assert place is not None
    assert (place.name, place.kind, place.province) == expected


@pytest.mark.parametrize(
    "head",
    [
        "",
        "住宅区物业管理条例\n第一条",
        "交流发言摘编\n特摘编吉林省吉林市、浙江省台州市的发言。",
        "工业园区\n示范区",
    ],
)
def test_a_text_that_speaks_for_no_single_place_has_none(head: str) -> None:
    assert GAZETTEER.place_of(head, "2021-notes.txt") is None


def test_every_real_file_is_placed_by_its_name(shared: Path) -> None:
    for path in (path for path in (shared / "data" / "gov").rglob("*") if path.is_file()):
        place = GAZETTEER.place_of("", path.name)
        assert place is not None
        assert place.kind == "country" or place.name in path.name or place.aliases[0] in path.name


def test_the_sounds_are_those_that_pypinyin_gives() -> None:
    pypinyin = pytest.importorskip("pypinyin")
    for syllable, chars in syllables():
        for char in chars:
            readings = pypinyin.pinyin(char, style=pypinyin.Style.NORMAL, heteronym=True)[0]
            assert syllable in readings
