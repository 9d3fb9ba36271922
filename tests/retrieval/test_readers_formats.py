"""HTML, Word and PDF come out as lines in reading order, their headings known."""

from __future__ import annotations

import io

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from samples import pdf_locked, pdf_report, word_bytes, word_speech

from retrieval.loaders.formats.extracted import heading_offsets
from retrieval.loaders.formats.line_joining import joined as join
from retrieval.loaders.load import read_bytes
from retrieval.values.errors import BrokenFile

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>云溪市工作汇报_云溪网</title>
<style>p {{color: red}}</style><script>var x = "脚本";</script></head><body>
<nav><a href="/">首页</a><a href="/a">新闻</a></nav>
<div class="menu"><ul><li><a>栏目一</a></li><li><a>栏目二</a></li><li><a>栏目三</a></li></ul></div>
<h1>云溪市  工作汇报</h1><p>去年，<b>云溪市</b>整治背街小巷
88条。<br>新建公园12个。</p><h2>一、街巷</h2><p>　　首行缩进。</p>
<table><tr><th>项目</th><th>数量</th></tr><tr><td>公园</td><td>12个</td></tr></table>
<ul><li>第一项</li><li>第二项</li></ul><p style="display:none" hidden>看不见</p>
<!-- 注释 --><footer>版权所有</footer></body></html>"""


@pytest.mark.parametrize(
    ("charset", "encoding"), [("gbk", "utf-8"), ("utf-8", "gb18030"), ("nonsense", "utf-8")]
)
def test_a_page_gives_its_text_in_order_whatever_charset_it_declares(charset: str, encoding: str) -> None:
    source = read_bytes(PAGE.format(charset=charset).encode(encoding), "x.html")
    assert source.text.split("\n") == [
        "云溪市 工作汇报",
        "去年，云溪市整治背街小巷 88条。",
        "新建公园12个。",
        "一、街巷",
        "\u3000\u3000首行缩进。",
        "公园12个。",
        "第一项",
        "第二项",
    ]
    assert source.metadata["page_title"] == "云溪市工作汇报_云溪网"
    assert heading_offsets(source.metadata) == {0: 1, source.text.index("一、"): 2}


def test_an_article_is_preferred_to_what_stands_around_it_and_deep_pages_are_read() -> None:
    page = f"<body><div>站名 栏目</div><article><p>{'正文。' * 30}</p></article><div>相关推荐</div></body>"
    assert read_bytes(page.encode(), "x.html").text == "正文。" * 30
    assert read_bytes(("<div>" * 5000 + "深处").encode(), "x.html").text == "深处"


def test_word_gives_paragraphs_headings_and_tables_in_order() -> None:
    source = read_bytes(word_speech(), "x.docx")
    assert source.text.split("\n") == [
        "云溪市创建工作汇报",
        "云溪市三面环山，去年获评省级卫生城市。",
        "一、街巷整治",
        "整治背街小巷88条。",
        "公园12个。",
        "二、江水治理",
        "关停码头9个。",
    ]
    assert list(heading_offsets(source.metadata).values()) == [1, 2, 2]


def test_word_gives_what_revisions_keep_and_numbers_that_word_draws() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("保留")
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>插入</w:t></w:r></w:ins>"))
    paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>删除</w:delText></w:r></w:del>"))
    numbering = document.part.numbering_part.element
    numbering.append(
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
        )
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for words in ("街巷", "江水"):
        numbered = document.add_paragraph(words)
        numbered._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>')
        )
    assert read_bytes(word_bytes(document), "x.docx").text == "保留插入\n一、街巷\n二、江水"


def test_word_with_damaged_xml_is_broken_not_a_crash() -> None:
    data = word_speech()
    at = data.index(b"word/document.xml") + 40
    with pytest.raises(BrokenFile):
        read_bytes(data[:at] + b"\xff" * 60 + data[at + 60 :], "x.docx")


def test_pdf_lines_are_joined_across_pages_and_running_heads_left_out() -> None:
    source = read_bytes(pdf_report(pages=3), "x.pdf")
    lines = source.text.split("\n")
    assert lines[:5] == [
        "政府工作报告",
        "——2031年1月5日在云溪市第三届人民代表大会第一次会议上",
        "云溪市市长 林一舟",
        "各位代表：",
        "一、把第一件事办好",
    ]
    sentence = lines[5][: lines[5].index("。") + 1]
    assert len(lines) == 4 + 3 * 6
    assert {line for line in lines[5:] if not line.endswith("办好")} == {sentence * 5}
    assert "公报" not in source.text
    assert source.encoding is None


def test_pdf_that_only_its_owner_may_change_is_read() -> None:
    assert "政府工作报告" in read_bytes(pdf_locked(""), "x.pdf").text


def test_lines_are_joined_when_full_and_kept_apart_when_they_end_or_begin_something() -> None:
    full = "一行写满了二十个汉字的文字到这里就换行了"
    assert join([full, "接着写完。", full, "再写完。"]) == [full + "接着写完。", full + "再写完。"]
    assert join(["短标题", full, "完。"]) == ["短标题", full + "完。"]
    assert join([full, "二、新的一节", full]) == [full, "二、新的一节", full]
    assert join(["a line of Latin words here", "goes on", "文"] * 2)[0].startswith(
        "a line of Latin words here"
    )


def test_bytes_of_word_are_read_from_memory_alone() -> None:
    assert io.BytesIO(word_speech()).read(2) == b"PK"
    assert read_bytes(word_speech(), "stdin").media.endswith("document")
