"""Questions to begin and to go on with: each is answered from the texts at hand."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from town import SENTENCES, Town, document, parking

from answering.pipeline import Answerer
from answering.values.answer import Answer, Language, Outcome
from bot.assembly.wiring import Wiring
from bot.config.settings import Settings
from bot.messages import messages
from bot.presentation.example_questions import ExampleKind, ExampleQuestion, examples, fits, invited
from bot.presentation.suggestions import Suggestions
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.library import Library

SAID = messages(Language.HANS)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The texts that ship, found by words alone, to be quick."""
    home = tmp_path_factory.mktemp("shipped")
    wiring = Wiring(Settings.load({"CHENGWEN_HOME": str(home), "EMBEDDINGS": "none"}))
    with wiring.filled(lambda: nullcontext(lambda stage, done, total: None)) as library:
        yield library


@pytest.mark.parametrize("language", list(Language))
def test_every_question_is_answered_by_code_from_the_shipped_texts(
    shipped: Library, language: Language
) -> None:
    answerer, said = Answerer(shipped), messages(language)
    suggestions = Suggestions(shipped, answerer.answer_now)
    starts = suggestions.to_start(said)
    after = suggestions.after(answerer.answer_now("延安市讲了哪几个部分？"), said)
    assert len(starts) == 3
    assert after
    answers = [answerer.answer_now(question) for question in (*starts, *after)]
    assert all(answer.outcome.is_answer and answer.citations for answer in answers)
    assert {answer.language for answer in answers} <= {language, Language.HANS}


def test_what_goes_on_asks_for_something_else_of_the_same_text(shipped: Library) -> None:
    answerer = Answerer(shipped)
    question = "吉林市一共清理了多少处野广告？"
    after = Suggestions(shipped, answerer.answer_now).after(answerer.answer_now(question), SAID)
    assert len(after) == 3
    assert all("吉林市" in one for one in after)
    assert question not in after


def _asked(town: Town) -> tuple[Suggestions, list[str]]:
    asked: list[str] = []
    script = parking(town).script

    def answer(question: str) -> Answer:
        asked.append(question)
        return script(question)

    return Suggestions(town, answer), asked  # type: ignore[arg-type]


def test_a_question_that_is_not_answered_is_not_offered() -> None:
    town = Town()
    refused = Answer(question="", outcome=Outcome.NOT_IN_CORPUS)
    suggestions = Suggestions(town, lambda _: refused)  # type: ignore[arg-type]
    assert suggestions.to_start(SAID) == ()
    assert suggestions.after(town.quoting("停车？", SENTENCES[0]), SAID) == ()


def test_what_was_tried_is_known_until_the_texts_change() -> None:
    town = Town()
    suggestions, asked = _asked(town)
    answer = town.quoting("停车？", SENTENCES[0])
    assert suggestions.ready(answer, SAID) is None
    found = suggestions.after(answer, SAID)
    tried = len(asked)
    assert found
    assert tried
    assert suggestions.ready(answer, SAID) == suggestions.after(answer, SAID) == found
    assert len(asked) == tried
    town.version += 1
    assert suggestions.ready(answer, SAID) is None


def test_an_answer_that_found_nothing_and_a_stopped_one_are_not_gone_on_from() -> None:
    town = Town()
    suggestions, asked = _asked(town)
    stopped = replace(town.quoting("停车？", SENTENCES[0]), notes=("note_stopped",))
    missing = Answer(question="天气？", outcome=Outcome.OUT_OF_SCOPE)
    assert suggestions.ready(stopped, SAID) == suggestions.ready(missing, SAID) == ()
    assert asked == []


def test_what_the_answer_already_told_is_not_offered() -> None:
    town = Town()
    suggestions, _ = _asked(town)
    assert suggestions.after(town.quoting("停车？", SENTENCES[1]), SAID) == ()


def test_a_text_without_a_place_invites_nothing() -> None:
    whole, cut = document()
    town = Town(held={whole.id: (replace(whole, place=None), cut)})
    suggestions, asked = _asked(town)
    assert suggestions.after(replace(town.quoting("停车？", SENTENCES[0])), SAID) == ()
    assert asked == []


def test_headings_are_asked_for_in_the_script_of_the_person() -> None:
    town = Town()
    (head, *_) = town.documents()
    (one, *_) = invited(head, town, messages(Language.HANT), kind=ExampleKind.SECTION)  # type: ignore[arg-type]
    assert "從小事做起" in one.question
    report = replace(head, genre=Genre.REPORT)
    assert invited(report, town, messages(Language.HANT), kind=ExampleKind.SECTION) == []  # type: ignore[arg-type]
    assert examples(town, SAID)  # type: ignore[arg-type]


def test_a_question_does_not_begin_with_what_tied_its_clause_to_another(shipped: Library) -> None:
    heads = [one for one in shipped.documents() if one.place]
    asked = [one.question for head in heads for one in invited(head, shipped, SAID, kind=ExampleKind.FIGURE)]
    assert "吉林市封停违法联系电话多少部？" in asked
    assert not any(f"市{tie}" in one for one in asked for tie in ("并", "另", "还"))


@pytest.mark.parametrize(
    ("kind", "starts", "expected"),
    [
        (ExampleKind.OUTLINE, (0, 50), True),  # two headings
        (ExampleKind.OUTLINE, (0, 12), False),  # one heading, and words of its part
        (ExampleKind.OUTLINE, (20, 30), False),
        (ExampleKind.PART, (0, 12), True),
        (ExampleKind.PART, (12, 50), False),  # goes on into the next part
        (ExampleKind.TITLE, (99,), True),
    ],
)
def test_what_is_offered_is_answered_by_what_it_asks_for(
    kind: ExampleKind, starts: tuple[int, ...], expected: bool
) -> None:
    parts = ((0, 8), (50, 58)) if kind is ExampleKind.OUTLINE else ((0, 50),)
    example = ExampleQuestion(question="？", kind=kind, document="d", parts=parts)
    cited = [replace(Town().quoting("停车？", SENTENCES[0]).citations[0], start=start) for start in starts]
    assert fits(example, cited) is expected
