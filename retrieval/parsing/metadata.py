"""What the head of a text says: its title, place, date, speaker, occasion and genre."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.loaders.formats.extracted import PUBLISHED
from retrieval.parsing.bylines import event_in, occasion_dates, record_dates, speaker_in
from retrieval.parsing.dates import head_dates, iso_date, iso_dates, opening_date, signature, signing_date
from retrieval.parsing.titles import first_words, own_title, title_of_stem
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrieval.places.gazetteer import Gazetteer, Place

_LAW = re.compile(r"(?:条例|规定|办法|细则|规则|准则|章程|法)(?:（.{0,20}）|\(.{0,20}\))?$")
_PASSED_ON = re.compile(r"(?:印发|公布|发布)《(?P<title>[^《》]{2,60})》")
_ARTICLE = re.compile(r"^[ \t\u3000\u00a0]*第[一二三四五六七八九十\d]+条", re.MULTILINE)
_REPORT = re.compile(r"报告(?:摘要|摘编|全文|节选|（.{0,20}）|\(.{0,20}\))?$")
_SPOKEN = re.compile(r"发言|讲话|致辞|演讲|汇报|交流材料|经验(?:材料|介绍)")
_GENRES = {genre.value: genre for genre in Genre} | {
    "发言": Genre.SPEECH, "讲话": Genre.SPEECH, "致辞": Genre.SPEECH, "演讲": Genre.SPEECH,
    "报告": Genre.REPORT, "法规": Genre.REGULATION, "条例": Genre.REGULATION, "规定": Genre.REGULATION,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentHead:
    """The facts of one document's head; None where nothing says them."""

    title: str
    place: str | None = None
    province: str | None = None
    date: str | None = None
    speaker: str | None = None
    event: str | None = None
    genre: Genre = Genre.OTHER
    collection: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is known besides the text: what the file says of itself, its name, what the person gave."""

    metadata: Mapping[str, str]
    stem: str
    options: Mapping[str, str]
    gazetteer: Gazetteer

    def given(self, *keys: str) -> str | None:
        """Return what the file says of itself under the first of these keys that it has."""
        return next((self.metadata[key] for key in keys if self.metadata.get(key)), None)


def read_head(text: str, lines: Sequence[str], setting: Setting) -> DocumentHead:
    """Read the head of a document; ``lines`` are its title lines, without marks.

    What the person gave comes first, then what the file says of itself, then its text and its name.
    """
    options = setting.options
    named = options.get("title") or _title(lines, setting)
    title = named or first_words(text)
    # The first words of running prose name places and years that the text does not speak for.
    place, province = _place(lines, named or "", setting)
    signed = None if place or options.get("place") else signature(text)
    if signed:
        place, province = placed(setting.gazetteer.place_of(signed[0], ""), None, None)
    speaker = (
        options.get("speaker") or setting.given("speaker", "author", "发言人", "作者") or speaker_in(lines)
    )
    event = options.get("event") or setting.given("event", "occasion", "会议") or event_in(lines)
    spoken = bool(speaker or event or _SPOKEN.search("\n".join((title, *lines))))
    genre = genre_of(title, text, setting, spoken=spoken)
    return DocumentHead(
        title=title,
        place=place,
        province=province or options.get("province"),
        date=_date(lines, named or "", setting, genre=genre, text=text),
        speaker=speaker,
        event=event,
        genre=genre,
        collection=options.get("collection") or setting.given("collection", "摘编"),
    )


def placed(place: Place | None, name: str | None, province: str | None) -> tuple[str | None, str | None]:
    """Return a place's name and province, by what was given where the gazetteer knows nothing."""
    if place is None:
        return name, province
    if place.kind == "country":
        return None, None
    return place.name, province or place.province or (place.name if place.kind == "province" else None)


def genre_of(title: str, text: str, setting: Setting, *, spoken: bool) -> Genre:
    """Return the kind of text: what is given, what its title ends with, or whether it was spoken."""
    given = setting.given("genre", "体裁")
    if given:
        return _GENRES.get(given.lower(), Genre.OTHER)
    if _is_law(title, text):
        return Genre.REGULATION
    if _REPORT.search(title):
        return Genre.REPORT
    if spoken:
        return Genre.SPEECH
    return _GENRES.get(setting.options.get("genre", "").lower(), Genre.OTHER)


def _is_law(title: str, text: str) -> bool:
    """Tell whether a text is parted by articles, by itself or below the notice that makes it public."""
    passed_on = _PASSED_ON.search(title)
    return bool(_LAW.search(passed_on["title"] if passed_on else title) and _ARTICLE.search(text))


def _title(lines: Sequence[str], setting: Setting) -> str | None:
    """Return the title that the text or its file gives, or None where there is none."""
    own = setting.given("title", "标题") or own_title(_but_places(lines, setting), setting.stem)
    return own or setting.given("page_title") or title_of_stem(setting.stem)


def _but_places(lines: Sequence[str], setting: Setting) -> list[str]:
    """Leave out lines that are nothing but the name of a place."""
    return [line for line in lines if len(line) > 20 or setting.gazetteer.resolve(line.strip()) is None]


def _place(lines: Sequence[str], title: str, setting: Setting) -> tuple[str | None, str | None]:
    given = setting.options.get("place") or setting.given("place", "city", "地方", "城市")
    if given:
        return placed(setting.gazetteer.resolve(given), given, setting.given("province", "省份"))
    head = "\n".join(line for line in dict.fromkeys((title, *lines)) if line)
    return placed(setting.gazetteer.place_of(head, setting.stem), None, None)


def _date(lines: Sequence[str], title: str, setting: Setting, *, genre: Genre, text: str) -> str | None:
    """Return when a text was given: at its meeting, when it was passed or signed, or what its name says.

    The day a page was put up comes after those, and a year of the title last: it is the data's or the plan's.
    """
    told = setting.options.get("date") or setting.options.get("year")
    given = iso_date(told or setting.given("date", "时间", "日期") or setting.given("year", "年份") or "")
    if given:
        return given
    named = [one for one in iso_dates(setting.stem) if len(one) > 4]
    found = (
        [*named, *record_dates(lines)]
        if genre is Genre.REGULATION and not _PASSED_ON.search(title)
        else list(_printed(lines, text, named))
    )
    published = iso_date(setting.given(PUBLISHED) or "")
    later = (published, *map(iso_date, (title, setting.stem)))
    return next((one for one in (*found, *later) if one), None)


def _printed(lines: Sequence[str], text: str, named: Sequence[str]) -> Iterator[str]:
    yield from (one for one in occasion_dates(lines, meetings=True) if len(one) == 10)
    signed = signing_date(text)
    opened = opening_date(text)
    yield from (one for one in (signed, *head_dates(lines), opened) if one)
    yield from occasion_dates(lines)
    yield from named
