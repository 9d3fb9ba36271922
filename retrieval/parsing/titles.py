"""The title of a text: which lines above its first sentence are its head, and which of them is the title."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from retrieval.parsing.bylines import is_byline, is_dated
from retrieval.parsing.dates import is_issuer, iso_date
from retrieval.parsing.heading_marks import MarkKind, bare, mark_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.parsing.paragraphs import Paragraph

UNTITLED = "（无题）"
_MOST_LINES = 12
_LONGEST_LINE = 80  # characters
_LONGEST_RECORD = 240  # characters of a line that says when a law was passed
_ENDS = "。！？；：…!?;:，,"
_NOTE = re.compile(r"[>〔（(\[【\s]*编\s*者(?:\s*按|\s*$)")
_LABEL = re.compile(
    r"(?:编者按|编\s*者|目\s*录|附件|摘要|关键词|来源|时间|日期)[:：]?|[〔（(\[]?\d{4}[〕）)\]]?\d*号?"
)
_INDEX = re.compile(r"^\s*(?:\d{4}|\d{1,3})\s*[-_—]\s*(?=\d{4}年|[\u4e00-\u9fff])")
_STEM_DATE = re.compile(r"(?<![\s_])[\s_]*+[（(\[【]?\d{4}[-.年]\d{1,2}[-.月]\d{1,2}日?[）)\]】]?\s*$")
# The kinds of official texts (党政机关公文处理工作条例, article 8) and of rules and plans.
_KIND = re.compile(
    r"(?:决议|决定|命令|公报|公告|通告|意见|通知|通报|报告|请示|批复|答复|议案|函|纪要"
    r"|条例|规定|办法|细则|规则|方案|规划|计划|要点|总结|讲话|摘要|情况|指标|表)(?:[（(][^（）()]{1,20}[）)])?》?$"
)
_RED_HEAD = re.compile(r"(?:政府|委员会|办公[厅室]|[委局厅部])文件$|\.(?:md|txt|docx?|pdf|html?)$")
_NUMBERED = re.compile(r"[〔\[（(](?:19|20)\d{2}[〕\]）)]\s*第?\d+号|^第\d+号$|签发人")
_PASSED_ON = re.compile("印发|转发|批转|公布")
_SPAN = re.compile(r"[（(](?:19|20)?\d{2,4}\s*[-—–至~]+\s*(?:19|20)?\d{2,4}年?[）)]")
_TABLE = re.compile(r"[表图]\s*[一二三四五六七八九十\d]")
_TITLE_LINES = 4
_SHORTEST = 3  # characters of a line that can be a title by itself
_LONGEST_FIRST = 40  # characters of a title made of a text's first words


def stem_of(key: str) -> str:
    """Return the name of a source without folders and ending, "" for standard input."""
    path = PurePath(key)
    return "" if key in ("-", "stdin") else (path.stem if len(path.suffix) <= 9 else path.name)


def head_lines(
    text: str, paragraphs: Sequence[Paragraph], *, levels: Mapping[int, int], known: int = 0
) -> int:
    """Count the paragraphs that are a text's title lines: all before the first sentence or heading.

    The first ``known`` ones are known to be.
    """
    for count, paragraph in enumerate(paragraphs[:_MOST_LINES]):
        if count < known:
            continue
        mark = mark_at(text, paragraph.start, paragraph.end, levels.get(paragraph.start, 0))
        if mark and (mark.kind is not MarkKind.PLAIN or (count > 0 and mark.depth > 1)):
            return count
        if is_sentence(text[paragraph.start : paragraph.end], first=count == 0):
            return count
    return min(len(paragraphs), _MOST_LINES)


def is_sentence(line: str, *, first: bool = False) -> bool:
    """Return whether a line is running text, an address or a note; a title may end in ！ or ？."""
    if is_dated(line) and len(line) <= _LONGEST_RECORD and "。" not in line:
        return False
    if line.startswith(">") or is_note(line):
        return True
    ends = line.rstrip("*_ ")[-1:] in ("。；：:;，" if first else _ENDS)
    return ends or len(line) > _LONGEST_LINE or "。" in line


def is_note(line: str) -> bool:
    """Return whether a line begins an editor's note."""
    return _NOTE.match(line) is not None


def own_title(lines: Sequence[str], stem: str) -> str | None:
    """Choose the title among the title lines of a text, or a file's name that ends with it.

    “政府工作报告” alone says too little; the name of its file often says whose it is, and of which year.
    """
    found = [_whole_title(lines, at) for at, line in enumerate(lines) if _can_be_title(line)]
    # The body that signs a letter is no title where one follows.
    named_below = next((one for one in found if _ends_as_title(one)), None) if found else None
    own = named_below if named_below and is_issuer(found[0]) else next(iter(found), None)
    named = title_of_stem(stem)
    if own and named and named.endswith(own) and iso_date(own) is None:
        return named
    return own


def _whole_title(lines: Sequence[str], at: int) -> str:
    """Join the lines that a title is broken over: it goes on until it names the kind of text it is."""
    title = unspaced(lines[at])
    joined = title
    for line in map(unspaced, lines[at + 1 : at + _TITLE_LINES]):
        if _SPAN.fullmatch(line) and _ends_as_title(joined):
            return joined + line
        if len(line) < _SHORTEST and not _ends_as_title(joined) and _ends_as_title(joined + line):
            return joined + line  # a last character or two that did not fit the line
        if _ends_as_title(joined) or _TABLE.match(line) or not (_can_be_title(line) or _SPAN.match(line)):
            break
        joined += line
    return joined if _ends_as_title(joined) else title


def _ends_as_title(title: str) -> bool:
    """Return whether a title is complete: it ends with a kind of text, and what it passes on with a 通知."""
    kind = _KIND.search(title)
    passed_on = _PASSED_ON.search(title)
    return bool(kind) and not (passed_on and not title.endswith(("通知", "公告", "通告", "函", "决定")))


def title_of_stem(stem: str) -> str | None:
    """Make a title of a file's name, when it is written in Chinese."""
    title = _STEM_DATE.sub("", _INDEX.sub("", stem)).strip(" _-")
    return " ".join(title.replace("_", " ").split()) if re.search(r"[\u4e00-\u9fff]{2}", title) else None


def first_words(text: str) -> str:
    """Make a title of a text's first words, for one that has none."""
    line = text[:400].strip().split("\n", 1)[0]
    mark = mark_at(line, 0, len(line))
    words = re.split(r"[。！？；]", line[mark.end :] if mark else bare(line, 0, len(line)))[0]
    return " ".join(words.split())[:_LONGEST_FIRST] or UNTITLED


def unspaced(line: str) -> str:
    """Close up a line whose characters are set apart: 政 府 工 作 报 告."""
    parts = line.split()
    apart = len(parts) >= 2 and all(len(part) == 1 for part in parts)
    return ("" if apart else " ").join(parts)


def _can_be_title(line: str) -> bool:
    words = line.strip()
    if _RED_HEAD.search(words) or _NUMBERED.search(words):
        return False
    if words.startswith(("—", "-", "（", "(")) or _LABEL.fullmatch(words) or len(words) < _SHORTEST:
        return False
    return not is_byline(words)
