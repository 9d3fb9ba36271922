"""The words and shapes that figures are told by, as regular expressions over folded text."""

from __future__ import annotations

import re

from retrieval.quantities.numerals import ARABIC, CHINESE, ENGLISH, ENGLISH_SCALE, SCALE
from retrieval.quantities.units import ANY_UNIT, CHINESE_UNIT, ENGLISH_UNIT
from retrieval.quantities.values import Bound
from retrieval.text.sentences import HAN

_NOT = "不(?:得|能|可|应|宜|准|许)?"
_BEFORE = {
    Bound.BELOW: f"{_NOT}(?:超过|超出|高于|多于|大于)|(?<!不)(?<!不[得能可应宜准许])(?:低于|少于|小于)|至多|最多"
    "|at most|up to|no more than|not more than|within|not exceeding",
    Bound.ABOVE: f"{_NOT}(?:少于|低于|小于)|(?<!不)(?<!不[得能可应宜准许])(?:多于|高于|大于|超过|超出|超)|突破|至少|最少|起码|逾"
    "|over|exceed(?:s|ed)?|topp?(?:s|ed)|(?<!no )(?<!not )more than|above|at least|exceeding|no less than|no fewer than",
    Bound.ABOUT: "(?<![节大条公契合预签制特])约|大约|约为|大概|差不多|about|around|approximately|roughly",
    Bound.LESS: "不足|不到|接近|将近|(?<![附最临靠邻新])近|nearly|almost|close to"
    "|(?<!no )(?:fewer|less) than|under|below",
}
_AFTER = {
    Bound.ABOVE: r"[及或]?以上|开外|\+(?!\d)|\sor more",
    Bound.BELOW: r"[及或]?以下|以内|之内|\sor (?:less|fewer)",
    Bound.ABOUT: r"左右(?![手岸两])|上下(?![游班级联])|\sor so",
}
# What the words before a figure can end with.
ENDS_BOUND = frozenset("过于多少出超破码逾约概为足到近了至达abcdefghijklmnopqrstuvwxyz")
BEFORE = {
    bound: re.compile(rf"(?:(?<![a-z])|(?=[^a-z]))(?:{words})[了到至达]?\s?$")
    for bound, words in _BEFORE.items()
}
AFTER = {bound: re.compile(words) for bound, words in _AFTER.items()}
MORE = {"余": Bound.MORE, "多": Bound.MORE, "几": Bound.MORE, "来": Bound.ABOUT, "+": Bound.ABOVE}
VAGUE = {"上": Bound.ABOUT, "数": Bound.MORE, "几": Bound.MORE, "好几": Bound.MORE}

