"""Pictures of figures: what stands on them, that it can be read, and that both forms say the same."""

from __future__ import annotations

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from answering.values.answer import Citation, Language
from answering.values.chart import Chart, Drawing, Mark
from bot.charts.font import estimate, font, ruler
from bot.charts.palette import COLOURS, ChartTheme
from bot.charts.pictures import sheet
from bot.charts.png import PIXELS, png
from bot.charts.shapes import APART, TAIL, ChartDrawing, Ink, Polyline, TextAnchor, TextLabel
from bot.charts.svg import svg
from bot.messages import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

SVG = "{http://www.w3.org/2000/svg}"
NAMES = st.text(alphabet="城市区县吉林台州延安龍灣𠮷㙍囧骨囍", min_size=1, max_size=24)
VALUES = st.floats(min_value=-1e13, max_value=1e13, allow_nan=False)
BOUNDS = st.sampled_from(["exact", "approx_more", "approx_less", "approx", "at_least", "at_most"])


def citation(number: int, title: str = "清河市创建工作汇报") -> Citation:
    return Citation(
        number=number, document="d", passage="p", start=0, end=9, quote="新增停车位600余个", title=title,
        place="清河市", year=2020, date=None, section="", point=None, heading=(),
    )  # fmt: skip


def bars(*marks: Mark, notes: tuple[str, ...] = ()) -> Chart:
    return Chart(drawing=Drawing.BARS, title="新增停车位", unit="个", marks=marks, notes=notes)


def drawn(chart: Chart, language: Language = Language.HANS) -> ChartDrawing:
    return sheet(chart, [citation(1), citation(2, "临水市材料")], messages(language))


def labels(picture: ChartDrawing) -> list[TextLabel]:
    return [shape for shape in picture.shapes if isinstance(shape, TextLabel)]


def boxes(picture: ChartDrawing) -> Iterator[tuple[float, float, float, float]]:
    measure = ruler(picture.language)
    for one in labels(picture):
        wide = measure.width(one.text, one.size, bold=one.bold)
        wide += measure.width(one.tail, TAIL) + APART if one.tail else 0
        left = {TextAnchor.START: one.x, TextAnchor.MIDDLE: one.x - wide / 2, TextAnchor.END: one.x - wide}[
            one.anchor
        ]
        yield left, one.y - one.size * 0.8, left + wide, one.y + one.size * 0.1


def marks_of(name: str) -> st.SearchStrategy[list[Mark]]:
    year = st.integers(min_value=2010, max_value=2026)
    one = st.builds(
        lambda n, v, b, y: Mark(name=n, value=v, text=f"{v:.4g}个", bound=b, year=y, number=1, column=n[:4]),
        NAMES if name == "bars" else st.sampled_from(["吉林市", "台州市"]),
        VALUES.map(abs) if name == "grid" else VALUES,
        BOUNDS,
        year,
    )
    return st.lists(one, min_size=2, max_size=24)


TWO = (
    Mark(name="清河市", value=600, text="600余个", bound="approx_more", year=2020, number=1),
    Mark(name="临水市", value=480, text="近480个", bound="approx_less", year=2020, number=2),
)


def test_a_bar_says_place_value_as_printed_and_number() -> None:
    words = [
        words
        for one in labels(drawn(bars(*TWO, notes=("统计口径不同，未列入比较：山阳市74处",))))
        for words in (one.text, one.tail)
    ]
    assert {"新增停车位", "清河市", "600余个", "[1]", "临水市", "近480个", "[2]"} <= set(words)
    assert "单位：个 · 2020年" in words
    assert "统计口径不同，未列入比较：山阳市74处" in words
    assert "[1] 清河市创建工作汇报" in words


def test_what_was_done_over_years_is_not_drawn_as_done_in_one() -> None:
    since = replace(TWO[0], period="2018年以来")
    words = {one.text for one in labels(drawn(bars(since, TWO[1])))}
    assert {"2018年以来", "2020年"} <= words
    assert "单位：个" in words


def test_more_points_outward_and_less_is_notched() -> None:
    tips = [s for s in drawn(bars(*TWO)).shapes if isinstance(s, Polyline) and s.filled]
    outward = [s for s in tips if s.points[1][0] > s.points[0][0] and s.ink is Ink.FIRST]
    notched = [s for s in tips if s.points[1][0] < s.points[0][0] and s.ink is Ink.TRACK]
    assert len(outward) == 2  # the bar's and the legend's
    assert len(notched) == 1


def test_bars_are_as_long_as_their_values() -> None:
    picture = drawn(bars(*(Mark(name=f"{n}市", value=n, text=f"{n}个") for n in (4, 2, 1))))
    widths = [
        s.width for s in picture.shapes if getattr(s, "ink", None) is Ink.FIRST and hasattr(s, "radius")
    ]
    assert widths[0] == pytest.approx(2 * widths[1]) == pytest.approx(4 * widths[2])


@pytest.mark.parametrize("name", list(Drawing))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_words_lie_on_others_or_beyond_the_edge(name: Drawing, data: st.DataObject) -> None:
    marks = data.draw(marks_of(name.value))
    picture = drawn(Chart(drawing=name, title="停车位" * 9, unit="个", marks=tuple(marks)))
    found = list(boxes(picture))
    assert all(x >= 0 and right <= picture.width + 1 and y >= 0 for x, y, right, _ in found)
    assert all(low <= picture.height for *_, low in found)
    overlapping = [
        (one, other)
        for one, other in combinations(found, 2)
        if one[0] < other[2] - 1 and other[0] < one[2] - 1 and one[1] < other[3] - 1 and other[1] < one[3] - 1
    ]
    assert not overlapping


