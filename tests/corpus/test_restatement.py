"""The four texts that ship: their shape everywhere, their truth to the source where that is at hand."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).resolve().parent
CORPUS = FOLDER.parent.parent / "corpus"
LONGEST_RUN = 18
SECTIONS = {"吉林市": 4, "台州市": 4, "萍乡市": 4, "延安市": 3}
FILES = {"吉林市": "jilin.md", "台州市": "taizhou.md", "萍乡市": "pingxiang.md", "延安市": "yanan.md"}
KEYS = {
    *("place", "province", "title", "date", "year", "event", "collection"),
    *("genre", "kind", "restates", "words", "license"),
}

HEADING = re.compile(r"(?:## )?([一二三四五六七八九十])、")
POINT = re.compile(r"(?=(?:^|(?<=。))[一二三四五六七八九]是)")
UNIT = "平方公里|平方米|公里|周年|周岁|分钟|小时|亿元|[项人户处个部名件篇次家条支年天所类元%]"
FIGURE = re.compile(rf"近?\d+(?:\.\d+)?[余多]?[万亿]?[余多]?(?:{UNIT})?")
CHINESE_FIGURE = re.compile(r"[二两三四五六七八九十半]+(?:大|个月|个|次|件|项|张|支|步|富|年|星)")
QUOTED = re.compile(r"“([^“”]+)”|《([^《》]+)》")

Place = tuple[str, str | None]  # section numeral, point numeral


@dataclass(frozen=True, slots=True)
class Text:
    """A speech taken apart: what stands in each section and point, headings with their section."""

    head: str
    parts: dict[Place, str]

    def section(self, numeral: str) -> str:
        """Return all that stands in one section."""
        return "".join(part for (section, _), part in self.parts.items() if section == numeral)


def take_apart(head: str, paragraphs: list[str]) -> Text:
    """Lay paragraphs into sections by their headings, and into points where a paragraph begins with 一是."""
    parts: dict[Place, str] = {}
    section = "0"
    for paragraph in paragraphs:
        if heading := HEADING.match(paragraph):
            section = heading[1]
        for piece in POINT.split(paragraph) if paragraph.startswith("一是") else [paragraph]:
            place = (section, piece[0] if piece[1:2] == "是" and paragraph.startswith("一是") else None)
            parts[place] = parts.get(place, "") + piece
    return Text(head, {place: part for place, part in parts.items() if part})


def front_matter(city: str) -> dict[str, Any]:
    """Return the front matter of a city's file."""
    matter: dict[str, Any] = yaml.safe_load((CORPUS / FILES[city]).read_text("utf-8").split("---\n")[1])
    return matter


def ours(city: str) -> Text:
    """Return the text that ships for a city; its head is the editor's note."""
    body = (CORPUS / FILES[city]).read_text("utf-8").split("---\n", 2)[2]
    head, *rest = [paragraph for paragraph in body.split("\n") if paragraph]
    return take_apart(head, rest)


def source_text(shared: Path) -> str:
    """Return the collection as it came."""
    return (shared / "corpus" / "2021-wenming-peixun-3.txt").read_text("utf-8")


def theirs(shared: Path, city: str) -> Text:
    """Return the source's speech of a city."""
    head, *paragraphs = re.split(r"[\u3000\u00a0\s]+", source_text(shared))
    starts = {
        name: i for name in SECTIONS for i, p in enumerate(paragraphs) if re.fullmatch(rf"\w+省{name}", p)
    }
    ends = [*sorted(starts.values()), len(paragraphs)]
    end = ends[ends.index(starts[city]) + 1]
    return take_apart(head + "".join(paragraphs[: ends[0]]), paragraphs[starts[city] + 1 : end])


