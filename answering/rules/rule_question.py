"""A question as by-laws are asked it: its own words, those before it, places, and what is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.question.intent import want_of
from answering.rules.aspects import masked
from retrieval.text.normalize import bigrams, fold, is_english

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from answering.lexicon.thesaurus import Lexicon
    from answering.question.intent import ExpectedAnswer
    from answering.rules.aspects import AspectModel
    from answering.values.answer import Turn
    from retrieval.places.gazetteer import Gazetteer, Mention

_BEFORE = 2  # earlier turns that a follow-up may rest on


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleQuestion:
    """The reading of one question."""

    text: str  # as typed
    words: str  # folded, places left out, an English question's terms in Chinese
    before: str  # the last turns, likewise; empty where there are none
    search: str  # what passages are searched with
    places: tuple[str, ...]  # full names, of the question or else of the turns before it
    placed: bool  # the question itself names a place
    grams: frozenset[str]
    grams_before: frozenset[str]
    content: Mapping[
        str, float
    ]  # how much each run says about the matter; a follow-up's with the turns before
    aspects: NDArray[np.float32]
    aspects_before: NDArray[np.float32] | None  # of the last question before it
    want: ExpectedAnswer  # the figure that is asked for, and in which units
    yes_no: float
    to_bylaw: float  # probability that its wording is that of a question to a by-law


def read_rule_question(
    text: str,
    history: Sequence[Turn],
    *,
    gazetteer: Gazetteer,
    held: tuple[str, ...],
    lexicon: Lexicon,
    model: AspectModel,
) -> RuleQuestion:
    """Read ``text`` after ``history``, oldest turn first; ``held`` are the places that texts speak for."""
    mentions = gazetteer.find(text, prefer=held)
    turns = history[-_BEFORE:]
    earlier = [gazetteer.find(turn.content, prefer=held) for turn in history]
    own = _names(mentions)
    carried = next((names for found in reversed(earlier) if (names := _names(found))), ())
    words = _worded(text, mentions, lexicon)
    before = " ".join(
        _worded(turn.content, gazetteer.find(turn.content, prefer=held), lexicon) for turn in turns
    )
    shape = masked(text, [m.surface for m in mentions])
    return RuleQuestion(
        text=text,
        words=words,
        before=before,
        search=f"{before} {text}".strip() if turns else text,
        places=own or carried,
        placed=bool(own),
        grams=frozenset(bigrams(words)),
        content=model.content(frozenset(bigrams(words if own else f"{before}|{words}"))),
        grams_before=frozenset(bigrams(before)),
        aspects=model.aspects(shape),
        aspects_before=_asked_before(history, gazetteer, held, model),
        want=want_of(fold(text), lexicon),
        yes_no=model.yes_no(shape),
        to_bylaw=model.to_bylaw(shape),
    )


def _asked_before(
    history: Sequence[Turn], gazetteer: Gazetteer, held: tuple[str, ...], model: AspectModel
) -> NDArray[np.float32] | None:
    asked = next((turn.content for turn in reversed(history) if turn.role == "user"), None)
    if asked is None:
        return None
    return model.aspects(masked(asked, [m.surface for m in gazetteer.find(asked, prefer=held)]))


def _names(mentions: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.place.name for m in mentions))


def _worded(text: str, mentions: Sequence[Mention], lexicon: Lexicon) -> str:
    folded, out, at = fold(text), [], 0
    for mention in mentions:
        out.append(folded[at : mention.start])
        at = max(at, mention.end)
    words = "|".join([*out, folded[at:]])
    return f"{words} {lexicon.translate(words)}" if is_english(text) else words