@pytest.mark.parametrize("language", list(Language))
def test_no_character_is_missing_from_the_font(language: Language) -> None:
    picture = drawn(bars(*TWO, Mark(name="臺灣體驗骨龜𠮷㙍囍", value=3, text="≥3‰")), language)
    face = font(language.value, 40)
    missing = bytes(face.getmask("\U000f0000"))
    for char in {char for one in labels(picture) for char in one.text + one.tail} - {" "}:
        assert bytes(face.getmask(char)) != missing, char


def test_what_no_text_font_has_is_left_out() -> None:
    picture = drawn(bars(Mark(name="清河市🎉\u200d", value=1, text="1个"), TWO[1]))
    assert "清河市" in {one.text for one in labels(picture)}


@pytest.mark.parametrize("theme", list(ChartTheme))
def test_all_letters_stand_out_from_their_ground(theme: ChartTheme) -> None:
    colours = COLOURS[theme]
    for ink in (Ink.TEXT, Ink.FAINT):
        assert contrast(colours[ink], colours[Ink.GROUND]) >= 4.5
    assert contrast(colours[Ink.ON_FIRST], colours[Ink.FIRST]) >= 4.5
    for ink in (Ink.FIRST, Ink.SECOND, Ink.THIRD, Ink.FOURTH):
        assert contrast(colours[ink], colours[Ink.GROUND]) >= 3


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_png_is_three_times_a_phone_wide_and_holds_its_words() -> None:
    picture = drawn(bars(*TWO))
    image = Image.open(io.BytesIO(png(picture)))
    assert (
        image.size == (round(picture.width) * PIXELS, round(picture.height) * PIXELS) == (1080, image.height)
    )
    assert "600余个" in image.text["Description"]  # type: ignore[attr-defined]
    assert len(image.convert("RGB").getcolors(1 << 20) or ()) > 8


def test_an_svg_is_named_and_described_and_its_words_are_text() -> None:
    picture = drawn(bars(*TWO))
    root = ElementTree.fromstring(svg(picture))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "新增停车位"
    assert "600余个" in (root.findtext(f"{SVG}desc") or "")
    assert [e.text for e in root.iter(f"{SVG}text")] == [one.text for one in labels(picture)]


def test_words_from_texts_are_escaped() -> None:
    picture = drawn(bars(Mark(name='<b>&"市', value=1, text="1个"), TWO[1]))
    assert '<b>&"市' in [e.text for e in ElementTree.fromstring(svg(picture)).iter(f"{SVG}text")]


def test_pictures_are_painted_in_many_threads_at_once() -> None:
    pictures = [drawn(bars(*TWO), language) for language in Language] * 4
    with ThreadPoolExecutor(6) as pool:
        painted = list(pool.map(png, pictures))
    assert painted == [png(picture) for picture in pictures]


def test_a_line_has_a_dot_a_year_and_its_values() -> None:
    marks = tuple(
        Mark(name="清河市", value=v, text=f"{v}亿元", year=y, number=1)
        for y, v in ((2019, 90), (2021, 120), (2020, 100))
    )
    picture = drawn(Chart(drawing=Drawing.LINE, title="清河市收入", unit="元", marks=marks))
    words = [one.text for one in labels(picture)]
    assert {"90亿元", "100亿元", "120亿元", "2019年", "2020年", "2021年"} <= set(words)
    line = next(s for s in picture.shapes if isinstance(s, Polyline) and s.ink is Ink.FIRST and not s.filled)
    xs, ys = zip(*line.points, strict=True)
    assert list(xs) == sorted(xs)
    assert list(ys) == sorted(ys, reverse=True)


def test_the_painter_is_not_loaded_before_a_picture_is_asked_for() -> None:
    loaded = "[m for m in ('PIL', 'matplotlib') if m in sys.modules]"
    code = f"import sys, bot.cli, bot.telegram.service; print({loaded})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# A process that can import no font and finds none in the system either.
WITHOUT_FONTS = """
import importlib.abc, sys
class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "manimgx_fonts_cjk":
            raise ModuleNotFoundError(name=name)
sys.meta_path.insert(0, Absent())
from PIL import ImageFont
from bot.charts import font
from bot.errors import BotError
known = font.font_file.__wrapped__
try:
    known("zh-Hans", system=())
except BotError as error:
    print(error)
try:
    print(known("zh-Hans")[0])
except BotError as error:
    print("none")
"""


def test_a_machine_without_fonts_is_told_so_and_one_with_a_system_font_paints() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_FONTS], capture_output=True, encoding="utf-8", check=True
    )
    told, path = done.stdout.splitlines()
    assert "没有中文字体" in told
    assert ".svg" in told
    assert path == "none" or path.endswith((".ttc", ".otf"))


def test_words_are_about_as_wide_as_the_estimate_says() -> None:
    for text in ("改造老旧小区二十三个", "New parking 2,345"):
        assert estimate(text, 20) == pytest.approx(ruler("zh-Hans").width(text, 20), rel=0.15)
