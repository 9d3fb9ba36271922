"""The state of the bot as blocks, for its admins."""

from __future__ import annotations

import time
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from bot.messages import messages
from bot.presentation.quotation import source_line
from bot.presentation.rendering import Block, BlockKind, TextStyle, line, plain, squeezed, told_of
from bot.presentation.rendering import blocks as blocks_of
from bot.telegram.formatting import limits
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.messages import Messages
    from bot.store import Failure, GivenAnswer, PageCorrection, Store
    from bot.telegram.context.protocols import LibraryLike, LinksLike
    from bot.telegram.dependencies import BotDependencies

MINUTE, HOUR, DAY = 60, 3600, 86_400
AGAINST, REMARKS = 5, 10  # shown of each
ASKED, TOLD = 120, 200  # units of a question and of its answer that was voted against
CORRECTED = 400  # units of what a reader says is wrong


def state(parts: BotDependencies, bot: int, said: Messages) -> Iterator[Block]:
    """Tell how the bot is doing. Blocks; raises StoreError."""
    office, store, today = parts.office, parts.store, time.time() - DAY
    yield line(said.say("state_title", version=_version()), style=TextStyle.STRONG)
    yield line(said.say("state_up", time=lasting(office.uptime, said)))
    yield line(said.say(f"state_{office.settings.telegram_mode}"))
    yield _library(parts, said)
    yield from _standing(parts, said)
    yield _model(parts, said)
    turns = parts.turns
    waiting = max(0, len(store.inbox.waiting(bot)) - 1)  # without the update that asks for this
    yield line(said.say("state_queue", busy=turns.busy, waiting=turns.waiting, inbox=waiting))
    people, recent = store.people.count(bot), store.people.count(bot, since=today)
    yield line(said.say("state_people", count=people, recent=recent, chats=store.chats.count(bot)))
    chats, things, due = store.follows.load(bot)
    yield line(said.say("state_follows", chats=chats, things=things, due=due))
    failed = sum(one.at >= today for one in store.failures.recent(bot, limit=1000))
    yield line(said.say("state_failures", count=failed))


def _library(parts: BotDependencies, said: Messages) -> Block:
    library = parts.library
    texts = sum(one.genre is not Genre.PREFACE for one in library.documents())
    passages = sum(one.passages for one in library.sources())
    return line(said.say("state_library", texts=texts, passages=passages, version=library.version))


def _standing(parts: BotDependencies, said: Messages) -> Iterator[Block]:
    standing = parts.library.standing
    yield line(said.say("state_indexes", told=told_of(standing, said)))
    if standing.away:
        yield line(said.say("state_away", told=standing.away))


def _model(parts: BotDependencies, said: Messages) -> Block:
    model = parts.office.tools.model if parts.office.tools else None
    if model is None:
        return line(said.say("state_no_model"))
    budget = parts.settings.chat_day_tokens
    spent = said.say("state_spent_of" if budget else "state_spent", spent=model.spent(), **_of(budget))
    key = "state_model_resting" if model.resting else "state_model"
    return line(said.say(key, name=model.name, spent=spent))


def _of(budget: int) -> dict[str, int]:
    return {"budget": budget} if budget else {}


def failures(recent: Sequence[Failure], said: Messages) -> Iterator[Block]:
    """List failures, the latest first; each stands in the log under its id."""
    yield line(said.say("failures_title" if recent else "failures_none"), style=TextStyle.STRONG)
    for one in recent:
        yield line(f"{one.id} · {moment(one.at)} · {one.kind}", apart=True)
        if one.message:
            yield line(one.message, style=TextStyle.FAINT)


def opinions(store: Store, bot: int, said: Messages, *, links: LinksLike | None = None) -> Sequence[Block]:
    """Tell what people think: their votes, what they voted against last, what they wrote. Blocks.

    Beside each vote against stands what was answered, and the page of the source, where there is a reader.
    """
    total = store.votes.total(bot)
    blocks = [line(said.say("opinions_title", up=total.up, down=total.down), style=TextStyle.STRONG)]
    if total.reasons:
        counted = (f"{said.say(f'vote_{why.value}')} {count}" for why, count in total.reasons.items())
        blocks.append(line(said.say("joint").join(counted)))
    for vote in store.votes.recent(bot, limit=AGAINST):
        kept = store.talks.answer(vote.answer)
        if kept is not None:
            why = said.say(f"vote_{vote.reason.value}") if vote.reason else ""
            head = " · ".join(part for part in (f"👎 {why}".strip(), kept.answer.question) if part)
            blocks.append(line(limits.shorten(head, ASKED), style=TextStyle.FAINT, apart=True))
            blocks += _answered(kept, vote.citation, links, said)
    remarks = store.remarks.recent(bot, limit=REMARKS)
    return [*blocks, *(line(f"{moment(one.made)} · {one.text}", apart=True) for one in remarks)]


def _answered(kept: GivenAnswer, number: int, links: LinksLike | None, said: Messages) -> Iterator[Block]:
    """Yield the beginning of an answer, and the address of the source that was voted on, or of the first."""
    answer = kept.answer
    told = squeezed(plain(blocks_of(answer, messages(answer.language))))
    yield line(limits.shorten(told, TOLD))
    cited = [one for one in answer.citations if number in (0, one.number)]
    if links is not None and cited:
        first = cited[0]
        url = links.citation(first.passage, answer=kept.id, number=first.number)
        yield line(said.say("opinion_link", link=url))


def corrections(
    kept: Sequence[PageCorrection], library: LibraryLike, links: LinksLike | None, said: Messages
) -> Iterator[Block]:
    """List what readers of the pages say is wrong, numbered, each with the words that it is about. Blocks."""
    title = said.say("corrections_title", count=len(kept)) if kept else said.say("corrections_none")
    yield line(title, style=TextStyle.STRONG)
    for number, one in enumerate(kept, 1):
        document = library.document(one.document)
        where = source_line(document, said) if document else said.say("correction_gone")
        yield line(f"{number}. {moment(one.made)} · {where}", style=TextStyle.FAINT, apart=True)
        if document and one.end > one.start:
            words = squeezed(document.text[one.start : one.end])
            yield line(limits.shorten(words, TOLD), kind=BlockKind.QUOTE)
        yield line(limits.shorten(one.text, CORRECTED))
        if document and links is not None:
            span = (one.start, one.end) if one.end > one.start else None
            yield line(said.say("opinion_link", link=links.document(one.document, cited=span)))


def reloaded(
    changed: Sequence[str], later: Sequence[str], *, version: int, said: Messages
) -> Iterator[Block]:
    """Tell what settings changed, and which of them wait for a restart."""
    now = [name for name in changed if name not in later]
    yield line(said.say("reload_done" if changed else "reload_same", version=version))
    if now:
        yield line(said.say("reload_now", names=" ".join(now)))
    if later:
        yield line(said.say("reload_later", names=" ".join(later)))


def lasting(seconds: float, said: Messages) -> str:
    """Say a length of time in its two largest units at most."""
    days, hours, minutes = int(seconds // DAY), int(seconds % DAY // HOUR), int(seconds % HOUR // MINUTE)
    if days:
        return said.say("time_days", days=days, hours=hours)
    if hours:
        return said.say("time_hours", hours=hours, minutes=minutes)
    return said.say("time_minutes", minutes=minutes)


def moment(at: float) -> str:
    """Write a moment in this machine's time."""
    return datetime.fromtimestamp(at).astimezone().strftime("%m-%d %H:%M")


def _version() -> str:
    try:
        return version("chengwen")
    except PackageNotFoundError:
        return "—"
