"""What a message takes from the conversation before it: its topic, the place alone, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.question.asked_period import names_years, without_years
from answering.question.intent import ExpectedAnswer, Intent
from answering.question.message_classifier import load
from answering.question.message_features import features, message
from answering.question.parser import language_of, read
from answering.question.referred_item import asks_rest, referred_item
from answering.values.answer import Language
from retrieval.quantities import Sort, figures
from retrieval.text.normalize import fold, sounds_english
from retrieval.text.tense import asked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.question.parser import Known, Question
    from answering.values.answer import Turn
    from retrieval.quantities import Figure

_VAGUE = re.compile(r"(这个|该|那个|本|咱们?|我们)(城市|市|地方|省|区)(?!民)|\b(this|that) city\b")
_EMPTY = re.compile(
    r"[|\s,。?？!]|那么?|还有|另外|呢|我(?:问|要|说|指|看|想知道)的?是?|换成|改成|改为|目标|计划|打算|预期|实际|结果"
    r"|同样(的|地)?|(事|活|做法|情况)|对应|相应|数(字|量|目)?|多少|有|几|个|的|是|弄|做|了|什么|啥"
    r"|总(?=面积|金额|长度|人数|数)|面积|金额|长度|里程|人数|比例|多大|how|about|what|and|many|from|age"
)
# What a correction takes back: 不是山西，我问的是青海.
_TAKEN_BACK = re.compile(
    r"(?:^|[,，。;；\s])我?(?:不是|不要|别说|而不是|not )(?P<what>[^,，。;；?？]{1,12})(?=[,，。;；?？]|$)"
)
_INSTEAD = re.compile(r"[,，。;；]\s*(?:而?是|我(?:问|要|说|指|想知道)的?是?)")
# What a person says who doubts an answer: 你搞错了吧, 不对吧, 我看到的是…, 不是…吗.
_DOUBT = re.compile(
    r"不对|不是|没错吗?|(?:搞|弄|说|看|记|算)错|错了|你确定|确定吗|我(?:看|听|查|记)(?:到|说|得)?的?是?|怎么(?:是|会是)|应该是|明明"
    r"|[你您我]|[吧吗了是的]|[,，。?？!！\s]"
)
_STATES = re.compile(
    "目标|计划|打算|预期|实际|结果"
)  # words that ask of another state, and so of another time
_SHARE = 0.08  # of the likeliest reading's weight, below which another is not followed
_NO_QUESTION = 0.8  # probability from which a message asks nothing; held out, no question in 1,000 reaches it
_RELATIVE = re.compile("大前年|前年|去年|今年|本年|明年")
_WHOLE = 8  # characters of a subject that a claim has of its own
_TURNS = 6  # of the conversation that the question before is read with


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpReading:
    """One way to read a message after a conversation, with its probability."""

    question: Question
    weight: float
    before: Question | None = None  # the question whose topic it takes


def readings(text: str, history: Sequence[Turn], *, known: Known) -> tuple[Question, ...]:
    """Return the ways to read ``text`` after ``history`` (oldest turn first), the likeliest first."""
    return tuple(one.question for one in weighed_readings(text, history, known=known))


def weighed_readings(text: str, history: Sequence[Turn], *, known: Known) -> tuple[FollowUpReading, ...]:
    """Return the ways to read ``text`` after ``history`` with their probabilities, the likeliest first.

    What carries over is decided by a learned classifier; a message without a subject of its own has only the
    reading that takes the topic spoken of before.
    """
    question = read(text, known=known)
    question = replace(question, language=spoken(question.asked, history))
    if question.reason:
        return (FollowUpReading(question=question, weight=1.0),)
    before = _before(history, known)
    if before is not None and (figure := doubted(question.asked)) is not None:
        want = before.want if before.want.kind == "figure" else ExpectedAnswer("figure", (figure.unit,))
        again = replace(before, asked=question.asked, completed=True, own="", want=want, doubted=figure.text)
        return (FollowUpReading(question=again, weight=1.0, before=before),)
    if _kinds(question, before, known)["none"] > _NO_QUESTION:
        reason = "thanks" if before is not None and _takes_up(question, before, known) else "off_topic"
        return (FollowUpReading(question=replace(question, reason=reason), weight=1.0),)
    vague = bool(_VAGUE.search(question.folded)) and not (question.places or question.strangers)
    if before is None:
        asked_back = vague and len(known.places) > 1
        return (
            FollowUpReading(
                question=replace(question, reason="which_place") if asked_back else question, weight=1.0
            ),
        )
    question = _corrected(question, known)
    placed = replace(_placed(question, before), text=question.text)
    topic = replace(_joined(placed, before, known), own=question.content)
    if item := referred_item(question.folded, history):
        topic = replace(
            topic,
            text=f"{_told(placed)}{item} {question.text}",
            content=f"{fold(item)}|{question.content}",
            own=fold(item),
            item=fold(item),
        )
        return (FollowUpReading(question=topic, weight=1.0, before=before),)
    if asks_rest(question.folded):
        rest = replace(before, asked=question.asked, completed=True, own="", shown=fold(_shown(history)))
        return (FollowUpReading(question=rest, weight=1.0, before=before),)
    if has_no_subject(question):
        whole = replace(topic, own="", folded=fold(topic.text))  # 上海呢 asks what was asked before
        return (FollowUpReading(question=whole, weight=1.0, before=before),)
    shares = _shares(question, before, known)
    found = (
        FollowUpReading(question=topic, weight=shares["topic"], before=before),
        FollowUpReading(question=_placed(_timed(question, before, known), before), weight=shares["place"]),
        FollowUpReading(question=question, weight=shares["switch"] + shares["alone"]),
    )
    return _merged(found)


def _shown(history: Sequence[Turn]) -> str:
    """Return what has been shown of an answer: all that was told since somebody asked for more than its rest."""
    told: list[str] = []
    for turn in reversed(history):
        if turn.role == "assistant":
            told.append(turn.content)
        elif told and not asks_rest(fold(turn.content)):
            break
    return "\n".join(reversed(told))


def _is_whole(question: Question) -> bool:
    """Tell whether a message names its place, its thing and a figure of it: a claim that needs no other's topic."""
    counted = any(one.sort is Sort.QUANTITY and "几" not in one.text for one in figures(question.asked))
    return bool(question.places) and counted and len(subject(question.content)) >= _WHOLE


