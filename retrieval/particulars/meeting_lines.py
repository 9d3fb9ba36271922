"""Who was at a meeting: labelled lists (出席：…) and the sentence that says who chaired it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.particulars.particular import Particular, ParticularKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROLES = (
    ("主持", ParticularKind.CHAIR),
    ("列席", ParticularKind.OBSERVERS),
    ("请假|缺席|因[事公病]请假|未出席|未到会", ParticularKind.ABSENT),
    ("出席|参加|参会|与会|到会", ParticularKind.PRESENT),
)
_LABELS = "|".join(names for names, _ in _ROLES)
_LABEL = re.compile(
    rf"(?:^|(?<=[\n。；;\u3000 \t*#>]))(?:会议)?(?P<role>{_LABELS})(?:会议)?"
    r"(?:人员|人|者|领导|单位|代表|同志|名单)?\**[:：]\**[ \t\u3000]*",
    re.MULTILINE,
)
_CHAIRED = re.compile(r"[^。\n]{2,60}?主持(?:召开|会议|了)[^。\n]{0,60}。?")
_END = re.compile(r"[。\n]|$")


def meeting_lines(text: str) -> Iterator[Particular]:
    """Yield the lists of those present, absent and observing, and who chaired."""
    found = list(_LABEL.finditer(text))
    for at, label in enumerate(found):
        stop = _END.search(text, label.end())
        end = stop.end() if stop else len(text)
        if at + 1 < len(found):
            end = min(end, found[at + 1].start())
        words = text[label.start() : end].rstrip(" \t\u3000\n*；;")
        if len(words) > len(label[0].rstrip()):
            yield _made(text, _kind(label["role"]), label.start(), label.start() + len(words))
    for sentence in _CHAIRED.finditer(text):
        words = sentence[0]
        start = sentence.start() + len(words) - len(words.lstrip(" \t\u3000#*>"))
        yield _made(text, ParticularKind.CHAIR, start, sentence.end(), rank=1)


def _kind(role: str) -> ParticularKind:
    return next(kind for names, kind in _ROLES if re.fullmatch(names, role))


def _made(text: str, kind: ParticularKind, start: int, end: int, *, rank: int = 0) -> Particular:
    return Particular(kind=kind, start=start, end=end, topic=(0, len(text)), rank=rank)
