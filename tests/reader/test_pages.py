"""Each page over HTTP: what it shows, in which language, and what it never lets through."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_stand import Stand
from selectolax.lexbor import LexborHTMLParser as Html
from starlette.requests import Request
from starlette.testclient import TestClient

from answering.pipeline import Answerer
from answering.values.answer import Language, Statement
from bot.presentation.page_links import PageLinks, text_fragment
from bot.reader.assets import assets
from bot.reader.figure_lines import FIGURES, LEAST, MOST, shown_of
from bot.reader.found_words import SearchLimiter, TooManySearchesError
from bot.reader.page_context import PageContext, accepted
from bot.reader.pages import PageRenderer
from retrieval.library import Library
from retrieval.values.documents import Source

PLACES = (
    *("吉林市", "台州市", "萍乡市", "延安市", "宁波市", "杭州市", "洛阳市"),
    *("济南市", "深圳市", "温州市", "烟台市", "绍兴市", "郑州市", "青岛市"),
)
QUOTE = "新施划的公共停车泊位近5万个"
MESSAGES = Path(__file__).resolve().parents[2] / "bot" / "messages"
TEMPLATES = Path(__file__).resolve().parents[2] / "bot" / "reader" / "templates"


async def opened(stand, path: str, status: int = 200, **given) -> Html:
    async with stand.client(**given) as client:
        answer = await client.get(path)
    assert answer.status_code == status, answer.text
    return Html(answer.text)


def marks(page: Html) -> str:
    return "".join(one.text() for one in page.css(".body mark"))


async def test_the_list_leads_to_every_text_and_a_text_to_its_sections(stand) -> None:
    page = await opened(stand, "/")
    links = [one.attributes["href"] for one in page.css(".texts a")]
    assert len(links) == 6
    text = await opened(stand, next(one for one in links if stand.speech("吉林市").id in one))
    anchors = [one.attributes["href"] for one in text.css(".contents a")]
    assert len(anchors) == 4
    assert all(text.css_first(f'[id="{one[1:]}"]') for one in anchors)


async def test_a_list_of_thousands_is_paged(home) -> None:
    sources = [
        Source(key=f"{n}.md", text=f"第{n}号通知\n\n照常办理。", digest=str(n), media="text/plain")
        for n in range(120)
    ]
    with Library.open(home, embedder=None, write=True) as library:
        library.ingest_sources(sources)
        stand, seen, path = Stand(library), [], "/"
        while path:
            page = await opened(stand, path)
            seen += [one.attributes["href"] for one in page.css(".texts a")]
            after = page.css_first('a[rel="next"]')
            path = after.attributes["href"] if after else ""
        assert len(seen) == len(set(seen)) == 120
        assert (await opened(stand, "/?page=99")).css_first('a[rel="next"]') is None


async def test_a_section_of_many_figures_lists_some_and_tells_how_many_more(stand) -> None:
    page = await opened(stand, PageLinks().document(stand.speech("long.md").id))
    first = page.css_first("details.figures")
    shown = len(first.css("li a"))
    assert LEAST <= shown < FIGURES
    assert len(page.css("details.figures li a")) <= max(MOST, LEAST * len(page.css("details.figures")))
    count, more = (int(re.search(r"\d+", first.css_first(one).text())[0]) for one in ("summary", "li.faint"))
    assert count == shown + more


async def test_a_section_without_figures_has_no_list(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "# 条例\n\n## 第一章 总则\n\n为了规范管理，制定本条例。\n", encoding="utf-8"
    )
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        library.ingest([tmp_path / "a.md"])
        stand = Stand(library)
        page = await opened(stand, PageLinks().document(stand.speech("a.md").id))
    assert page.css_first("details.figures") is None
    assert "为了规范管理" in page.css_first(".body").text()


def test_a_text_of_few_sections_lists_more_figures_of_each() -> None:
    assert [shown_of(40, n) for n in (0, 1, 5, 20, 900)] == [FIGURES, FIGURES, FIGURES, 3, LEAST]
    assert (shown_of(2, 5), shown_of(2, 900)) == (2, LEAST)


async def test_many_places_are_folded_and_each_shows_its_own_texts(home) -> None:
    def speech(n: int) -> Source:
        text = "各项工作照常开展。"
        metadata = {"place": PLACES[n], "title": f"第{n}篇"}
        return Source(key=f"{n}.md", text=text, digest=str(n), media="text/plain", metadata=metadata)

    with Library.open(home, embedder=None, write=True) as library:
        library.ingest_sources([speech(n) for n in range(len(PLACES))])
        page = await opened(Stand(library), "/")
        assert page.css_first("details summary") is not None
        links = {one.text().strip(): one.attributes["href"] for one in page.css("details .places a")}
        assert set(PLACES) < set(links)
        one = await opened(Stand(library), links["延安市"])
        assert one.css_first("h1").text() == "延安市"
        assert [found.text() for found in one.css(".texts a")] == [f"第{PLACES.index('延安市')}篇"]


async def test_the_cited_words_of_an_answer_are_marked_and_told(stand) -> None:
    citation = stand.cite("abc", QUOTE)
    page = await opened(stand, PageLinks().citation(citation.passage, answer="abc", number=1))
    assert marks(page) == QUOTE
    assert page.css_first("#cited") is not None
    assert page.css_first(".card blockquote").text() == QUOTE
    assert page.css_first(".card a").attributes["href"] == "#cited"


async def test_words_by_their_offsets_are_marked_on_the_one_page_of_their_text(stand) -> None:
    document = stand.speech("long.md")
    start = document.text.index("第50项工作")
    page = await opened(stand, PageLinks().document(document.id, cited=(start, start + 6)))
    assert marks(page) == "第50项工作"
    assert page.css_first(".part") is None
    assert all(f"第{n}项工作" in page.css_first(".body").text() for n in (1, 60))


@pytest.mark.parametrize("c", ["9-3", "0-99999999", "x", "1-", "-1-3", "٣-٤", "5-5"])
async def test_offsets_that_are_none_mark_nothing(stand, c: str) -> None:
    page = await opened(stand, f"/d/{stand.speech('吉林市').id}?c={c}")
    assert marks(page) == ""


async def test_a_passage_is_marked_whole(stand) -> None:
    citation = stand.cite("abc", QUOTE)
    page = await opened(stand, PageLinks().passage(citation.passage))
    assert marks(page) == stand.library.passage(citation.passage).text


async def test_words_that_stand_elsewhere_by_now_are_found_again(stand) -> None:
    citation = stand.cite("abc", QUOTE)
    stand.moved("abc", citation, start=3, end=3 + len(QUOTE))
    page = await opened(stand, PageLinks().citation(citation.passage, answer="abc", number=1))
    assert marks(page) == QUOTE
    stand.moved("abc", citation, document="aaaaaaaaaa", passage="aaaaaaaaaa-bbbbbbbb")
    page = await opened(stand, PageLinks().citation("aaaaaaaaaa-bbbbbbbb", answer="abc", number=1))
    assert marks(page) == QUOTE
    assert "更新过" in page.css_first(".card").text()


async def test_words_that_are_gone_are_shown_as_they_were_cited(stand) -> None:
    citation = stand.cite("abc", QUOTE)
    stand.moved("abc", citation, quote="这句话现在哪里都没有了", start=0, end=11)
    page = await opened(stand, PageLinks().citation(citation.passage, answer="abc", number=1), 410)
    assert page.css_first("blockquote").text() == "这句话现在哪里都没有了"


async def test_a_quotation_holds_the_words_and_where_they_stand(stand) -> None:
    citation = stand.cite("abc", QUOTE)
    stand.url = "https://reader.test/read"
    path = PageLinks("/read").quotation(citation.document, cited=(citation.start, citation.end))
    text = (await opened(stand, path)).css_first("pre").text()
    first, source, link = text.splitlines()
    assert first == f"“{QUOTE}”"
    assert source.startswith(
        "——吉林市《持续推进文明幸福江城建设》（2021年全国文明城市创建工作培训班，2021，本文是转述，不是原文），一、"
    )
    at = f"{citation.document}?c={citation.start}-{citation.end}"
    assert link == f"https://reader.test/read/d/{at}#cited:~:text={quote(QUOTE)}"
    whole = (await opened(stand, PageLinks("/read").quotation(citation.passage))).css_first("pre").text()
    assert QUOTE in whole


async def test_of_a_cited_sentence_the_clause_that_answers_is_marked(stand) -> None:
    """Repeated words, or the clause with the figure; the answer is a page that leads back to the words."""
    text = stand.speech("吉林市").text
    start = text.index(QUOTE)
    sentence = text[start - 12 : start + len(QUOTE) + 8]
    citation = stand.cite("abc", sentence)
    for told in (QUOTE, "一共有5万个泊位"):
        stand.answers["abc"] = replace(
            stand.answers["abc"],
            question="新施划多少泊位？",
            statements=(Statement(text=told, citations=(1,)),),
        )
        page = await opened(stand, PageLinks().citation(citation.passage, answer="abc", number=1))
        assert QUOTE in marks(page)
        assert len(marks(page)) < len(sentence)
        assert page.css_first(".card blockquote").text() == sentence
        assert page.css_first(".card blockquote mark").text() == marks(page)
        assert "".join(one.text() for one in page.css(".body .around")) != ""
        answer = await opened(stand, page.css_first(".card .to-answer").attributes["href"])
        assert told in answer.css_first(".told").text()
        back = answer.css_first(".told a").attributes["href"]
        assert marks(await opened(stand, back)) == marks(page)


async def test_an_answer_that_is_forgotten_has_no_page(stand) -> None:
    stand.cite("abc", QUOTE)
    assert "问" not in (await opened(stand, "/a/abc")).css_first("main").text().replace("访问", "")
    del stand.answers["abc"]
    await opened(stand, "/a/abc", 404)


async def test_selected_words_are_quoted_from_where_their_paragraph_begins(stand) -> None:
    document = stand.speech("long.md")
    near = document.text.index("第50项工作") + 10
    words = "修复河道3 公里，新增\n停车泊位9个"
    page = await opened(stand, f"/q/{document.id}?w={quote(words)}&near={near}")
    first, _, link = page.css_first("pre").text().splitlines()
    assert first == "“修复河道3公里，新增停车泊位9个”"
    start = int(re.search(r"c=(\d+)-", link)[1])
    assert start > near
    marked = await opened(stand, link.removeprefix("http://reader.test").partition("#")[0])
    assert marks(marked) == "修复河道3公里，新增停车泊位9个"
    await opened(stand, f"/q/{document.id}?w={quote('这些字哪里都没有')}", 404)
    await opened(stand, f"/q/{document.id}?w=%20", 404)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("停车 泊位", "停车%20泊位"),
        ("a-b, c&d", "a%2Db%2C%20c%26d"),
        ("一二三四五六七八九十一二三四五六七", "一二三四五六七八,十一二三四五六七"),
        ("头一行\n  末一行", "头一行,末一行"),
    ],
)
def test_a_text_fragment_names_short_words_whole_and_of_long_ones_both_ends(words, told) -> None:
    assert text_fragment(words) == ":~:text=" + "".join(one if one.isascii() else quote(one) for one in told)


@pytest.mark.parametrize("words", ["哈哈哈嘿嘿嘿", "qwertyuiop", "🎉🎉"])
async def test_a_search_for_nonsense_finds_nothing_and_says_so(stand, words) -> None:
    page = await opened(stand, f"/s?q={quote(words)}")
    assert page.css_first("h1").text().startswith(f"没有找到“{words}”")
    assert (
        (await opened(stand, "/s?q=" + quote("停车泊位")))
        .css_first("h1")
        .text()
        .startswith("“停车泊位”：找到")
    )


async def test_a_text_told_again_says_so_at_head_and_foot_and_others_claim_their_wording(stand) -> None:
    text = await opened(stand, PageLinks().document(stand.speech("吉林市").id))
    assert text.css_first(".restated").text() == "本文是转述，不是原文"
    assert "一字未改" not in text.css_first("footer").text()
    assert "一字未改" in (await opened(stand, "/")).css_first("footer").text()


async def test_a_sections_figures_stand_beside_it_and_lead_to_their_words(stand) -> None:
    speech = stand.speech("吉林市")
    page = await opened(stand, f"/d/{speech.id}")
    rows = [one for one in page.css(".figures li") if "近5万个" in one.text()]
    assert rows
    marked = await opened(stand, rows[0].css_first("a").attributes["href"])
    assert "近5万" in marks(marked)
    assert page.css_first(".figures summary").text().startswith("这一节的数字")


async def test_an_answer_over_several_places_has_a_picture_whose_words_are_text_and_links(stand) -> None:
    stand.answers["drawn"] = Answerer(stand.library).answer_now("吉林市和萍乡市的停车位哪个多？")
    page = await opened(stand, "/a/drawn")
    picture = page.css_first("svg[role=img]")
    assert "近5万个" in picture.css_first("desc").text()
    assert any(one.text() == "近5万个[1]" for one in picture.css("text"))
    assert not picture.css("[style]")
    link = page.css_first(".rows a").attributes["href"]
    assert "5万" in marks(await opened(stand, link))
    assert (await opened(stand, "/a/none", 404)).css_first("h1")


async def test_a_search_finds_and_marks_and_leads_to_the_passage(stand) -> None:
    page = await opened(stand, PageLinks().search("停车泊位"))
    first = page.css_first(".found li")
    assert "停车泊位" in [one.text() for one in first.css("mark")]
    assert marks(await opened(stand, first.css_first("a").attributes["href"]))
    assert page.css_first("input[name=q]").attributes["value"] == "停车泊位"
    assert "## " not in page.css_first(".found").text()


@pytest.mark.parametrize(
    "path", ["/s", "/s?q=", "/s?q=%20", "/s?q=" + "停" * 150, "/s?q=%ff%00", "/s?q=%3Cscript%3E"]
)
async def test_any_search_is_answered_with_a_page(stand, path: str) -> None:
    page = await opened(stand, path)
    assert page.css_first("h1").text()
    assert not [one for one in page.css("script") if "src" not in one.attributes]


@pytest.mark.parametrize(
    "path",
    [
        "/d/nothing",
        "/p/aaaaaaaaaa-bbbbbbbb",
        "/p/x",
        "/q/x",
        "/d/%3Cb%3E",
        "/nowhere",
        "/static/x.css",
        "/d/a/b",
    ],
)
async def test_a_wrong_address_gives_a_page_with_a_search_box(stand, path: str) -> None:
    page = await opened(stand, path, 404)
    assert page.css_first("form[role=search] input[name=q]") is not None
    assert "没有这一页" in page.css_first("h1").text()


async def test_markup_in_a_text_is_shown_and_never_works(stand) -> None:
    document = stand.speech("hostile.md")
    page = await opened(stand, f"/d/{document.id}")
    assert page.css_first("h1").text() == "<script>alert(1)</script> & “善治”"
    body = page.css_first(".body").text()
    for words in (
        "<img src=x onerror=\"document.title='broken'\">",
        "&amp; 和 &lt;b&gt;",
        "{{ 7*7 }} {% raw %}",
    ):
        assert words in body
    assert [one.attributes.get("src", "")[:8] for one in page.css("script")] == ["/static/"]
    assert page.css("img, style, svg") == []
    assert page.css_first("article").css_first(".about") is not None


async def test_every_answer_is_guarded_and_nothing_stands_inline(stand) -> None:
    document = stand.speech("hostile.md").id
    asset = PageLinks().asset(assets()["reader.css"].name)
    async with stand.client() as client:
        for path in ("/", f"/d/{document}", "/s?q=a", "/nowhere", asset, f"/q/{document}?c=0-9"):
            answer = await client.get(path)
            policy = answer.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; ")
            assert "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "no-referrer"
            if "html" in answer.headers["content-type"]:
                assert not re.search(
                    r"<style|\sstyle=|\son[a-z]+=[\"']|javascript:",
                    re.sub(r"<(pre|article).*?</\1>", "", answer.text, flags=re.DOTALL),
                )
        kept = await client.get(asset)
        assert "immutable" in kept.headers["cache-control"]


async def test_a_failure_is_told_with_a_number_and_without_a_trace(stand) -> None:
    def broken(_: str) -> None:
        raise RuntimeError("hunter2-hunter2")

    stand.answers = type("Broken", (), {"get": staticmethod(broken)})()
    page = await opened(stand, "/p/x?a=1&n=1", 500)
    assert "编号" in page.css_first("main").text()
    assert "hunter2" not in page.html


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", Language.HANS),
        ("zh-TW", Language.HANT),
        ("zh-Hant-HK;q=0.5, en;q=0.4", Language.HANT),
        ("en-GB,en", Language.EN),
        ("fr, en;q=0.3", Language.EN),
        ("fr", Language.HANS),
        ("", Language.HANS),
        ("en;q=0, zh;q=0.1", Language.HANS),
        (";;;q=9,,", Language.HANS),
    ],
)
def test_the_browsers_language_is_taken(header: str, language: Language) -> None:
    assert accepted(header, Language.HANS) is language


async def test_a_chosen_language_stays_and_the_text_keeps_its_own(stand) -> None:
    page = await opened(stand, "/?lang=en", headers={"Accept-Language": "zh-CN"})
    assert page.css_first("html").attributes["lang"] == "en"
    link = page.css_first(".texts a").attributes["href"]
    assert "lang=en" in link
    text = await opened(stand, link)
    assert text.css_first(".body").attributes["lang"] == "zh-Hans"
    assert page.css_first("form input[type=hidden]").attributes["value"] == "en"
    others = [urlsplit(one.attributes["href"]).query for one in page.css("footer nav a")]
    assert others == ["lang=zh-Hans", "lang=zh-Hant", "lang=en"]


def test_a_crowd_waits_and_is_then_told_so() -> None:
    crowd = SearchLimiter(most=1, patience=0.05)
    with crowd.turn(), pytest.raises(TooManySearchesError), crowd.turn():
        raise AssertionError
    with crowd.turn():
        pass


async def test_a_search_in_a_crowd_is_put_off_with_a_page(stand) -> None:
    pages = PageRenderer(stand.shelf(), SearchLimiter(most=1, patience=0.01))
    request = Request({"type": "http", "path": "/s", "query_string": b"q=a", "headers": [(b"host", b"x")]})
    visit = PageContext.of(request, base="", prefix="", default=Language.HANS)
    with pages.crowd.turn():
        page = pages.search(visit)
    assert (page.status, "请过几秒再试" in page.html) == (503, True)
    assert pages.search(visit).status == 200


ODD = st.text(max_size=40)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/", "/s", "/a/{}", "/d/{}", "/p/{}", "/q/{}"]),
    name=ODD,
    params=st.dictionaries(st.sampled_from(["q", "c", "a", "n", "lang", "page", "part"]), ODD, max_size=4),
)
def test_no_address_breaks_it(stand, path: str, name: str, params: dict[str, str]) -> None:
    # What holds control characters the server itself refuses.
    names = [quote(re.sub(r"[/\x00-\x1f\x7f-\x9f]", "", name), safe="") or "x", stand.speech("吉林市").id]
    with TestClient(stand.app(), "http://reader.test") as client:
        for one in names:
            answer = client.get(path.format(one), params=params, headers={"Accept-Language": name.encode()})
            assert answer.status_code in (200, 404)
            assert Html(answer.text).css_first("h1").text()


def test_every_message_that_a_template_says_exists_and_each_of_the_pages_is_said() -> None:
    said = set()
    for path in TEMPLATES.glob("*.html"):
        # a name that goes on with a variable ends in "_", and is of all that begin so
        said |= set(re.findall(r"""say\("(page_[a-z_]+)\"""", path.read_text(encoding="utf-8")))
    files = (MESSAGES / f"{name}.zh-Hans.toml" for name in ("reader", "promises"))
    tables = [tomllib.loads(path.read_text(encoding="utf-8")) for path in files]
    known = {key for table in tables for key in table if key.startswith("page_")}
    made = {f"page_{name}" for name in ("place", "event", "date", "speaker", "collection", "file")}
    begun = {name for name in said if name.endswith("_")}
    of_begun = {key for key in known if key.startswith(tuple(begun))} if begun else set()
    assert all(any(key.startswith(name) for key in known) for name in begun)
    assert said - begun <= known
    # what becomes of a correction is chosen by the code of the form
    fates = {f"page_fix_{name}" for name in ("thanks", "length", "stale", "wait", "full")}
    assert known - said - of_begun <= made | fates


