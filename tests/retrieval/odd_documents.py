"""Invented documents in the shapes that people really have, as files: ``write`` makes them in a folder.

``evaluation/questions/documents-blind.jsonl`` has what is right of each, in the form of ``python -m evaluation
documents``. The scan needs Pillow, which the OCR extra brings.
"""

from __future__ import annotations

import argparse
import io
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MINUTES = (
    "榆林市人民政府办公室",
    "市政府专题会议纪要",
    "〔2031〕第7期",
    "2031年3月18日，副市长高远主持召开专题会议，研究窟野河治理和城区供热有关工作。现将会议议定事项纪要如下：",
    "一、关于窟野河治理",
    "会议指出，一期清淤已完成14.6公里，剩余5.4公里要在汛期前完成。由市水务局牵头，神木市政府配合，6月15日前完成。",
    "二、关于城区供热",
    "会议议定：新建换热站9座，改造老旧管网37公里，所需资金2.3亿元由市财政局会同市住建局落实。",
    "三、关于督办落实",
    "由市政府督查室每月通报一次进展。",
    "出席：高远、马力、韩冬、薛梅。",
    "列席：市水务局李川，市住建局周岩。",
    "请假：市财政局王一。",
    "发送：各县市区人民政府，市政府各工作部门。",
    "榆林市人民政府办公室                2031年3月21日印发",
)
_TRANSCRIPT = """湘潭市“文旅惠民”新闻发布会实录
时间：2031年5月9日（星期五）上午10:00
地点：市政府新闻发布厅
主持人：市委宣传部副部长　柳青
发布人：市文旅局局长　欧阳晴；市财政局副局长　苗雨
【主持人 柳青】
各位记者朋友，大家上午好。今天的发布会介绍文旅惠民情况。先请欧阳晴局长作介绍。
【欧阳晴】
谢谢主持人。今年全市发放文旅消费券1800万元，带动消费1.26亿元；37家A级景区对本地居民免费开放。
【湘潭日报记者】
请问消费券后续还会发吗？资金从哪里来？
【苗雨】
会发。下半年再安排1200万元，由市、县两级财政按6:4分担。
【红网记者】
国庆假期景区的接待能力怎么样？
【欧阳晴】
核定最大日承载量为8.7万人，我们按七成预约，每天不超过6.09万人。
【主持人 柳青】
发布会到此结束，谢谢大家。
"""
_PLAN = """# 柳州市城市更新行动方案（2031—2035年）

为推进城市更新，制定本方案。到2035年，完成老旧小区改造1500个。

## （一）改善居住

1．改造城中村18个。
2．加装电梯900部。
3．新建保障性住房2.4万套。
4．更新燃气管道260公里。

## （二）完善设施

5．新建停车位3.5万个。
6．改造供水管网310公里。
7．建设充电桩7600个。
8．整治内涝点43处。

## （三）保护风貌

9．修缮历史建筑66处。
10．打造特色街区12条。
11．整治滨江岸线28公里。
12．新建口袋公园95个。

## （四）加强治理

13．社区嵌入式服务设施覆盖率达到90%。
14．建立城市体检制度，每年体检一次。
15．划定更新单元54个。
16．设立城市更新基金20亿元。

柳州市人民政府
2031年1月28日
"""
_WEB = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>关于2031年春季义务植树活动的通告-绥化市林业和草原局</title>
<meta name="ArticleTitle" content="关于2031年春季义务植树活动的通告"><meta name="PubDate" content="2031-04-02 09:15"></head>
<body><div id="top"><a href="/">首页</a> | <a href="/xw">新闻中心</a> | <a href="/gk">政务公开</a> | <a href="/bs">办事服务</a></div>
<div>今天是：<script>document.write(1)</script> 加入收藏 设为首页 无障碍浏览</div>
<div>当前位置：<a href="/">首页</a> &gt; <a href="/gk">政务公开</a> &gt; <a href="/gg">通知公告</a></div>
<table width="960"><tr><td width="200"><ul><li><a>领导之窗</a><li><a>机构职能</a><li><a>规划计划</a><li><a>人事信息</a></ul></td>
<td><h2>关于2031年春季义务植树活动的通告</h2>
<div>发布时间：2031-04-02 来源：绥化市林业和草原局 浏览次数：<span>4821</span> 字体：【大 中 小】</div>
<div class=TRS_Editor><p>　　为动员全社会参与国土绿化，现就春季义务植树有关事项通告如下：</p>
<p>　　一、时间安排。4月12日至5月5日。</p>
<p>　　二、任务指标。全市计划植树56.8万株，其中北林区12.4万株。</p>
<p>　　三、咨询电话：0455-8123456，邮箱shlcj2031@163.com。</p>
<p align=right>绥化市林业和草原局</p><p align=right>2031年4月1日</p></div>
<div>【打印本页】 【关闭窗口】 分享到：</div>
<div>相关链接<ul><li><a href=1>2030年全市植树49.1万株</a> 2030-05-11<li><a href=2>北林区植树节活动启动</a> 2031-03-12<li><a href=3>森林防火令</a></ul></div>
</td></tr></table>
<div>主办：绥化市林业和草原局 地址：北林区康庄路88号 黑ICP备05001234号-1 黑公网安备23120202000123号 技术支持：某某科技 您是第1284567位访客</div>
</body></html>"""
_COPIED = """索 引 号：014500318K/2031-00077
发文机构：宣城市统计局
成文日期：2031-02-26
发布日期：2031-02-28 16:40
文　　号：无
【字体：大 中 小】 打印 收藏
宣城市2030年国民经济和社会发展统计公报
初步核算，全年地区生产总值2487.5亿元，按可比价格计算，比上年增长5.6%。
主要农产品产量
产品名称\t产量（万吨）\t比上年增长（%）
粮食\t142.6\t1.8
蔬菜\t96.3\t4.2
茶叶\t4.17\t-0.6
年末全市户籍人口271.4万人。全年接待游客6210万人次。
扫一扫在手机打开当前页
主办单位：宣城市人民政府办公室 网站标识码3418000012
皖ICP备19001234号 您是第 30218876 位访问者
"""
_CONTACTS = """# 汕尾市数字政府便民服务指南

