"""Settings → parts; the only module that knows how they fit.

The parts are imported when they are first asked for: chromadb, onnxruntime and SQLAlchemy take over a second,
and ``chengwen --help`` needs none of them.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from answering.cache.answer_cache import AnswerMemory
    from answering.generation.compose import Writer
    from answering.llm.guarded_model import GuardedModel
    from answering.llm.prompts import Prompts
    from answering.llm.second_vote import SecondVerifier
    from answering.llm.transcription import SpeechToText
    from bot.config.settings import Settings
    from bot.observability.observed_answerer import ObservedAnswerer, Watcher
    from bot.presentation.passage_search import PassageSearcher
    from bot.presentation.suggestions import Suggestions
    from bot.store import Store
    from bot.telegram.admin.tools import AdminTools
    from bot.telegram.diagnostics.probe import ProbeResult
    from bot.telegram.service import TelegramService
    from retrieval.embeddings.embedder import Embedder
    from retrieval.ingest.ray_workers import Cluster
    from retrieval.library import Library

    Progress = Callable[[str, int, int], None]

KEEPERS = (
    "CHENGWEN_",
    "CHROMA_",
    "DATABASE_",
    "EMBEDDINGS",
    "LOG_",
)  # how the settings begin that a change of the library goes by


class Wiring:
    """Makes the parts that these settings ask for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def embedder(self) -> Embedder | None:
        """Return what turns text into vectors, or None when words alone serve."""
        from retrieval.embeddings.embedder import open_embedder

        chosen = self.settings
        return open_embedder(
            home=chosen.home,
            spec=chosen.embedder,
            base_url=chosen.embeddings_base_url,
            api_key=chosen.embeddings_api_key,
            batch=chosen.embeddings_batch,
        )

    def words_alone(self) -> str | None:
        """Return a sentence on why there are no vectors, or None when there are."""
        from retrieval.embeddings.embedder import words_alone

        return words_alone(self.settings.embedder)

    def chat_model(self) -> GuardedModel | None:
        """Return the model that words answers, or None where none is set; one serves the whole process.

        Raises ModelRefused for settings with which there can be none.
        """
        return self._chat_model

    @cached_property
    def _chat_model(self) -> GuardedModel | None:
        chosen = self.settings
        if not chosen.chat_model:
            return None
        from answering.llm.clients import Endpoint
        from answering.llm.guarded_model import Budgets, GuardedModel
        from answering.llm.langchain_model import LangChainModel
        from answering.llm.timeouts import Limits
        from bot.store.usage.token_ledger import StoredLedger

        endpoint = Endpoint(
            model=chosen.chat_model,
            provider=chosen.chat_provider,
            base_url=chosen.openai_base_url,
            api_key=chosen.openai_api_key,
            temperature=chosen.chat_temperature,
            timeout=chosen.chat_timeout,
            stream_usage=chosen.chat_stream_usage,
            extra=chosen.chat_extra_body,
            limit_name=chosen.chat_limit_name,
            output=chosen.chat_output,
            langsmith=chosen.chat_langsmith,
        )
        first = min(chosen.chat_first_timeout, chosen.chat_timeout)
        return GuardedModel(
            LangChainModel(endpoint),
            limits=Limits(first=first, whole=chosen.chat_timeout),
            retries=chosen.chat_retries,
            budgets=Budgets(question=chosen.chat_question_tokens, day=chosen.chat_day_tokens),
            ledger=StoredLedger(chosen.store),
        )

    @contextmanager
    def library(
        self, *, write: bool = False, rebuild: bool = False, cluster: Cluster | None = None
    ) -> Iterator[Library]:
        """Open the library of this home; to write, or to ``rebuild`` its indexes, as its one writer.

        With a ``cluster`` its workers embed, if the embedded model is chosen.
        """
        from retrieval.library import Library

        chosen = self.settings
        embedder = cluster.spread(self.embedder()) if cluster else self.embedder()
        opened = Library.open(
            chosen.home,
            embedder=embedder,
            write=write,
            rebuild=rebuild,
            database=chosen.catalogue_url,
            chroma=chosen.chroma,
        )
        with opened as library:
            yield library

    def answerer(self, library: Library) -> ObservedAnswerer:
        """Return what answers questions from ``library``, watched as the settings ask for."""
        from answering.pipeline import Answerer
        from bot.observability.observed_answerer import ObservedAnswerer

        writer = self.writer(library)
        answerer = Answerer(library, writer, self._memory(library, writer))
        return ObservedAnswerer(answerer, self.watchers, told=self.settings.words_logged)

    def writer(self, library: Library) -> Writer | None:
        """Return the model with the prompts for it, or None where no model is set. Raises PromptError."""
        model = self.chat_model()
        if model is None:
            return None
        from answering.generation.compose import Writer
        from answering.judge.nearness import Nearness
        from answering.llm.prompts import load

        chosen, prompts = self.settings, load()
        return Writer(
            model=model,
            prompts=prompts,
            evidence_tokens=chosen.chat_evidence_tokens,
            answer_tokens=chosen.chat_max_tokens,
            nearness=Nearness(library.text_embedder),
            second=self._second(prompts),
        )

    def _second(self, prompts: Prompts) -> SecondVerifier | None:
        """Return the second model that votes on what was proved, or None where none is set."""
        chosen = self.settings
        if not chosen.verifier_url:
            return None
        from answering.llm.second_vote import SecondVerifier

        return SecondVerifier(
            url=chosen.verifier_url,
            model=chosen.verifier_model,
            api_key=chosen.verifier_api_key,
            prompt=prompts.get("vote", "zh"),
        )

    def speech(self) -> SpeechToText | None:
        """Return what turns recordings into words, or None where none is set.

        Without an address of its own it is asked where the chat model is, with that key.
        """
        chosen = self.settings
        if not chosen.transcription_model:
            return None
        from answering.llm.transcription import SpeechToText

        own = chosen.transcription_base_url
        key = chosen.transcription_api_key or (None if own else chosen.openai_api_key)
        return SpeechToText(
            model=chosen.transcription_model,
            base_url=own or chosen.openai_base_url,
            api_key=key,
            timeout=chosen.transcription_timeout,
        )

    def _memory(self, library: Library, writer: Writer | None) -> AnswerMemory | None:
        """Return what remembers a model's answers, or None where there is no model, or no place for them."""
        if writer is None:
            return None
        from answering.cache.answer_cache import AnswerMemory
        from bot.store.usage.answer_cache import StoredAnswers

        chosen = self.settings
        cache = StoredAnswers.open(chosen.home / "cache.db")
        told = (
            chosen.openai_base_url,
            chosen.chat_provider,
            chosen.chat_temperature,
            chosen.chat_extra_body,
            chosen.chat_output,
            chosen.verifier_url,
        )
        switches = " ".join(map(str, told))
        return AnswerMemory(cache=cache, library=library, writer=writer, switches=switches) if cache else None

    @cached_property
    def watchers(self) -> list[Watcher]:
        """What is told of every question: the log, and traces if wanted. Raises MissingPartError."""
        from bot.observability.question_log import QuestionLog

        told = self.settings.words_logged
        watchers: list[Watcher] = [QuestionLog(told=told)]
        if self.settings.traces:
            from bot.observability.telemetry import traces

            watchers.append(traces(told=told))
        return watchers

    def show_metrics(self) -> None:
        """Count questions from here on and show it to Prometheus, if a port is set for that.

        For a process that stays. Raises MissingPartError, also when the port is taken.
        """
        if self.settings.metrics_port:
            from bot.observability.telemetry import metrics

            self.watchers.append(metrics(self.settings.metrics_port))

    def suggestions(self, library: Library) -> Suggestions:
        """Return what finds questions that ``library`` answers."""
        from answering.pipeline import Answerer
        from bot.presentation.suggestions import Suggestions

        return Suggestions(library, Answerer(library).answer_now)

    def searcher(self, library: Library) -> PassageSearcher:
        """Return what finds passages in ``library``."""
        from bot.presentation.passage_search import PassageSearcher

        return PassageSearcher(library)

    def read(self, library: Library, *, port: int, told: Callable[[str], None]) -> None:
        """Serve the reader page on this machine's loopback until the process is told to stop.

        ``told`` gets its address. Raises AddressError.
        """
        from bot.assembly.wiring_web import SiteWiring

        with self.store() as store:
            SiteWiring(settings=self.settings, library=library, store=store).read(port=port, told=told)

    def serve_tools(self, library: Library, *, http: bool, host: str, port: int) -> None:
        """Serve the tools for other programs' models until they are done, or the process is told to stop.

        Raises AddressError.
        """
        from bot.assembly.wiring_web import SiteWiring

        with self.store() as store:
            site = SiteWiring(settings=self.settings, library=library, store=store)
            site.serve_tools(self.answerer(library), http=http, host=host, port=port)

    def probe(self) -> ProbeResult:
        """Find out whether Telegram can be reached."""
        from bot.telegram.diagnostics.probe import probe

        return probe(self.settings)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the store. Raises StoreError."""
        from bot.store import Store

        store = Store.open(self.settings.store)
        try:
            yield store
        finally:
            store.close()

    def tools(self) -> AdminTools:
        """Return what admins work with; what changes the library gets no secret but those of the library."""
        from bot.assembly.library_worker import LibraryWorker
        from bot.config.setting_values import environment
        from bot.config.settings import Settings
        from bot.telegram.admin.tools import AdminTools

        needless = [name for name in Settings.variables() if not name.startswith(KEEPERS)]
        home = {"CHENGWEN_HOME": str(self.settings.home)}
        return AdminTools(
            keeper=LibraryWorker(env={**dict.fromkeys(needless, ""), **home}),
            reread=lambda: Settings.load(environment(os.environ)),
            model=self.chat_model(),
        )

    def serve(self, library: Library) -> None:
        """Answer people in Telegram from ``library`` until the process is told to stop."""
        from bot.telegram.service import run

        self.show_metrics()
        with self.store() as store:
            run(self.telegram(library, store))

    def telegram(
        self, library: Library, store: Store, *, tell: Callable[[str], None] | None = None
    ) -> TelegramService:
        """Return the bot that answers from ``library``; ``tell`` gets what operators read."""
        from bot.assembly.wiring_web import SiteWiring
        from bot.presentation.page_links import PageLinks
        from bot.telegram.service import TelegramService, printed
        from bot.telegram.views.inline_results import InlineFigureFinder, InlinePassageFinder

        chosen = self.settings
        answerer = self.answerer(library)
        return TelegramService(
            settings=chosen,
            answerer=answerer,
            library=library,
            store=store,
            tell=tell or printed,
            suggestions=self.suggestions(library),
            site=SiteWiring(settings=chosen, library=library, store=store).routes(answerer),
            links=PageLinks(chosen.reader_url) if chosen.reader_url else None,
            finders=(InlineFigureFinder(library), InlinePassageFinder(self.searcher(library).fitting)),
            tools=self.tools(),
            speech=self.speech(),
        )

    @contextmanager
    def filled(self, begin: Callable[[], AbstractContextManager[Progress]]) -> Iterator[Library]:
        """Open the library; a home that never held a text first gets those that ship, unless told otherwise.

        ``begin`` is called when that is due and gives what hears of it: "shipped", files done, files in all.
        """
        from bot.assembly.first_fill import FirstFill

        filling = FirstFill(self.settings.home, self.library)
        if self.settings.shipped and filling.is_due:
            with begin() as progress:
                filling.fill(progress)
        with self.library() as library:
            yield library
