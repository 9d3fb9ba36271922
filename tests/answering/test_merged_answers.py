"""One answer from the answers to several questions of a message."""

from __future__ import annotations

from answering.merge import together
from answering.values.answer import Answer, Citation, Outcome, Statement

QUOTE = "成功办好龙舟赛，38支队伍近900名选手参赛，吸引游客12万人次"


def answered(question: str, *texts: str, quote: str = QUOTE, start: int = 40) -> Answer:
    """Return an answer in words of one sentence."""
    citation = Citation(
        number=1,
        document="d",
        passage="p",
        start=start,
        end=start + len(quote),
        quote=quote,
        title="报告",
        place="芜湖市",
        year=2024,
        date="2024-01-20",
        section="",
        point="",
        heading=(),
    )
    said = tuple(Statement(text=text, citations=(1,), lead="芜湖市") for text in texts)
    return Answer(question=question, outcome=Outcome.ANSWERED, statements=said, citations=(citation,))


def told(*answers: Answer) -> list[str]:
    """Return what is told where these are the answers to the questions of a message."""
    return [one.text for one in together("？", [one.question for one in answers], answers).statements]


def test_parts_of_one_sentence_that_overlap_are_told_once() -> None:
    first = answered("几支队伍？", "成功办好龙舟赛，38支队伍近900名选手参赛")
    second = answered("多少游客？", "38支队伍近900名选手参赛，吸引游客12万人次")
    assert told(first, second) == [QUOTE]
    assert told(second, first) == [QUOTE]


def test_parts_that_do_not_touch_and_other_sentences_stay_apart() -> None:
    first, second = answered("几支队伍？", "38支队伍"), answered("多少游客？", "吸引游客12万人次")
    other = answered("去年呢？", "38支队伍", quote="去年38支队伍参赛", start=300)
    assert told(first, second, other) == ["38支队伍", "吸引游客12万人次", "38支队伍"]


def test_statements_of_one_answer_are_left_as_they_are() -> None:
    assert told(answered("办得怎样？", "38支队伍近900名选手", "近900名选手参赛")) == [
        "38支队伍近900名选手",
        "近900名选手参赛",
    ]