def lines(path: Path) -> list[str]:
    """Return the lines of a list, without remarks."""
    return [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def kept_names() -> list[str]:
    """Return the names that stay word for word, the longest first so that none hides inside another."""
    return sorted(lines(FOLDER / "kept_names.txt"), key=len, reverse=True)


def plain_names(city: str) -> list[str]:
    """Return a city's names that stand without quotation marks."""
    pairs = (line.split(" ", 1) for line in lines(FOLDER / "plain_names.txt"))
    return [name for place, name in pairs if place == city]


def common_runs(text: str, source: str) -> set[str]:
    """Return each stretch one character longer than is allowed that both have, kept names set aside."""
    text, source = re.sub(r"\s", "", text), re.sub(r"\s", "", source)
    for name in kept_names():
        text, source = text.replace(name, "\ue000"), source.replace(name, "\ue001")
    length = LONGEST_RUN + 1
    known = {source[i : i + length] for i in range(len(source) - length + 1)}
    return {text[i : i + length] for i in range(len(text) - length + 1)} & known


def figures(text: str) -> set[str]:
    """Return the figures of a text with bounds and measure words, Arabic and Chinese ones."""
    return set(FIGURE.findall(text)) | set(CHINESE_FIGURE.findall(text))


def quoted(text: str) -> set[str]:
    """Return what stands in “” and 《》, a formula of several members as its members."""
    names = (mark or title for mark, title in QUOTED.findall(text))
    return {member for name in names for member in re.split("[、，；—]+", name)}


def questions(shared: Path) -> list[dict[str, Any]]:
    """Return the answerable questions on the four speeches."""
    rows = lines(shared / "eval" / "seed-dev.jsonl")
    return [question for row in rows if (question := json.loads(row))["gold"]]


def gold_text(question: dict[str, Any]) -> str:
    """Return what ships where a question's answer stands; a gold without a city is the editor's note."""
    golds = question["gold"]
    heads = "".join(ours(city).head for city in SECTIONS) if any(not gold["city"] for gold in golds) else ""
    texts = [
        (gold["city"], ours(gold["city"]), gold["section"], gold["point"]) for gold in golds if gold["city"]
    ]
    return heads + "".join(
        city + (text.parts[section, point] if point else text.section(section))
        for city, text, section, point in texts
    )


def test_the_four_texts_and_no_other_ship() -> None:
    """Every Markdown file beside the README is one of the four cities' texts."""
    assert {path.name for path in CORPUS.glob("*.md")} - {"README.md"} == set(FILES.values())


@pytest.mark.parametrize("city", SECTIONS)
def test_front_matter_tells_place_occasion_and_origin(city: str) -> None:
    """Every key is there, and says that the text is a restatement of what was said in 2021."""
    matter = front_matter(city)
    assert set(matter) == KEYS
    assert all(matter.values())
    assert (matter["place"], matter["year"], matter["date"]) == (city, 2021, "2021")
    assert (matter["genre"], matter["kind"], matter["license"]) == ("speech", "restatement", "CC0-1.0")
    assert matter["event"] in matter["collection"]


@pytest.mark.parametrize("city", SECTIONS)
def test_note_title_and_opening_stand_before_the_sections(city: str) -> None:
    """The editor's note names the city, the occasion and all four cities; the title is the front matter's."""
    text, matter = ours(city), front_matter(city)
    assert text.head.startswith(f"> 编者按：本文据{city}")
    assert all(name in text.head for name in (*SECTIONS, matter["event"], matter["collection"]))
    assert text.section("0").startswith(f"# {matter['title']}")
    assert len(text.section("0")) > len(matter["title"]) + 50


@pytest.mark.parametrize(("city", "count"), SECTIONS.items())
def test_sections_and_points_run_on_without_a_gap(city: str, count: int) -> None:
    """Four, four, four and three sections in order; only 吉林市 has points, three in each section."""
    parts = ours(city).parts
    numerals = "一二三四"[:count]
    assert list(dict.fromkeys(section for section, _ in parts)) == ["0", *numerals]
    wanted = [(section, point) for section in numerals for point in "一二三"] if city == "吉林市" else []
    assert [place for place in parts if place[1]] == wanted


def test_the_overlap_check_sees_a_copy_and_spares_kept_names(shared: Path) -> None:
    """A copied stretch of nineteen characters is found; one of eighteen, or a kept name, is not."""
    source = source_text(shared)
    copied = theirs(shared, "延安市").section("二")[60:79]
    assert common_runs(f"前{copied}后", source) == {copied}
    assert not common_runs(f"前{copied[:18]}后", source)
    assert not common_runs("".join(f"前{name}后" for name in kept_names()), source)


def test_the_kept_names_are_few_and_each_is_needed(shared: Path) -> None:
    """The list is short, and each name on it stands in the source and in a text that ships."""
    shipped = "".join((CORPUS / name).read_text("utf-8") for name in FILES.values())
    assert len(kept_names()) <= 10
    assert [name for name in kept_names() if name not in source_text(shared) or name not in shipped] == []


@pytest.mark.parametrize("city", SECTIONS)
def test_no_long_run_is_the_sources(shared: Path, city: str) -> None:
    """Front matter, note and text share no run of more than eighteen characters with the source."""
    assert common_runs((CORPUS / FILES[city]).read_text("utf-8"), source_text(shared)) == set()


@pytest.mark.parametrize("city", SECTIONS)
def test_length_is_about_the_sources(shared: Path, city: str) -> None:
    """Title and text are as long as the source's, give or take a fifth."""
    lengths = [len("".join(text.parts.values())) for text in (ours(city), theirs(shared, city))]
    assert 0.8 <= lengths[0] / lengths[1] <= 1.2


@pytest.mark.parametrize("city", SECTIONS)
def test_figures_and_quoted_names_are_the_sources(shared: Path, city: str) -> None:
    """Each section and point has the very figures and names in “” and 《》 that the source has."""
    mine, source = ours(city).parts, theirs(shared, city).parts
    assert list(mine) == list(source)
    assert {place: figures(part) for place, part in mine.items()} == {
        p: figures(t) for p, t in source.items()
    }
    assert {place: quoted(part) for place, part in mine.items()} == {p: quoted(t) for p, t in source.items()}


@pytest.mark.parametrize("city", SECTIONS)
def test_names_without_quotation_marks_stand_where_the_source_has_them(shared: Path, city: str) -> None:
    """Each listed name stands in exactly those sections in which the source has it."""
    mine, source = ours(city), theirs(shared, city)
    for name in plain_names(city):
        places = [section for section in "0一二三四" if name in source.section(section)]
        assert places, name
        assert [section for section in places if name not in mine.section(section)] == [], name


def test_facts_of_every_question_stand_in_their_gold_sections(shared: Path) -> None:
    """For each fact of each dev question, a form of it stands in a place that the question names as gold."""
    asked = questions(shared)
    assert asked
    missing = [
        (question["id"], forms)
        for question in asked
        for forms in question["facts"]
        if not any(form in gold_text(question) for form in forms)
    ]
    assert missing == []
