"""What stands beside the texts: twins in JSON, places and topics, cards, coverage, corrections."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser as Html

from bot.assembly.wiring_web import StoredCorrections
from bot.presentation.page_links import PageLinks
from bot.reader.sharing import coverage as covering
from bot.reader.sharing.corrections import BURST, FRESH, LONGEST, CorrectionDesk
from bot.reader.sharing.coverage import KindOfAnswer, MeasuredErrors
from bot.store import Store

QUOTE = "新施划的公共停车泊位近5万个"
LINKS = PageLinks()


@pytest.fixture
def store(tmp_path):
    held = Store.open(tmp_path / "store.db")
    yield held
    held.close()


@pytest.fixture
def desk(stand, store):
    stand.desk = CorrectionDesk(shelf=StoredCorrections(store.corrections, store.rates), secret=b"s" * 32)
    return stand.desk


async def got(stand, path, status=200):
    async with stand.client() as client:
        answer = await client.get(path)
    assert answer.status_code == status, answer.text
    return answer


async def test_each_page_has_a_twin_that_says_the_same(stand) -> None:
    """Its address stands in the page, keeps what the page's address tells, and holds the page's words."""
    citation = stand.cite("abc", QUOTE)
    pages = {
        LINKS.corpus(): "吉林市",
        LINKS.place("吉林市"): "吉林市",
        LINKS.topic(): "停车",
        LINKS.topic("停车"): QUOTE,
        LINKS.document(citation.document, cited=(citation.start, citation.end)): QUOTE,
        LINKS.citation(citation.passage, answer="abc", number=1): QUOTE,
        LINKS.quotation(citation.document, cited=(citation.start, citation.end)): QUOTE,
        LINKS.answer("abc"): QUOTE,
        LINKS.search("吉林市停车泊位"): QUOTE,
        LINKS.promises(): "promises",
        LINKS.coverage(): "吉林市",
    }
    for path, words in pages.items():
        page = Html((await got(stand, path.partition("#")[0])).text)
        link = page.css_first('link[type="application/json"]').attributes["href"]
        assert urlsplit(link).query == urlsplit(path).query
        twin = await got(stand, link)
        assert twin.headers["content-type"].startswith("application/json")
        assert words in json.dumps(twin.json(), ensure_ascii=False), path
    cited = (await got(stand, f"/d/{citation.document}.json?c={citation.start}-{citation.end}")).json()
    assert cited["text"][cited["cited"]["start"] : cited["cited"]["end"]] == QUOTE


@pytest.mark.parametrize("path", ["/d/none.json", "/nowhere.json", "/a/none.json", "/l/无此地.json"])
async def test_a_twin_of_nothing_says_so(stand, path) -> None:
    assert (await got(stand, path, 404)).json() == {"error": "Not Found"}


async def test_a_place_leads_to_its_texts_and_to_what_they_speak_of(stand) -> None:
    place = Html((await got(stand, LINKS.place("吉林市"))).text)
    assert stand.speech("吉林市").id in place.css_first(".texts a").attributes["href"]
    topics = {one.text(): one.attributes["href"] for one in place.css("nav.places a")}
    topic = Html((await got(stand, topics["停车"])).text)
    assert [one.text().strip() for one in topic.css("section h2")] == ["吉林市"]
    assert QUOTE in topic.css_first(".found").text()
    assert topic.css_first('link[type="application/atom+xml"]') is not None
    await got(stand, LINKS.topic("没有这个主题"), 404)
    await got(stand, LINKS.place("没有这个地方"), 404)


async def test_a_card_may_be_framed_and_nothing_else_may(stand) -> None:
    citation = stand.cite("abc", QUOTE)
    span = (citation.start, citation.end)
    card = await got(stand, LINKS.card(citation.document, cited=span))
    assert "frame-ancestors *" in card.headers["content-security-policy"]
    assert "script-src" not in card.headers["content-security-policy"]
    assert Html(card.text).css_first("blockquote").text() == QUOTE
    assert not Html(card.text).css("script, form")
    quoted = await got(stand, LINKS.quotation(citation.document, cited=span))
    assert "frame-ancestors https://*.telegram.org" in quoted.headers["content-security-policy"]
    page = Html(quoted.text)
    told = await got(stand, page.css_first('link[type="application/json+oembed"]').attributes["href"])
    frame = Html(told.json()["html"]).css_first("iframe").attributes
    assert (told.json()["type"], told.json()["version"]) == ("rich", "1.0")
    assert frame["src"] == f"http://reader.test{LINKS.card(citation.document, cited=span)}"
    assert page.css_first("#frame").text() == told.json()["html"]


@pytest.mark.parametrize("url", ["http://other.test/q/{}?c=0-5", "http://reader.test/q/none?c=0-5", "x", ""])
async def test_only_quotations_of_ours_are_embedded(stand, url) -> None:
    name = stand.speech("吉林市").id
    await got(stand, LINKS.oembed(url.format(name)), 404)
    await got(stand, f"/e/{name}?c=0-99999", 404)


async def test_what_is_held_is_told_by_place_and_errors_as_they_were_measured(stand, monkeypatch) -> None:
    kinds = (KindOfAnswer(kind="rules", questions=80, right=0.575, misled=0.0375),)
    monkeypatch.setattr("bot.reader.pages.measured", lambda: MeasuredErrors(date="2026-01-02", kinds=kinds))
    page = Html((await got(stand, LINKS.coverage())).text)
    rows = [[cell.text().strip() for cell in row.css("th, td")] for row in page.css("tbody tr")]
    assert ["法规条款", "80", "57%", "4%"] in rows or ["法规条款", "80", "58%", "4%"] in rows
    assert any(row[:2] == ["吉林市", "1"] for row in rows)
    monkeypatch.setattr("bot.reader.pages.measured", lambda: MeasuredErrors(date="", kinds=()))
    assert "没有附测量结果" in (await got(stand, LINKS.coverage())).text


def test_the_results_that_are_packaged_are_shares_of_questions() -> None:
    for one in covering.measured().kinds:
        assert one.questions > 0
        assert 0 <= one.misled <= 1 - one.right <= 1


async def sent(stand, name, *, text="这里写错了", headers=(), **more):
    async with stand.client() as client:
        form = Html((await client.get(f"/fix/{name}?c=10-20")).text)
        given = {
            one.attributes["name"]: one.attributes.get("value") or "" for one in form.css("form.fix input")
        }
        given |= {"text": text, **more}
        return await client.post(f"/fix/{name}", data=given, headers=dict(headers))


async def test_a_correction_is_kept_without_who_wrote_it_and_can_be_deleted(stand, desk, store) -> None:
    name = stand.speech("吉林市").id
    document = Html((await got(stand, LINKS.document(name, cited=(10, 20)))).text)
    assert any("/fix/" in one.attributes["href"] for one in document.css(".about a"))
    answer = await sent(stand, name, text="  这里 应是\n四万个 ")
    assert (answer.status_code, "收到了" in answer.text) == (200, True)
    (kept,) = store.corrections.recent(limit=5)
    assert (kept.document, kept.start, kept.end, kept.text) == (name, 10, 20, "这里 应是 四万个")
    assert set(kept.__dataclass_fields__) == {"id", "document", "start", "end", "text", "made"}
    store.corrections.drop(kept.id)
    assert store.corrections.count() == 0


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"stamp": ""}, 403),
        ({"stamp": "123.abc"}, 403),
        ({"headers": {"sec-fetch-site": "cross-site"}}, 403),
        ({"text": "短"}, 400),
        ({"text": "长" * (LONGEST + 1)}, 400),
        ({"text": "好" * 20_000}, 413),
    ],
)
async def test_a_form_that_is_not_ours_or_not_of_a_size_is_not_taken(
    stand, desk, store, more, status
) -> None:
    assert (await sent(stand, stand.speech("吉林市").id, **more)).status_code == status
    assert store.corrections.count() == 0


async def test_a_form_is_good_for_its_own_text_and_some_hours(stand, desk, store) -> None:
    name, other = stand.speech("吉林市").id, stand.speech("台州市").id
    assert (await sent(stand, name, stamp=desk.stamp(other))).status_code == 403
    stand.desk = replace(desk, clock=lambda: desk.clock() - FRESH - 60)
    old = stand.desk.stamp(name)
    stand.desk = desk
    assert (await sent(stand, name, stamp=old)).status_code == 403
    assert (await sent(stand, name, address="spam")).status_code == 200
    assert store.corrections.count() == 0


async def test_one_sender_is_bounded(stand, desk, store) -> None:
    name = stand.speech("吉林市").id
    codes = [(await sent(stand, name)).status_code for _ in range(int(BURST) + 2)]
    assert codes == [200] * int(BURST) + [429] * 2
    assert store.corrections.count() == BURST


async def test_without_a_desk_there_is_no_form(stand) -> None:
    name = stand.speech("吉林市").id
    await got(stand, f"/fix/{name}", 404)
    assert "/fix/" not in (await got(stand, LINKS.document(name))).text


async def test_a_forms_page_tells_browsers_to_tell_where_it_comes_from(stand, desk) -> None:
    answer = await got(stand, f"/fix/{stand.speech('吉林市').id}")
    assert answer.headers["referrer-policy"] == "same-origin"
    assert re.findall(r"<script[^>]*>(.+?)</script>", answer.text) == []
