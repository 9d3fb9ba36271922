"""What a message refers to: the words that it quotes or replies to, and whether it asks if they are true."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.claims.claim_request import CHECK, claimed
from answering.question.scope import LONGEST
from answering.values.answer import Turn
from retrieval.quantities import figures
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from telegram import Message, User

POINTING = 6  # characters that may be left of "上面说的对吗" once the words that ask are gone
_TRUE = re.compile(
    r"(?:is (?:this|that|it) (?:true|right|correct|so)|fact ?check|check (?:this|that|it))[\s?？!！.]*"
)
_ASKING = re.compile(r"[?？]\s*$")


def replied_words(message: Message, me: User) -> str:
    """Return the words that a message quotes, or else those of the message of somebody else it replies to."""
    if message.quote is not None and message.quote.text.strip():
        return message.quote.text.strip()
    replied = message.reply_to_message
    if replied is None or (replied.from_user is not None and replied.from_user.id == me.id):
        return ""
    return (replied.text or replied.caption or "").strip()


def asks_to_check(words: str) -> bool:
    """Tell whether words ask nothing but whether something is true that stands elsewhere: 这是真的吗."""
    folded = fold(words)
    if _TRUE.fullmatch(folded):
        return True
    rest = claimed(words)
    return rest != words.strip(" ，,。？?！!；;") and len(rest) <= POINTING and not figures(rest)


def with_replied(question: str, replied: str) -> tuple[str, tuple[Turn, ...]]:
    """Return what is asked where the words ``replied`` stand above, and the turn that they make before it.

    A mention alone hands them on: as the question that they are, or as claims to be checked.
    """
    if not replied:
        return question, ()
    if not question:
        return (replied if _ASKING.search(replied) and len(replied) <= LONGEST else CHECK + replied), ()
    if asks_to_check(question):
        return CHECK + replied, ()
    return question, (Turn(role="user", content=replied[:LONGEST]),)


def put_before(message: Message, question: str) -> str:
    """Return what a message asks that is no reply: an article, pasted or handed on, is to be checked."""
    is_handed_on = message.forward_origin is not None and bool(figures(question))
    is_article = len(question) > LONGEST or is_handed_on
    return CHECK + question if is_article and not _ASKING.search(question) else question
