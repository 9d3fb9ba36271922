"""Which modules may speak to others: open a socket, or start a process; all the rest may not."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("retrieval", "answering", "bot")
# Modules whose import, and names whose call, opens a door; what they open is told by the table below.
_SOCKETS = (
    *("socket", "ssl", "http.client", "urllib.request", "ftplib", "smtplib", "httpx", "openai", "langchain"),
    *("langchain_openai", "uvicorn", "telegram.request", "opentelemetry.exporter", "psycopg", "ray"),
)
_PROCESSES = ("subprocess", "multiprocessing", "pty")
_SOCKET_CALLS = ("open_connection", "start_server", "start_http_server", "HttpClient")
_PROCESS_CALLS = (
    *("create_subprocess_exec", "create_subprocess_shell", "ProcessPoolExecutor", "Popen", "system", "fork"),
    *("execv", "execve", "posix_spawn"),
)
_CALLS = dict.fromkeys(_SOCKET_CALLS, "socket") | dict.fromkeys(_PROCESS_CALLS, "process")
# The allow-list: a module, what it may open, and why.
ALLOWED: dict[str, tuple[frozenset[str], str]] = {
    name: (frozenset(kinds.split()), why)
    for name, kinds, why in (
        ("answering.llm.clients", "socket", "the language model, where one is set"),
        ("answering.llm.error_map", "socket", "names the errors of the model's connection; opens none"),
        ("answering.llm.second_vote", "socket", "a second model that votes, where VERIFIER_URL names one"),
        ("answering.llm.transcription", "socket", "voice messages, where TRANSCRIPTION_MODEL is set"),
        ("bot.observability.metrics", "socket", "Prometheus, on loopback, where a port is set"),
        (
            "bot.assembly.library_worker",
            "process",
            "chengwen itself, to look at, take in and remove the texts that admins send",
        ),
        ("bot.operations.web_page", "socket", "a public page, where its address is named to an ingest"),
        ("bot.server.app", "socket", "webhook, health, reader page and JSON interface, where they are set"),
        ("bot.server.connections", "socket", "ends the server's connections that take too long; opens none"),
        ("bot.cli", "process", "chengwen itself once more, in UTF-8 mode, in a locale that knows no Chinese"),
        ("bot.observability.tracing", "socket", "OpenTelemetry, where traces are set"),
        ("bot.telegram.sending.calls", "socket", "Telegram"),
        (
            "bot.telegram.sending.send_errors",
            "socket",
            "names the errors of Telegram's connection; opens none",
        ),
        ("bot.telegram.diagnostics.hops", "socket", "looks at each hop on the way to Telegram, for doctor"),
        ("bot.telegram.updates.polling", "socket", "names the errors of Telegram's connection; opens none"),
        ("bot.telegram.diagnostics.probe", "socket", "asks Telegram who we are, for doctor"),
        (
            "retrieval.index.chroma.http_client",
            "socket",
            "the Chroma server of the vectors, where one is set",
        ),
        ("retrieval.embeddings.openai_compatible", "socket", "the embeddings server, where one is set"),
        ("retrieval.ingest.ray_workers", "socket", "a Ray cluster, where one is named to an ingest"),
        ("retrieval.loaders.sandbox.worker_process", "process", "the child that reads strangers' files"),
        ("retrieval.database.postgres", "socket", "PostgreSQL, where DATABASE_URL names one"),
    )
}


def opened(root: Path = ROOT) -> dict[str, set[str]]:
    """Return what each module that opens anything opens: "socket", "process"."""
    found = {}
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
            if doors := set(_doors(ast.parse(path.read_text(encoding="utf-8")))):
                found[name] = doors
    return found


def strangers(root: Path = ROOT) -> list[str]:
    """Return a line for each door that is not on the list, and for each on the list that is none any more."""
    found = opened(root)
    allowed = {name: set(kinds) for name, (kinds, _) in ALLOWED.items()}
    told = [
        f"{name} opens a {kind}" for name, kinds in found.items() for kind in kinds - allowed.get(name, set())
    ]
    idle = [
        f"{name} opens no {kind}"
        for name, kinds in allowed.items()
        for kind in kinds - found.get(name, set())
    ]
    return sorted([*told, *idle])


def _doors(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (kind for one in node.names for kind in _kinds(one.name))
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from _kinds(node.module)
            yield from (kind for one in node.names for kind in _kinds(f"{node.module}.{one.name}"))
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in _CALLS:
                yield _CALLS[called]


def _kinds(module: str) -> Iterator[str]:
    for kind, names in (("socket", _SOCKETS), ("process", _PROCESSES)):
        if any(module == one or module.startswith(f"{one}.") for one in names):
            yield kind
