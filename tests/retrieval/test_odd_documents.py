"""Documents in odd shapes are read whole, and every offset that is kept of them is exact."""

from __future__ import annotations

import tarfile
from functools import cache
from typing import TYPE_CHECKING

import extras
import odd_documents
import odd_more
import pytest

from retrieval.catalog.fact_writer import rows_of
from retrieval.loaders.load import read_bytes
from retrieval.parsing.origins import Doubt, HeadFact, HeadFactName, head_facts
from retrieval.parsing.parser import parse
from retrieval.parsing.passages import cut
from retrieval.places.gazetteer import Gazetteer
from retrieval.values.errors import ReadError
from retrieval.values.printed_layout import layout_of

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.values.documents import Source

GAZETTEER = Gazetteer()


@cache
def source_of(name: str) -> Source:
    if name.endswith(".png") and (why := extras.missing("ocr")):
        pytest.skip(why)  # in these words the run with extras finds what was left out
    return read_bytes(odd_documents.DOCUMENTS[name](), name)


def facts_of(name: str) -> dict[HeadFactName, HeadFact]:
    source = source_of(name)
    (document,) = parse(source, gazetteer=GAZETTEER)
    return {one.name: one for one in head_facts(document, source, gazetteer=GAZETTEER, options={})}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("transcript.txt", "【主持人 柳青】\n发布会到此结束，谢谢大家。"),
        ("transcript.txt", "地点：市政府新闻发布厅"),
        ("copied.txt", "茶叶：茶叶产量4.17万吨；茶叶比上年增长-0.6%。"),
        ("workbook.xlsx", "黄金：黄金营业收入344.2亿元；黄金营业收入增长15.8%"),
        ("rich.rtf", "曲水镇：曲水镇脱贫户212户；曲水镇帮扶资金96.5万元。"),
        ("layout.ofd", "新建监测预警设备395套，成功预警9起。"),
        ("numbered.docx", "二、边贸发展\n1. 互市贸易额达到163亿元。"),
        ("numbered.docx", "II. 通关时间压缩到22分钟。"),
        ("numbered.docx", "a) 新建查验场地80亩。"),
        ("numbered.docx", "〔1〕不含旅游购物商品出口，2029年同口径为148亿元。"),
        ("long_table.pdf", "蓝口产业园配套工程总投资11.2亿元；2031年蓝口产业园配套工程计划投资2.4亿元"),
        ("scan.png", "池州市人民政府关于禁渔的通告\n为保护渔业资源"),
        ("scan.png", "秋浦河干流92公里和升金湖13300公顷水面"),
    ],
)
def test_what_is_printed_is_read_whole(name: str, words: str) -> None:
    assert words in source_of(name).text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("layout.ofd", "- 1 -"),
        ("copied.txt", "发文机构"),
        ("copied.txt", "扫一扫"),
        ("saved_page.html", "领导之窗"),
        ("long_table.pdf", "重点项目汇编"),
    ],
)
def test_what_surrounds_a_text_is_left_out(name: str, words: str) -> None:
    assert words not in source_of(name).text


def test_a_page_of_ofd_is_known() -> None:
    (document,) = parse(source_of("layout.ofd"), gazetteer=GAZETTEER)
    layout = layout_of(document)
    assert layout.page_of(document.text.index("1473户")) == 1
    assert layout.page_of(document.text.index("成功预警")) == 2


def test_a_fact_of_the_head_tells_its_line() -> None:
    facts = facts_of("notice_with_rules.docx")
    number = facts[HeadFactName.NUMBER]
    assert (number.value, number.line) == ("巴住建发〔2031〕22号", 4)
    assert (facts[HeadFactName.DATE].value, facts[HeadFactName.DATE].line) == ("2031-07-08", 8)
    assert facts[HeadFactName.BODY].value == "巴中市住房和城乡建设局"
    assert facts[HeadFactName.TITLE].line == 1
    assert not any(one.doubts for one in facts.values())


def test_what_is_in_doubt_is_told() -> None:
    facts = facts_of("saved_page.html")
    assert facts[HeadFactName.PLACE].doubts == (Doubt.SIGNATURE_ONLY,)
    assert (facts[HeadFactName.DATE].doubts, facts[HeadFactName.DATE].other) == (
        (Doubt.OTHER_DATE,),
        "2031-04-02",
    )
    assert facts_of("workbook.xlsx")[HeadFactName.DATE].doubts == (Doubt.YEAR_ONLY,)


def offsets_are_exact(source: Source) -> None:
    documents = parse(source, gazetteer=GAZETTEER)
    contents = [(document, cut(document)) for document in documents]
    by_id = {document.id: document for document in documents}
    for document, passages in contents:
        text = document.text
        assert source.text[document.offset : document.offset + len(text)] == text
        assert all(text[one.start : one.end] == one.text for one in passages)
        assert all(0 <= one.start <= one.body <= one.end <= len(text) for one in document.sections)
        assert all(text[one.start : one.end].startswith(one.marker) for one in document.points)
        layout = layout_of(document)
        assert all(0 <= at <= len(text) for at, _ in layout.pages)
        for table in layout.tables:
            lines = [text[row.start : row.end] for row in table.rows]
            assert all(line == line.strip() and "\n" not in line for line in lines)
    rows = rows_of(contents)
    for figure in rows.figures:
        words = by_id[figure.document].text
        assert words[figure.sentence[0] : figure.sentence[1]].strip()
        assert figure.sentence[0] <= figure.start < figure.end <= figure.sentence[1]
        assert any(
            char.isdigit() or char in "一二两三四五六七八九十百千万亿半几数好"
            for char in words[figure.start : figure.end]
        )


@pytest.mark.parametrize("name", odd_documents.DOCUMENTS)
def test_offsets_are_exact_in_odd_documents(name: str) -> None:
    offsets_are_exact(source_of(name))


def test_offsets_are_exact_in_the_kit(tmp_path: Path) -> None:
    from evaluation.datasets.material import ROOT

    kit = ROOT.parent / "shared" / "data" / "docs" / "dev.tar.gz"
    if not kit.exists():
        pytest.skip("the shared test material does not stand beside this checkout")
    with tarfile.open(kit) as packed:
        if hasattr(tarfile, "data_filter"):  # since 3.11.4
            packed.extraction_filter = tarfile.data_filter
        packed.extractall(tmp_path)
    read = 0
    for path in sorted((tmp_path / "dev").iterdir()):
        if path.suffix in (".png", ".jpg") and extras.missing("ocr"):
            continue
        try:
            source = read_bytes(path.read_bytes(), path.name)
        except ReadError:
            continue
        offsets_are_exact(source)
        read += 1
    assert read >= 40


def test_a_letter_is_called_by_what_it_answers_and_not_by_the_body_that_signs_it() -> None:
    source = read_bytes(odd_more.DOCUMENTS["reply.txt"](), "reply.txt")
    (document,) = parse(source, gazetteer=GAZETTEER)
    assert document.title == "关于市九届人大五次会议第117号建议的答复"
    assert (document.place, document.date) == ("湖州市", "2031-05-20")
