"""Read a question into a frame: which places and years, what is wanted, and the words that say of what."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from answering import scope
from answering.answer import Language, Turn
from answering.intent import Intent, Want, intent_of, want_of
from answering.lexicon import load
from retrieval.chinese import fold, is_english, is_traditional
from retrieval.numerals import years

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.places import Gazetteer, Mention

_ALL = re.compile(
    r"(各|四|两|三|五|六|这些|这几|几|所有|全部|每)(个|座)?(城市|城|市|地|省|家)(?!民)|哪(一|几|两|些)?(个|座)?(城市|城|市|省|地方|家)(?!民)"
    r"|谁|\b(which|what|all|each|every|four|the)( of the)? ?(four |other )?(cit(y|ies)|places?|provinces?)\b"
)
_VAGUE = re.compile(r"(这个|该|那个|本|咱们?|我们)(城市|市|地方|省|区)(?!民)|\b(this|that|the) city\b")
_FOLLOW = re.compile(
    r"^(那|那么|还有|另外|以及|同样|同一|其中|里面|这里面|这|此外|再|接着|然后|and |what about|how about)"
    r"|^(它|他们|它们|其)|(那|上面|刚才|前面)(个|些|里|说的)|(呢)[?？。!]*$|^.{0,6}(多少|几个|几|啥|什么|哪些|为什么|怎么)[?？]?$"
    r"|\b(it|its|they|them|their|that one)\b"
)
_QUOTED = re.compile(r"[“\"「『《‘]([^”\"」』》’]{2,40})[”\"」』》’]")
# What the asker sums up in marks of their own (“三化”, “某某工程”) stands in no text.
_COINED = re.compile(r"^[一二三四五六七八九十两几\d]+个?.$|^.$|某|[xX×]{2}|什么|哪")
_ROLE = re.compile(
    r"(导演|作者|编剧|主演|演员|作曲|设计师|设计者|市长|书记|区长|县长|省长|镇长|局长|主任|负责人|院长|校长|厂长|老板|董事长|总经理|主席|发言人"
    r"|记者|司机|冠军|得主|创始人|投资方|开发商|承包商|供应商|赞助商)[^,。?？]{0,6}(谁|哪|什么名|姓|叫)|(?:谁|哪(?:位|个))是?(?:当|任|做)?(?P<role>导演|作者|市长|书记|区长|县长|局长|主任|负责人)"
    r"|哪(?:一)?(?:家|所|间|座)(?P<body>[一-鿿]{2})"
)
_CONFIRM = re.compile(
    r"对吧|对吗|对不对|是吧|是吗|是不是|没错吧|属实|是真的|真的吗|确认|right\?|correct\?|is it true|isn't it|吗[?？]?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the corpus at hand holds, as far as reading a question needs it."""

    gazetteer: Gazetteer
    places: tuple[str, ...]
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is asked of one group of places: a comparison may ask each place something else."""

    places: tuple[str, ...]
    content: str  # folded; frame words and places still in it are dropped by answering.terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The frame of a question."""

    text: str  # as typed, or completed from the conversation
    asked: str  # as typed
    folded: str
    language: Language
    intent: Intent = Intent.LOOKUP
    want: Want = field(default_factory=Want)
    places: tuple[str, ...] = ()  # those asked of that the corpus holds
    strangers: tuple[str, ...] = ()  # those asked of that it does not hold
    all_places: bool = False
    years: tuple[int, ...] = ()
    content: str = ""
    parts: tuple[Part, ...] = ()
    quoted: tuple[str, ...] = ()
    confirm: bool = False  # asks whether something is so
    reason: str = ""  # why it is no question to the corpus
    needed: tuple[str, ...] = ()  # words that a sentence must hold to answer: the role or body asked for
    completed: bool = False  # took something from the conversation


def read(text: str, history: Sequence[Turn] = (), *, known: Known) -> Question:
    """Read ``text`` in the light of the conversation; needs no model.

    ``history`` runs from the oldest turn to the newest. The result's ``reason`` is a key of the bot's messages
    when the text is no question to the corpus.
    """
    asked = text.strip()
    folded = fold(asked)
    language = _language(asked)
    if not re.search(r"\w", folded):
        return Question(text=asked, asked=asked, folded=folded, language=language, reason="empty")
    if len(asked) > scope.LONGEST:
        return Question(text=asked, asked=asked, folded=folded, language=language, reason="too_long")
    folded, ordered = scope.strip_orders(folded)
    if ordered and not _substance(folded, known):
        why = "secret" if scope.asks_secret(fold(asked)) else "injection"
        return Question(text=asked, asked=asked, folded=folded, language=language, reason=why)
    if reason := scope.reason(folded):
        return Question(text=asked, asked=asked, folded=folded, language=language, reason=reason)
    return _complete(_frame(asked, folded, language, known), history, known)


def _language(text: str) -> Language:
    if is_english(text):
        return Language.EN
    return Language.HANT if is_traditional(text) else Language.HANS


def _substance(folded: str, known: Known) -> bool:
    return len(folded) >= 4 and bool(
        known.gazetteer.find(folded, prefer=known.places) or want_of(folded, load()).asks
    )


