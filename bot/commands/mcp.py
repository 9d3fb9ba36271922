"""``chengwen mcp``: the tools for other programs' models, over standard streams or HTTP."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated

import typer

from bot.commands.session import of
from bot.errors import MissingPartError


def mcp(
    context: typer.Context,
    *,
    http: Annotated[
        bool, typer.Option("--http", help="用 HTTP，不用标准输入输出 · over HTTP, not standard streams")
    ] = False,
    host: Annotated[str, typer.Option("--host", help="监听的地址 · address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="端口 · port")] = 8765,
) -> None:
    """给别的程序的模型用：MCP 工具 ask、search 等。Serve tools over the Model Context Protocol."""
    session = of(context)
    if http and not session.settings.api_keys and not _is_loopback(host):
        raise MissingPartError(session.messages.say("mcp_keys"))
    with session.library() as library:
        session.wiring.serve_tools(library, http=http, host=host, port=port)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
