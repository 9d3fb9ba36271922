"""The search and the whole walk as LangChain's own kinds, for other people's chains. Seam: langchain_core."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, cast

from langchain_core.callbacks.manager import adispatch_custom_event
from langchain_core.documents import Document
from langchain_core.messages import BaseMessage, convert_to_messages
from langchain_core.output_parsers import BaseOutputParser
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field, SkipValidation, field_validator

from answering.runtime.sync_bridge import Background, in_one_task
from answering.values.answer import Answer, Turn
from answering.values.events import Done, Event

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence

    from langchain_core.callbacks import CallbackManagerForRetrieverRun
    from langchain_core.runnables import RunnableConfig

    from retrieval.values.documents import Hit

EVENT = "chengwen"  # name of the custom events that a chain is told of inside another
_TOOL = (
    "Answers a question about Chinese cities' speeches, government work reports and by-laws. Every sentence of the "
    "answer is proved by a source, which is quoted; where the texts say nothing it says so. Ask one question at a time."
)
_ROLES = {"human": "user", "ai": "assistant"}


class Finder(Protocol):
    """Finds passages within limits, which it reads from the words where none are set."""

    def find(
        self, text: str, *, k: int, places: Sequence[str] = (), years: Sequence[int] = ()
    ) -> Sequence[Hit]:
        """Return at most ``k`` hits, best first."""
        ...


class PassageRetriever(BaseRetriever):
    """Finds passages of the texts; the places and years that a question names limit what is found."""

    finder: SkipValidation[Finder] = Field(exclude=True, repr=False)
    k: int = Field(default=8, ge=1)  # passages at most
    places: tuple[str, ...] = ()  # only these, whatever the question names
    years: tuple[int, ...] = ()

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        del run_manager  # nothing within calls back
        hits = self.finder.find(query, k=self.k if k is None else k, places=self.places, years=self.years)
        return [document(hit) for hit in hits]


def document(hit: Hit) -> Document:
    """Return a passage as LangChain's document; ``start`` and ``end`` are offsets in its text's whole."""
    passage, whole = hit.passage, hit.document
    metadata = {
        "place": whole.place,
        "year": whole.year,
        "date": whole.date,
        "title": whole.title,
        "heading": list(passage.heading),
        "section": passage.section,
        "point": passage.point,
        "document": whole.id,
        "passage": passage.id,
        "start": passage.start,
        "end": passage.end,
        "score": hit.score,
    }
    return Document(page_content=passage.text, metadata=metadata, id=passage.id)


class Asked(BaseModel):
    """A question with the conversation before it; turns may be LangChain's messages as well."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    question: str
    history: tuple[Turn, ...] = ()

    @field_validator("history", mode="before")
    @classmethod
    def _said(cls, given: object) -> object:
        if not isinstance(given, list | tuple):
            return given
        turns = [_turn(one) if isinstance(one, BaseMessage) else one for one in given]
        return tuple(turn for turn in turns if turn is not None)

    @field_validator("history")
    @classmethod
    def _by_two(cls, turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
        if any(turn.role not in _ROLES.values() for turn in turns):
            raise ValueError("a turn's role is “user” or “assistant”")
        return turns


def _turn(message: BaseMessage) -> Turn | None:
    """Return a person's or a model's message as a turn; others say nothing that a question goes back to."""
    role = _ROLES.get(message.type)
    return Turn(role=role, content=str(message.text)) if role else None


class Answering(Protocol):
    """Answers questions, and tells how far it has come."""

    def stream(self, question: str, history: Sequence[Turn] = ()) -> AsyncGenerator[Event, None]:
        """Yield events, the answer last; closing the generator ends the work."""
        ...


class ProvedAnswers(Runnable[Asked | dict[str, Any] | str, Answer]):
    """The whole walk from a question to its proved answer.

    ``stream`` and ``astream`` yield events, ``Done`` with the answer last. As a step of another chain it
    hands on the answer alone, however that chain is run, and tells of its events as custom events "chengwen".
    """

    def __init__(
        self,
        answerer: Answering,
        background: Background | None = None,
        tell: Callable[[Answer], str] | None = None,
    ) -> None:
        """Make a chain of what answers; ``tell`` gives an answer's text, that of an abstention included."""
        self._answerer = answerer
        self._background = background or Background()
        self._tell = tell

    @property
    def InputType(self) -> Any:
        """What is asked: a question, or one with its conversation."""
        return Asked | str

    def __or__(self, other: Any) -> Any:
        """Put a step behind; what parses a model's output is given the answer's text."""
        if isinstance(other, BaseOutputParser):
            return super().__or__(RunnableLambda(_text_of)) | other
        return super().__or__(other)

    def as_tool(
        self,
        args_schema: type[BaseModel] | None = None,
        *,
        name: str | None = None,
        description: str | None = None,
        arg_types: dict[str, type] | None = None,
    ) -> BaseTool:
        """Return a tool for agents: a question goes in, the answer's text with its sources comes out."""
        del arg_types  # there is but the question

        def ask(question: str) -> str:
            return with_sources(self.invoke(question))

        async def ask_async(question: str) -> str:
            return with_sources(await self.ainvoke(question))

        return StructuredTool.from_function(
            func=ask,
            coroutine=ask_async,
            name=name or "chengwen",
            description=description or _TOOL,
            args_schema=args_schema,
        )

    def invoke(
        self, input: Asked | dict[str, Any] | str, config: RunnableConfig | None = None, **_kwargs: Any
    ) -> Answer:
        """Return the answer. Raises ValueError for input that is no question."""
        return self._call_with_config(self._answer_now, input, config)

    async def ainvoke(
        self, input: Asked | dict[str, Any] | str, config: RunnableConfig | None = None, **_kwargs: Any
    ) -> Answer:
        """Return the answer. Raises ValueError for input that is no question."""
        return await self._acall_with_config(self._answer, input, config)

    def stream(  # type: ignore[override]  # it tells more than the answer
        self, input: Asked | dict[str, Any] | str, config: RunnableConfig | None = None, **_kwargs: Any
    ) -> Iterator[Event]:
        """Yield events, the answer last; closing the iterator ends the work."""
        return self._background.iterate(self.astream(input, config))

    async def astream(  # type: ignore[override]  # it tells more than the answer
        self, input: Asked | dict[str, Any] | str, config: RunnableConfig | None = None, **_kwargs: Any
    ) -> AsyncGenerator[Event, None]:
        """Yield events, the answer last; closing the generator ends the work."""

        async def inputs() -> AsyncGenerator[Any, None]:
            yield input

        told = self._atransform_stream_with_config(inputs(), cast("Any", self._events), config)
        async with aclosing(cast("AsyncGenerator[Event, None]", told)) as events:
            async for event in events:
                yield event

    def transform(
        self, input: Iterator[Any], config: RunnableConfig | None = None, **_kwargs: Any
    ) -> Iterator[Answer]:
        """Yield the answer to what has come, whole, as a step of another chain."""
        yield self.invoke(_whole(list(input)), config)

    async def atransform(
        self, input: AsyncIterator[Any], config: RunnableConfig | None = None, **_kwargs: Any
    ) -> AsyncIterator[Answer]:
        """Yield the answer to what has come, whole, as a step of another chain."""
        yield await self.ainvoke(_whole([piece async for piece in input]), config)

    def _answer_now(self, given: Any) -> Answer:
        return self._background.run(self._answer(given))

    async def _answer(self, given: Any) -> Answer:
        answer: Answer | None = None
        async with aclosing(self._asked(given)) as events:
            async for event in events:
                if isinstance(event, Done):
                    answer = self._spoken(event.answer)
                else:
                    await adispatch_custom_event(EVENT, event)
        assert answer is not None  # the last event is the answer
        return answer

    async def _events(self, inputs: AsyncIterator[Any]) -> AsyncGenerator[Event, None]:
        async with aclosing(in_one_task(self._asked(_whole([one async for one in inputs])))) as events:
            async for event in events:
                yield Done(answer=self._spoken(event.answer)) if isinstance(event, Done) else event

    def _spoken(self, answer: Answer) -> Answer:
        return answer if self._tell is None else replace(answer, told=self._tell(answer))

    def _asked(self, given: Any) -> AsyncGenerator[Event, None]:
        asked = (
            Asked(question=given) if isinstance(given, str) else Asked.model_validate(_conversation(given))
        )
        return self._answerer.stream(asked.question, asked.history)


def _whole(pieces: list[Any]) -> Any:
    """Return what came in pieces: joined, where they are pieces of a text."""
    return "".join(pieces) if all(isinstance(one, str) for one in pieces) else pieces[-1]


def _conversation(given: Any) -> Any:
    """Return messages, bare or under "messages", as a question with the conversation before it."""
    said = given.get("messages") if isinstance(given, dict) and set(given) == {"messages"} else given
    if isinstance(said, BaseMessage):
        said = [said]
    if not isinstance(said, list | tuple) or not said:
        return given
    try:
        *before, last = convert_to_messages(said)
    except (ValueError, TypeError, NotImplementedError):
        return given  # no messages: LangChain raises the last of these for a kind that it has no message of
    return {"question": str(last.text), "history": before} if last.type == "human" else given


def _text_of(answer: Answer) -> str:
    return answer.text


def with_sources(answer: Answer) -> str:
    """Return an answer's text with a line a source: number, title, year, and the words quoted."""
    sources = (
        f"[{one.number}] 《{one.title}》{f'（{one.year}）' if one.year else ''}：{one.quote}"
        for one in answer.citations
    )
    return "\n".join((answer.text, *sources))
