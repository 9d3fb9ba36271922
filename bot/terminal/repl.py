"""A conversation in the terminal: what is typed is a question, or a command that begins with a stroke."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.lexicon.phrases import place_name
from answering.values.answer import Answer, Citation, Language, Turn
from bot.messages import Messages, messages
from bot.observability.logs import record_failure
from bot.presentation import explanation as explaining
from bot.presentation import rendering
from bot.presentation.partial_answer import PartialAnswer, follow
from bot.presentation.rendering import Block, BlockKind, TextRun, TextStyle, line
from bot.terminal.cited_tables import cited_sources, printed_source
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.presentation.partial_answer import StreamingAnswerer
    from retrieval.library import Library
    from retrieval.values.documents import Document

SHOWN_PLACES = 8
FOOTNOTE = 36  # characters: a line of a usual window
REMEMBERED = 12  # turns that a later question may refer to


@dataclass(frozen=True, slots=True)
class ReplResponse:
    """What is shown for a line, and whether the conversation ends with it."""

    blocks: tuple[Block, ...] = ()
    ends: bool = False


Handler = Callable[..., ReplResponse]  # takes what follows the command, if anything does


class ReplConversation:
    """Hears lines and replies; keeps the turns so far and the last answer with its sources."""

    def __init__(self, answerer: StreamingAnswerer, library: Library, language: Language) -> None:
        self._answerer = answerer
        self._library = library
        self.said = messages(language)
        self.turns: tuple[Turn, ...] = ()
        self.last: Answer | None = None
        self._asked = ""
        self._heard = PartialAnswer()
        self._handlers: dict[str, Handler] = {
            "/sources": self._sources,
            "/open": self._open,
            "/why": self._why,
            "/cities": self._cities,
            "/new": self._new,
            "/lang": self._lang,
            "/help": self._help,
            "/quit": self._quit,
        }

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands there are."""
        return tuple(self._handlers)

    async def hear(self, text: str, tell: Callable[[PartialAnswer], None] | None = None) -> ReplResponse:
        """Reply to one line; ``tell`` hears how far the answer to a question has come."""
        text = text.strip()
        if not text:
            return ReplResponse()
        if not text.startswith(("/", "／")):
            return ReplResponse(await self._ask(text, tell))
        name, *rest = text.lower().replace("／", "/", 1).split(maxsplit=1)
        handler = self._handlers.get(_ALIASES.get(name, name))
        return handler(*rest) if handler else self._told("chat_unknown", name=name)

    async def _ask(self, text: str, tell: Callable[[PartialAnswer], None] | None) -> tuple[Block, ...]:
        self._asked, self._heard = text, PartialAnswer()

        def note(heard: PartialAnswer) -> None:
            self._heard = heard
            if tell is not None:
                tell(heard)

        try:
            answer = await follow(self._answerer, text, self.turns, note)
        except Exception as error:  # noqa: BLE001 - a failure must not end the conversation
            return (line(self.said.say("failed", id=record_failure(error))),)
        return self._remembered(answer)

    def cut_off(self) -> ReplResponse:
        """Reply for a question whose answer was stopped: what was proved by then, with its sources."""
        if not self._heard.statements:
            return self._told("chat_cancelled")
        return ReplResponse(self._remembered(self._heard.stopped(self._asked, self.said.language)))

    def _remembered(self, answer: Answer) -> tuple[Block, ...]:
        said = messages(answer.language)
        shown = rendering.blocks(answer, said)
        self.last = answer
        both = (
            Turn(role="user", content=self._asked),
            Turn(role="assistant", content=rendering.plain(shown)),
        )
        self.turns = (*self.turns, *both)[-REMEMBERED:]
        return (*shown, *rendering.notes(answer, said), *footnotes(answer))

    def _sources(self, _rest: str = "") -> ReplResponse:
        if self.last is None or not self.last.citations:
            return self._told("chat_no_sources")
        return ReplResponse(cited_sources(self.last, self.said))

    def _open(self, rest: str = "") -> ReplResponse:
        cited = self.last.citations if self.last else ()
        if not cited:
            return self._told("chat_no_sources")
        wanted = rest.strip("[]【】 ") or "1"
        found = next((one for one in cited if wanted.isdecimal() and one.number == int(wanted)), None)
        if found is None:
            numbers = self.said.say("joint").join(str(one.number) for one in cited)
            return self._told("chat_which_source", numbers=numbers)
        passage, document = self._library.passage(found.passage), self._library.document(found.document)
        if passage is None or document is None:
            return ReplResponse((line(self.said.say("chat_gone")), *rendering.source(found, self.said)))
        near = [one for one in self._library.neighbours(passage.id) if one and one.heading == passage.heading]
        return ReplResponse(
            (*rendering.opened(found, passage, document, around=near), *printed_source(found, self.said))
        )

    def _why(self, _rest: str = "") -> ReplResponse:
        if self.last is None:
            return self._told("why_nothing")
        return ReplResponse(explaining.explain(self.last, self.said))

    def _cities(self, _rest: str = "") -> ReplResponse:
        documents = [one for one in self._library.documents() if one.genre is not Genre.PREFACE]
        if not documents:
            return self._told("chat_empty")
        return ReplResponse(
            (line(self.said.say("chat_held", count=len(documents))), *map(self._listed, documents))
        )

    def _listed(self, document: Document) -> Block:
        place = document.place or self.said.say("unplaced")
        date = document.date or str(document.year or "")
        runs = [TextRun(place, TextStyle.STRONG), TextRun(f" {document.title}")]
        return Block((*runs, TextRun(f" {date}", TextStyle.FAINT)), BlockKind.ITEM)

    def _new(self, _rest: str = "") -> ReplResponse:
        self.turns, self.last = (), None
        return self._told("chat_new")

    def _lang(self, rest: str = "") -> ReplResponse:
        wanted = _LANGUAGES.get(rest.strip())
        if wanted is None:
            return self._told("chat_languages", now=self.said.language)
        self.said = messages(wanted)
        return self._told("chat_lang_set")

    def _help(self, _rest: str = "") -> ReplResponse:
        return ReplResponse(tuple(self._helped(name) for name in self._handlers))

    def _helped(self, name: str) -> Block:
        told = self.said.say(f"chat_help_{name.removeprefix('/')}")
        shown = f"{name} 1" if name == "/open" else name
        return Block((TextRun(f"{shown:<10}", TextStyle.MARKER), TextRun(told)), BlockKind.TITLE)

    def _quit(self, _rest: str = "") -> ReplResponse:
        return ReplResponse((line(self.said.say("goodbye")),), ends=True)

    def _told(self, key: str, **names: object) -> ReplResponse:
        return ReplResponse((line(self.said.say(key, **names)),))


