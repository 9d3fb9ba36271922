"""The thing that a question measures, in its own words and in words that mean the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.values.answer import Language
from retrieval.places.table import COUNTRY, COUNTRY_NAMES
from retrieval.text.sentences import HAN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.lexicon.thesaurus import Lexicon

_VARIANTS = 16
_HAN = re.compile(f"[{HAN}]+")
_ASIDE = re.compile(
    r"[(（][^)）]{0,200}[)）]|\d{2,4}年?(?:到|至|—|-|~)\d{2,4}年|\d{2,4}年(?:度|以来|底)?|20\d\d"
    r"|[去今明前上本]年(?:度|底|初)?|(?:最近|近|过去|前后)[一二三四五六七八九十几\d]+个?年(?:来|间|里|内)?"
)
_CALLED = frozenset(("城市", "市", "省", "省份", "地方", "地区", "到", "及", "全国", "我国", "全省", "全市"))
_COUNTED = re.compile("(?:人数|人次|数量|总数|数目|(?<![指系分基次倍])数)$")
_ASKED = re.compile(
    r"(?:增长|增加|减少|下降|上升|提高|上涨|变化|涨|跌|升|降)了?(?:多少|几|吗)|(?:多少|几)[个座](?:城市|城|市|省份?|地方|地区)|[说讲提报写](?=了)|我国|全国(?=历|近|过|这|的)"
    r"|哪[一几两些]?[个座家]?(?:城市|城|市|省份?|地方|地区|家)?|谁家?|各[个座]?(?:城市|城|市|省份?|地方|地区|地)|(?:这|那)?[几四两三五六][个座](?:城市|城|市|省份?|地方|地区)|所有(?:的)?(?:城市|城|市|省份?|地方)?"
    r"|(?:最|更|较|比较)(?:多|少|高|低|大|小|快|慢|长|短|早|晚)|(?:数量|数目|总数|数字)?排(?:名|序|行|第)[一-龥]{0,2}|第[一二三]名?|前[一二三四五六七八九十\d]+[名位个]?"
    r"|合计|[一总共]共(?:有)?|总和|总计|累计|共计|加起来|加在一起|之和|相差|差(?:了|距|额|值)?(?:多少|几)?|平均(?:值|数|水平)?(?:每[个座]?(?:城市|市|省))?"
    r"|多少(?=[个条处项户人家座公亿万元%亩套名所张间]|$|[^一-龥])[个条处项户人家座亩套名所张间元]?|多少|几[个条处项户家座套]|分别|列出(?:来)?|列一下|罗列|全部|逐[一年个]|历年|每年|这些年|近几年|[这过]几年"
    r"|(?:的)?(?:变化|趋势|走势|变动)(?:情况)?|怎么(?:样|变)?|如何|情况|数据|数字|数目|从[高多大]到[低少小]|从[低少小]到[高多大]|[由按]|依次|请问?|帮我|给我|查(?:一下)?|告诉我?|对比|比较|一下|报告|材料|发言|里面|里(?!程)|中|提[到过]|说[到过]|报[了的出]?"
    r"|这(?:一)?[项块事](?:工作|事)?|这方面|[改建做办拆修]得[多少好]|城市(?=里|$)|是什么|是|了|吗|呢|有|的|在|都|跟|和|与|比|到底|究竟|大概|约|目前|现在|各|以及|哪|\|"
)
_WEIGHED = re.compile("(?<=..)多?[高低多少大小快慢长短](?:[一有]?[些点])?$")
_MARKS = re.compile(r"[,，。;；:：?？!！\s|、“”\"'《》]+")


def subject(content: str) -> str:
    """Return what is left of a question's content (folded, without places) when its asking is taken out.

    What the thing is asked to be more or less of ends the question (谁的粮食产量多), and is no part of its name.
    """
    pieces = (_MARKS.sub("", piece) for piece in _ASKED.split(_ASIDE.sub("|", content)))
    found = [piece for piece in pieces if piece and piece not in _CALLED]
    return _WEIGHED.sub("", "".join(found))


def thing_of(content: str, language: Language, lexicon: Lexicon) -> str:
    """Return the thing that a question of this content measures, in the words of Chinese texts."""
    return in_english(content, lexicon) if language is Language.EN else subject(content)


def without_country(thing: str, places: Sequence[str]) -> str:
    """Return a thing asked of the country without its name: 国家赤字率 is 赤字率 in the country's own texts."""
    if COUNTRY.name not in places:
        return thing
    named = next((name for name in COUNTRY_NAMES if thing.startswith(name)), "")
    return thing[len(named) :] if len(thing) - len(named) > 1 else thing


def in_english(content: str, lexicon: Lexicon) -> str:
    """Return the thing that an English question measures, in the words of Chinese texts; "" where none is known.

    What stands there in Chinese is the thing itself: Rank all cities by 停车位.
    """
    if chinese := "".join(_HAN.findall(content)):
        return subject(chinese)
    known = [(m.end - m.start, lexicon.groups[m.group_id]) for m in lexicon.groups_in(content)]
    things = [(length, group.official) for length, group in known if not group.general]
    return max(things, key=lambda pair: pair[0], default=(0, ""))[1]


def own_names(thing: str) -> tuple[str, ...]:
    """Return the thing, and what is counted of it where it is named as a count: 新增就业人数, 新增就业."""
    bare = _COUNTED.sub("", thing)
    return (thing, bare) if 1 < len(bare) < len(thing) else (thing,)


def variants(thing: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the thing and what it is also called, its own words first."""
    found = dict.fromkeys(own_names(thing))
    for name in tuple(found):
        for match in lexicon.groups_in(name):
            group = lexicon.groups[match.group_id]
            for word in () if group.general else group.chinese:
                found[name[: match.start] + word + name[match.end :]] = None
    return tuple(found)[:_VARIANTS]
