"""Ten more invented documents of other kinds: letters, bulletins, tables and forms as offices send them out.

They were written before anything was read of them; ``evaluation/questions/documents-second.jsonl`` has what is
right of each. ``python tests/retrieval/odd_more.py FOLDER`` makes them.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import xlsxwriter
from docx.oxml import OxmlElement

if TYPE_CHECKING:
    from collections.abc import Callable

_REPLY = """湖州市住房和城乡建设局
湖建函〔2031〕46号                                类别：A
关于市九届人大五次会议第117号建议的答复
沈书瑶代表：
您提出的《关于加快老旧小区加装电梯的建议》收悉，现答复如下：
一、工作进展。2030年，全市加装电梯312部，惠及居民4680户，累计补助资金9360万元。
二、下一步打算。2031年计划加装电梯400部，其中吴兴区180部；每部补助标准由30万元调整为28万元。
感谢您对住建工作的关心和支持。
联系人：费明，联系电话：0572-2031117
湖州市住房和城乡建设局
2031年5月20日
抄送：市人大常委会代表工委，市政府办公室。
"""
_SPEECH = """在全市项目建设推进会上的讲话
（2031年2月19日）
钦州市市长　　冯立春
同志们：
这次会议的主要任务是，动员全市上下大干一季度，冲刺开门红。下面，我讲三点意见。
一、肯定成绩，坚定信心
过去一年，全市新开工项目236个，竣工158个，完成投资742亿元，增长11.3%。
二、正视问题，找准差距
土地供应慢，有41个项目落地超期。
三、突出重点，狠抓落实
今年要新开工项目260个以上，完成投资800亿元。平陆运河配套项目要在9月底前全部开工。
我就讲这些，谢谢大家。
"""
_NEWS = """鹤岗新闻网讯（记者 乔羽）8月12日，记者从市农业农村局获悉，今年全市大豆播种面积达到168.5万亩，比去年增加7.2万亩。
据介绍，全市已建成高标准农田214万亩，新购置大型农机具530台（套），农作物耕种收综合机械化率99.1%。
市农业农村局局长佟海说，下一步将在9月20日前完成秋收农机检修。
（鹤岗市农业农村局供稿　2031年8月12日）
"""
_NOTICE = """# 崇左市2031年公开招聘教师公告

> 发布单位：崇左市教育局　　发布日期：2031-06-18

经市人民政府同意，2031年全市公开招聘中小学教师。

## 一、岗位和人数

| 学段 | 岗位数 | 招聘人数 |
|---|---:|---:|
| 高中 | 42 | 96 |
| 初中 | 58 | 134 |
| 小学 | 77 | 205 |
| 合计 | 177 | 435 |

## 二、报名

报名时间为2031年7月1日8:00至7月7日18:00，网址 https://job.chongzuo.example.cn/teacher?year=2031&no=435 。报名费每科50元。

## 三、其他

