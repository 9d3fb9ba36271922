"""Atom feeds of places and topics."""

from __future__ import annotations

from xml.etree import ElementTree

from bot.presentation.page_links import PageLinks

NAMES = {"a": "http://www.w3.org/2005/Atom"}


async def read(stand, path: str) -> ElementTree.Element:
    async with stand.client() as client:
        answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    return ElementTree.fromstring(answer.content)


async def test_a_feed_of_a_place_holds_its_texts_and_that_of_all_every_one(stand) -> None:
    one = await read(stand, PageLinks().feed(place="吉林市"))
    titles = [entry.findtext("a:title", namespaces=NAMES) for entry in one.findall("a:entry", NAMES)]
    assert len(titles) == 1
    assert "吉林市" in titles[0]
    assert len((await read(stand, "/feed")).findall("a:entry", NAMES)) > 1
    assert (await read(stand, PageLinks().feed(place="无此地"))).findall("a:entry", NAMES) == []


async def test_a_feed_of_a_topic_leads_to_the_passages_that_speak_of_it(stand) -> None:
    found = await read(stand, PageLinks().feed(words="停车泊位", place="吉林市"))
    entries = found.findall("a:entry", NAMES)
    assert entries
    assert all("/p/" in entry.find("a:link", NAMES).attrib["href"] for entry in entries)
    assert any("停车" in entry.findtext("a:summary", namespaces=NAMES) for entry in entries)


async def test_every_entry_has_what_the_format_asks_for(stand) -> None:
    for entry in (await read(stand, "/feed")).findall("a:entry", NAMES):
        for name in ("id", "title", "updated", "author/a:name"):
            assert entry.findtext(f"a:{name}", namespaces=NAMES)


async def test_a_feed_for_words_with_odd_characters_is_still_a_feed(stand) -> None:
    found = await read(stand, PageLinks().feed(words="停车\uffff\ufffe泊位", place="\uffff"))
    assert "停车泊位" in found.findtext("a:title", namespaces=NAMES)