汕尾市政务服务和数据管理局　2031年6月3日

全市设便民服务点486个。市民可拨打12345、12329咨询，微信公众号“善美汕尾”每周一至周五9:00—17:30在线。

办理依据：汕府办函〔2030〕118号、GB/T 36734—2018。

指南全文：<https://www.shanwei.example.gov.cn/zt/zwfw2031/art_77_305566.html?name=%E6%8C%87%E5%8D%97%2031&size=64M>

联系人：林小姐，0660-3391234转603，swszj2031@gd.example.gov.cn，邮编516600。

2030年，12345热线受理诉求41.7万件，满意率99.2%。
"""


def _minutes() -> bytes:
    made = docx.Document()
    for line in _MINUTES:
        made.add_paragraph(line)
    return _word(made)


def _notice_with_rules() -> bytes:
    made = docx.Document()
    for line in (
        "巴中市住房和城乡建设局",
        "关于印发《巴中市既有住宅增设电梯实施细则》的",
        "通　　知",
        "巴住建发〔2031〕22号",
        "各县（区）住房城乡建设局：",
        "《巴中市既有住宅增设电梯实施细则》已经局务会审议通过，现印发给你们，请遵照执行。",
        "巴中市住房和城乡建设局",
        "2031年7月8日",
        "巴中市既有住宅增设电梯实施细则",
        "第一章　总　则",
        "第一条　为规范既有住宅增设电梯，制定本细则。",
        "第二条　本市城市规划区内四层以上的住宅适用本细则。",
        "第三条　增设电梯应当经本单元三分之二以上业主同意。",
        "第二章　补助标准",
        "第四条　每台电梯补助16万元，其中市级财政承担10万元。",
        "第五条　申请人应当自竣工验收合格之日起30日内提出补助申请，逾期不予受理。",
        "第六条　区住房城乡建设部门应当在15个工作日内完成审核。",
        "第三章　附　则",
        "第七条　本细则自2031年8月10日起施行，有效期三年。",
        "附件：补助申请表",
    ):
        made.add_paragraph(line)
    return _word(made)


def _numbered_word() -> bytes:
    """Make a list that starts again, roman numbers and letters, a footnote, and a table of merged cells."""
    made = docx.Document()
    made.add_paragraph("崇左市口岸建设2030年工作总结")
    made.add_paragraph("崇左市商务局")
    made.add_paragraph("2031年1月16日")
    ids = [_list(made, form) for form in ("decimal", "decimal", "upperRoman", "lowerLetter")]
    for heading, items, number in (
        ("一、口岸通行", ("友谊关口岸新增通道6条。", "全年出入境车辆71.8万辆次。"), ids[0]),
        ("二、边贸发展", ("互市贸易额达到163亿元。", "新增落地加工企业19家。"), ids[1]),
        ("三、智慧口岸", ("无人驾驶车辆投用45台。", "通关时间压缩到22分钟。"), ids[2]),
        ("四、下一步", ("新建查验场地80亩。", "培训关务人员600人次。"), ids[3]),
    ):
        made.add_paragraph(heading)
        for item in items:
            _numbered(made.add_paragraph(item), number)
    made.add_paragraph("附表：主要口岸货运量")
    table = made.add_table(rows=4, cols=4)
    rows = (
        ("口岸", "货运量（万吨）", "", "备注"),
        ("", "2029年", "2030年", ""),
        ("友谊关", "512.4", "588.9", "公路口岸"),
        ("凭祥", "203.7", "231.2", "铁路口岸"),
    )
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 3).merge(table.cell(1, 3))
    return _with_footnote(
        _word(made), after="互市贸易额达到163亿元", note="不含旅游购物商品出口，2029年同口径为148亿元。"
    )


def _list(made: Any, form: str) -> int:
    numbering = made.part.numbering_part.element
    number = len(numbering.findall(qn("w:num"))) + 50
    pattern = "%1)" if form == "lowerLetter" else "%1."
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            f'<w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl></w:abstractNum>'
        ),
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
    )
    return number


def _numbered(paragraph: Any, number: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    held = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", "0"), ("w:numId", str(number))):
        one = OxmlElement(name)
        one.set(qn("w:val"), value)
        held.append(one)
    properties.append(held)


def _with_footnote(data: bytes, *, after: str, note: str) -> bytes:
    """Return a Word file with a footnote behind some words."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {space}>'
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>{note}</w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    form = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "word/document.xml":
                mark = f'{after}</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>'
                text = text.replace(after.encode(), mark.encode())
            elif name == "[Content_Types].xml":
                told = f'<Override PartName="/word/footnotes.xml" ContentType="{form}"/></Types>'
                text = text.replace(b"</Types>", told.encode())
            elif name == "word/_rels/document.xml.rels":
                told = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'
                text = text.replace(b"</Relationships>", told.encode())
            new.writestr(name, text)
        new.writestr("word/footnotes.xml", notes)
    return made.getvalue()


