"""An answer on a report is right when it says the answer, or says nothing where there is none."""

from __future__ import annotations

import pytest

from evaluation.datasets.material import ReportQuestion
from evaluation.quality.reports import right


def fact(*answers: str) -> ReportQuestion:
    kind = "answerable" if answers else "unanswerable_metric_absent"
    return ReportQuestion(
        id="1", question="？", answers=answers, evidence="", title="t", place="青禾市", year=2030, kind=kind
    )


@pytest.mark.parametrize(
    ("wanted", "abstained", "answer", "is_right"),
    [
        (fact("5%左右"), False, "青禾市：增长5%左右[1]", True),
        (fact("5%左右"), False, "青禾市：增长5.5%左右[1]", False),
        (fact("5%左右"), True, "没有写到增长5%左右", False),
        (fact(), True, "没有写到。", True),
        (fact(), False, "增长5%左右", False),
    ],
)
def test_what_is_right(wanted: ReportQuestion, abstained: bool, answer: str, is_right: bool) -> None:
    assert right(wanted, {"abstained": abstained, "answer": answer}) is is_right
