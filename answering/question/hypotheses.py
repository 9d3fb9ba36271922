"""What a message asks: weighted readings, completed from the conversation, with the places and years resolved."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, get_args

from answering.question.asked_period import names_years, years_asked
from answering.question.follow_up import FollowUpReading, has_no_subject, weighed_readings
from answering.question.message_classifier import load
from answering.question.message_features import features, message
from answering.question.named_documents import named_documents
from answering.question.subject import subject
from answering.question.unit_classes import unit_class
from answering.values.hypothesis import Hypothesis, QuestionKind, State
from retrieval.places.table import COUNTRY
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from answering.question.parser import Known, Question
    from answering.values.answer import Turn

_LEAST = 0.04  # a reading less likely is left out
_MOST = 8  # readings of one message
_STATES: tuple[State, ...] = get_args(State)


def hypotheses(text: str, history: Sequence[Turn], known: Known) -> tuple[Hypothesis, ...]:
    """Return the readings of ``text`` after ``history`` (oldest turn first), the likeliest first; at least one.

    Their weights sum to 1. ``known`` is what the library holds, as far as reading a question needs it.
    """
    drafts = [
        one for reading in weighed_readings(text, history, known=known) for one in _of_reading(reading, known)
    ]
    drafts.sort(key=lambda pair: -pair[0])
    kept = [pair for pair in drafts if pair[0] >= _LEAST][:_MOST] or drafts[:1]
    total = sum(weight for weight, _ in kept)
    return tuple(_weighed(one, weight / total) for weight, one in kept)


def _of_reading(reading: FollowUpReading, known: Known) -> list[tuple[float, dict[str, object]]]:
    """Return each kind that a reading may be of, with its weight."""
    frame = reading.question
    if frame.reason:
        return [(reading.weight, {**_common(reading, known, {}), "kind": QuestionKind.NONE})]
    told = _told(reading, known)
    common = _common(reading, known, told)
    return [
        (reading.weight * share, {**common, **_of_kind(QuestionKind(kind))})
        for kind, share in told["kind"].items()
    ]


def _of_kind(kind: QuestionKind) -> dict[str, object]:
    return {"kind": kind, "reason": "off_topic" if kind is QuestionKind.NONE else ""}


def _told(reading: FollowUpReading, known: Known) -> dict[str, dict[str, float]]:
    """Return what the classifiers tell of a reading; one that takes up a topic is asked of with its topic, too."""
    before = reading.before.asked if reading.before is not None else ""
    asked = reading.question.asked
    own = _shares(asked, before, known)
    if reading.before is None:
        return own
    bare = has_no_subject(reading.question) and (
        reading.question.places != reading.before.places or names_years(reading.question.folded)
    )
    whole = _shares(reading.before.text if bare else reading.question.text, "", known)
    share = 1.0 if has_no_subject(reading.question) or not reading.question.own else 0.5
    return {head: _mixed(whole[head], own[head], share) for head in own}


def _shares(text: str, before: str, known: Known) -> dict[str, dict[str, float]]:
    found = features(message(text, known.gazetteer, prefer=known.places, before=before))
    return {head: load().probabilities(found, head) for head in ("kind", "state", "scope")}


def _mixed(one: Mapping[str, float], other: Mapping[str, float], share: float) -> dict[str, float]:
    joined: dict[str, float] = defaultdict(float)
    for shares, weight in ((one, share), (other, 1 - share)):
        for name, value in shares.items():
            joined[name] += weight * value
    return dict(joined)


def _common(
    reading: FollowUpReading, known: Known, told: Mapping[str, Mapping[str, float]]
) -> dict[str, object]:
    frame = reading.question
    places = _places(frame, told.get("scope", {})) or _spotted(frame, known)
    focus = subject(frame.content)
    return {
        "asked": frame.asked,
        "text": frame.text,
        "language": frame.language,
        "places": places,
        "everywhere": not places and (frame.all_places or _likeliest(told.get("scope", {})) == "every"),
        "years": _years(reading, places, known),
        "state": _state(told.get("state", {})),
        "unit_classes": tuple(dict.fromkeys(map(unit_class, frame.want.units))),
        "content": frame.content,
        "terms": tuple(piece for piece in focus.split("|") if piece),
        "focus": focus,
        "quoted": frame.quoted,
        "documents": _documents(reading, places, known),
        "own": frame.own,
        "carried": frame.completed,
        "reason": frame.reason,
    }


def _places(frame: Question, scope: Mapping[str, float]) -> tuple[str, ...]:
    named = (*frame.places, *frame.strangers)
    country = frame.national or _likeliest(scope) == "country"
    return named or ((COUNTRY.name,) if country and not frame.all_places else ())


def _spotted(frame: Question, known: Known) -> tuple[str, ...]:
    """Return the places that the text names, in a library where names are left in the words that are searched."""
    if not known.loose or frame.all_places:
        return ()
    return tuple(dict.fromkeys(m.place.name for m in known.gazetteer.find(frame.text, prefer=known.places)))


def _state(shares: Mapping[str, float]) -> State | None:
    best = _likeliest(shares)
    return next((state for state in _STATES if state == best), None)


def _likeliest(shares: Mapping[str, float]) -> str:
    return max(shares, key=lambda name: shares[name], default="")


def _years(reading: FollowUpReading, places: Sequence[str], known: Known) -> tuple[int, ...]:
    """Return the years asked of; relative ones count from the newest text of the first place asked of."""
    frame = reading.question
    newest = next((known.newest[p] for p in (*places, "") if p in known.newest), None)
    before = reading.before
    earlier = (before.years or years_asked(before.folded, newest=newest)) if before is not None else ()
    found = years_asked(frame.folded, newest=newest, before=earlier)
    if found or names_years(frame.folded):
        return found
    return frame.years or earlier


def _documents(reading: FollowUpReading, places: Sequence[str], known: Known) -> tuple[str, ...]:
    """Return the documents that a message names, or the question whose topic it takes up."""
    named = named_documents(fold(reading.question.asked), places, known)
    if named or reading.before is None:
        return named
    return named_documents(fold(reading.before.text), places, known)


def _weighed(draft: Mapping[str, object], weight: float) -> Hypothesis:
    return Hypothesis(**draft, weight=weight)  # type: ignore[arg-type]
