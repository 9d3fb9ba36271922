"""Take what a question lacks (place, subject, what is wanted) from the conversation before it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from answering.question.intent import ExpectedAnswer, Intent
from answering.question.parser import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.question.parser import Known, Question
    from answering.values.answer import Turn

_VAGUE = re.compile(r"(这个|该|那个|本|咱们?|我们)(城市|市|地方|省|区)(?!民)|\b(this|that) city\b")
_FOLLOWS = re.compile(
    r"^(那|那么|还有|另外|以及|同样|同一|其中|里面|这|此外|再|接着|然后)|^(and|what about|how about|from) "
    r"|^(它|他|她|其)|(那|上面|刚才|前面)(个|些|里|说的)|呢[?？。]*$|对应|相应"
    r"|^.{0,6}(多少|几个|几|啥|什么|哪些|为什么|怎么)[?？]?$|\b(it|its|they|them|their|that one)\b"
)
_EMPTY = re.compile(
    r"[|\s,。?？!]|那么?|还有|另外|呢|同样(的|地)?|(事|活|做法|情况)|对应|相应|数(字|量|目)?|多少|有|几|个|的|是|弄|做|了|什么|啥"
    r"|总(?=面积|金额|长度|人数|数)|面积|金额|长度|里程|人数|比例|多大|how|about|what|and|many|from|age"
)
_CHINESE = re.compile(r"[一-鿿]")
_SCANT = 2  # characters of a subject that mostly narrows the one before (县级的呢？)
_SHORT = 8  # characters: so short a question hardly stands by itself


def readings(text: str, history: Sequence[Turn], *, known: Known) -> tuple[Question, ...]:
    """Return the ways to read ``text`` after ``history`` (oldest turn first), the likeliest first.

    A question that lacks something is read with its own words in the place spoken of before, then with the
    words of the former question joined to its own.
    """
    question = read(text, known=known)
    if question.reason:
        return (question,)
    before = _before(history, known)
    vague = bool(_VAGUE.search(question.folded)) and not (question.places or question.strangers)
    if before is None:
        return (replace(question, reason="which_place"),) if vague and len(known.places) > 1 else (question,)
    placed = question.places or question.strangers or question.all_places
    follows = bool(_FOLLOWS.search(question.folded)) or _is_short(question.folded)
    if placed and not follows and not vague:
        return (question,)
    alone = _placed(question, before)
    joined = _joined(alone, before)
    if _has_no_subject(question):
        return (joined,)
    if len(subject(question.content)) <= _SCANT:
        return (joined, alone)
    return (alone, joined) if follows or vague or _CHINESE.search(question.folded) else (alone,)


def _before(history: Sequence[Turn], known: Known) -> Question | None:
    """Return the last question of the conversation, itself read after those before it."""
    asked = [n for n, turn in enumerate(history) if turn.role == "user" and turn.content.strip()]
    if not asked:
        return None
    last = asked[-1]
    found = readings(history[last].content, history[max(0, last - 6) : last], known=known)[-1]
    return None if found.reason else found


def _placed(question: Question, before: Question) -> Question:
    if question.places or question.strangers or question.all_places:
        return replace(question, completed=True)
    return replace(
        question,
        places=before.places,
        strangers=before.strangers,
        all_places=before.all_places,
        completed=True,
    )


def _joined(question: Question, before: Question) -> Question:
    bare = _has_no_subject(question)
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
        text=f"{before.text} {question.asked}",
        content=before.content if bare else f"{question.content}|{before.content}",
        own="" if bare else question.content,
        quoted=question.quoted or before.quoted,
        years=question.years or before.years,
        want=want,
        intent=intent,
        parts=question.parts,
    )


def subject(content: str) -> str:
    """Return what a folded question says of its own subject: nothing of 那呢？ or 有多少？."""
    return _EMPTY.sub("", content)


def _is_short(folded: str) -> bool:
    """Tell whether a question is too short to stand by itself, which the letters of one word don't tell."""
    return len(folded) <= _SHORT and bool(_CHINESE.search(folded))


def _has_no_subject(question: Question) -> bool:
    """Tell whether a question has no subject of its own (那台州呢？, 有多少？)."""
    return len(subject(question.content)) < 2