_ALIASES = {
    "/来源": "/sources", "/出处": "/sources", "/來源": "/sources", "/出處": "/sources",
    "/打开": "/open", "/打開": "/open",
    "/为什么": "/why", "/為什麼": "/why",
    "/城市": "/cities", "/地方": "/cities",
    "/新话题": "/new", "/新話題": "/new",
    "/语言": "/lang", "/語言": "/lang",
    "/帮助": "/help", "/幫助": "/help", "/?": "/help",
    "/退出": "/quit", "/exit": "/quit", "/q": "/quit",
}  # fmt: skip
_LANGUAGES = {
    "zh-hans": Language.HANS, "简": Language.HANS, "简体": Language.HANS, "zh": Language.HANS,
    "zh-hant": Language.HANT, "繁": Language.HANT, "繁体": Language.HANT, "繁體": Language.HANT,
    "en": Language.EN, "english": Language.EN, "英文": Language.EN,
}  # fmt: skip


def footnotes(answer: Answer) -> tuple[Block, ...]:
    """Return a short faint line for each source, in place of its words, which the answer quotes already."""
    return tuple(
        line(_footnote(one), style=TextStyle.FAINT, kind=BlockKind.TITLE, apart=not at)
        for at, one in enumerate(answer.citations)
    )


def _footnote(citation: Citation) -> str:
    whose = " ".join(part for part in (citation.place, citation.date or str(citation.year or "")) if part)
    within = citation.heading[-1] if citation.heading else citation.title
    where = " · ".join(part for part in (whose, within) if part)
    return f"[{citation.number}] {where if len(where) <= FOOTNOTE else where[: FOOTNOTE - 1] + '…'}"


def welcome(library: Library, examples: Sequence[str], said: Messages) -> tuple[Block, ...]:
    """Greet: what there is to ask about, and examples of questions."""
    places = library.places()
    called = (place_name(one, said.language, library.gazetteer) for one in places[:SHOWN_PLACES])
    named = said.say("joint").join(called)
    held = said.say("chat_and_more", named=named, count=len(places)) if len(places) > SHOWN_PLACES else named
    if not places and not library.documents():
        return (line(said.say("chat_title"), style=TextStyle.STRONG), line(said.say("chat_empty")))
    return (
        line(said.say("chat_title"), style=TextStyle.STRONG),
        line(said.say("chat_welcome", held=held or said.say("unplaced"))),
        *(line(one, kind=BlockKind.ITEM, style=TextStyle.MARKER) for one in examples),
        line(said.say("chat_hint"), style=TextStyle.FAINT),
    )
