"""Which particular of a document a question asks for: by the names of the particular, and by what is wanted of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from answering.question.parser import Question

ANSWERED_BY, SAID_BY, ITEM = "answered_by", "said_by", "item"
CHAPTERS, PARTS = "chapters", "parts"
_WHO = re.compile(
    r"谁|哪[些几]?(?:个|位|家|名)?(?:人|领导|同志|单位|部门|机关|局|机构|委|负责人)|哪(?:个|家|几位|几个|位)|什么(?:人|单位|部门|机构)|\bwho\b|\bwhich (?:department|agency|office)"
)
_WHEN = re.compile(r"什么时[候间]|何时|啥时候|哪(?:一)?[天日年]|几[月号时]|多会儿|\bwhen\b|\bwhat date\b")
_ITEM = re.compile(r"第(?P<number>[一二三四五六七八九十百\d]{1,4})(?:项|条|点|个|件)(?!会|次)")
_WANTED = {"who": _WHO, "when": _WHEN}


@dataclass(frozen=True, slots=True)
class AskedParticular:
    """What is asked for, and the words of the question that ask for it, which name no document."""

    kind: str
    words: tuple[str, ...] = ()
    number: str = ""  # of an item, as written


@dataclass(frozen=True, slots=True)
class _Form:
    kind: str
    wants: str
    names: re.Pattern[str]


def asked_particulars(question: Question) -> tuple[AskedParticular, ...]:
    """Return what a question may ask for, the likeliest first; empty for a question on contents alone."""
    folded = question.folded
    found = []
    for form in _forms():
        named = form.names.search(folded)
        wanted = _WANTED[form.wants].search(folded) if form.wants in _WANTED else named
        if named and wanted:
            found.append(AskedParticular(form.kind, (named[0], wanted[0])))
    if item := _ITEM.search(folded):
        found.append(AskedParticular(ITEM, (item[0],), item["number"]))
    return tuple(found)


@lru_cache(maxsize=1)
def _forms() -> tuple[_Form, ...]:
    rows = (files("answering") / "data" / "particulars.tsv").read_text("utf-8").splitlines()
    told = [row.split("\t") for row in rows if row and not row.startswith("#")]
    return tuple(_Form(kind, wants, re.compile(names)) for kind, wants, names in told)
