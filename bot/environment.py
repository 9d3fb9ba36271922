"""The environment as the settings read it: that of the process, over a .env file. Seam: python-dotenv."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import dotenv_values

from bot.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMED = "CHENGWEN_ENV"


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
