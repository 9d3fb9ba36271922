"""What an error of a database means: a sentence for the operator, and whether to try again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from bot.errors import StoreError
from retrieval.database.outages import is_away

if TYPE_CHECKING:
    from sqlalchemy import URL
    from sqlalchemy.exc import SQLAlchemyError

ADDRESS = (
    "DATABASE_URL 不能用：要写成 postgresql://用户:密码@主机:端口/数据库名，密码里的特殊字符要用 %XX 转写。"
)
UNDONE = ("40001", "40P01")  # one of two transactions that met was undone whole
REFUSALS = {
    "password authentication failed": "用户名或密码不对",
    "no password supplied": "没有写密码",
    "no pg_hba.conf entry": "服务器不许从这里连接（pg_hba.conf）",
    "does not exist": "没有这个用户或数据库",
    "failed to resolve": "找不到这个主机名",
    "could not translate host name": "找不到这个主机名",
    "connection refused": "没有服务在这个地址听候",
    "timeout": "服务器没有回应",
    "permission denied": "这个用户没有权限",
    "read-only": "数据库是只读的",
    "no space left": "服务器的磁盘满了",
}


def is_passing(error: SQLAlchemyError) -> bool:
    """Tell whether what failed before its commit may go well in a moment; always False for SQLite."""
    undone = isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in UNDONE
    return undone or is_away(error)


def told(error: Exception, url: URL) -> StoreError:
    """Return the error for a person; it holds neither the password nor what was to be written."""
    if url.get_backend_name() == "sqlite":
        return no_file(error)
    why = _short(error)
    meant = next((meaning for words, meaning in REFUSALS.items() if words in why.lower()), why)
    return StoreError(
        f"{place(url)} 连不上或写不进去（{meant}）。"
        "请查它是否在运行，以及 DATABASE_URL 里的主机、用户、密码和数据库名。"
    )


def place(url: URL) -> str:
    """Return where a database is, without the password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    server = url.host or url.query.get("host") or "localhost"
    return f"PostgreSQL {server}:{url.port or 5432}/{url.database or ''}"


def no_file(error: Exception) -> StoreError:
    """Return the error for a person where the store is a file."""
    return StoreError(f"对话记录打不开或写不进去（{_short(error)}）。请查 CHENGWEN_HOME 的权限和磁盘空间。")


def unreadable() -> StoreError:
    """Return the error for a URL that can't be read; it does not quote it, since it may hold a password."""
    return StoreError(ADDRESS)


def _short(error: Exception) -> str:
    """Return the first line of what the driver said, without the statement and its values."""
    inner = error.orig if isinstance(error, DBAPIError) else error
    lines = str(inner).strip().splitlines() or [type(error).__name__]
    return lines[0][:300]