面试成绩低于70分的不予聘用。聘用后服务期不少于5年。
"""
_BUDGET = """<html><head><meta charset="utf-8"><title>抚顺市水务局2031年部门预算公开说明-抚顺市水务局</title></head><body>
<div class="nav"><a href="/">首页</a><a href="/ml">目录</a><a href="/login">登录</a></div>
<h1>抚顺市水务局2031年部门预算公开说明</h1>
<p class="info">来源：抚顺市水务局　发布时间：2031-01-28　浏览：2077次</p>
<p>抚顺市水务局2031年收支总预算8846.5万元，比上年减少412.3万元。</p>
<table border="1"><tr><th rowspan="2">科目</th><th colspan="2">2031年预算（万元）</th></tr>
<tr><th>基本支出</th><th>项目支出</th></tr>
<tr><td>水利行政运行</td><td>2310.4</td><td>0</td></tr>
<tr><td>防汛</td><td>0</td><td>1675.8</td></tr>
<tr><td>水库移民</td><td>0</td><td>960.2</td></tr></table>
<p>“三公”经费预算56.7万元，其中公务用车购置及运行费48.9万元。</p>
<div class="foot">主办：抚顺市水务局　辽ICP备20310046号　网站标识码2104000031</div></body></html>"""
_QUESTIONS = """一图读懂：《松原市查干湖冬捕管理办法》
松原市文化广播电视和旅游局　2031年11月3日
问：什么时候可以冬捕？
答：每年12月20日至次年1月31日。
问：一张网最长能有多长？
答：单网长度不得超过2000米，网眼不得小于6厘米。
问：违规冬捕怎么处罚？
答：没收渔获物，并处1000元以上1万元以下罚款。
问：去年冬捕产了多少鱼？
答：2030年冬捕共产鱼1560吨，其中胖头鱼980吨。
"""
_MONTHLY = """自贡市2031年1—7月主要经济指标,,,
指标,单位,本月,1—7月累计,累计增长（%）
规模以上工业增加值,亿元,,,7.4
固定资产投资,亿元,,,5.9
社会消费品零售总额,亿元,68.3,462.7,6.1
一般公共预算收入,亿元,5.2,48.6,-3.7
用电量,亿千瓦时,6.9,41.4,4.8
数据来源：自贡市统计局 2031年8月22日,,,
"""
_YEARBOOK = """遂宁年鉴（2031）
【概况】　2030年，遂宁市有公共图书馆6个、文化馆6个、乡镇综合文化站75个。年末全市公共图书馆藏书186.2万册。
【文艺演出】　全年举办“送文化下乡”演出412场，观众37.5万人次。3月14日，川剧《观音故里》首演。
【文物保护】　有全国重点文物保护单位12处、省级43处。投入文物保护经费2860万元，修缮宋瓷窑址2处。
（遂宁市文化广播电视和旅游局　撰稿人：康宁）
"""


def _tracked() -> bytes:
    """Make a plan in Word with a head and a foot, and with a figure that was struck out and replaced."""
    made = docx.Document()
    section = made.sections[0]
    section.header.paragraphs[0].text = "内部资料　注意保存"
    section.footer.paragraphs[0].text = "第 1 页 共 1 页"
    made.add_heading("梧州市六堡茶产业三年行动计划（2031—2033年）", 0)
    made.add_paragraph("梧州市人民政府办公室　2031年4月9日")
    made.add_paragraph("到2033年，全市茶园面积达到65万亩，六堡茶产量5.8万吨，综合产值突破300亿元。")
    line = made.add_paragraph("2031年新建生态茶园")
    for tag, inner, words in (("w:del", "w:delText", "2.5万亩"), ("w:ins", "w:t", "3.2万亩")):
        change, run, text = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(inner)
        text.text = words
        run.append(text)
        change.append(run)
        line._p.append(change)
    line.add_run("，改造低产茶园4.1万亩，由市农业农村局牵头。")
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def _two_sheets() -> bytes:
    """Make a workbook whose second sheet goes on with other columns."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheets = (
        (
            "医院",
            (
                ("宜春市2030年医疗机构情况",),
                ("机构", "床位（张）", "卫生技术人员（人）"),
                ("市人民医院", 2200, 2875),
                ("市中医院", 1350, 1602),
                ("市妇幼保健院", 800, 966),
            ),
        ),
        (
            "疫苗",
            (
                ("宜春市2030年疫苗接种情况",),
                ("疫苗", "接种剂次（万）"),
                ("流感疫苗", 38.4),
                ("水痘疫苗", 12.7),
            ),
        ),
    )
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()
    return held.getvalue()


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "reply.txt": _REPLY.encode,
    "speech.txt": lambda: _SPEECH.encode("gb18030"),
    "news.txt": _NEWS.encode,
    "notice.md": _NOTICE.encode,
    "budget.html": _BUDGET.encode,
    "questions.txt": _QUESTIONS.encode,
    "monthly.csv": lambda: _MONTHLY.encode("gb18030"),
    "yearbook.txt": _YEARBOOK.encode,
    "tracked.docx": _tracked,
    "two_sheets.xlsx": _two_sheets,
}


def write(folder: Path) -> None:
    """Make every document in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in DOCUMENTS.items():
        (folder / name).write_bytes(made())


if __name__ == "__main__":
    write(Path(sys.argv[1]))
