"""``chengwen``: what is typed at a shell, and how it ends: 0 done, 1 not done and why, 2 not understood."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from answering.values.answer import Language
from answering.values.errors import AnsweringError
from bot.assembly.wiring import Wiring
from bot.commands.ask import ask
from bot.commands.chat import chat
from bot.commands.check import check
from bot.commands.corpus import corpus
from bot.commands.export import export
from bot.commands.fact_lists import compare, figures, measures
from bot.commands.ingest import ingest, preview
from bot.commands.maintenance import backup, doctor, restore
from bot.commands.mcp import mcp
from bot.commands.promises import promises
from bot.commands.search import search
from bot.commands.serve import bot, read
from bot.commands.session import CommandSession
from bot.config.file_permissions import private
from bot.errors import BotError
from bot.messages import messages
from bot.observability.logs import log_file, record_failure
from bot.operations.ray_cluster import addressed
from bot.server.signals import TERMINATED, TerminatedError, ended_by_signal
from bot.terminal.usage_errors import in_chinese
from retrieval.values.errors import RetrievalError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.config.settings import Settings

FAILED, MISUSED, INTERRUPTED, PIPE_CLOSED = 1, 2, 130, 141
OURS = (BotError, AnsweringError, RetrievalError)

app = typer.Typer(
    name="chengwen",
    help="城问：问城市做了什么，看证明每句话的原文。Ask what cities say they have done.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (
    ask,
    chat,
    check,
    search,
    figures,
    measures,
    promises,
    export,
    compare,
    read,
    ingest,
    preview,
    backup,
    restore,
    doctor,
    bot,
    mcp,
):
    app.command()(command)
app.add_typer(corpus, name="corpus")


def _version(wanted: bool) -> None:
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - 0.05 s that help can spare

    try:
        print(f"chengwen {version('chengwen')}")
    except PackageNotFoundError:
        print("chengwen（没有安装，从源码运行）")
    raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="版本 · the version")
    ] = False,
) -> None: ...


def main() -> NoReturn:
    """Run the program as the shell called it."""
    if (
        sys.getfilesystemencoding() != "utf-8"
    ):  # PYTHONUTF8=0 in the C locale: names and words would be no text
        os.execve(  # noqa: S606 - this very program
            sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, "PYTHONUTF8": "1"}
        )
    sys.exit(run(sys.argv[1:], os.environ))


def run(
    arguments: Sequence[str], env: Mapping[str, str], *, wire: Callable[[Settings], Wiring] = Wiring
) -> int:
    """Run one command and return its exit code; whatever goes wrong is told in a sentence."""
    _open_streams()
    _speak_utf8()
    try:
        with private(), ended_by_signal(), CommandSession(env, wire) as session:
            code = _guarded(arguments, session)
        sys.stdout.flush()
    except BrokenPipeError:
        _write_no_more()
        return PIPE_CLOSED
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _write_no_more()
        return _told(messages(Language.HANS).say("disk_full"))
    return code


def _write_no_more() -> None:
    """Drop what is not yet written: the interpreter must not try to write it at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _guarded(arguments: Sequence[str], session: CommandSession) -> int:
    try:
        with typer.main.get_command(app).make_context(
            "chengwen", addressed(arguments), obj=session
        ) as context:
            context.command.invoke(context)
    except typer.Exit as ended:
        return ended.exit_code
    except typer.TyperException as error:
        return _told(in_chinese(error), MISUSED)
    except (KeyboardInterrupt, typer.Abort, TerminatedError) as told:
        return _told(_broken_off(session), TERMINATED if isinstance(told, TerminatedError) else INTERRUPTED)
    except BrokenPipeError:
        raise
    except OURS as error:
        return _told(str(error))
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise
        return _told(_unexpected(error, session))
    return 0


def _told(sentence: str, code: int = FAILED) -> int:
    print(sentence, file=sys.stderr)
    return code


def _broken_off(session: CommandSession) -> str:
    said = messages(Language.HANS) if session.log is None else session.messages
    return said.say("broken_off")


def _unexpected(error: Exception, session: CommandSession) -> str:
    """Log an error that nobody foresaw, and return what a person is told of it."""
    number = record_failure(error)
    if session.log is None:
        return messages(Language.HANS).say("unexpected_unlogged", kind=type(error).__name__)
    return session.messages.say("unexpected", id=number, log=log_file(session.settings.home))


def _open_streams() -> None:
    """Put the null device where a standard stream was closed, before a file of ours gets its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - to the end


def _speak_utf8() -> None:
    """Read and write UTF-8 whatever the locale says; a byte that is no text becomes a mark."""
    for stream, errors in (
        (sys.stdin, "replace"),
        (sys.stdout, "backslashreplace"),
        (sys.stderr, "backslashreplace"),
    ):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)