def doubted(text: str) -> Figure | None:
    """Return the figure that a message holds against an answer and says nothing else by; None for any other message."""
    found = [one for one in figures(text) if one.sort is Sort.QUANTITY]
    if len(found) != 1 or not _DOUBT.search(text):
        return None
    rest = text[: found[0].start] + text[found[0].end :]
    return None if _DOUBT.sub("", rest) else found[0]


def spoken(text: str, history: Sequence[Turn]) -> Language:
    """Return the language to answer a message in: letters that are no English speak the language of the talk, or Chinese."""
    own = language_of(text)
    if own is not Language.EN or sounds_english(text):
        return own
    earlier = [language_of(turn.content) for turn in history if turn.role == "user"]
    return earlier[-1] if earlier else Language.HANS


def _shares(question: Question, before: Question, known: Known) -> dict[str, float]:
    """Return how likely a message takes up the topic, keeps the place or does neither; no question takes up nothing."""
    follow = load().probabilities(_features(question, before, known), "follow")
    asks = 1 - _kinds(question, before, known)["none"]
    shares = {name: share * (asks if name in ("topic", "place") else 1.0) for name, share in follow.items()}
    return shares | ({"topic": 0.0} if _is_whole(question) else {})


def _takes_up(question: Question, before: Question, known: Known) -> bool:
    """Tell whether a message speaks to what was said before, as thanks do and a run of letters does not."""
    shares = load().probabilities(_features(question, before, known), "follow")
    return max(shares, key=lambda name: shares[name]) == "topic"


def _kinds(question: Question, before: Question | None, known: Known) -> dict[str, float]:
    return load().probabilities(_features(question, before, known), "kind")


def _features(question: Question, before: Question | None, known: Known) -> dict[str, float]:
    earlier = before.asked if before is not None else ""
    return features(message(question.asked, known.gazetteer, prefer=known.places, before=earlier))