def test_addresses_for_others_are_whole_and_for_a_mini_app_have_no_fragment() -> None:
    links = PageLinks("https://example.org/read")
    made = links.citation("abc-def", answer="k3", number=2)
    assert made == "https://example.org/read/p/abc-def?a=k3&n=2#cited"
    assert links.citation("abc-def", answer="k3", number=2, fragment=False) == made.removesuffix("#cited")


async def test_a_table_is_a_table_and_its_lines_stay_to_be_cited(tmp_path: Path) -> None:
    """The cited row is marked among the cells, the cited words in the line that tells it."""
    rows = "|码头|泊位（个）|\n|---|---|\n|东<b>港|12|\n|西港|7|\n"
    text = f"# 舟山市码头情况\n\n说明如下，供参考。\n\n{rows}\n其余明年改造。\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        library.ingest([tmp_path / "a.md"])
        stand = Stand(library)
        document = stand.speech("a.md")
        at = document.text.index("西港泊位7个")
        async with stand.client() as client:
            page = (await client.get(PageLinks("").document(document.id, cited=(at, at + 6)))).text
    assert page.count("<table") == 1
    assert '<tr class="cited"><td>西港</td><td>7</td></tr>' in page
    assert "<td>东&lt;b&gt;港</td>" in page
    assert re.search(r'<mark id="cited"[^>]*>西港泊位7个</mark>', page)