def _frame(asked: str, folded: str, language: Language, known: Known) -> Question:
    mentions = known.gazetteer.find(folded, prefer=known.places)
    named = tuple(dict.fromkeys(m.place.name for m in mentions))
    held = tuple(p for p in named if p in known.places)
    strangers = tuple(p for p in named if p not in known.places and not _holds(p, known))
    held += tuple(q for p in named if p not in known.places for q in _inside(p, known) if q not in held)
    everywhere = not named and bool(_ALL.search(folded))
    want = want_of(folded, load())
    intent = intent_of(folded, want, places=len(held) + len(strangers), everywhere=everywhere)
    return Question(
        text=asked,
        asked=asked,
        folded=folded,
        language=language,
        intent=intent,
        want=want,
        places=held,
        strangers=strangers,
        all_places=everywhere,
        years=years(folded),
        content=_without(folded, mentions),
        parts=_parts(folded, mentions, held),
        quoted=tuple(q for q in _QUOTED.findall(folded) if not (q.isascii() or _COINED.search(q))),
        confirm=bool(_CONFIRM.search(folded)),
        needed=_needed(folded),
    )


def _needed(folded: str) -> tuple[str, ...]:
    return tuple(next(filter(None, m.groups()[:1] + (m["role"], m["body"]))) for m in _ROLE.finditer(folded))


def _inside(place: str, known: Known) -> tuple[str, ...]:
    """Return the corpus's places of a province that the corpus holds no text of its own for."""
    return tuple(
        name
        for name in known.places
        if (found := known.gazetteer.resolve(name)) is not None and found.province == place and name != place
    )


def _holds(place: str, known: Known) -> bool:
    return bool(_inside(place, known))


def _without(folded: str, mentions: Sequence[Mention]) -> str:
    """Return the text with a bar where each place stood, so that words do not grow together over the gap."""
    out, at = [], 0
    for mention in mentions:
        out.append(folded[at : mention.start])
        at = max(at, mention.end)
    return "|".join([*out, folded[at:]])


def _parts(folded: str, mentions: Sequence[Mention], held: tuple[str, ...]) -> tuple[Part, ...]:
    """Give each place of a comparison the words that belong to it.

    Words before the first place belong to all. If words follow the first place before the next one, each place owns
    what follows it; else the places share what follows the last.
    """
    if len(held) < 2 or len(mentions) < 2:
        return ()
    before = folded[: mentions[0].start]
    ends = [m.start for m in mentions[1:]] + [len(folded)]
    owned = [folded[m.end : end] for m, end in zip(mentions, ends, strict=True)]
    own = [
        bool(re.sub(r"[\s、,和与跟同及以的还有vsand]|分别|各自?|都|比|相比|对比", "", text)) for text in owned
    ]
    if not all(own):
        shared = before + "|" + "|".join(owned)
        return tuple(Part(places=(m.place.name,), content=shared) for m in _first(mentions))
    return tuple(
        Part(places=(m.place.name,), content=f"{before}|{text}")
        for m, text in zip(mentions, owned, strict=True)
    )


def _first(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    return tuple({m.place.name: m for m in reversed(mentions)}.values())[::-1]


def _complete(question: Question, history: Sequence[Turn], known: Known) -> Question:
    """Take what the question lacks (place, subject, what is wanted) from the conversation."""
    former = next((t.content for t in reversed(history) if t.role == "user" and t.content.strip()), "")
    vague = bool(_VAGUE.search(question.folded)) and not question.places and not question.strangers
    if not former:
        return replace(question, reason="which_place") if vague and len(known.places) > 1 else question
    before = read(former, (), known=known)
    if before.reason:
        return replace(question, reason="which_place") if vague and len(known.places) > 1 else question
    follows = bool(_FOLLOW.search(question.folded)) or len(question.folded) <= 8
    if not follows and not vague and (question.places or question.strangers or question.all_places):
        return question
    return _merge(question, before, follows=follows)


def _merge(question: Question, before: Question, *, follows: bool) -> Question:
    named = question.places or question.strangers or question.all_places
    merged = replace(question, completed=True)
    if not named:
        merged = replace(
            merged, places=before.places, strangers=before.strangers, all_places=before.all_places
        )
    if not follows:
        return merged
    content = before.content if _thin(question) else f"{question.content}|{before.content}"
    merged = replace(
        merged,
        content=content,
        quoted=question.quoted or before.quoted,
        years=question.years or before.years,
        text=f"{before.asked} {question.asked}",
        want=question.want if question.want.asks else before.want,
    )
    if question.intent is Intent.LOOKUP and not question.want.asks:
        merged = replace(merged, intent=before.intent if len(merged.places) < 2 else merged.intent)
    return merged


_THIN = re.compile(
    r"[|\s,。?？!]|那么?|还有|另外|呢|同样(的|地)?|(事|活|做法|情况)|多少|有|几|个|的|是|弄|做|了|什么|啥|how|about|what|and|many"
)


def _thin(question: Question) -> bool:
    """Tell whether the question has no subject of its own (那台州呢？, 有多少？)."""
    return len(_THIN.sub("", question.content)) < 2
