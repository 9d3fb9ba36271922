"""The environment as the settings read it: that of the process, over a .env file. Seam: python-dotenv."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import dotenv_values

from bot.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NAMED = "CHENGWEN_ENV"
FILE = "_FILE"  # behind the name of a secret: the file that holds it
LONGEST = 10_000  # bytes of a secret


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
