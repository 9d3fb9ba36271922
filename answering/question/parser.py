"""Read a question into a frame: which places and years, what is wanted, and the words that say of what."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from answering.lexicon.thesaurus import load
from answering.question import decompose as parts
from answering.question import scope
from answering.question.intent import ExpectedAnswer, Intent, intent_of, want_of
from answering.values.answer import Language
from retrieval.quantities import Sort, figures, years
from retrieval.text.normalize import fold, is_english, is_traditional

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.places.gazetteer import Gazetteer, Mention

_ALL = re.compile(
    r"(各|四|两|三|五|六|这些|这几|几|所有|全部|每)(个|座)?(城市|城|市|地|省|家)(?!民)|(哪|多少)(一|几|两|些)?(个|座)?(城市|城|市|省|地方|家)(?!民)"
    r"|谁(家|的|也|都)?[^,，。?？]{0,10}(最|更|多|少|高|低|大|第一|领先)|谁(家)?(在|也|都)?(提|讲|说)(到|过|了)|有谁|\b(which|what|all|each|every|four|the)( of the)? ?(four |other )?(cit(y|ies)|places?|provinces?)\b"
)
RANKING = re.compile(
    r"(?:数量|数目|总数|数字)?排(?:名|序)(?=[?？。!！\s]*$)"
)  # asks for an order, of no subject
_QUOTED = re.compile(r"[“\"「『《‘]([^”\"」』》’]{2,40})[”\"」』》’]")
# What the asker sums up in marks of their own (“三化”, “某某工程”) stands in no text.
COINED = re.compile(r"^[一二三四五六七八九十两几\d]+个?.$|^.$|某|[xX×]{2}|什么|哪")
_ROLE = re.compile(
    r"(导演|作者|编剧|主演|演员|作曲|设计师|设计者|市长|书记|区长|县长|省长|镇长|局长|主任|负责人|院长|校长|厂长|老板|董事长|总经理|主席|发言人"
    r"|记者|司机|冠军|得主|创始人|投资方|开发商|承包商|供应商|赞助商|地址|电话号码|联系方式|联系电话|邮箱|网址)[^,。?？]{0,6}(谁|哪|什么名|姓|叫|是什么|是多少|告诉|给我|发我|$)|(?:谁|哪(?:位|个))是?(?:当|任|做)?(?P<role>导演|作者|市长|书记|区长|县长|局长|主任|负责人)"
    r"|哪(?:一)?(?:家|所|间|座)(?P<body>[一-鿿]{2})"
)
_NATIONAL = re.compile(
    # 全国 that a rank or a comparison is made with is nobody who is asked of
    r"(?<![占居比于])全国(?!排|第|平均|水平|文明|卫生|道德|先进|优秀|模范|百强|人大|政协|重点|一流|领先|前列|性|劳模|首)|国务院|我国|全中国|\bnational(ly|wide)?\b|\bchina's\b"
)
_CONFIRM = re.compile(
    r"对吧|对吗|对不对|是吧|是吗|是不是|没错吧|没问题吧|没毛病吧|属实|是真的|真的吗|确认|right\?|correct\?|is it true|isn't it|吗[?？]?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TitledDocument:
    """A document as a question may name it."""

    id: str
    title: str
    place: str | None  # that it speaks for, the country as "中国"
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the corpus at hand holds, as far as reading a question needs it."""

    gazetteer: Gazetteer
    places: tuple[str, ...]
    loose: bool = False  # most texts speak for no place: one that is not held may still be told of in them
    newest: Mapping[str, int] = field(
        default_factory=dict
    )  # place → year of its newest text, "" for all places
    documents: tuple[TitledDocument, ...] = ()  # that a question may name


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The frame of a question."""

    text: str  # as typed, or completed from the conversation
    asked: str  # as typed
    folded: str
    language: Language
    intent: Intent = Intent.LOOKUP
    want: ExpectedAnswer = field(default_factory=ExpectedAnswer)
    places: tuple[str, ...] = ()  # those asked of that the corpus holds
    strangers: tuple[str, ...] = ()  # those asked of that it does not hold
    all_places: bool = False
    years: tuple[int, ...] = ()
    national: bool = False  # asked of the whole country
    unplaced: bool = False  # of a place that only texts of no place can tell of
    content: str = ""
    parts: tuple[parts.Part, ...] = ()
    quoted: tuple[str, ...] = ()
    confirm: bool = False  # asks whether something is so
    reason: str = ""  # why it is no question to the corpus
    needed: tuple[str, ...] = ()  # words that a sentence must hold to answer: the role or body asked for
    own: str = ""  # of a question joined to the one before: its own words, of which some must be met
    completed: bool = False  # took something from the conversation
    item: str = ""  # of a follow-up that points to a member of what was shown: its words, folded
    shown: str = ""  # of a follow-up that asks for the rest: what has been shown of it, folded
    doubted: str = ""  # of a message that doubts an answer: the figure that it holds against it, as typed
    rewritten: bool = False  # by a model, which completed it from the conversation


def read(text: str, *, known: Known) -> Question:
    """Read one question by itself; needs no model.

    The result's ``reason`` is a key of the bot's messages when the text is no question to the corpus.
    """
    asked = text.strip()
    folded = fold(asked)
    language = language_of(asked)
    if not re.search(r"\w", folded):
        why = "unreadable" if scope.is_broken(asked) else "empty"
        return Question(text=asked, asked=asked, folded=folded, language=language, reason=why)
    if len(asked) > scope.LONGEST:
        return Question(text=asked, asked=asked, folded=folded, language=language, reason="too_long")
    folded, ordered = scope.strip_orders(folded)
    if ordered and not _substance(folded, known):
        why = "secret" if scope.asks_secret(fold(asked)) else "injection"
        return Question(text=asked, asked=asked, folded=folded, language=language, reason=why)
    if reason := scope.reason(folded):
        return Question(text=asked, asked=asked, folded=folded, language=language, reason=reason)
    frame = _frame(asked, folded, language, known)
    return replace(frame, confirm=frame.confirm or ordered)


def language_of(text: str) -> Language:
    """Return the language that a text is written in, so that it is answered in the same."""
    if is_english(text):
        return Language.EN
    return Language.HANT if is_traditional(text) else Language.HANS


def _substance(folded: str, known: Known) -> bool:
    return len(folded) >= 4 and bool(
        known.gazetteer.find(folded, prefer=known.places)
        or want_of(folded, load()).asks
        or any(f.sort is Sort.QUANTITY for f in figures(folded))
    )


def _frame(asked: str, folded: str, language: Language, known: Known) -> Question:
    spotted = known.gazetteer.find(folded, prefer=known.places) if known.places else ()
    mentions = [one for one in spotted if not known.loose or _is_held(one, known)]
    named = tuple(dict.fromkeys(m.place.name for m in mentions))
    held = tuple(p for p in named if p in known.places)
    strangers = tuple(p for p in named if p not in known.places and not _holds(p, known))
    held += tuple(q for p in named if p not in known.places for q in _inside(p, known) if q not in held)
    everywhere = not named and bool(_ALL.search(folded))
    spoken = years(folded)
    want = want_of(folded, load())
    content = _without(folded, mentions)
    if everywhere or len(held) > 1:
        content = RANKING.sub("", content)
    asked_of = parts.of_places(folded, mentions, held)
    if len(held) == 1 and not strangers:
        asked_of = parts.of_years(content, held[0], spoken)
    elif not held and not strangers:
        asked_of = parts.of_years(content, None, spoken)
    several = max(len(held) + len(strangers), len(asked_of))
    intent = intent_of(folded, want, places=several, everywhere=everywhere)
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
        years=spoken,
        unplaced=bool(spotted) and not mentions,
        national=not named and bool(_NATIONAL.search(folded)),
        content=content,
        parts=asked_of,
        quoted=tuple(q for q in _QUOTED.findall(folded) if not q.isascii()),
        confirm=bool(_CONFIRM.search(folded)),
        needed=_needed(folded),
    )


def _is_held(mention: Mention, known: Known) -> bool:
    return mention.place.name in known.places or _holds(mention.place.name, known)


def _needed(folded: str) -> tuple[str, ...]:
    return tuple(next(filter(None, (m[1], m["role"], m["body"]))) for m in _ROLE.finditer(folded))


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
