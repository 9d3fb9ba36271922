"""Model servers that are up and of no use: the answer then comes without them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chat_server import cuts, fails, hangs, page, say, serving, stalls

from evaluation.faults.fault_home import QUESTION, WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_server import Reply

    from evaluation.faults.fault_home import CommandOutput, FaultHome, FaultOutcome

WELL = "2018年以来，全市新施划的公共停车泊位近5万个[1]。"
NOWHERE = "http://model.chengwen.invalid/v1"
# The patience of a person at a terminal; the defaults are 45 and 120 seconds.
LIMITS = {"CHAT_FIRST_TIMEOUT": "4", "CHAT_TIMEOUT": "8", "CHAT_RETRIES": "1"}


def _ask(stand: FaultHome, url: str) -> CommandOutput:
    told = {"CHAT_MODEL": "scripted", "OPENAI_API_KEY": "none-needed", "OPENAI_BASE_URL": url, **LIMITS}
    return replace(stand, env={**stand.env, **told}).say("ask", QUESTION)


def _answered(said: CommandOutput) -> bool:
    return said.code == 0 and WORDS in said.out and said.plain


def _row(stand: FaultHome, name: str, seen: CommandOutput, *, after: bool) -> FaultOutcome:
    row = stand.row(name, stand.sources(), seen=seen)
    return replace(row, mended=row.mended and _answered(seen) and after)


def _bad(name: str, reply: Callable[[], Reply]) -> Callable[[FaultHome], FaultOutcome]:
    """Ask while the server is so, and once more when it is well."""

    def run(stand: FaultHome) -> FaultOutcome:
        with serving(reply()) as server:
            seen = _ask(stand, server.url)
            asked = len(server.requests)
            server.replies[:] = [say(WELL)]
            after = _ask(stand, server.url)
            used = len(server.requests) > asked > 0
        return _row(stand, f"a model server that {name}", seen, after=_answered(after) and used)

    return run


def _nameless(stand: FaultHome) -> FaultOutcome:
    return _row(stand, "a model server whose name is not known", _ask(stand, NOWHERE), after=True)


MODELS: dict[str, Callable[[FaultHome], FaultOutcome]] = {
    "model hangs": _bad("takes the question and says nothing", hangs),
    "model stalls": _bad("begins and falls silent", lambda: stalls("2018年以来，")),
    "model trickles": _bad("sends a character a second", lambda: say(WELL, size=1, pause=1.0)),
    "model closes": _bad("closes the connection amid a word", lambda: cuts("2018年以来，")),
    "model 500": _bad("answers 500", lambda: fails(500)),
    "model page": _bad("answers with a web page", page),
    "model nameless": _nameless,
}
