"""A place that no list of names knows and no text tells of: 海拉尔区, where no text has a word of it.

Counties, districts and towns are too many, and too many of them alike, to be listed. What stands where a
place would stand and is spelt as one is taken for one only where the library has no word of its name at all,
so that there is nothing that it could be answered from.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.text.normalize import bigrams

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext

_NAME = re.compile(
    r"^(?:请问|我想知道|那么?|在)?(?P<name>[一-龥]{2,6}?(?:自治县|自治旗|区|县|旗|州|盟|镇|乡|村|街道))"
    r"(?![域划间别长民里内外道])"
)


def unheard(desk: QuestionContext) -> str:
    """Return the place that a question begins with, if no text has a word of its name; else ""."""
    found = _NAME.match(desk.question.folded)
    if found is None:
        return ""
    name = found["name"]
    pairs = [gram for gram in bigrams(name) if len(gram) > 1]
    shares = desk.library.frequency(sorted(set(pairs)))
    return "" if any(shares.get(gram, 0.0) > 0 for gram in pairs) else name
