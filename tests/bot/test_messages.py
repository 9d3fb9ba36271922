from __future__ import annotations

import re
from pathlib import Path

import pytest
from opencc import OpenCC

from answering.question.scope import reason
from answering.values.answer import Language
from bot.errors import MessageError
from bot.messages import Messages, messages, read

FOLDER = Path(__file__).resolve().parents[2] / "bot" / "messages"
SOURCES = Path(__file__).resolve().parents[2]
# Written in one way by OpenCC's standard and in another by most people; both are traditional.
VARIANTS = str.maketrans("羣裏着爲臺覈", "群裡著為台核")


@pytest.mark.parametrize("language", [Language.HANT, Language.EN])
def test_every_language_has_the_same_messages_with_the_same_names(language: Language) -> None:
    ours, theirs = messages(Language.HANS), messages(language)
    assert set(ours.texts) == set(theirs.texts)
    assert {key: ours.names(key) for key in ours.texts} == {key: theirs.names(key) for key in theirs.texts}


def test_every_language_has_the_same_files() -> None:
    names = sorted(path.name.split(".", 1) for path in FOLDER.glob("*.toml"))
    assert {stem for stem, _ in names} >= {"answers", "chat", "cli"}
    assert len(names) == 3 * len({stem for stem, _ in names})


def test_no_message_is_left_in_another_language() -> None:
    han = re.compile(r"[一-鿿]")
    hans, hant, english = (messages(one).texts for one in Language)
    left = {key for key, text in english.items() if han.search(text)}
    assert left <= {"example_figure", "example_section"}  # they ask in the words of a Chinese text
    assert all(han.search(hant[key]) for key, text in hans.items() if han.search(text))


def test_each_script_is_pure() -> None:
    simplify, complicate = OpenCC("t2s"), OpenCC("s2t")
    for text in messages(Language.HANS).texts.values():
        assert simplify.convert(text) == text
    for text in messages(Language.HANT).texts.values():
        assert complicate.convert(text).translate(VARIANTS) == text.translate(VARIANTS)


def test_every_key_that_the_code_asks_for_exists() -> None:
    asked: set[str] = set()
    for path in (SOURCES / "bot").rglob("*.py"):
        asked |= set(re.findall(r"""(?:\bsay|_told)\(\s*"([a-z_]+)\"""", path.read_text(encoding="utf-8")))
    assert len(asked) > 20
    assert asked <= set(messages(Language.HANS).texts)


@pytest.mark.parametrize(
    "text", ["你好", "谢谢", "再见", "你是谁", "写首七言绝句", "你支持哪个党", "今天天气怎么样", "翻译成英文"]
)
def test_what_is_no_question_to_the_corpus_has_words_of_its_own(text: str) -> None:
    key = reason(text)
    assert key is not None
    assert messages(Language.HANS).names(key) <= {"held", "places", "asked", "years"}


def test_a_message_is_filled_with_exactly_its_names() -> None:
    said = Messages(Language.HANS, {"one": "在$place的$year年"})
    assert said.say("one", place="清河市", year=2021) == "在清河市的2021年"
    for names in ({"place": "x"}, {"place": "x", "year": 1, "more": 2}, {}):
        with pytest.raises(MessageError, match="one"):
            said.say("one", **names)
    with pytest.raises(MessageError, match="two"):
        said.say("two")


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"a.toml": "not toml"},
        {"a.toml": 'x = ""'},
        {"a.toml": "x = 1"},
        {"a.toml": 'x = "costs $ 5"'},
        {"a.toml": 'x = "1"', "b.toml": 'x = "2"'},
    ],
)
def test_a_broken_file_is_refused(files: dict[str, str]) -> None:
    with pytest.raises(MessageError):
        read(Language.EN, files)
