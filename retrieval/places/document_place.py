"""The place that a text speaks for, told by its file's name and its first lines."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from retrieval.places.table import COUNTRY, Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.places.table import Mention

    Find = Callable[[str], tuple[Mention, ...]]

_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_DATE = re.compile(r"^(?:[\d\s_\-—.()（）\[\]【】]+[年月日度]*)+")
_NATIONAL = re.compile("中华人民共和国|国务院|全国人民代表大会|中共中央|党中央")
_PARTY = re.compile(
    r"^(?:中共|中国共产党|关于(?:印发|做好|公布|同意|表彰)?)[《“]?"
)  # before a place, and no part of it
_PREMIER = re.compile("国务院总理|代表国务院")
_OCCASION = re.compile(
    r"在(?P<congress>[\u4e00-\u9fff]{2,20}?)第[\d一二三四五六七八九十]+[届次](?:人民)?代表大会"
    r"|^(?P<office>[\u4e00-\u9fff]{2,20}?)(?:人民)?政府(?:代理?|常务)?副?(?:[省市州区县旗镇乡盟]长|主席)",
    re.MULTILINE,
)
# A district, county or city that the gazetteer lacks is known by its last character and by what follows.
_NO_DISTRICT = (
    "园特城社景校厂库小山片辖发护范验贸济新矿牧林灾禁专各全本我该老街市自多功公住宅郊港湾商农业游政民心务化"
)
_COUNTY = re.compile(
    rf"(?:[\u4e00-\u9fff]{{1,6}}?自治[县旗]|[\u4e00-\u9fff]{{2,4}}?新区|[\u4e00-\u9fff]{{1,3}}[^{_NO_DISTRICT}\W\d]区"
    r"|[\u4e00-\u9fff]{1,4}?(?:县|旗|市))"
    r"(?=$|[\s：:，,（(\d]|(?:人民)?政府|人民代表|人大|政协|[区县旗市]?委|国民经济|关于)"
)
_LONGEST_LINE = 30
_HEAD = 600


def place_of_head(find: Find, head: str, filename: str) -> Place | None:
    """Give the place by a line that is nothing but it, the file, the title, or the rest of the head."""
    lines = [
        _PARTY.sub("", line.strip()) for line in re.split(r"[\n\r]|[\u3000\xa0]{2,}", head) if line.strip()
    ]
    stem = _EXTENSION.sub("", filename.replace("\\", "/").rpartition("/")[2])
    told = (
        *(_alone(find, line) for line in lines[:5]),
        *(_leading(find, title) for title in (stem, *lines[:1])),
    )
    if place := next((place for place in told if place), None):
        return place
    text = "\n".join(lines)[:_HEAD]
    for match in _OCCASION.finditer(text):
        if place := _alone(find, match["congress"] or match["office"]):
            return place
    return COUNTRY if _PREMIER.search(text) else _foremost(find(text))


def _alone(find: Find, line: str) -> Place | None:
    if len(line) > _LONGEST_LINE:
        return None
    mention = next(iter(find(line)), None)
    if mention is None or mention.start:
        county = _COUNTY.fullmatch(line)
        return Place(name=line, kind="county") if county and len(line) > 2 else None
    if mention.end == len(line):
        return mention.place
    county = _COUNTY.fullmatch(line, mention.end)
    return _county(county[0], mention.place) if county else None


def _leading(find: Find, title: str) -> Place | None:
    """Give the place that a title begins with, or the only one that it names."""
    title = _DATE.sub("", title)
    if _NATIONAL.match(title):
        return COUNTRY
    mentions = find(title)
    if mentions and mentions[0].start == 0 and mentions[0].certain:
        county = _COUNTY.match(title, mentions[0].end)
        return _county(county[0], mentions[0].place) if county else mentions[0].place
    county = _COUNTY.match(title)
    if county and len(county[0]) > 2:
        return Place(name=county[0], kind="county")
    certain = {mention.place for mention in mentions if mention.certain}
    return certain.pop() if len(certain) == 1 else None


def _county(name: str, within: Place) -> Place:
    province = within.name if within.kind == "province" else within.province
    return Place(name=name, kind="county", province=province)


def _foremost(mentions: tuple[Mention, ...]) -> Place | None:
    """Give the only place that is named, or the one named far more often; a province yields to its city."""
    counts = Counter(mention.place for mention in mentions if mention.certain)
    for place in list(counts):
        if any(other.province == place.name for other in counts):
            del counts[place]
    (first, often), (_, next_often) = [*counts.most_common(2), (None, 0), (None, 0)][:2]
    return first if often >= 3 * next_often else None
