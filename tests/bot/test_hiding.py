from __future__ import annotations

import pytest

from bot.observability.logs import forms, hide

TOKEN = "123456:" + "Ab-_" * 9
PROXY = "socks5://user:p%40ss-word@127.0.0.1:1080"


@pytest.mark.parametrize(
    "told",
    [
        f"https://api.telegram.org/bot{TOKEN}/getMe",
        f"https://relay.example/?of=bot{TOKEN.replace(':', '%3A')}",
        f"ExtBot[token={TOKEN}]",
        f"b'/bot{TOKEN}/sendMessage'",
        f"the part after the colon is {TOKEN.partition(':')[2]}",
    ],
)
def test_a_token_is_hidden_however_it_is_written(told: str) -> None:
    hidden = hide(told, [TOKEN])
    assert "***" in hidden
    assert "Ab-_" not in hidden


@pytest.mark.parametrize("told", [PROXY, "the password p%40ss-word", "the password p@ss-word"])
def test_a_password_is_hidden_outside_its_address_too(told: str) -> None:
    assert "ss-word" not in hide(told, [PROXY])


def test_what_is_no_secret_stays() -> None:
    assert hide("bot 123456 says 你好", [TOKEN, PROXY]) == "bot 123456 says 你好"
    assert "pass" not in forms(["http://user:pass@127.0.0.1:1080"])
