"""Lists are found by their markers, each with its announcement; what only looks like a marker is none."""

from __future__ import annotations

from answering.candidates.list_structures import announced, list_structures
from retrieval.values.documents import Document


def document(text: str) -> Document:
    return Document(id="aaaaaaaaaa", source="x", text=text, title="渔港镇工作报告")


def heads(text: str) -> list[list[str]]:
    whole = document(text)
    return [[whole.text[i.start : i.head] for i in one.items] for one in list_structures(whole)]


def test_members_of_running_text_are_parted_at_their_markers() -> None:
    text = "今年抓好三件事：一是疏浚渔港，清淤两万方。二是修补海堤。三是给渔船装北斗。其他照旧。\n"
    assert heads(text) == [["一是疏浚渔港，清淤两万方", "二是修补海堤", "三是给渔船装北斗"]]


def test_headings_make_one_list_though_their_text_stands_between() -> None:
    text = "重点做好两项工作。\n（一）织好网。一是补网。二是晒网。\n余下的话。\n（二）造好船。\n木料要干。\n"
    assert heads(text) == [["（一）织好网", "（二）造好船"], ["一是补网", "二是晒网"]]


def test_a_list_begins_anew_with_its_first_number() -> None:
    text = "条件如下：\n1.会水。\n2.有证。\n材料如下：\n1.照片。\n2.表格。\n3.证明。\n"
    assert [len(one) for one in heads(text)] == [2, 3]


def test_words_that_hold_a_marker_begin_nothing() -> None:
    assert heads("统一是方向，唯一是原则。2026.5万亩。第一，没有第三。") == []


def test_the_announcement_is_the_sentence_before_the_first_member() -> None:
    whole = document("去年很好。对船东提三条要求：一要守时。二要清舱。三要报港。\n")
    (found,) = list_structures(whole)
    assert announced(found, whole) == "对船东提三条要求:"
    assert found.holds(whole.text.index("二要"))
    assert not found.holds(0)


def test_sentences_that_begin_alike_are_a_list() -> None:
    text = (
        "过去几年的体会是：\n务必守住渔场，不多捕一网。渔民都说好。务必修好码头，不漏一盏灯。务必管好渔船，不少一件救生衣。\n"
        "筹措3亿元实施渔港惠民工程，修码头。建成两座。通车一条。完工一处。验收一处。启用一处。开园一处。"
        "筹措20.5亿元实施灯塔惠民工程，换灯具。筹措7亿元实施渔校惠民工程，修校舍。\n"
        "加强巡查。水清了。岸绿了。鱼多了。人笑了。船新了。加强宣传。"
    )
    found = [
        [text[item.start : item.head] for item in one.items]
        for one in list_structures(document(text))
        if one.style == "alike"
    ]
    assert found == [
        ["务必守住渔场，不多捕一网", "务必修好码头，不漏一盏灯", "务必管好渔船，不少一件救生衣"],
        [
            "筹措3亿元实施渔港惠民工程，修码头",
            "筹措20.5亿元实施灯塔惠民工程，换灯具",
            "筹措7亿元实施渔校惠民工程，修校舍",
        ],
    ]
