"""The stage itself: what Telegram would refuse, it refuses, and no bot can swallow it unseen."""

from __future__ import annotations

import json
import re

import httpx
import pytest
from stage.markup import UnparsableError, parse
from stage.messages import RefusedError, content
from stage.people import bold
from telegram import Bot

GOOD = {"chat_id": "1", "text": "x"}


def markup(*rows):
    return json.dumps(
        {"inline_keyboard": [[{"text": "a", "callback_data": data} for data in row] for row in rows]}
    )


@pytest.mark.parametrize(
    ("method", "given", "words"),
    [
        ("sendMesage", {}, "no such method"),
        ("sendMessage", {"chat_id": "1"}, "text: missing"),
        ("sendMessage", {**GOOD, "colour": "red"}, "colour: unknown parameter"),
        ("sendMessage", {**GOOD, "protect_content": "yes"}, "is not JSON"),
        ("sendMessage", {**GOOD, "protect_content": "1"}, "1 is not Boolean"),
        ("sendMessage", {**GOOD, "message_thread_id": "true"}, "True is not Integer"),
        (
            "sendMessage",
            {**GOOD, "link_preview_options": '{"off": true}'},
            "off: LinkPreviewOptions has no such",
        ),
        ("sendMessage", {**GOOD, "reply_parameters": "{}"}, "message_id: missing"),
        ("sendMessage", {**GOOD, "reply_markup": markup("123456789")}, "a row of 9 buttons"),
        ("sendMessage", {**GOOD, "reply_markup": markup(*["12345678"] * 13)}, "more than 100 buttons"),
        ("sendMessage", {**GOOD, "reply_markup": markup(["x" * 65])}, "65 bytes, allowed are 1-64"),
        (
            "sendMessage",
            {**GOOD, "reply_markup": '{"inline_keyboard": [[{"text": "a"}]]}'},
            "exactly one thing",
        ),
        (
            "answerCallbackQuery",
            {"callback_query_id": "1", "text": "字" * 201},
            "201 characters, allowed are 0-200",
        ),
        ("getUpdates", {"limit": "101"}, "101, allowed are 1-100"),
        ("getUpdates", {"allowed_updates": '"message"'}, "not a list"),
        ("setWebhook", {"url": "https://x", "secret_token": "no blanks"}, "characters outside"),
    ],
)
def test_a_call_that_breaks_the_spec_is_found(spec, method, given, words):
    if spec is None:
        pytest.skip("the shared test material does not stand beside this checkout")
    assert words in "\n".join(spec.faults(method, given))


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("sendMessage", {**GOOD, "reply_markup": markup("12345678"), "parse_mode": "HTML"}),
        ("sendMessage", {"chat_id": "@name", "text": "字" * 5000, "reply_parameters": '{"message_id": 1}'}),
        ("getUpdates", {"offset": "-1", "timeout": "30", "allowed_updates": '["message"]'}),
        ("setMyCommands", {"commands": "[]", "scope": '{"type": "chat", "chat_id": 1}'}),
    ],
)
def test_a_call_that_keeps_to_the_spec_is_let_through(spec, method, given):
    if spec is None:
        pytest.skip("the shared test material does not stand beside this checkout")
    assert spec.faults(method, given) == []


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("字<x>y</x>", 'Unsupported start tag "x" at byte offset 3'),
        ("a < b", "at byte offset 2"),
        ("<b><i>x</b></i>", 'expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
    ],
)
def test_html_that_telegram_can_not_read_is_refused_in_its_words(html, words):
    with pytest.raises(UnparsableError, match=re.escape(words)):
        parse(html)


def test_html_is_read_into_text_and_entities_counted_in_utf16():
    text, entities = parse("  🎉 <b>a&lt;b</b> &amp;&#65; <blockquote>字 <i>c</i></blockquote> ")
    assert text == "🎉 a<b &A 字 c"
    told = {(entity["type"], entity["offset"], entity["length"]) for entity in entities}
    assert told == {("bold", 3, 3), ("blockquote", 10, 3), ("italic", 12, 1)}
    assert bold({"text": text, "entities": entities}) == ["a<b"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text": " <b> </b> ", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "字" * 4097}, "message is too long"),
        ({"text": "&amp;" * 6600, "parse_mode": "HTML"}, "Text is too long"),
        ({"text": "x", "reply_markup": markup(["字" * 22])}, "BUTTON_DATA_INVALID"),
    ],
)
def test_a_message_over_the_limits_is_refused_in_telegrams_words(given, words):
    with pytest.raises(RefusedError, match=words):
        content(given)


async def test_calls_that_the_proxy_refuses_or_finds_wrong_are_kept_for_the_end(proxy):
    calls = (
        ("editMessageText", {"chat_id": "1", "message_id": "5", "text": "x"}, "message to edit not found"),
        ("deleteMessage", {"chat_id": "1", "message_id": "5"}, "message to delete not found"),
        ("answerCallbackQuery", {"callback_query_id": "1"}, "query is too old"),
        ("sendMessage", {**GOOD, "reply_parameters": '{"message_id": 9}'}, "message to be replied not found"),
    )
    async with httpx.AsyncClient(base_url=f"{proxy.url}/bot{proxy.token}/") as client:
        for method, given, words in calls:
            answer = await client.post(method, data=given)
            assert answer.status_code == 400
            assert words in answer.json()["description"]
        await client.post("sendMessage", data={**GOOD, "colour": "red"})
    assert len(proxy.refused) == len(calls)
    assert proxy.violations == ([] if proxy.spec is None else ["sendMessage.colour: unknown parameter"])
    proxy.refused.clear()
    proxy.violations.clear()


async def test_what_the_emulator_lacks_is_there_for_the_library(proxy):
    async with Bot(proxy.token, base_url=f"{proxy.url}/bot") as bot:
        assert bot.username == "chengwen_test_bot"
        sent = await bot.send_message(1, "<b>x</b>", parse_mode="HTML")
        edited = await bot.edit_message_text("y", chat_id=1, message_id=sent.message_id)
        assert (sent.entities[0].type, edited.text) == ("bold", "y")
        assert await bot.set_message_reaction(1, sent.message_id, "👀")
        assert await bot.delete_message(1, sent.message_id)
        assert (await bot.get_chat(1)).id == 1