def _merged(found: Sequence[FollowUpReading]) -> tuple[FollowUpReading, ...]:
    """Join readings that come to the same, leave out the unlikely ones, and let the weights sum to 1."""
    joined: dict[tuple[object, ...], FollowUpReading] = {}
    for one in found:
        read_so = one.question
        key = (read_so.content, read_so.places, read_so.strangers, read_so.years)
        weight = joined[key].weight + one.weight if key in joined else one.weight
        joined[key] = replace(joined.get(key, one), weight=weight)
    likely = sorted(joined.values(), key=lambda one: -one.weight)
    kept = [one for one in likely if one.weight >= _SHARE * likely[0].weight]
    total = sum(one.weight for one in kept)
    return tuple(replace(one, weight=one.weight / total) for one in kept)


def _before(history: Sequence[Turn], known: Known) -> Question | None:
    """Return the last question of the conversation, itself read after those before it."""
    turns = [n for n, turn in enumerate(history) if turn.role == "user" and turn.content.strip()]
    if not turns:
        return None
    last = turns[-1]
    found = readings(history[last].content, history[max(0, last - _TURNS) : last], known=known)[0]
    return None if found.reason else found


def _corrected(question: Question, known: Known) -> Question:
    """Read a correction without what it takes back, where that names a place or a year and something is left."""
    left, taken = question.asked, []
    for match in _TAKEN_BACK.finditer(question.asked):
        named = known.gazetteer.find(match["what"], prefer=known.places) or names_years(fold(match["what"]))
        if named or _INSTEAD.match(question.asked, match.end()):
            taken.append(match[0])
    for words in taken:
        left = left.replace(words, " ")
    if not taken or not left.strip(" ,，。;；"):
        return question
    return replace(read(left, known=known), asked=question.asked)


def _timed(question: Question, before: Question, known: Known) -> Question:
    """Read a message that names no time at the time, and with the plan, of the question before: 今年, 目标."""
    if names_years(question.folded) or question.language is Language.EN:
        return question
    told = "".join(dict.fromkeys(_RELATIVE.findall(before.folded)))
    plan = "目标" if asked(before.folded) > 0 and asked(question.folded) <= 0 else ""
    if not told and not plan:
        return question
    timed = read(f"{told}{plan}{question.asked}", known=known)
    return replace(timed, asked=question.asked) if not timed.reason else question


def _placed(question: Question, before: Question) -> Question:
    if question.places or question.strangers or question.all_places or question.national:
        return replace(question, completed=True)
    carried = "、".join((*before.places, *before.strangers))
    return replace(
        question,
        text=f"{carried}{question.text}",
        places=before.places,
        strangers=before.strangers,
        all_places=before.all_places,
        national=before.national,
        years=question.years or (before.years if not names_years(question.folded) else ()),
        completed=True,
    )


def _told(question: Question) -> str:
    """Return the places and years that a follow-up keeps, as words to search with."""
    return "".join((*question.places, *(f"{year}年" for year in question.years)))


def _joined(question: Question, before: Question, known: Known) -> Question:
    bare = has_no_subject(question)
    want = question.want if question.want.asks else before.want
    if bare and want.kind == "figure" and not want.units and before.want.kind == "figure":
        want = ExpectedAnswer("figure", before.want.units)
    intent = question.intent
    if intent is Intent.LOOKUP and not question.want.asks and len(question.places) < 2:
        intent = before.intent
    if intent in (Intent.COMPARE, Intent.WHICH) and len(question.places) == 1:
        intent = Intent.LOOKUP
    return replace(
        question,
        text=f"{_kept_of(before, question, known)} {question.text}",
        content=before.content if bare else f"{question.content}|{before.content}",
        own="" if bare else question.content,
        quoted=question.quoted or before.quoted,
        years=question.years
        or (() if names_years(question.folded) or _STATES.search(question.folded) else before.years),
        want=want,
        intent=intent,
        parts=question.parts,
    )


def _kept_of(before: Question, question: Question, known: Known) -> str:
    """Return the words of the question before without the places and years that the new one puts in their place."""
    text = before.text
    if question.places != before.places or question.strangers != before.strangers:
        for mention in reversed(known.gazetteer.find(text, prefer=known.places)):
            text = text[: mention.start] + text[mention.end :]
    timed = names_years(question.folded) or _STATES.search(question.folded)
    return without_years(text) if timed else text


def subject(content: str) -> str:
    """Return what a folded question says of its own subject: nothing of 那呢？ or 有多少？."""
    return _EMPTY.sub("", content)


def has_no_subject(question: Question) -> bool:
    """Tell whether a question has no subject of its own (那台州呢？, 有多少？)."""
    return len(subject(without_years(question.content))) < 2