def _word(made: Any) -> bytes:
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def _long_table() -> bytes:
    """Make a PDF whose ruled table goes on over three pages with its head again, below a head and above numbers."""
    from reportlab.lib import colors
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    body = ParagraphStyle("body", fontName="STSong-Light", fontSize=13, leading=22, wordWrap="CJK")
    names = [
        "河源",
        "源城",
        "东源",
        "和平",
        "龙川",
        "紫金",
        "连平",
        "高新",
        "江东",
        "灯塔",
        "忠信",
        "义合",
        "仙塘",
        "柳城",
        "蓝口",
        "黄村",
        "康禾",
        "叶潭",
        "船塘",
        "漳溪",
        "骆湖",
        "顺天",
        "双江",
        "涧头",
        "新回",
        "新港",
        "锡场",
        "半江",
        "黄田",
        "曾田",
        "柳溪",
        "上莞",
        "下屯",
        "船埠",
        "大湖",
        "三角",
        "绣缎",
        "高莞",
        "油溪",
        "陂头",
        "内莞",
        "上坪",
        "元善",
        "田源",
        "隆街",
        "溪山",
        "崧岭",
        "麻布",
    ]
    rows = [["项目名称", "总投资（亿元）", "2031年计划投资（亿元）", "责任单位"]]
    rows += [
        [f"{name}产业园配套工程", f"{7 + at * 0.3:.1f}", f"{1 + at * 0.1:.1f}", f"{name}管委会"]
        for at, name in enumerate(names)
    ]

    def frame(page: Any, document: Any) -> None:
        page.setFont("STSong-Light", 9)
        page.drawString(72, 800, "河源市重点项目汇编")
        page.drawCentredString(297, 30, f"— {document.page} —")

    table = Table(rows, repeatRows=1, colWidths=[150, 80, 130, 90])
    table.setStyle(
        [("FONT", (0, 0), (-1, -1), "STSong-Light", 10), ("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
    )
    held = io.BytesIO()
    SimpleDocTemplate(held).build(
        [
            Paragraph(
                "河源市2031年重点建设项目计划表",
                ParagraphStyle("t", parent=body, fontSize=18, alignment=1, leading=30),
            ),
            Paragraph("河源市发展和改革局　2031年2月10日", ParagraphStyle("d", parent=body, alignment=1)),
            Paragraph("本计划共安排项目48个，年度计划投资161亿元。", body),
            table,
            Paragraph("说明：投资额为不含税口径。", body),
        ],
        onFirstPage=frame,
        onLaterPages=frame,
    )
    return held.getvalue()


def _workbook() -> bytes:
    """Make a sheet with a title, a line of units, a head of two rows with merged cells, and a note below."""
    rows = (
        ("三门峡市2030年规模以上工业主要指标",),
        ("单位：亿元",),
        ("行业", "营业收入", "", "利润总额", ""),
        ("", "绝对量", "增长（%）", "绝对量", "增长（%）"),
        ("有色金属", 1286.4, 9.3, 61.7, 12.5),
        ("黄金", 344.2, 15.8, 28.9, 21.4),
        ("装备制造", 97.6, -2.1, 4.3, -8.8),
        ("注：数据来源于市统计局，2031年2月20日整理。",),
    )
    cells = []
    for at, row in enumerate(rows, 1):
        inside = "".join(
            f'<c r="{"ABCDE"[n]}{at}" t="inlineStr"><is><t>{one}</t></is></c>'
            if isinstance(one, str)
            else f'<c r="{"ABCDE"[n]}{at}"><v>{one}</v></c>'
            for n, one in enumerate(row)
            if one != ""
        )
        cells.append(f'<row r="{at}">{inside}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    form = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return _packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/'
            'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{form}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{form}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="工业" sheetId="1" '
            'r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(cells)}</sheetData><mergeCells>'
            '<mergeCell ref="A3:A4"/><mergeCell ref="B3:C3"/><mergeCell ref="D3:E3"/></mergeCells></worksheet>',
        }
    )


def _layout_document() -> bytes:
    """Make an OFD document of two pages with page numbers; a sentence goes on over the page."""
    pages = (
        (
            (30, "平凉市2030年地质灾害防治工作情况"),
            (42, "平凉市自然资源局　2031年3月5日"),
            (54, "　　2030年，全市排查地质灾害隐患点612处，完成工程治理28处，实施"),
            (62, "避险搬迁1473户，争取中央和省级资金1.84亿元，新建监测预警设备"),
            (280, "- 1 -"),
        ),
        (
            (30, "395套，成功预警9起。"),
            (42, "　　2031年，计划完成工程治理35处，避险搬迁900户。"),
            (280, "- 2 -"),
        ),
    )
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    files = {
        "OFD.xml": f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:Pages>"
        + "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
        + "</ofd:Pages></ofd:Document>",
    }
    for n, lines in enumerate(pages):
        texts = "".join(
            f'<ofd:TextObject ID="{n}{at}" Boundary="20 {top} 170 8" Font="1" Size="5"><ofd:TextCode X="0" Y="5">{text}'
            "</ofd:TextCode></ofd:TextObject>"
            for at, (top, text) in enumerate(lines)
        )
        files[f"Doc_0/Pages/Page_{n}/Content.xml"] = (
            f"<ofd:Page {space}><ofd:Content><ofd:Layer>{texts}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    return _packed(files)


def _book() -> bytes:
    chapter = """<html xmlns="http://www.w3.org/1999/xhtml"><head><title>第二章</title></head><body>
<h1>黄石市2030年统计手册</h1><h2>二、交通运输</h2><p>2030年末，全市公路总里程8126公里。</p>
<table><tr><th rowspan="2">运输方式</th><th colspan="2">货运量（万吨）</th></tr><tr><th>2029年</th><th>2030年</th></tr>
<tr><td>公路</td><td>5210</td><td>5488</td></tr><tr><td>水路</td><td>1876</td><td>2034</td></tr></table></body></html>"""
    return _packed(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/a.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
            "OEBPS/a.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
            "<dc:title>黄石市2030年统计手册</dc:title><dc:date>2031-05-20</dc:date></metadata><manifest>"
            '<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/></spine></package>',
            "OEBPS/c.xhtml": chapter,
        }
    )


def _rich_text() -> bytes:
    def told(text: str) -> str:
        return "".join(f"\\'{byte:02x}" for byte in text.encode("gbk"))

    rows = (("乡镇", "脱贫户（户）", "帮扶资金（万元）"), ("曲水镇", "212", "96.5"), ("茶坪乡", "187", "88"))
    table = "".join(
        "\\trowd\\cellx2000\\cellx4000\\cellx6000 "
        + "".join(f"\\intbl {told(cell)}\\cell " for cell in row)
        + "\\row\n"
        for row in rows
    )
    paragraphs = (
        "陇南市2030年乡村振兴资金使用公告",
        "陇南市农业农村局",
        "2031年1月9日",
        "2030年全市安排衔接资金14.7亿元，支付率97.3%。",
    )
    text = "\\par\n".join(map(told, paragraphs))
    return f"{{\\rtf1\\ansi\\ansicpg936\\deff0{{\\fonttbl{{\\f0 SimSun;}}}}\n{text}\\par\n{table}\\pard {told('公告期内可向市农业农村局反映。')}\\par}}".encode(
        "ascii"
    )


def _scan() -> bytes:
    """Make a picture of a printed notice, a little askew, with a seal over its signature."""
    from PIL import Image, ImageDraw, ImageFont

    face = next(iter(sorted(Path("/usr/share/fonts").rglob("NotoSerifCJK-Regular.ttc"))))
    page = Image.new("L", (1240, 1754), 250)
    draw = ImageDraw.Draw(page)
    big, body = ImageFont.truetype(str(face), 44, index=2), ImageFont.truetype(str(face), 30, index=2)
    draw.text((250, 150), "池州市人民政府关于禁渔的通告", font=big, fill=20)
    lines = (
        "　　为保护渔业资源，现将2031年禁渔有关事项通告如下：",
        "　　一、禁渔期为2031年3月1日至6月30日。",
        "　　二、禁渔水域为秋浦河干流92公里和升金湖13300公顷水面。",
        "　　三、违反本通告的，处3000元以上5万元以下罚款。",
        "　　四、举报属实的，奖励500元。",
    )
    for at, line in enumerate(lines):
        draw.text((130, 290 + 62 * at), line, font=body, fill=25)
    draw.text((760, 700), "池州市人民政府", font=body, fill=25)
    draw.text((760, 760), "2031年2月14日", font=body, fill=25)
    draw.ellipse((770, 610, 990, 830), outline=150, width=6)
    held = io.BytesIO()
    page.rotate(0.7, fillcolor=250).save(held, "PNG")
    return held.getvalue()


def _packed(files: dict[str, str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return held.getvalue()


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "minutes.docx": _minutes,
    "transcript.txt": _TRANSCRIPT.encode,
    "notice_with_rules.docx": _notice_with_rules,
    "plan.md": _PLAN.encode,
    "long_table.pdf": _long_table,
    "saved_page.html": lambda: _WEB.encode("gb18030"),
    "copied.txt": _COPIED.encode,
    "numbered.docx": _numbered_word,
    "workbook.xlsx": _workbook,
    "layout.ofd": _layout_document,
    "book.epub": _book,
    "rich.rtf": _rich_text,
    "contacts.md": _CONTACTS.encode,
    "scan.png": _scan,
}


def write(folder: Path) -> None:
    """Make every document in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in DOCUMENTS.items():
        (folder / name).write_bytes(made())


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the documents in the folder that is named; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    write(parser.parse_args(arguments).folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
