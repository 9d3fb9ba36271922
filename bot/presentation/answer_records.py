"""Questions in and records out, one JSON object a line, as evaluations read them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from answering.values.answer import Turn
from bot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from answering.values.answer import Answer, Computation
    from retrieval.values.documents import Hit

    Record = dict[str, Any]

ROLES = ("user", "assistant")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRecord:
    """A question of a batch, with the conversation before it."""

    id: str
    question: str
    history: tuple[Turn, ...] = ()


def questions(lines: Iterable[str]) -> Iterator[QuestionRecord | InputError]:
    """Read a batch; a line that is no question comes out as an error that names its number."""
    for number, line in enumerate(lines, 1):
        if line.strip("\ufeff \t\r\n"):
            try:
                yield question(line)
            except InputError as error:
                yield InputError(f"第 {number} 行{error}")


def question(line: str) -> QuestionRecord:
    """Read one line of a batch. Raises InputError, its text to be read after "第 n 行"."""
    try:
        given = json.loads(line.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        raise InputError('不是 JSON：每行要像 {"id": "1", "question": "…"}。') from None
    if not isinstance(given, dict):
        raise InputError('不是一个对象：每行要像 {"id": "1", "question": "…"}。')
    name, asked = given.get("id"), given.get("question")
    if isinstance(name, bool) or not isinstance(name, str | int) or name == "":
        raise InputError("缺少 id：要一段文字或一个整数。")
    if not isinstance(asked, str):
        raise InputError("缺少 question：要一段文字。")
    return QuestionRecord(id=str(name), question=cleaned(asked), history=turns(given.get("history") or ()))


def turns(given: object) -> tuple[Turn, ...]:
    """Read a conversation. Raises InputError, its text to be read after where it stood."""
    if not isinstance(given, list | tuple):
        raise InputError("的 history 要是一个列表。")
    return tuple(_turn(one) for one in given)


def _turn(given: object) -> Turn:
    role, content = (given.get("role"), given.get("content")) if isinstance(given, dict) else (None, None)
    if role not in ROLES or not isinstance(content, str):
        raise InputError(
            '的 history 里每一项要像 {"role": "user", "content": "…"}，role 是 user 或 assistant。'
        )
    return Turn(role=str(role), content=cleaned(content))


def cleaned(text: str) -> str:
    """Return ``text`` without lone surrogates, which no file and no model can take."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def answer_record(name: str, answer: Answer, text: str, *, seconds: float) -> Record:
    """Return the record of an answer; whatever is no answer counts as abstained and cites nothing."""
    answered = answer.outcome.is_answer
    return {
        "id": name,
        "answer": text,
        "abstained": not answered,
        "verdict": answer.verdict,
        "citations": [
            {
                "marker": one.number,
                "city": one.place,
                "section": one.section,
                "point": one.point,
                "quote": one.quote,
                "page": one.page,
                "recognised": one.recognised,
            }
            for one in (answer.citations if answered else ())
        ],
        "computed": [entry for one in answer.computed for entry in _computed(one)],
        "seconds": round(seconds, 4),
    }


def _computed(one: Computation) -> list[Record]:
    """Return a result in plain units and, where it is printed in 万 or 亿, in those as well."""
    return [
        {"value": one.value / scale, "op": one.op, "of": [part / scale for part in one.of]}
        for scale in dict.fromkeys((1, one.scale))
    ]


def hits_record(name: str, hits: Sequence[Hit], *, seconds: float) -> Record:
    """Return the record of a search; an id without hits has an empty list."""
    return {"id": name, "hits": [hit_record(hit) for hit in hits], "seconds": round(seconds, 4)}


def hit_record(hit: Hit) -> Record:
    """Return one hit as it is recorded."""
    return {
        "passage_id": hit.passage.id,
        "document": hit.document.id,
        "title": hit.document.title,
        "place": hit.document.place,
        "year": hit.document.year,
        "section": hit.passage.section,
        "point": hit.passage.point,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.text,
        "score": round(hit.score, 6),
    }


def json_line(record: object) -> str:
    """Return a record as one line of JSON."""
    return json.dumps(record, ensure_ascii=False)
