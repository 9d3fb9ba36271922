"""What may stand in the environment for a setting.

A reader returns the value, or raises ValueError with what is allowed.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values

from answering.values.answer import Language
from bot.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


NAMED = "CHENGWEN_ENV"

FILE = "_FILE"  # behind the name of a secret: the file that holds it

LONGEST = 10_000  # bytes of a secret

NAME_BYTES = 255  # of one level of a path, on the usual file systems


def environment(process: Mapping[str, str]) -> dict[str, str]:
    """Return ``process`` over the file that CHENGWEN_ENV names, or over .env of the current folder.

    Raises SettingsError when a file was named that can't be read.
    """
    named = process.get(NAMED, "").strip()
    path = Path(named or ".env").expanduser()
    if not named and not path.is_file():
        return dict(process)
    try:
        # As they stand: a token may hold a $, and nothing here asks for ${…}.
        given = dotenv_values(path, encoding="utf-8", interpolate=False) if path.is_file() else None
    except (OSError, ValueError) as error:
        raise SettingsError(f"读不了设置文件 {path}（{error}）。请检查权限，并存成 UTF-8。") from error
    if given is None:
        raise SettingsError(f"没有 {NAMED} 指的设置文件 {path}。")
    return {**{name: value for name, value in given.items() if value is not None}, **process}


def revealed(env: Mapping[str, str], secrets: Iterable[str]) -> dict[str, str]:
    """Return ``env`` with each secret that a file holds, as NAME_FILE says, in its place.

    Raises SettingsError for a file that can't be read, and where both are set.
    """
    found = dict(env)
    for name in secrets:
        path = found.pop(name + FILE, "").strip()
        if path and found.get(name, "").strip():
            raise SettingsError(f"{name} 和 {name}{FILE} 都设了，请只留一个。")
        if path:
            found[name] = _secret(name, Path(path).expanduser())
    return found


def _secret(name: str, path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(LONGEST).strip()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "不是 UTF-8 文字"
        raise SettingsError(f"读不了 {name}{FILE} 指的文件 {path}（{why}）。请检查路径和权限。") from error


OURS_OF_BODY = frozenset({"max_tokens", "messages", "model", "stream", "stream_options"})


def text(value: str) -> str:
    """Take any text."""
    return value


def folder(value: str) -> Path:
    """Read the path of a folder that files can be made in on any system."""
    try:
        path = Path(value).expanduser().resolve()
        parts = [part.encode() for part in path.parts]
    except (OSError, RuntimeError, UnicodeEncodeError):
        parts = []
    if not parts or any(len(part) > NAME_BYTES for part in parts):
        raise ValueError(f"一个文件夹的路径，用 UTF-8 写，每一级不超过 {NAME_BYTES} 字节")
    return path


def flag(value: str) -> bool:
    """Read a yes or a no."""
    known = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if value.lower() not in known:
        raise ValueError("1（是）或 0（否）")
    return known[value.lower()]


def choice(*allowed: str) -> Callable[[str], str]:
    """Make a reader of one of these words."""

    def read(value: str) -> str:
        if value.lower() not in allowed:
            raise ValueError("、".join(allowed) + " 之一")
        return value.lower()

    return read


def language(value: str) -> Language:
    """Read one of our languages."""
    for one in Language:
        if value.lower() == one.value.lower():
            return one
    raise ValueError("、".join(one.value for one in Language) + " 之一")


def number(low: int, high: int) -> Callable[[str], int]:
    """Make a reader of whole numbers from ``low`` to ``high``."""

    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
            raise ValueError(f"{low} 到 {high} 之间的整数")
        return int(value)

    return read


def decimal(low: float, high: float) -> Callable[[str], float]:
    """Make a reader of numbers from ``low`` to ``high``."""

    def read(value: str) -> float:
        if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4})?", value) or not low <= float(value) <= high:
            raise ValueError(f"{low:g} 到 {high:g} 之间的数")
        return float(value)

    return read


def ids(value: str) -> frozenset[int]:
    """Read numeric ids of Telegram, with commas or spaces between them; groups have negative ones."""
    given = re.split(r"[\s,，、]+", value.strip(" ,，、"))
    if not all(re.fullmatch(r"-?[0-9]{1,16}", one) for one in given):
        raise ValueError("Telegram 的数字 id，几个就用逗号隔开，如 12345678,-1001234567890")
    return frozenset(map(int, given))


def keys(value: str) -> tuple[str, ...]:
    """Read keys of the interface, with commas or spaces between them."""
    given = re.split(r"[\s,，、]+", value.strip(" ,，、"))
    if not all(re.fullmatch(r"[A-Za-z0-9_-]{16,256}", one) for one in given):
        raise ValueError("16 到 256 个字母、数字、_ 或 - 的密钥，几个就用逗号隔开")
    return tuple(given)


def members(value: str) -> dict[str, Any]:
    """Read the members that a request to a model gets besides ours, as JSON."""
    try:
        read = json.loads(value)
    except ValueError:
        read = None
    if not isinstance(read, dict) or OURS_OF_BODY & read.keys():
        taken = "、".join(sorted(OURS_OF_BODY))
        raise ValueError(f'一个 JSON 对象，如 {{"enable_thinking": false}}，里面不能有 {taken}')
    return read


def address(*schemes: str) -> Callable[[str], str]:
    """Make a reader of whole addresses with one of these schemes."""

    def read(value: str) -> str:
        try:
            parts = urlsplit(value)
            usable = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            usable = False
        if not usable:
            raise ValueError("以 " + " 或 ".join(f"{scheme}://" for scheme in schemes) + " 开头的完整地址")
        return value.rstrip("/")

    return read


def server(value: str) -> str:
    """Read the address of a server, and of nothing on it; no password in it, which a log might tell."""
    told = "http://主机:端口 或 https://主机[/路径]，不带用户名、密码和 ? 后面的部分"
    try:
        parts = urlsplit(address("http", "https")(value))
    except ValueError:
        raise ValueError(told) from None
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(told)
    return value.rstrip("/")


def database(value: str) -> str:
    """Read the address of a PostgreSQL database: a server, or the folder of its socket, and a name."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("postgresql", "postgres") and len(parts.path) > 1 and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("postgresql://用户:密码@主机:端口/数据库名，密码里的特殊字符用 %XX 转写")
    return value


def passwords(value: str) -> tuple[str, ...]:
    """Return the password in an address, as it stands and as it is meant, if there is one worth hiding."""
    try:
        password = urlsplit(value).password or ""
    except ValueError:
        return ()
    # A shorter one may be part of any word, and hides nothing anyway.
    return tuple({password, unquote(password)}) if len(password) >= 4 else ()


def pattern(shape: str, told: str) -> Callable[[str], str]:
    """Make a reader of what matches a pattern; ``told`` says what does."""

    def read(value: str) -> str:
        if not re.fullmatch(shape, value):
            raise ValueError(told)
        return value

    return read


TOKEN = pattern(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,100}", "BotFather 给的“数字:字母”形式的令牌")

HEADER = pattern(r"[!-~]{1,1024}", "1 到 1024 个英文字母、数字和符号，中间没有空格")

LABEL = pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{2,127}", "3 到 128 个英文字母、数字、点、_ 或 -")

PASSWORD = pattern(r"[A-Za-z0-9_-]{1,256}", "1 到 256 个字母、数字、_ 或 -")

NAME = pattern(r"[a-z][a-z0-9_]*", "小写字母的名字，如 openai、anthropic、ollama")

PROXY = address("http", "https", "socks5", "socks5h")