_NO_NUMBER = "|".join(
    (
        "[统唯单专逐同划合如归之惟万初高大]一(?![百千万亿])|(?:周|星期|礼拜)[一二三四五六]",
        "(?<![两数])十分(?![钟之])|(?:十[六七八九]|二十)大(?![类个项工])|百分百|千万(?=[不别要])",
        "[上下前后大]半[年月场程叶夜]|半[天数响边径导生途山]",
        rf"一(?![十百千万亿])[{HAN}]一[{HAN}]|[三四五]位一体|四分五裂|三番五次|三天两头|四通八达|五颜六色|五花八门|三令五申",
        "百年大计|千方百计|千家万户|三门[峡县]|五大连池|五家渠|五台[山县]|三台县|九台区|两江新区|三大件",
        "四川|三亚|三明市|三沙|九江|六安|四平市|十堰|六盘水|七台河|二连浩特|最后一公里|零(?![点一二三四五六七八九〇])",
    )
)
_NUMBER = rf"(?:{ARABIC}(?:{SCALE}){{0,2}}|{CHINESE}|半)"
_AMOUNT = (
    rf"(?P<vague>好几|(?<!以)上|(?<![人总个指系基分参户次件])数|几)?(?P<number>{_NUMBER})"
    rf"(?P<more>[余多几来]|\+(?=[{HAN}]))?(?:(?<=\d)\s(?=[万亿]))?(?P<scale>{SCALE})?"
)
# What any of the alternatives below begins with: most characters of a text are passed over by it.
_BEGINS = (
    r"(?=[a-z\d\-零〇○一二三四五六七八九两十百千万亿半几好数上下前后大高初最周星礼统唯单专逐同划合如归之惟])"
)
# Digits that name a place to look or to call and measure nothing: addresses of pages and post, escaped
# characters, telephone numbers, keys of a register such as 002482008M/2025-00123.
_CALLED = r"0\d{2,3}-?\d{7,8}|1[3-9]\d{9}|[48]00-?\d{3}-?\d{4}"
_OPAQUE = "|".join(
    (
        r"(?:https?://|ftp://|www\.)[a-z\d\-._~:/?#\[\]@!$&*+=%|]+",
        r"(?<![a-z\d._-])[a-z\d._-]{1,64}@[a-z\d-]{1,64}(?:\.[a-z\d-]{1,64})+",
        r"(?<![a-z\d.-])(?:[a-z\d-]{1,64}\.){1,8}(?:com|cn|net|org|gov|html?|aspx?|jsp|php)(?![a-z\d])[a-z\d\-._~:/?#&*+=%|]*",
        r"(?<=%)(?=[\d%]{0,60}[a-f])[\da-f]{2}(?:%[\da-f]{2})+",
        rf"(?<![\d.])(?:{_CALLED})(?:(?:转|-)\d{{1,5}})?(?![\d.,])(?!\s?(?:{SCALE}|{ANY_UNIT}))",
        r"(?<![a-z\d])\d{6,20}[a-z](?:[/_-]?\d{2,20})+(?![\d.])",
        r"(?<![a-z\d])[a-z\d]{1,40}(?:_[a-z\d]{1,40})+",
    )
)
TOKEN = re.compile(
    rf"{_BEGINS}(?:(?P<word>{_NO_NUMBER}|{_OPAQUE})"
    rf"|(?P<share>(?P<base>[百千万]|{CHINESE}|\d+)分之(?P<part>{ARABIC}|{CHINESE}))"
    r"|(?P<day>(?<!\d)(?P<year>\d{4})(?P<dot>[-/.])\d{1,2}(?P=dot)\d{1,2}(?!\d))"
    r"|(?P<dotted>\d+(?:\.\d+){2,})"
    r"|(?P<sum>\d+(?:\+(?:\d+|[a-z](?![a-z])))+)"
    r"|(?P<code>(?<![a-z\d])[a-z]+-?(?P<digits>\d+(?:\.\d+)?))"
    rf"|(?P<english>(?<![a-z]){ENGLISH}(?:\s{ENGLISH_SCALE})?(?![a-z]))"
    rf"|(?P<minus>(?<![a-z\d])-(?=\d))?(?P<amount>{_AMOUNT}))"
)
TO_NEAR = re.compile("[至到—–~～-]")
TO = re.compile(rf"\s?(?:至|到|—+|–|-|~|～)\s?(?P<amount>{_AMOUNT})")
SCALE_IN_ENGLISH = re.compile(rf"\s?(?P<scale>{ENGLISH_SCALE})(?![a-z])")
UNIT = re.compile(rf"\s?(?:个(?P<more>[多余半])(?P<after>月|小时|星期|世纪)|(?P<unit>{ANY_UNIT}))")
UNIT_IN_CHINESE = re.compile(rf"个(?P<more>[多余半])(?P<after>月|小时|星期|世纪)|(?P<unit>{CHINESE_UNIT})")
UNIT_IN_ENGLISH = re.compile(rf"[\s-](?P<unit>{ENGLISH_UNIT})(?P<after>)")
AGED = re.compile(rf"\d+周?岁(?:以上|以下)?[{HAN}]{{0,4}}?(?:人|民|群众|儿童|青年)")  # 490万18周岁以上自然人
MARKER = re.compile(r"(?:^|[;\s])\d{1,3}[.、](?!\d)")  # 1. before a heading or an item of a list
LETTERS = re.compile(r"[a-z]+")
GREAT = re.compile(rf"大(?![量约于会学陆楼型幅批专桥众厦道连小多])(?=[{HAN}])")
MORE_TIME = re.compile(r"多(?![功种样元层边方])")
GUESS = re.compile(
    r"(?P<tens>十?)(?P<low>[一二两三四五六七八])(?P<high>[二三四五六七八九])(?P<scale>[十百千万亿]*)"
)
HOTLINE = re.compile(rf"[{HAN}]{{0,6}}?(?:热线|平台|专线|电话)|\s(?:[a-z]+\s)?hotline")
QUOTED_NAME = re.compile(rf"([{HAN}a-z]{{0,10}})[”’\"'」』]")
IN_ENGLISH_TIME = re.compile(r"\b(?:in|since|by|from|of|until|till|before|after|during|year)\s$")
