"""What the catalogue's database says when it fails, as sentences for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.database.outages import is_away
from retrieval.values.errors import CatalogueAway, CatalogueBroken

if TYPE_CHECKING:
    from sqlalchemy.exc import SQLAlchemyError

_SENTENCES = {  # what SQLite or PostgreSQL says → what a person is told
    "disk is full": "磁盘已满，{path} 未能写入。请腾出空间后重试，已入库的内容没有受损。",
    "disk I/O error": "{path} 读写出错，可能磁盘已满或已损坏。请检查磁盘后重试。",
    "readonly database": "{path} 只能读，不能写。请检查目录权限，或用 CHENGWEN_HOME 换一个可写的位置。",
    "unable to open": "{path} 打不开。请检查目录是否存在、可读写，或用 CHENGWEN_HOME 换一个位置。",
    "not a database": "{path} 不是本程序的资料目录库。请把它移走后重新导入文本。",
    "malformed": "{path} 已损坏。请用备份恢复，或把它移走后重新导入文本。",
    "timeout": "{path} 没有回应。请检查它和去它那里的网络；它一恢复，再试一次就好。",
    "connection": "{path} 连不上。请检查它是否在运行，以及 DATABASE_URL 是否正确。",
    "locked": "{path} 正被另一个程序占用。请稍后重试。",
}


def told(error: SQLAlchemyError, place: str) -> CatalogueBroken:
    """Return an error as a sentence on the catalogue at a place."""
    said = str(getattr(error, "orig", None) or error)
    fitting = (sentence for words, sentence in _SENTENCES.items() if words in said)
    kind = CatalogueAway if is_away(error) else CatalogueBroken
    return kind(f"{next(fitting, '资料目录库 {path} 出错。').format(path=place)}（{_first(said)}）")


def _first(said: str) -> str:
    """Return the first line of what a driver said: what follows is guesswork of its own."""
    return next((line.strip() for line in said.splitlines() if line.strip()), "")
