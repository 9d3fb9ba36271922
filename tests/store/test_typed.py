"""What was typed in inline mode, for as long as its button may be tapped."""

from __future__ import annotations

import time

BOT = 7


def test_a_text_is_found_by_an_id_that_follows_from_it(store):
    name = store.typed.keep(BOT, "停车泊位建了多少？")
    assert store.typed.keep(BOT, "停车泊位建了多少？") == name
    assert store.typed.keep(BOT, "停车") != name
    assert len(name) == 16
    assert store.typed.text(BOT, name) == "停车泊位建了多少？"
    assert store.typed.text(8, name) is None
    assert store.typed.text(BOT, "nothing") is None


def test_a_text_that_was_not_kept_anew_is_forgotten_in_time(store):
    name = store.typed.keep(BOT, "停车")
    assert store.typed.prune(time.time() - 60) == 0
    assert store.typed.prune(time.time() + 60) == 1
    assert store.typed.text(BOT, name) is None


def test_any_text_is_kept(store):
    for text in ("\ud83d", "停\x00车", "🚗" * 128):
        assert store.typed.text(BOT, store.typed.keep(BOT, text)) is not None
