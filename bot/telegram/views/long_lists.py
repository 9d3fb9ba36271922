"""Long lists in a chat: the first members are shown, and a button unfolds the others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from answering.values.answer import Shape, StatementKind

if TYPE_CHECKING:
    from answering.values.answer import Answer, Statement

MEMBERS, ROOM = 8, 800  # members of a list, and characters of an answer, that are shown at once
LEAST = 3  # members that are shown however long they are
FEW = 2  # members that are not worth a button: all are shown


def first_members(answer: Answer) -> Answer:
    """Return an answer with the first members of a long list and their sources; any other as it is.

    What stands outside the list stays. Rows of a comparison are no list.
    """
    hidden = _hidden(answer)
    if not hidden:
        return answer
    kept = tuple(one for at, one in enumerate(answer.statements) if at not in hidden)
    used = {number for one in kept for number in one.citations}
    cited = tuple(one for one in answer.citations if one.number in used)
    return replace(answer, statements=kept, citations=cited)


def members_left(answer: Answer) -> int:
    """Return how many members of a long list are not shown at once."""
    return sum(_is_member(answer.statements[at]) for at in _hidden(answer))


def _is_member(one: Statement) -> bool:
    return one.level > 0 and one.manner is not StatementKind.FRAME


def _hidden(answer: Answer) -> frozenset[int]:
    """Return the places of statements that are left out: members, what leads to them, what counts them."""
    said = answer.statements
    members = [at for at, one in enumerate(said) if _is_member(one)]
    if answer.shape is Shape.TABLE or not members:
        return frozenset()
    shown, used = 0, sum(len(one.text) for one in said[: members[0]])
    for at in members:
        used += len(said[at].text)
        if shown >= MEMBERS or (shown >= LEAST and used > ROOM):
            break
        shown += 1
    hidden = set(members[shown:])
    if len(hidden) < FEW:
        return frozenset()
    for at, one in enumerate(said):
        leads = not _is_member(one) and one.manner is not StatementKind.FRAME and at + 1 in hidden
        counts = one.manner is StatementKind.FRAME and at - 1 in hidden
        if (leads and at > members[shown - 1]) or counts:
            hidden.add(at)
    return frozenset(hidden)
