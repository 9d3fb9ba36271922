"""What has not the shape of an update is buried: it is answered, noted for admins and never tried."""

from __future__ import annotations

import json

import pytest

from bot.telegram.updates.payloads import fault, is_update, whole

GOOD = {
    "update_id": 7,
    "message": {
        "message_id": 1,
        "date": 1_700_000_000,
        "chat": {"id": -100, "type": "group", "title": "g"},
        "from": {"id": 5, "is_bot": False, "first_name": "a"},
        "text": "问",
        "entities": [{"type": "bold", "offset": 0, "length": 1}],
    },
}


def changed(**parts: object) -> dict[str, object]:
    return {**GOOD, "message": {**GOOD["message"], **parts}}  # type: ignore[dict-item]


def test_a_good_update_has_no_fault() -> None:
    assert fault(GOOD) is None
    tap = {
        "id": "77",
        "from": {"id": 5, "is_bot": False, "first_name": "a"},
        "chat_instance": "1",
        "data": "x",
    }
    assert fault({"update_id": 8, "callback_query": tap}) is None
    typed = {"id": "78", "from": tap["from"], "query": "停车", "offset": "20", "chat_type": "sender"}
    assert fault({"update_id": 9, "inline_query": typed}) is None
    rich = {"blocks": [{"type": "paragraph", "text": ["问", {"type": "bold", "text": "答"}]}]}
    assert fault(changed(rich_message=rich)) is None


@pytest.mark.parametrize(
    ("update", "named"),
    [
        (changed(chat={"id": "everyone", "type": "private"}), "chat.id"),
        (changed(chat="here"), "message.chat"),
        (changed(text=5), "message.text"),
        (changed(text={"a": 1}), "message.text"),
        (changed(message_id=True), "message.message_id"),
        (changed(**{"from": {"id": 2**63, "is_bot": False, "first_name": "a"}}), "from.id"),
        (changed(entities="bold"), "it can't be read"),
        (changed(date=10**17), "it can't be read"),
        ({"update_id": 7, "message": []}, "update.message"),
        ({"update_id": 7, "message": {}}, "it can't be read"),
        ({"update_id": 7, "my_chat_member": {}}, "my_chat_member"),
        ({"update_id": 7, "my_chat_member": {"date": 1}}, "my_chat_member.chat is missing"),
        ({"update_id": 7, "callback_query": {"id": "1", "chat_instance": "1"}}, "callback_query.from_user"),
    ],
)
def test_the_fault_of_a_poisoned_update_is_named_without_its_words(
    update: dict[str, object], named: str
) -> None:
    told = fault(update)
    assert told is not None
    assert named in told
    assert "everyone" not in told


OTHERS = ("", "[]", "{}", '{"update_id": "1"}', '{"update_id": 9223372036854775808}', "[" * 9_999)


@pytest.mark.parametrize("payload", OTHERS)
def test_what_is_no_update_is_told_apart(payload: str) -> None:
    assert not is_update(payload)


def test_halves_of_surrogate_pairs_are_replaced_and_whole_pairs_are_kept() -> None:
    payload = '{"update_id": 1, "message": {"text": "a\\ud83db \\ud83d\\ude00"}}'
    text = json.loads(whole(payload))["message"]["text"]
    assert text == "a\N{REPLACEMENT CHARACTER}b \N{GRINNING FACE}"
    assert whole('{"update_id": 1}') == '{"update_id": 1}'
