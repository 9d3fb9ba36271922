"""Targets and results in a chat, page by page: under each pair a tap to either passage."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.ledger.promise import Promise, PromiseQuote, PromiseState
from answering.ledger.promise_ledger import held_promises, ledger_places
from answering.lexicon.phrases import place_name
from bot.presentation.rendering import Block, BlockKind, TextRun, TextStyle, line, squeezed
from bot.telegram.formatting import keyboards
from bot.telegram.formatting.keyboards import CARRIED, ButtonData
from bot.telegram.views.fact_list import OPEN
from bot.telegram.views.fact_rows import FactPage
from retrieval.facts.sentence_reading import COUNTRY
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.messages import Messages
    from bot.telegram.context.protocols import LibraryLike
    from bot.telegram.formatting.keyboards import Labelled

PROMISES = "pm"  # the tap that turns pages
ROWS = 5  # pairs on a page
_LONGEST = 80  # characters of a quotation in a list
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)年?")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseListQuery:
    """What is listed, and how it is limited; "" and 0 set no limit."""

    place: str = ""
    year: int = 0
    words: str = ""
    page: int = 0

    def tap(self, page: int) -> ButtonData:
        """Return the tap that turns to a page of this."""
        words = self.words.replace(":", "").encode()[: max(0, CARRIED - len(self.place.encode()) - 8)]
        fields = (str(page), self.place, str(self.year), words.decode(errors="ignore"))
        return ButtonData(PROMISES, fields)

    @classmethod
    def read(cls, tap: ButtonData) -> PromiseListQuery | None:
        """Return what a tap is about; None where it carries nothing of ours."""
        page, place, year, words = (*tap.fields, "", "", "", "")[:4]
        if keyboards.NUMBER.fullmatch(page) is None or keyboards.NUMBER.fullmatch(year) is None:
            return None
        return cls(place=place, year=int(year), words=words, page=int(page))


def spoken(text: str, library: LibraryLike) -> PromiseListQuery:
    """Return what is asked for after a command: a place, a year, the rest as words. Waits for the library."""
    held = ledger_places(library)
    look = PromiseListQuery()
    if found := _YEAR.search(text):
        look, text = replace(look, year=int(found[0][:4])), text.replace(found[0], " ", 1)
    for mention in reversed(library.gazetteer.find(text, prefer=library.places())):
        if mention.place.name in held and not look.place:
            text = text[: mention.start] + " " + text[mention.end :]
            look = replace(look, place=mention.place.name)
    if COUNTRY in text:
        look, text = replace(look, place=COUNTRY), text.replace(COUNTRY, " ")
    return replace(look, place=look.place or (held[0] if held else ""), words="".join(text.split()))


def page(library: LibraryLike, look: PromiseListQuery, said: Messages) -> FactPage:
    """Return a page of pairs, those with a result first. Waits for the library."""
    found = _found(library, look)
    pages = max(1, -(-len(found) // ROWS))
    at = min(look.page, pages - 1)
    shown = list(enumerate(found[at * ROWS : (at + 1) * ROWS], at * ROWS + 1))
    is_country = look.place == COUNTRY
    place = (
        said.say("promises_country")
        if is_country
        else place_name(look.place, said.language, library.gazetteer)
    )
    blocks = [_head(replace(look, place=place), found, said)]
    for number, one in shown:
        blocks += _pair(number, one, said)
    taps = [_taps(shown, side, said) for side in ("target", "result")]
    hint = said.say("promises_hint" if found else "promises_none")
    turn = keyboards.turning(PROMISES, at, pages, look.tap(0).fields[1:], said)
    return FactPage(
        blocks=(*blocks, line(hint, style=TextStyle.FAINT, apart=True)), markup=keyboards.rows([*taps, turn])
    )


def _found(library: LibraryLike, look: PromiseListQuery) -> list[Promise]:
    held = held_promises(library, look.place) if look.place else ()
    words = fold(look.words)
    found = [one for one in held if (not look.year or one.year == look.year) and words in _told(one)]
    found.sort(key=lambda one: (one.result is None, one.year))
    return found


def _told(one: Promise) -> str:
    sides = (side.quote for side in (one.target, one.result) if side is not None)
    return fold("|".join((one.metric, *sides)))


def _head(look: PromiseListQuery, found: Sequence[Promise], said: Messages) -> Block:
    counts = Counter(one.state for one in found)
    states = [
        said.say("promises_count", state=said.say(f"promise_state_{state.value}"), count=counts[state])
        for state in PromiseState
        if counts[state]
    ]
    chosen = " · ".join(part for part in (look.place, str(look.year or ""), look.words) if part)
    title = said.say("promises_title", count=len(found))
    told = f" · {chosen}" if chosen else ""
    states_told = f"\n{said.say('chart_joint').join(states)}" if states else ""
    return Block((TextRun(title, TextStyle.STRONG), TextRun(told + states_told)), BlockKind.TITLE)


def _pair(number: int, one: Promise, said: Messages) -> list[Block]:
    state = said.say(f"promise_state_{one.state.value}")
    note = said.say("promises_note", note=said.say(f"promise_note_{one.note}")) if one.note else ""
    rows = [Block((TextRun(f"{number}. "), TextRun(state, TextStyle.STRONG), TextRun(note, TextStyle.FAINT)))]
    for key, side in (("promises_target", one.target), ("promises_result", one.result)):
        if side is not None:
            lead = said.say(
                key, year=one.year if key == "promises_target" else (side.date or "")[:4] or one.year + 1
            )
            rows.append(Block((TextRun(lead, TextStyle.FAINT), TextRun(_short(side)))))
    return rows


def _short(side: PromiseQuote) -> str:
    words = squeezed(side.quote)
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _taps(shown: Sequence[tuple[int, Promise]], name: str, said: Messages) -> list[Labelled]:
    """Make a row of buttons that open the passages of the targets, or of the results."""
    taps = []
    for number, one in shown:
        side: PromiseQuote | None = getattr(one, name)
        if side is not None:
            tap = ButtonData(OPEN, (side.passage, str(side.start), str(side.end), str(number)))
            taps.append((said.say(f"promises_to_{name}", number=number), tap))
    return taps
