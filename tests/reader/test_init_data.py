"""What we take for Telegram's is what two independent libraries take for Telegram's, and nothing else is."""

from __future__ import annotations

import json
from datetime import timedelta
from time import time
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from init_data_py import is_valid_by_hash, sign
from telegram_webapp_auth.auth import TelegramAuthenticator, generate_secret_key
from telegram_webapp_auth.errors import InvalidInitDataError

from bot.reader.init_data import AGE, AHEAD, InitDataError, signature, verified

TOKEN = "7:" + "unreal"
USER = {"id": 4711, "first_name": "李 & <雷>", "language_code": "zh-hans", "photo_url": "https://t.me/a.svg"}


def signed(*, token: str = TOKEN, at: float | None = None, **fields: str) -> str:
    """Return init data as Telegram makes it."""
    told = {
        "query_id": "AAHdF6IQ",
        "user": json.dumps(USER, ensure_ascii=False),
        "auth_date": str(int(time() if at is None else at)),
        "signature": "c2lnbmF0dXJl",
    }
    told |= fields
    return urlencode({**told, "hash": signature(told, token)}, quote_via=quote)


def test_two_other_libraries_agree_with_our_signature() -> None:
    given = signed()
    assert is_valid_by_hash(given, TOKEN, expires_in=3600)
    checked = TelegramAuthenticator(generate_secret_key(TOKEN)).validate(
        given, expr_in=timedelta(seconds=3600)
    )
    assert checked.user is not None
    assert checked.user.id == verified(given, token=TOKEN, now=time()).id == 4711


def test_what_another_library_signs_is_taken() -> None:
    built = sign({"user": json.dumps(USER), "query_id": "AAHdF6IQ"}, TOKEN)
    assert verified(built, token=TOKEN, now=time()).id == 4711


@pytest.mark.parametrize("change", ["user", "auth_date", "query_id", "signature", "hash"])
def test_a_changed_field_is_refused_by_us_and_by_another_library(change: str) -> None:
    fields = dict(parse_qsl(signed()))
    fields[change] = fields[change][:-1] + ("0" if fields[change][-1] != "0" else "1")
    forged = urlencode(fields)
    with pytest.raises(InitDataError):
        verified(forged, token=TOKEN, now=time())
    assert not is_valid_by_hash(forged, TOKEN)
    with pytest.raises(InvalidInitDataError):
        TelegramAuthenticator(generate_secret_key(TOKEN)).validate(forged)


def test_what_another_bot_was_given_is_refused() -> None:
    with pytest.raises(InitDataError, match="hash"):
        verified(signed(token="8:" + "unreal"), token=TOKEN, now=time())


@pytest.mark.parametrize(
    ("age", "taken"), [(0, True), (AGE - 2, True), (AGE + 2, False), (-AHEAD - 2, False)]
)
def test_its_age_counts(age: int, taken: bool) -> None:
    given = signed(at=1_000_000 - age)
    if taken:
        assert verified(given, token=TOKEN, now=1_000_000).at == 1_000_000 - age
    else:
        with pytest.raises(InitDataError, match="old"):
            verified(given, token=TOKEN, now=1_000_000)


@pytest.mark.parametrize(
    "user", ["", "null", "[]", "{}", '{"id": "1"}', '{"id": true}', '{"id": 1.5}', "{" * 5000]
)
def test_a_signed_text_that_names_nobody_is_refused(user: str) -> None:
    with pytest.raises(InitDataError):
        verified(signed(user=user), token=TOKEN, now=time())


def test_a_field_given_twice_is_refused() -> None:
    with pytest.raises(InitDataError, match="twice"):
        verified(signed() + "&auth_date=1", token=TOKEN, now=time())


@given(st.text(max_size=300))
def test_whatever_else_comes_is_refused(text: str) -> None:
    with pytest.raises(InitDataError):
        verified(text, token=TOKEN, now=time())
